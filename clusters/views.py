"""Pages of cities, clusters, parks, policies and rankings."""

from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.facts.views import VersionDetail
from portal.lib.spreadsheets import asked, file
from portal.lib.text import listed
from portal.publishing.models import Version

from . import findings
from .chain import chain_table, chains_of
from .conditions import Land, Offers, Prices
from .matching import fitting, openings_for
from .models import (
    CityProfile,
    ClusterProfile,
    Contact,
    Cost,
    ParkProfile,
    PolicyRecord,
    RankingEdition,
)

MOST_PROJECTS = 12  # on the page of a park or cluster
MOST_COMPARED = 5
MOST_EDITIONS = 12

LISTS = {
    "city": _("Cities"),
    "cluster": _("Clusters"),
    "park": _("Parks"),
    "policy": _("Policies"),
    "ranking": _("Rankings"),
}


class DetailWithContact(VersionDetail):
    """A page that says whom of the city to call first; one of the past names nobody."""

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        return context | {"contact": None if self.request.clock.as_of else self.contact(context["city_page"])}

    def contact(self, city_page):
        return Contact.objects.filter(version=city_page.pk).order_by("order", "pk").first() if city_page else None


class Detail(DetailWithContact):
    def get_template_names(self):
        return [f"clusters/{self.model.kind}_detail.html"]

    @property
    def list_label(self):
        return LISTS[self.model.kind]

    def get_context_data(self, **context):
        related = self.public(row.entry_id for row in self.object.related.all())
        context = super().get_context_data(related=related, **context)
        return context | {"figures_finding": findings.of_figures(context["evidence"])}


class DetailWithFile(Detail):
    """A page whose rows can be taken along, with ?export=. `file`: the name, columns and rows for a version."""

    def get(self, request, *args, **kwargs):
        form = asked(request)
        return file(form, *self.file(self.get_object())) if form else super().get(request, *args, **kwargs)


class ClusterDetail(DetailWithFile):
    model = ClusterProfile

    def get_queryset(self):
        return super().get_queryset().with_lineage().select_related("industry")

    def file(self, cluster):
        """Its chains, under a name, as columns and rows."""
        return f"chain-{cluster.city.slug}-{cluster.entry.slug}", *chain_table(chains_of(cluster))

    def get_context_data(self, **context):
        cluster = self.object
        chains = chains_of(cluster)
        projects = self.live(Version.kinds()["project"]).for_city(cluster.city).filter(industry=cluster.industry_id)
        projects = projects.with_entry().with_noted_stage().prefetch_related("stage_events").order_by("entry__slug")
        return super().get_context_data(
            chains=chains,
            openings=self.openings(chains),
            elsewhere=[row for row in cluster.companies.all() if row.stage_id is None],
            projects=projects[:MOST_PROJECTS],
            **context,
        )

    def openings(self, chains):
        """The stages it lacks or asks for, each with what fits it in the city."""
        stops = [stop for chain in chains for stop in chain.open_stops]
        offers = fitting([stop.stage for stop in stops], live=self.live, today=self.today)
        return [(stop.stage, offers[stop.stage.pk]) for stop in stops]


class ParkDetail(Detail):
    model = ParkProfile

    def get_context_data(self, **context):
        park = self.object
        projects = self.live(Version.kinds()["project"]).filter(park=park.entry_id).with_entry().with_noted_stage()
        found = list(projects.prefetch_related("stage_events").order_by("entry__slug")[: MOST_PROJECTS + 1])
        prices = self.prices()
        context = super().get_context_data(
            projects=found[:MOST_PROJECTS],
            more_projects=len(found) > MOST_PROJECTS,
            clusters=self.live(ClusterProfile).filter(related__entry=park.entry_id).with_entry().distinct(),
            land=Land(park.plots.all(), self.today, [park]),
            prices=prices,
            wanted=openings_for(
                park.industries_served.all(), cities=City.objects.filter(pk=park.city.pk), live=self.live
            ),
            **context,
        )
        context["evidence"].beside = prices.rows
        return context

    def prices(self):
        """What the city's profile says that things cost in this park."""
        costs = Cost.objects.filter(version__in=self.live(CityProfile), park=self.object.entry_id)
        return Prices(costs.select_related("source").order_by("order", "pk"), self.today, [*Cost.Category])


class PolicyDetail(Detail):
    model = PolicyRecord

    def get_context_data(self, **context):
        policy = self.object
        offers = Offers(policy.incentives.all(), self.today, [policy])
        given = offers.current
        return super().get_context_data(
            offers=offers,
            finding=findings.of_policy(policy, self.today),
            wanted=openings_for(given, cities=City.objects.ruled_by(policy.city), live=self.live),
            **context,
        )


class RankingDetail(DetailWithFile):
    model = RankingEdition

    def file(self, ranking):
        return f"ranking-{ranking.entry.slug}", *places_table(ranking)

    def get_context_data(self, **context):
        ranking = self.object
        ranked = ranking.entries.all()
        cities = (
            self.live(CityProfile).with_entry().filter(entry__city__in={row.city_id for row in ranked if row.city_id})
        )
        profiles = {profile.entry.city_id: profile for profile in cities}
        missing = missing_of(ranked)
        comparable = [profiles[row.city_id].entry.slug for row in ranked if row.city_id in profiles]
        return super().get_context_data(
            profiles=profiles,
            comparable=list(dict.fromkeys(comparable))[:MOST_COMPARED],
            finding=findings.of_ranking(ranked),
            missing=missing,
            missing_words=listed(missing.values()),
            beside=self.live(RankingEdition)
            .with_entry()
            .filter(publisher=ranking.publisher_id)
            .exclude(entry=ranking.entry_id)
            .order_by("-edition")[:MOST_EDITIONS],
            **context,
        )


def missing_of(ranked):
    """What the ranking publishes of no place, to be said once and not in each row."""
    columns = {"score": _("Score"), "positioning": _("Positioning"), "core_advantage": _("Core advantage")}
    return {name: label for name, label in columns.items() if all(getattr(row, name) in (None, {}) for row in ranked)}


def places_table(ranking):
    columns = [_("Place"), _("City or park"), _("Score"), _("Positioning"), _("Core advantage"), _("Source")]
    rows = (
        [row.place, str(row.name), row.score, str(row.positioning), str(row.core_advantage), str(row.source)]
        for row in ranking.entries.all()
    )
    return columns, rows
