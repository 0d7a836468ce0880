"""The page of a city: its profile, with what every package has published for it."""

from django.db.models import F, Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters import findings
from clusters.conditions import LABOUR, LOGISTICS, SITE, Land, Offers, Prices, Ways
from clusters.maps import of_city
from clusters.models import (
    CityProfile,
    ClusterProfile,
    ClusterStage,
    Incentive,
    ParkProfile,
    Plot,
    PolicyRecord,
    RankingEdition,
    RankingEntry,
)
from clusters.views import Detail
from portal.facts.models import Metric, Source
from portal.inquiries.measured import replies
from portal.publishing.models import Version
from projects.ledger import finding, ledger, total
from projects.models import LATEST, CeremonyRecord, ProjectListing

SHOWN = 6  # of each kind: its list has the others
MOST_ROWS = 12  # of land and of incentives: the pages of the parks and policies have all
MOST_POLICIES = 24
MOST_READ = 300  # of land and of incentives, to add them up


class CityDetail(Detail):
    model = CityProfile

    def get_queryset(self):
        return super().get_queryset().with_lineage()

    def get_context_data(self, **context):
        context = super().get_context_data(**context) | self.conditions() | self.beside()
        evidence = context["evidence"]
        evidence.apart = {Metric.Topic.LABOUR, Metric.Topic.LOGISTICS}
        evidence.beside = [*context["land"].shown, *context["offers"].shown]
        Source.attach(evidence.beside)
        labour = evidence.on(Metric.Topic.LABOUR)
        context |= {
            "replies": replies(self.today, city=self.object.city),
            "counts": self.counts,
            "map": of_city(self.object.city, []),  # the others stand in the drawing
            "has_tables": bool(evidence.done_by_topic or evidence.promised),
            "labour": labour,
            "distances": evidence.on(Metric.Topic.LOGISTICS),
            "industries_finding": findings.of_industries(self.object.industries.all()),
            "clusters_finding": findings.of_clusters(context["clusters"]),
            "labour_finding": context["wages"].finding or findings.of_series(labour),
            "ceremonies_finding": findings.of_ceremonies(context["ceremonies"], self.counts["ceremony"]),
            "ledger_finding": finding(total(context["ledger"])) if context["ledger"] else "",
        }
        return context | {"glance": glance(context)}

    def contact(self, city_page):
        return next(iter(self.object.contacts.all()), None)

    @cached_property
    def counts(self):
        """How many of each kind are public for the city."""
        return self.live(Version).for_city(self.object.city).by_kind()

    def conditions(self):
        """What an investor pays and gets: of the profile, of the city's parks, of the policies that hold here."""
        today, costs = self.today, list(self.object.costs.all())
        parks, policies = list(self.in_city(ParkProfile)), list(self.policies())
        plots = Plot.objects.filter(version__in=parks).order_by("status", "kind", "-area", "pk")
        incentives = Incentive.objects.filter(version__in=policies).select_related("industry", "link")
        places = {park.entry_id: park for park in parks} | self.elsewhere(costs, parks)
        return {
            "prices": Prices(costs, today, SITE, places),
            "wages": Prices(costs, today, LABOUR, places),
            "freight": Prices(costs, today, LOGISTICS, places),
            "ways": Ways(self.object.logistics.all(), today),
            "land": Land(plots[:MOST_READ], today, parks, most=MOST_ROWS),
            "offers": Offers(
                incentives.order_by("version", "order", "pk")[:MOST_READ], today, policies, most=MOST_ROWS
            ),
            "parks": parks[:SHOWN],
            "policies": policies,
        }

    def elsewhere(self, costs, parks):
        """The pages of parks of other cities in which prices hold, by entry."""
        entries = {row.park_id for row in costs} - {None, *(park.entry_id for park in parks)}
        return self.public(entries) if entries else {}

    def policies(self):
        """Those that hold here, the city's own first."""
        found = self.live(PolicyRecord).with_entry().filter(entry__city__in=self.object.city.jurisdictions)
        return found.order_by("-entry__city__code", "-issued", "entry__slug")[:MOST_POLICIES]

    def beside(self):
        """What is published for the city besides its profile."""
        city = self.object.city
        stages = ClusterStage.objects.select_related("link").order_by("link__chain", "link__order", "pk")
        clusters = self.in_city(ClusterProfile).select_related("industry").prefetch_related(Prefetch("stages", stages))
        projects = self.in_city(ProjectListing).order_by(F("progress__signed").desc(nulls_last=True), "entry__slug")
        return {
            "clusters": list(clusters[:SHOWN]),
            "projects": projects.with_noted_stage().prefetch_related("stage_events")[:SHOWN],
            "ledger": ledger(self.clock.at, [city], self.today),
            "ceremonies": self.ceremonies(),
            "places": places(self.live(RankingEdition), city),
        }

    def ceremonies(self):
        """The latest ones, the latest first; last those whose year no source states."""
        return list(self.in_city(CeremonyRecord).order_by(*LATEST)[:SHOWN])

    def in_city(self, kind):
        return self.live(kind).for_city(self.object.city).with_entry().order_by("entry__slug")


def glance(page):
    """The sections an investor judges a city by that find something: (anchor, topic, finding)."""
    found = [
        ("clusters", _("Clusters"), page["clusters_finding"]),
        ("costs", _("Costs"), page["prices"].finding),
        ("land", _("Land"), page["land"].finding),
        ("labour", _("Labour"), page["labour_finding"]),
        ("logistics", _("Logistics"), page["ways"].finding),
        ("incentives", _("Incentives"), page["offers"].finding),
        ("ledger", pgettext("signed, started, producing", "Promises"), page["ledger_finding"]),
    ]
    return [row for row in found if row[2]]


def places(editions, city):
    """The city's places in these editions of rankings, each with its edition."""
    found = RankingEntry.objects.filter(version__in=editions, city=city)
    return found.select_related("version__entry__city", "version__publisher")
