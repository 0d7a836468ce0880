"""What can be followed: everything, or what is of a city, along a chain, of a kind, in a list, or says some words.

A subject is a query string. The feed, the form and the mails all read the same one:
city=zaozhuang, kind=project&stage=signed, chain=lithium-batteries, q=锂电.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.models import ClusterStage, PolicyTarget, ValueChain
from portal.cities.models import City
from portal.publishing.models import Version
from portal.search.models import IndexText
from projects.filters import CeremonyFilter, ProjectFilter
from projects.models import ProjectListing

#: The lists that can be followed as they are narrowed.
FILTERS: dict[str, Any] = {"project": ProjectFilter, "ceremony": CeremonyFilter}
OWN = ("kind", "city", "chain", "q")
NOT_FOLLOWED = {"sort", "page", "export"}
LONGEST = 500
MOST_FOUND = 1000


class Subject:
    """Read from a query, as of a time; what it does not know it leaves out, what it knows and cannot find is a 404."""

    def __init__(self, data: QueryDict, at: datetime) -> None:
        self.at = at
        self.kind = data.get("kind", "")
        self.filter_class = FILTERS.get(self.kind)
        self.asked = self.understood(data)
        self.query = self.asked.urlencode()
        if "\0" in data.get("q", "") or len(self.query) > LONGEST or (self.kind and self.kind not in Version.kinds()):
            raise Http404

    @classmethod
    def of(cls, query: str, at: datetime) -> "Subject":
        return cls(QueryDict(query), at)

    def understood(self, data: QueryDict) -> QueryDict:
        """In one order, so that the same is asked in the same words."""
        own = self.filter_class.base_filters if self.filter_class else {}
        asked = QueryDict(mutable=True)
        for name in [*OWN, *sorted({*own} - {*OWN} - NOT_FOLLOWED)]:
            if values := [value for value in dict.fromkeys(data.getlist(name)) if value.strip()]:
                asked.setlist(name, values if name in own else values[-1:])
        return asked

    @cached_property
    def city(self) -> City | None:
        return named(City, self.asked.get("city")) if not self.filter_class else None

    @cached_property
    def chain(self) -> ValueChain | None:
        return named(ValueChain, self.asked.get("chain"))

    def versions(self) -> Any:
        """What of it is public, the newest first."""
        found = Version.objects.live(self.at)
        if self.kind:
            found = found.of_kind(self.kind)
        if self.filter_class:
            found = found.filter(pk__in=self.filters.rows().order_by().values("pk"))
        else:
            if self.city:
                found = found.for_city(self.city)
            if words := self.asked.get("q"):
                found = found.filter(pk__in=self.best(words))
        if self.chain:
            found = found.filter(along(self.chain))
        return found.order_by("-live_from", "-pk")

    def best(self, words: str) -> list[int]:
        """What says these words: where thousands do, those that are most about them."""
        return list(IndexText.objects.live(self.at).saying(words).values_list("pk", flat=True)[:MOST_FOUND])

    @cached_property
    def filters(self) -> Any:
        """The list as it is narrowed; 404 where the list itself would complain."""
        rows = Version.kinds()[self.kind].objects.live(self.at)  # type: ignore[attr-defined]
        if self.kind == ProjectListing.kind:
            rows = rows.with_stage().with_investment()
        filters = self.filter_class(self.asked, rows)
        if not filters.form.is_valid():
            raise Http404
        return filters

    @property
    def label(self) -> str:
        """ "Projects · Zibo · construction started", in the reader's language."""
        return " · ".join(self.words()) or _("Everything published here")

    def words(self) -> Iterator[str]:
        if self.kind:
            yield capfirst(str(Version.kinds()[self.kind]._meta.verbose_name_plural))
        yield from (str(thing.name) for thing in (self.city, self.chain) if thing)
        if self.filter_class:
            yield from (str(choice["label"]) for choice in self.filters.chosen())
        elif words := self.asked.get("q"):
            yield f"“{words}”"

    def get_absolute_url(self) -> str:
        """The page on which a person reads it."""
        names = {*self.asked}
        if names == {"city"} and self.city:
            return reverse("city-detail", args=[self.city.slug])
        if names == {"chain"} and self.chain:
            return chain_address(self.chain)
        if "q" in names and not self.filter_class:
            return f"{reverse('search')}?{self.query}"
        if not self.kind:
            return reverse("home")
        rest = self.asked.copy()
        rest.pop("kind")
        return f"{reverse(f'{self.kind}-list')}{rest and '?'}{rest.urlencode()}"


def named(kind: Any, slug: str | None) -> Any:
    if not slug:
        return None
    found = kind.objects.filter(slug=slug).first()
    if not found:
        raise Http404
    return found


def along(chain: ValueChain) -> Q:
    """Clusters that stand on a stage of it, projects placed on one, policies for its industry."""
    clusters = ClusterStage.objects.filter(link__chain=chain)
    projects = ProjectListing.objects.filter(link__chain=chain)
    policies = PolicyTarget.objects.filter(industry=chain.industry_id)
    return Q(pk__in=clusters.values("version")) | Q(pk__in=projects.values("pk")) | Q(pk__in=policies.values("version"))


def chain_address(chain: ValueChain) -> str:
    try:
        return reverse("chain-detail", args=[chain.slug])
    except NoReverseMatch:
        return reverse("cluster-list")
