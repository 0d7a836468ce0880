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
from portal.lib.queries import by_index
from portal.lib.text import printable
from portal.publishing.lists import picked
from portal.publishing.models import Version
from portal.publishing.past import PARAMETER
from portal.publishing.views import PublicPage, trail
from portal.search import questions
from portal.search.finding import Search

from . import kinds
from .comparison import Comparison
from .table import as_table
from .things import FEWEST, KINDS, MOST, Asked, Thing, address
from .weights import HEAVIEST, Weighed, weighed

MOST_FOUND = 8
MOST_LOOKED_AT = 60  # of a kind, beside what says the words in its title
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
        return Comparison(self.versions, self.clock.at, self.today) if len(self.versions) >= FEWEST else None

    @cached_property
    def things(self) -> list[Thing]:
        return [Thing(version, self.today) for version in self.versions]

    @cached_property
    def values(self) -> list[str]:
        return [thing.value for thing in self.things]

    @cached_property
    def weighed(self) -> Weighed:
        comparison = self.comparison
        return weighed(self.request.GET, comparison.rankable if comparison else [], self.things)

    @cached_property
    def more(self) -> list[tuple[str, str]]:
        """What the address says besides: the weights, and the day in the past that is looked at."""
        past = self.request.GET.get(PARAMETER)
        return [*self.weighed.query, *([(PARAMETER, past)] if past else [])]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        asked, comparison = self.asked, self.comparison
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
            unknown=asked.unknown(self.versions),
            left_out=asked.left_out,
            others=[
                (KINDS[kind]._meta.verbose_name_plural, f"?{address(kind, values[:MOST])}")
                for kind, values in asked.other_kinds.items()
            ],
            ranking=self.weighed.ranking,
            weights=self.weighed.weights,
            more=self.more,
            scale=range(HEAVIEST + 1),
            own_query=address(asked.kind, self.values, self.more) if self.values else "",
            breadcrumbs=trail(_("Compare")),
            **context,
        )

    def chosen(self) -> list[dict[str, Any]]:
        """What is compared, each with the address without it."""
        return [
            {
                "value": thing.value,
                "name": thing.name,
                "without": self.address_of(other for other in self.values if other != thing.value),
            }
            for thing in self.things
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

    def found(self) -> list[dict[str, Any]]:
        """The best of what says the words, of the kind that is compared (of any while nothing is)."""
        if not self.words:
            return []
        with by_index():
            found = Search(self.clock.at).find(questions.asked(self.words, begun=True), MOST_LOOKED_AT)
        hits = [hit for kind in self.open_kinds for hit in found.of(kind)]
        compared = {version.pk for version in self.versions}
        best = sorted(hits, key=lambda hit: (hit.rank, -hit.version))
        keys = [hit.version for hit in best if hit.version not in compared][:MOST_FOUND]
        return [self.offer(version) for version in picked(Version.objects.with_entry(), keys)]

    def alike(self) -> list[dict[str, str]]:
        """Without words: others of the kind that are like the first in what they are about."""
        if self.words or len(self.versions) >= MOST:
            return []
        kind = self.asked.kind or "city"
        rows = self.live(KINDS[kind]).exclude(pk__in=[version.pk for version in self.versions])
        if self.versions:
            rows = rows.filter(likeness(self.versions[0]))
        return [self.offer(row) for row in rows.with_entry().order_by("entry__city__code", "entry__slug")[:MOST_LIKE]]

    def offer(self, version: Any) -> dict[str, Any]:
        thing = Thing(version, self.today)
        return {
            "name": thing.name,
            "context": thing.context,
            "url": self.address_of([*self.values, thing.value], thing.kind),
        }


def likeness(version: Any) -> Q:
    """Cities of one province, clusters and projects of one industry; anything of the kind where that is not said."""
    match version.entry.kind:
        case "city":
            province = version.city.province
            return Q(entry__city__in=City.objects.ruled_by(province).values("pk")) if province else Q()
        case _:
            return Q(industry=version.industry_id) if version.industry_id else Q(entry__city=version.entry.city_id)
