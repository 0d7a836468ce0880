"""The page of a comparison. Its address holds all it shows, so that it can be sent, kept and printed."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.cities.models import City
from portal.lib import spreadsheets
from portal.lib.text import printable
from portal.publishing.past import PARAMETER
from portal.publishing.views import PublicPage, trail
from portal.search.models import IndexText

from . import kinds
from .comparison import Comparison
from .table import as_table
from .things import FEWEST, KINDS, MOST, Asked, address, value_of
from .weights import HEAVIEST, PREFIX, ranked, weights

MOST_FOUND = 8
MOST_LIKE = 6
WORDS = 80  # of what is searched for


class Compare(PublicPage, TemplateView):
    """?city=…&city=… (or cluster, project): two to five side by side; with fewer, what may be added."""

    template_name = "compare/compare.html"

    def get(self, request, *args, **kwargs):
        form = spreadsheets.asked(request)
        if form and self.comparison:
            return spreadsheets.file(form, _("comparison"), *as_table(self.comparison))
        return super().get(request, *args, **kwargs)

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.request.GET)

    @cached_property
    def versions(self) -> list[Any]:
        if not self.asked.kind:
            return []
        return self.asked.find(kinds.loaded(self.live(KINDS[self.asked.kind]), self.asked.kind))

    @cached_property
    def comparison(self) -> Comparison | None:
        clock = self.request.clock
        return Comparison(self.versions, clock.at, clock.today) if len(self.versions) >= FEWEST else None

    @cached_property
    def values(self) -> list[str]:
        return [value_of(version) for version in self.versions]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        asked, comparison = self.asked, self.comparison
        chosen = weights(self.request.GET, comparison.rankable) if comparison else {}
        self.more = [(PREFIX + code, str(weight)) for code, weight in chosen.items()]
        if PARAMETER in self.request.GET:  # as it was on a day in the past
            self.more.append((PARAMETER, self.request.GET[PARAMETER]))
        return super().get_context_data(
            kind=asked.kind,
            kinds=[(kind, model._meta.verbose_name_plural, reverse(f"{kind}-list")) for kind, model in KINDS.items()],
            comparison=comparison,
            findings={group.slug: comparison.finding(group) for group in comparison.groups} if comparison else {},
            chosen=self.chosen(),
            words=self.words,
            found=self.found(),
            alike=self.alike(),
            is_full=len(self.versions) >= MOST,
            most=MOST,
            unknown=asked.unknown(self.versions),
            left_out=asked.left_out,
            others=[
                (KINDS[kind]._meta.verbose_name_plural, f"?{address(kind, values[:MOST])}")
                for kind, values in asked.other_kinds.items()
            ],
            ranking=ranked(comparison.rankable, chosen, comparison.things) if comparison else None,
            weights=chosen,
            more=self.more,
            scale=range(HEAVIEST + 1),
            own_query=address(asked.kind, self.values, self.more) if self.values else "",
            breadcrumbs=trail(_("Compare")),
            data_as_of=self.request.clock.at,
            **context,
        )

    def chosen(self) -> list[dict[str, Any]]:
        """What is compared, each with the address without it."""
        return [
            {
                "value": value,
                "name": version.entry.city.name if self.asked.kind == "city" else version.title,
                "url": version.get_absolute_url(),
                "without": self.address_of(other for other in self.values if other != value),
            }
            for version, value in zip(self.versions, self.values, strict=True)
        ]

    def address_of(self, values: Iterable[str], kind: str = "") -> str:
        """The comparison of these, weighed as this one."""
        return f"?{address(kind or self.asked.kind, values, self.more)}"

    # What may be added ------------------------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        return printable(self.request.GET.get("q", ""), WORDS)

    @property
    def open_kinds(self) -> list[str]:
        return [self.asked.kind] if self.values else list(KINDS)

    def found(self) -> list[dict[str, str]]:
        """What says the words, of the kind that is compared (of any while nothing is)."""
        if not self.words:
            return []
        hits = IndexText.objects.live(self.request.clock.at).saying(self.words)
        of_kinds = hits.filter(version__entry__kind__in=self.open_kinds).exclude(version__in=self.versions)
        rows = of_kinds.select_related("version__entry__city").defer("title", "body")[:MOST_FOUND]
        return [self.offer(row.version) for row in rows]

    def alike(self) -> list[dict[str, str]]:
        """Without words: others of the kind that are like the first in what they are about."""
        if self.words or len(self.versions) >= MOST:
            return []
        kind = self.asked.kind or "city"
        rows = self.live(KINDS[kind]).exclude(pk__in=[version.pk for version in self.versions])
        if self.versions:
            rows = rows.filter(likeness(self.versions[0]))
        return [
            self.offer(row, kind) for row in rows.with_entry().order_by("entry__city__code", "entry__slug")[:MOST_LIKE]
        ]

    def offer(self, version: Any, kind: str = "") -> dict[str, str]:
        kind = kind or version.entry.kind
        city = version.entry.city
        return {
            "name": city.name if kind == "city" else version.title,
            "context": version.title if kind == "city" else city.name,
            "url": self.address_of([*self.values, value_of(version)], kind),
        }


def likeness(version: Any) -> Q:
    """Cities of one province, clusters and projects of one industry; anything of the kind where that is not said."""
    match version.entry.kind:
        case "city":
            province = version.city.province
            return Q(entry__city__in=City.objects.ruled_by(province).values("pk")) if province else Q()
        case _:
            return Q(industry=version.industry_id) if version.industry_id else Q(entry__city=version.entry.city_id)
