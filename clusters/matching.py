"""From a stage of a chain that is missing or wanted to what fits it, and from what is offered back to such stages.

What fits is what says so: a park laid out for the stage or its industry, an incentive for it, the support the cluster
offers, a project not yet signed. Nothing is guessed from words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from portal.cities.models import City
from portal.publishing.models import Version

from .models import (
    ChainLink,
    ClusterProfile,
    ClusterStage,
    Incentive,
    Industry,
    ParkIndustry,
    ParkProfile,
    Plot,
    PolicyRecord,
    SupportOffer,
)

Live = Callable[[type[Version]], Any]


class Fit(models.IntegerChoices):
    """How closely something fits a stage; the closest first."""

    STAGE = 0, pgettext_lazy("fits", "for this stage")
    INDUSTRY = 1, pgettext_lazy("fits", "for the industry")
    ANY = 2, pgettext_lazy("fits", "for every industry")


class ParkOffer(NamedTuple):
    fit: Fit
    park: ParkProfile
    plots: list[Plot]


class IncentiveOffer(NamedTuple):
    fit: Fit
    incentive: Incentive


class WhatFits(NamedTuple):
    """What fits one stage in one cluster's city."""

    parks: list[ParkOffer]
    incentives: list[IncentiveOffer]
    support: list[SupportOffer]
    projects: list[Any]

    def __bool__(self) -> bool:
        return any(self)


def is_open() -> Q:
    """The stages that a cluster lacks or asks for."""
    return Q(wanted=True) | Q(strength=ClusterStage.Strength.GAP)


def family(industry: Industry | None) -> set[int]:
    """An industry and the groups it belongs to, two levels up: what is for "new three" is for batteries too."""
    above = industry and industry.parent
    return {key for key in (industry and industry.pk, above and above.pk, above and above.parent_id) if key}


def fit(row: Any, link: ChainLink) -> Fit | None:
    """How a row with an industry and a stage fits this stage; None when it does not."""
    if row.link_id:
        return Fit.STAGE if row.link_id == link.pk else None
    if not row.industry_id:
        return Fit.ANY
    return Fit.INDUSTRY if row.industry_id in family(link.chain.industry) else None


def may_fit(links: Iterable[ChainLink]) -> Q:
    """The rows that fit one of these stages, for SQL: those `fit` tells apart."""
    links = list(links)
    industries = {key for link in links for key in family(link.chain.industry)}
    return Q(link__in=links) | Q(link=None, industry=None) | Q(link=None, industry__in=industries)


def fitting(stages: Iterable[ClusterStage], *, live: Live, today: date) -> dict[int, WhatFits]:
    """By stage of a cluster what fits it, in five queries however many there are.

    The stages come with their link's chain, industry and group, and with their version's city and all that it lies in.
    """
    stages = list(stages)
    if not stages:
        return {}
    links = list({stage.link_id: stage.link for stage in stages}.values())
    cities = {stage.version.entry.city_id for stage in stages}
    parks = parks_in(cities, links, live=live, today=today)
    giving = {place.pk for stage in stages for place in stage.version.entry.city.jurisdictions}
    incentives = incentives_in(giving, links, live=live, today=today)
    support = grouped(support_of(stages), "version_id")
    projects = projects_in(cities, links, live)
    found = {}
    for stage in stages:
        city, link = stage.version.entry.city, stage.link
        served = ((fit(row, link), *park) for park, row in parks[city.pk])
        given = ((fit(row, link), row) for place in city.jurisdictions for row in incentives[place.pk])
        found[stage.pk] = WhatFits(
            closest(ParkOffer(how, park, plots) for how, park, plots in served if how is not None),
            closest(IncentiveOffer(how, row) for how, row in given if how is not None),
            support[stage.version_id],
            [project for project in projects if (project.entry.city_id, project.link_id) == (city.pk, link.pk)],
        )
    return found


def closest(offers: Iterable[Any]) -> list[Any]:
    """The closest first; a park that names the stage and its industry counts once, by the closer."""
    once: dict[int, Any] = {}
    for offer in sorted(offers, key=lambda offer: offer.fit):
        once.setdefault(offer[1].pk, offer)
    return list(once.values())


def grouped(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def parks_in(cities: Iterable[int], links: Iterable[ChainLink], *, live: Live, today: date) -> dict[int, list[Any]]:
    """By city, each row of a park that may fit, with the park and what it has to let now."""
    served = ParkIndustry.objects.filter(may_fit(links), version__in=live(ParkProfile), version__entry__city__in=cities)
    served = served.select_related("version__entry__city").defer("version__summary", "version__note")
    rows = list(served.order_by("version__entry__slug", "order", "pk"))
    on_offer = Plot.objects.on_offer(today).filter(version__in={row.version_id for row in rows})
    plots = grouped(on_offer.order_by("order", "pk"), "version_id")
    found = defaultdict(list)
    for row in rows:
        found[row.version.entry.city_id].append(((row.version, plots[row.version_id]), row))
    return found


def incentives_in(
    cities: Iterable[int], links: Iterable[ChainLink], *, live: Live, today: date
) -> dict[int, list[Incentive]]:
    """By city, what its policies give now that may fit."""
    given = Incentive.objects.in_force(today).filter(
        may_fit(links), version__in=live(PolicyRecord), version__entry__city__in=cities
    )
    rows = given.select_related("version__entry__city").order_by("version__entry__slug", "order", "pk")
    rows = rows.defer("eligibility", "how_to_apply", "version__summary", "version__note")
    found = defaultdict(list)
    for row in rows:
        if row.holds(today):
            found[row.version.entry.city_id].append(row)
    return found


def support_of(stages: Iterable[ClusterStage]) -> Any:
    offers = SupportOffer.objects.filter(version__in={stage.version_id for stage in stages})
    return offers.select_related("provider").order_by("order", "pk")


def projects_in(cities: Iterable[int], links: Iterable[ChainLink], live: Live) -> list[Any]:
    """Projects at these stages that are planned or in talks: nobody has signed yet."""
    projects = live(Version.kinds()["project"]).unsigned().with_entry()
    return list(projects.filter(link__in=links, entry__city__in=cities).order_by("entry__slug"))


def openings_for(rows: Iterable[Any], *, cities: QuerySet[City], live: Live, most: int = 20) -> list[ClusterStage]:
    """The way back: stages that clusters of these cities lack or ask for, and one of these rows (what a park is laid
    out for, what a policy gives) fits."""
    rows = list(rows)
    if not rows:
        return []
    clusters = live(ClusterProfile).filter(entry__city__in=cities.values("pk"))
    stages = ClusterStage.objects.filter(is_open(), version__in=clusters)
    stages = stages.select_related("link__chain__industry__parent", "version__entry__city").order_by(
        "-wanted", "version__entry__city__code", "link__chain", "link__order", "pk"
    )
    return [stage for stage in stages[:500] if any(fit(row, stage.link) is not None for row in rows)][:most]
