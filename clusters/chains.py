"""The pages of value chains across cities: each chain, each of its stages, and where a supplier may look."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.generic import TemplateView

from portal.facts.evidence import Cited
from portal.lib.spreadsheets import asked, file
from portal.lib.text import spaced
from portal.publishing.models import Version
from portal.publishing.views import PagedList, PublicPage, trail

from .chain import company_lines, findings, stage_url
from .maps import along, of_chain
from .matching import fitting, is_open
from .models import ChainLink, ClusterCompany, ClusterProfile, ClusterStage, ParkIndustry, ParkProfile, ValueChain

CLUSTERS_A_PAGE = 40
OPENINGS_A_PAGE = 10
MOST_COMPANIES = 60
MOST_NEIGHBOURS = 4  # companies named of each other stage
MOST_PARKS = 12
TITLE = gettext_lazy("Value chains")
Strength = ClusterStage.Strength


class Overview(NamedTuple):
    """One stage of a chain in all cities: how many clusters say what of it, and how many companies they name."""

    link: ChainLink
    strengths: dict[str, int]
    wanted: int = 0
    companies: int = 0
    cities: int = 0

    @property
    def state(self) -> str:
        """The best that any cluster says of it; where companies are named it is at least present."""
        best = next((strength for strength in Strength.values if self.strengths.get(strength)), "unknown")
        return Strength.PRESENT if self.companies and best != Strength.STRONG else best

    @property
    def is_open(self) -> bool:
        return bool(self.wanted) or self.state == Strength.GAP

    @property
    def url(self) -> str:
        return stage_url(self.link)


class ChainSummary(NamedTuple):
    chain: ValueChain
    stages: list[Overview]

    @property
    def finding(self) -> str:
        return spaced(findings(self.stages))

    @property
    def url(self) -> str:
        return reverse("chain-detail", args=[self.chain.slug])


class ChainPage(PublicPage):
    """What the pages of chains ask for."""

    def overviews(self, **which: Any) -> list[Overview]:
        """Every stage of these chains, in order, as all live clusters see it: three queries."""
        clusters = self.live(ClusterProfile)
        said = ClusterStage.objects.filter(version__in=clusters).order_by()
        counts = {strength: Count("pk", filter=Q(strength=strength)) for strength in Strength.values}
        counted = {
            row["link"]: row for row in said.values("link").annotate(asked=Count("pk", filter=Q(wanted=True)), **counts)
        }
        named = ClusterCompany.objects.filter(version__in=clusters, stage__isnull=False).order_by()
        companies = {
            row["stage__link"]: row
            for row in named.values("stage__link").annotate(
                companies=Count("organisation", distinct=True), cities=Count("version__entry__city", distinct=True)
            )
        }
        links = ChainLink.objects.filter(**which).select_related("chain__industry")
        return [
            overview(link, counted.get(link.pk, {}), companies.get(link.pk, {}))
            for link in links.order_by("chain__slug", "order", "pk")
        ]


def overview(link: ChainLink, counted: dict[str, int], companies: dict[str, int]) -> Overview:
    strengths = {strength: counted.get(strength, 0) for strength in Strength.values}
    found = companies.get("companies", 0), companies.get("cities", 0)
    return Overview(link, strengths, counted.get("asked", 0), *found)


def by_chain(stages: Iterable[Overview]) -> list[ChainSummary]:
    chains: dict[int, ChainSummary] = {}
    for stage in stages:
        chain = chains.setdefault(stage.link.chain_id, ChainSummary(stage.link.chain, []))
        chain.stages.append(stage)
    return list(chains.values())


class ChainList(ChainPage, TemplateView):
    template_name = "clusters/chain_list.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            chains=by_chain(self.overviews()),
            title=TITLE,
            breadcrumbs=trail(TITLE),
            **context,
        )


class ChainDetail(ChainPage, PagedList):
    """One chain: its stages over all cities, and each cluster's row in the table of cities by stage."""

    template_name = "clusters/chain_detail.html"
    context_object_name = "clusters"
    paginate_by = CLUSTERS_A_PAGE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.file(asked(request)) if asked(request) else super().get(request, *args, **kwargs)

    @cached_property
    def chain(self) -> ValueChain:
        return get_object_or_404(ValueChain.objects.select_related("industry"), slug=self.kwargs["slug"])

    def get_queryset(self) -> Any:
        """Clusters that say anything of the chain, those with companies on most of its stages first."""
        said = ClusterStage.objects.filter(version=OuterRef("pk"), link__chain=self.chain)
        named = said.filter(companies__isnull=False).order_by().values("version")
        return (
            self.live(ClusterProfile)
            .with_entry()
            .filter(Exists(said))
            .annotate(named=Subquery(named.annotate(count=Count("link", distinct=True)).values("count")))
            .prefetch_related(Prefetch("stages", self.stages().annotate(named=Count("companies")), "on_chain"))
            .order_by(F("named").desc(nulls_last=True), "entry__city__code", "entry__slug")
        )

    def stages(self) -> Any:
        return ClusterStage.objects.filter(link__chain=self.chain)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        summary = ChainSummary(self.chain, self.overviews(chain=self.chain))
        context = super().get_context_data(
            chain=summary,
            breadcrumbs=trail((TITLE, reverse("chain-list")), self.chain),
            **context,
        )
        context["map"] = of_chain(self.chain, along(self.chain, self.live(ClusterProfile)))
        context["rows"] = [(cluster, cells(cluster, summary.stages)) for cluster in context["clusters"]]
        return context

    def file(self, form: str) -> HttpResponseBase:
        """Every stage of every cluster of the chain: a line a company, and one a stage without any."""
        companies = ClusterCompany.objects.order_by("order", "pk")
        stages = (
            self.stages()
            .filter(version__in=self.live(ClusterProfile))
            .prefetch_related("link", "source", "version__entry__city")  # few, each named by many rows
            .prefetch_related(Prefetch("companies", companies), "companies__organisation", "companies__source")
            .order_by("link__order", "version__entry__city__code", "version__entry__slug")
        )
        lines = Lines()
        columns = [
            pgettext("of a chain", "Stage"), _("City"), _("Cluster"), _("Strength"), _("Investment wanted"),
            _("Products"), _("Company"), _("Role"), _("Source"),
        ]  # fmt: skip
        return file(form, f"chain-{self.chain.slug}", columns, (line for stage in stages for line in lines.of(stage)))


def cells(cluster: Any, stages: list[Overview]) -> list[tuple[Overview, ClusterStage | None]]:
    """What the cluster says of each stage, in the order of the chain."""
    said = {stage.link_id: stage for stage in cluster.on_chain}
    return [(stage, said.get(stage.link.pk)) for stage in stages]


class Lines:
    """The rows of a file: thousands name the same few things, so that each is put into words once."""

    def __init__(self) -> None:
        self.said: dict[tuple[type, int], str] = {}

    def words(self, row: Any) -> str:
        key = type(row), row.pk
        if key not in self.said:
            self.said[key] = str(row)
        return self.said[key]

    def of(self, stage: ClusterStage) -> Iterator[list[str]]:
        yes, no = _("yes"), _("no")
        said = [self.words(row) for row in (stage.link, stage.version.entry.city, stage.version)]
        said += [str(stage.get_strength_display()), yes if stage.wanted else no, str(stage.products)]
        yield from company_lines(said, stage, stage.companies.all(), self.words)


class StageDetail(ChainPage, PagedList):
    """One stage in all cities: where it is wanted and what fits there, who is there, who stands before and after."""

    template_name = "clusters/stage_detail.html"
    context_object_name = "openings"
    paginate_by = OPENINGS_A_PAGE

    @cached_property
    def link(self) -> ChainLink:
        found = ChainLink.objects.filter(chain__slug=self.kwargs["chain"], slug=self.kwargs["slug"])
        link = found.select_related("chain__industry__parent").first()
        if not link:
            raise Http404
        return link

    def get_queryset(self) -> Any:
        """The clusters that lack this stage or ask for it; those that ask come first."""
        return (
            self.said()
            .filter(is_open())
            .select_related("link__chain__industry__parent", "version__entry__city__parent__parent__parent", "source")
            .order_by("-wanted", "version__entry__city__code", "version__entry__slug", "pk")
        )

    def said(self) -> Any:
        return ClusterStage.objects.filter(link=self.link, version__in=self.live(ClusterProfile))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        stages = self.overviews(chain=self.link.chain)
        place = next(number for number, stage in enumerate(stages) if stage.link == self.link)
        context = super().get_context_data(
            link=self.link,
            stages=stages,
            here=stages[place],
            number=place + 1,
            before=stages[place - 1] if place else None,
            after=next(iter(stages[place + 1 :]), None),
            finding=spaced(self.findings(stages[place])),
            breadcrumbs=trail(
                (TITLE, reverse("chain-list")),
                (self.link.chain, reverse("chain-detail", args=[self.link.chain.slug])),
                self.link,
            ),
            unnamed=self.unnamed(),
            companies=self.companies(),
            parks=self.parks(),
            projects=self.live(Version.kinds()["project"]).filter(link=self.link).exists(),
            **context,
        )
        beside = self.beside()
        context["earlier"] = [(stage, beside.get(stage.link.pk, [])) for stage in stages[:place]]
        context["later"] = [(stage, beside.get(stage.link.pk, [])) for stage in stages[place + 1 :]]
        offers = fitting(context["openings"], live=self.live, today=self.today)
        context["openings"] = [(stage, offers[stage.pk]) for stage in context["openings"]]
        context["evidence"] = Cited([*(stage for stage, _offers in context["openings"]), *context["companies"]])
        return context

    def findings(self, here: Overview) -> Iterator[str]:
        if here.companies:
            companies = ngettext("%(count)d company", "%(count)d companies", here.companies)
            cities = ngettext("%(count)d city", "%(count)d cities", here.cities)
            said = {"companies": companies % {"count": here.companies}, "cities": cities % {"count": here.cities}}
            yield _("Sources name %(companies)s at this stage in %(cities)s.") % said
        else:
            yield _("No source names a company at this stage yet.")
        if here.wanted:
            yield ngettext(
                "One cluster asks for investment here.", "%(count)d clusters ask for investment here.", here.wanted
            ) % {"count": here.wanted}

    def companies(self) -> Any:
        """Those named at this stage, by city; the first of many."""
        named = ClusterCompany.objects.filter(stage__link=self.link, version__in=self.live(ClusterProfile))
        return list(
            named.select_related("organisation", "source", "version__entry__city").order_by(
                "version__entry__city__code", "role", "order", "pk"
            )[:MOST_COMPANIES]
        )

    def unnamed(self) -> Any:
        """Clusters that report the stage and name nobody there."""
        reported = self.said().filter(companies=None).exclude(strength=Strength.GAP)
        return reported.select_related("version__entry__city").order_by("version__entry__city__code")[:MOST_COMPANIES]

    def beside(self) -> dict[int, list[ClusterCompany]]:
        """By other stage of the chain, the first companies named there."""
        named = ClusterCompany.objects.filter(
            stage__link__chain=self.link.chain_id, version__in=self.live(ClusterProfile)
        ).exclude(stage__link=self.link)
        place = Window(RowNumber(), partition_by="stage__link", order_by=["role", "pk"])
        first = named.order_by().annotate(place=place).filter(place__lte=MOST_NEIGHBOURS)
        rows = ClusterCompany.objects.filter(pk__in=[key for key, _place in first.values_list("pk", "place")])
        found: dict[int, list[ClusterCompany]] = {}
        for row in rows.select_related("organisation", "stage", "version__entry__city").order_by("role", "pk"):
            found.setdefault(row.stage.link_id, []).append(row)
        return found

    def parks(self) -> Any:
        """Parks laid out for this very stage, wherever they are."""
        laid_out = ParkIndustry.objects.filter(link=self.link, version__in=self.live(ParkProfile))
        return laid_out.select_related("version__entry__city").order_by("version__entry__city__code", "pk")[:MOST_PARKS]


class SupplierList(ChainPage, TemplateView):
    """For those who sell: by what they make, who stands further along the chain and who lacks it."""

    template_name = "clusters/supplier_list.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        last = self.last_stages()
        chains = [(chain, list(with_those_after(chain.stages, last))) for chain in by_chain(self.overviews())]
        title = _("Find buyers along a chain")
        return super().get_context_data(
            chains=chains,
            title=title,
            breadcrumbs=trail((TITLE, reverse("chain-list")), title),
            **context,
        )

    def last_stages(self) -> Counter:
        """How many companies are named on a stage and on none after it, so that each counts once for all before."""
        named = ClusterCompany.objects.filter(stage__isnull=False, version__in=self.live(ClusterProfile)).order_by()
        last = named.values("stage__link__chain", "organisation").annotate(last=Max("stage__link__order"))
        return Counter(last.values_list("stage__link__chain", "last"))


def with_those_after(stages: list[Overview], last: Counter) -> Iterator[tuple[Overview, int]]:
    """Each stage, with how many companies are named on stages after it."""
    for place, stage in enumerate(stages, 1):
        yield stage, sum(last[later.link.chain_id, later.link.order] for later in stages[place:])
