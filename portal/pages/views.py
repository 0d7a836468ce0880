"""The first page, the pages about the portal, and what robots read."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from clusters.models import CityProfile, ClusterProfile, ClusterStage
from portal.facts.models import Figure, Metric, Visibility
from portal.inquiries.consent import terms
from portal.publishing.views import PublicPage
from projects.models import CeremonyRecord, ProjectListing, Stage

MOST_CITIES = 24
MOST_WANTED = 12
MOST_CEREMONIES = 4


class Outcome(NamedTuple):
    """A ceremony, and how far the projects listed with it have come."""

    ceremony: CeremonyRecord
    listed: int
    started: int
    producing: int


class Home(PublicPage, TemplateView):
    template_name = "pages/home.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            cities=self.cities()[:MOST_CITIES],
            wanted=self.wanted()[:MOST_WANTED],
            outcomes=self.outcomes(self.latest_ceremonies()),
            data_as_of=self.request.clock.at,  # type: ignore[attr-defined]
            **context,
        )

    def cities(self):
        key = Figure.objects.filter(key=True, visibility=Visibility.PUBLIC).order_by("order", "pk")
        figures = Prefetch("figures", key.select_related("metric", "source"), "key_figures")
        return self.live(CityProfile).with_entry().prefetch_related(figures).order_by("entry__city__code")

    def wanted(self):
        """Stages of chains in which investment is wanted now."""
        stages = ClusterStage.objects.filter(wanted=True, version__in=self.live(ClusterProfile))
        return stages.select_related("link", "version__entry__city").order_by("link__chain", "link__order", "pk")

    def latest_ceremonies(self):
        """Those of a stated year that had projects."""
        dated = self.live(CeremonyRecord).exclude(when="").exclude(when__startswith="X")
        with_projects = dated.filter(Q(declared_count__isnull=False) | Q(signed_projects__isnull=False)).distinct()
        return with_projects.with_entry().prefetch_related("signed_projects").order_by("-when")[:MOST_CEREMONIES]

    def outcomes(self, ceremonies) -> list[Outcome]:
        listed = {row.project_id for ceremony in ceremonies for row in ceremony.signed_projects.all() if row.project_id}
        projects = self.live(ProjectListing).filter(entry__in=listed).with_stage()
        stages = dict(projects.values_list("entry_id", "stage"))
        return [outcome(ceremony, stages) for ceremony in ceremonies]


def outcome(ceremony: CeremonyRecord, stages: dict[int, int | None]) -> Outcome:
    reached = [stages.get(row.project_id) or 0 for row in ceremony.signed_projects.all()]
    started, producing = (sum(stage >= least for stage in reached) for least in (Stage.STARTED, Stage.PRODUCING))
    return Outcome(ceremony, len(reached), started, producing)


class About(PublicPage, TemplateView):
    template_name = "pages/about.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            metrics=Metric.objects.order_by("code"),
            stages=[(stage, stage.label) for stage in Stage],
            breadcrumbs=[{"label": _("Home"), "url": reverse("home")}, {"label": _("About and definitions")}],
            **context,
        )


class Privacy(PublicPage, TemplateView):
    template_name = "pages/privacy.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            terms=terms(),
            breadcrumbs=[{"label": _("Home"), "url": reverse("home")}, {"label": _("Privacy")}],
            **context,
        )


def robots(_request: HttpRequest) -> HttpResponse:
    """Everything public may be found; forms, searches and the workspace are no pages to index."""
    lines = ["User-agent: *"]
    lines += [
        f"Disallow: /{code}/{area}/" for code, _name in settings.LANGUAGES for area in ("staff", "accounts", "search")
    ]
    return HttpResponse(
        "\n".join([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]), content_type="text/plain; charset=utf-8"
    )
