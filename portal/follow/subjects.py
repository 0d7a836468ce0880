"""What can be followed: everything, or what is of a city, along a chain, of a kind, in a list, or says some words.

A subject is a query string. The feed, the form and the mails all read the same one:
city=zaozhuang, kind=project&stage=signed, chain=lithium-batteries, q=锂电.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from clusters.models import ClusterStage, Incentive, ParkIndustry, PolicyTarget, ValueChain
from portal.cities.models import City
from portal.lib.queries import by_index
from portal.publishing.clock import Clock
from portal.publishing.filters import FILTERS, FacetedFilter
from portal.publishing.models import Version
from portal.search.lists import saying
from projects.models import ProjectListing

OWN = ("kind", "city", "chain", "q")
NOT_FOLLOWED = {"sort", "page", "export"}
LONGEST = 500


class Refused(Http404):
    """A list is asked for what it does not know. `way_on`: the subject without that."""

    def __init__(self, filters: FacetedFilter, way_on: "Subject") -> None:
        self.filters, self.way_on = filters, way_on


class Subject:
    """Read from a query, as of a clock; what it does not know it leaves out, what it knows and cannot find is a 404."""

    def __init__(self, data: QueryDict, clock: Clock) -> None:
        self.clock = clock
        self.kind = data.get("kind", "")
        self.filter_class = FILTERS.get(self.kind)
        self.by_list = {*self.filter_class.base_filters} - NOT_FOLLOWED if self.filter_class else set()
        self.asked = self.understood(data)
        self.query = self.asked.urlencode()
        if "\0" in data.get("q", "") or len(self.query) > LONGEST or (self.kind and self.kind not in Version.kinds()):
            raise Http404

    @classmethod
    def of(cls, query: str, at: datetime) -> "Subject":
        """As of a moment, and its day."""
        return cls(QueryDict(query), Clock(at, Clock.recent().ticks, localdate(at)))

    def understood(self, data: QueryDict) -> QueryDict:
        """In one order, so that the same is asked in the same words."""
        asked = QueryDict(mutable=True)
        for name in [*OWN, *sorted(self.by_list - {*OWN})]:
            if values := [value for value in dict.fromkeys(data.getlist(name)) if value.strip()]:
                asked.setlist(name, values if name in self.by_list else values[-1:])
        return asked

    def own(self, name: str) -> str:
        """What is asked by that name, where no filter of a list sees to it."""
        return self.asked.get(name, "") if name not in self.by_list else ""

    @cached_property
    def city(self) -> City | None:
        return named(City, self.own("city"))

    @cached_property
    def chain(self) -> ValueChain | None:
        return named(ValueChain, self.own("chain"))

    def versions(self) -> Any:
        """What of it is public, the newest first."""
        found = Version.objects.live(self.clock.at)
        if self.kind:
            found = found.of_kind(self.kind)
        if self.by_list & {*self.asked}:
            found = found.filter(pk__in=self.filters.rows().order_by().values("pk"))
        if self.city:
            found = found.for_city(self.city)
        if words := self.own("q"):
            found = found.filter(pk__in=saying(words))
        if self.chain:
            found = found.filter(along(self.chain))
        return found.order_by("-live_from", "-pk")

    def read(self) -> AbstractContextManager[None]:
        """In which its versions are asked for."""
        return by_index("q" in self.asked)

    def newest(self, most: int) -> list[Version]:
        with self.read():
            return list(self.versions().select_related("entry__city")[:most])

    @cached_property
    def filters(self) -> Any:
        """The list as it is narrowed. Raises Refused where the list itself would complain."""
        filters = self.filter_class(self.asked, self.clock)
        if not filters.form.is_valid():
            raise Refused(filters, self.without(*filters.form.errors))
        return filters

    def without(self, *names: str) -> "Subject":
        """The same without what is asked by these names: "q" is what somebody typed."""
        asked = self.asked.copy()
        for name in names:
            asked.pop(name, None)
        return Subject(asked, self.clock)

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
        if words := self.own("q"):
            yield f"“{words}”"

    def get_absolute_url(self) -> str:
        """The page on which a person reads it."""
        names = {*self.asked}
        if names == {"city"} and self.city:
            return reverse("city-detail", args=[self.city.slug])
        if names == {"chain"} and self.chain:
            return reverse("chain-detail", args=[self.chain.slug])
        if self.own("q"):
            return f"{reverse('search')}?{self.query}"
        if not self.kind:
            return reverse("home")
        rest = self.asked.copy()
        rest.pop("kind")
        return f"{reverse(f'{self.kind}-list')}{rest and '?'}{rest.urlencode()}"


def named(kind: Any, slug: str) -> Any:
    if not slug:
        return None
    found = kind.objects.filter(slug=slug).first()
    if not found:
        raise Http404
    return found


def along(chain: ValueChain) -> Q:
    """Clusters and parks that stand on a stage of it, projects placed on one, policies for one or for its industry."""
    clusters = ClusterStage.objects.filter(link__chain=chain)
    projects = ProjectListing.objects.filter(link__chain=chain)
    parks = ParkIndustry.objects.filter(link__chain=chain)
    incentives = Incentive.objects.filter(link__chain=chain)
    policies = PolicyTarget.objects.filter(industry=chain.industry_id)
    rows = [rows.values("version") for rows in (clusters, parks, incentives, policies)]
    return reduce(or_, (Q(pk__in=found) for found in [projects.values("pk"), *rows]))
