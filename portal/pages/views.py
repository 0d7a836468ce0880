"""The first page and the pages about the portal."""

from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from clusters.maps import of_cities
from clusters.models import CityProfile, ClusterProfile, ClusterStage
from portal.cities.models import City
from portal.facts.models import Figure, Metric, Visibility
from portal.follow.consent import terms as follow_terms
from portal.inquiries.consent import terms
from portal.inquiries.measured import replies
from portal.publishing import linked_data
from portal.publishing.models import Version
from portal.publishing.views import PublicPage, trail
from projects.findings import started_and_producing
from projects.ledger import PRODUCING, STARTED, progress
from projects.models import LATEST, CeremonyRecord, ProjectListing, SignedProject, Stage

MOST_CARDS = 24  # of cities; where there are more, the latest few have one and all stand in the directory
LATEST_CITIES = 6
MOST_CITIES = 600
MOST_WANTED = 12
MOST_CEREMONIES = 4
SAMPLE_WORDS = 3
COUNTED = ["city", "cluster", "park", "policy"]


class Outcome(NamedTuple):
    """A ceremony, and how far the projects listed with it have come."""

    ceremony: CeremonyRecord
    listed: int
    started: int
    producing: int

    @property
    def whole(self) -> int:
        """Of how many projects that is: those declared, which may be more than those named."""
        return max(self.listed, self.ceremony.declared_count or 0)


class Home(PublicPage, TemplateView):
    """What these cities offer in one screen; where there is one city alone, its front door."""

    def get_template_names(self) -> list[str]:
        return ["pages/front_door.html" if self.only_city else "pages/home.html"]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        cities, wanted = list(self.cities()), list(self.wanted()[:MOST_WANTED])
        self.only_city = cities[0] if len(cities) == 1 else None
        cards = with_key_figures(cities if len(cities) <= MOST_CARDS else latest(cities)[:LATEST_CITIES])
        return super().get_context_data(
            version=self.only_city,
            linked_data=linked_data.script([linked_data.website()]),
            cards=cards,
            example=None if self.only_city else example(cards),
            map=of_cities(cities) if len(cities) > 1 else None,
            provinces=by_province(cities) if len(cities) > MOST_CARDS else {},
            counts=self.counts(),
            reached=self.reached(),
            wanted=wanted,
            words=list(dict.fromkeys(str(stage.link.name) for stage in wanted))[:SAMPLE_WORDS],
            outcomes=self.outcomes(self.latest_ceremonies()),
            replies=replies(self.today),
            **context,
        )

    def cities(self):
        profiles = self.live(CityProfile).with_lineage()
        return profiles.order_by("entry__city__code")[:MOST_CITIES]

    def counts(self) -> dict[str, int]:
        """How many pages there are of each kind but projects, which `reached` counts.

        Kind by kind: counted together they would be looked for among all versions of projects.
        """
        return {kind: self.live(Version.kinds()[kind]).count() for kind in COUNTED}

    def reached(self) -> dict[str, int]:
        """How many projects there are, and how many have come how far."""
        projects = progress(self.clock.at)
        reached = {"signed": Q(stage__gte=Stage.SIGNED), "started": STARTED, "producing": PRODUCING}
        return projects.aggregate(known=Count("pk"), **{name: Count("pk", of) for name, of in reached.items()})

    def wanted(self):
        """Stages of chains in which investment is wanted now."""
        stages = ClusterStage.objects.filter(wanted=True, version__in=self.live(ClusterProfile))
        return stages.select_related("link", "version__entry__city").order_by("link__chain", "link__order", "pk")

    def latest_ceremonies(self):
        """Those of a stated year that had projects."""
        dated = self.live(CeremonyRecord).filter(day__isnull=False)
        listed = Exists(SignedProject.objects.filter(version=OuterRef("pk")))
        with_projects = dated.filter(Q(declared_count__isnull=False) | listed)
        named = Prefetch("signed_projects", SignedProject.objects.only("version", "project"))  # they are only counted
        return with_projects.with_entry().prefetch_related(named).order_by(*LATEST)[:MOST_CEREMONIES]

    def outcomes(self, ceremonies) -> list[Outcome]:
        listed = {row.project_id for ceremony in ceremonies for row in ceremony.signed_projects.all() if row.project_id}
        projects = self.live(ProjectListing).filter(entry__in=listed).with_noted_stage()
        stages = dict(projects.values_list("entry_id", "stage"))
        return [outcome(ceremony, stages) for ceremony in ceremonies]


def with_key_figures(profiles: list[CityProfile]) -> list[CityProfile]:
    key = Figure.objects.filter(key=True, visibility=Visibility.PUBLIC).uncontinued().order_by("order", "pk")
    prefetch_related_objects(profiles, Prefetch("figures", key.select_related("metric", "source"), "key_figures"))
    return profiles


def example(profiles: list[CityProfile]) -> Figure | None:
    """The newest of their key figures that has happened: opened, it shows what stands behind every other."""
    done = (figure for profile in profiles for figure in profile.key_figures if figure.is_done)
    return max(done, key=lambda figure: str(figure.day or ""), default=None)


def latest(profiles: list[CityProfile]) -> list[CityProfile]:
    return sorted(profiles, key=lambda profile: profile.live_from, reverse=True)


def by_province(profiles: list[CityProfile]) -> dict[City | None, list[CityProfile]]:
    """None: of cities of which no province is known; last."""
    provinces: dict[City | None, list[CityProfile]] = {}
    for profile in profiles:
        provinces.setdefault(profile.city.province, []).append(profile)
    return dict(sorted(provinces.items(), key=lambda item: item[0] is None))


def outcome(ceremony: CeremonyRecord, stages: dict[int, int | None]) -> Outcome:
    reached = [stages.get(row.project_id) for row in ceremony.signed_projects.all()]
    return Outcome(ceremony, len(reached), *started_and_producing(reached))


class About(PublicPage, TemplateView):
    template_name = "pages/about.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            metrics=Metric.objects.order_by("code"),
            stages=[(stage, stage.label) for stage in Stage],
            breadcrumbs=trail(_("About and definitions")),
            data_as_of=None,
            **context,
        )


class Privacy(PublicPage, TemplateView):
    template_name = "pages/privacy.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(
            terms=terms(),
            follow_terms=follow_terms(),
            breadcrumbs=trail(_("Privacy")),
            data_as_of=None,
            **context,
        )
