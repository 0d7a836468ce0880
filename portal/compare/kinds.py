"""What cities, clusters and projects are compared by, group by group."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters.models import ChainLink
from portal.facts.models import Metric
from portal.publishing.models import Part

from . import costs, places, promises
from .figures import asked_for, figure_rows
from .lining import Line, Row, cut, words_row
from .things import Thing


@dataclass
class Group:
    """Rows under one heading."""

    slug: str
    label: str
    rows: list[Row]


class Content(NamedTuple):
    """All rows of a comparison; those of which one thing alone says something; what none publishes, in words.

    `beside`: the public versions it also rests on, such as the parks and policies of the cities.
    """

    groups: list[Group]
    alone: list[Row]
    unpublished: list[Any]
    beside: list[Any]


#: By kind the parts its rows are made of, each with what it names. Fetched apart, since hundreds of rows share them.
PARTS: dict[str, dict[str, list[str]]] = {
    "city": {"costs": ["source"], "industries": ["industry"], "designations": [], "logistics": ["source"]},
    "cluster": {"stages": ["link"], "companies": ["organisation"], "offers": []},
    "project": {"stage_events": [], "parties": ["organisation"]},
}


def loaded(live: Any, kind: str) -> Any:
    """The versions with what their rows are made of, in a constant number of queries."""
    named = {"figures": ["metric", "source"], **PARTS[kind]}
    parts: list[type[Part]] = [part for part in live.model.parts() if part.accessor() in named]
    rows = live.with_lineage()
    if kind == "cluster":
        rows = rows.select_related("industry")
    if kind == "project":
        rows = rows.select_related("industry", "link__chain").with_noted_stage()
    return rows.prefetch_related(*(fetched(part, named[part.accessor()]) for part in parts))


def fetched(part: type[Part], named: Sequence[str]) -> Prefetch:
    return Prefetch(part.accessor(), part._base_manager.order_by("order", "pk").prefetch_related(*named))


def content(things: Sequence[Thing], at: datetime, today: date) -> Content:
    """Everything these, of one kind, are compared by."""
    return OF_KIND[things[0].kind](things, at, today)


def beside(versions: Sequence[Any], at: datetime) -> list[Any]:
    """The other versions that a comparison of these rests on: `Content.beside`, without comparing."""
    is_cities = versions[0].entry.kind == "city"
    return [*places.parks_of(versions, at), *places.policies_of(versions, at)] if is_cities else []


# Cities ---------------------------------------------------------------------------------------------------------------


def of_cities(things: Sequence[Thing], at: datetime, today: date) -> Content:
    figures, alone = figure_rows([thing.evidence for thing in things])
    prices, unpriced = costs.rows(things, today)
    parks, policies = places.parks_of(things, at), places.policies_of(things, at)
    groups = [
        Group("profile", _("What kind of city"), city_words(things)),
        *by_topic(figures),
        Group("costs", _("Costs"), prices),
        Group("land", _("Parks and land"), places.land_rows(things, parks, today)),
        Group("ways", _("Ways out"), places.logistics_rows(things, today)),
        Group("incentives", _("Incentives in force"), places.incentive_rows(things, policies, today)),
        Group("promises", _("Projects and what became of them"), promises.rows(things, at, today)),
    ]
    unpublished = [metric.name for metric in asked_for([*figures, *alone])] + unpriced
    return Content(filled(groups), alone, unpublished, [*parks, *policies])


def by_topic(rows: Sequence[Row]) -> list[Group]:
    return [
        Group(f"topic-{topic}", capfirst(str(label)), [row for row in rows if row.topic == topic])
        for topic, label in Metric.Topic.choices
    ]


def city_words(things: Sequence[Thing]) -> list[Row]:
    return [
        words_row("region", _("Lies in"), [[Line(place.name) for place in thing.city.regions] for thing in things]),
        words_row("type", _("Type of city"), [maybe(thing.version.get_city_type_display()) for thing in things]),
        words_row("industries", _("Industries"), [cut(city_industries(thing)) for thing in things]),
        words_row("titles", _("Titles and listings"), [cut(titles(thing)) for thing in things]),
    ]


def city_industries(thing: Thing) -> list[Line]:
    return [Line(row.industry.name, note=row.get_role_display()) for row in thing.version.industries.all()]


def titles(thing: Thing) -> list[Line]:
    own = [row for row in thing.version.designations.all() if not row.holder_id]
    return [Line(row.title, note=row.get_level_display() if row.level else "") for row in own]


# Clusters -------------------------------------------------------------------------------------------------------------


def of_clusters(things: Sequence[Thing], _at: datetime, _today: date) -> Content:
    figures, alone = figure_rows([thing.evidence for thing in things])
    groups = [
        Group("profile", _("What kind of cluster"), cluster_words(things)),
        Group("chain", _("Stages of the value chain"), stage_rows(things)),
        Group("figures", _("Figures"), figures),
    ]
    return Content(filled(groups), alone, [], [])


def cluster_words(things: Sequence[Thing]) -> list[Row]:
    versions = [thing.version for thing in things]
    return [
        words_row("city", _("City"), [[city_line(thing)] for thing in things]),
        words_row("industry", _("Industry"), [[Line(one.industry.name)] for one in versions]),
        words_row("since", _("Since"), [maybe(one.since.words) for one in versions]),
        words_row("anchors", _("Anchor companies"), [cut(companies(one, "anchor")) for one in versions]),
        words_row("members", _("Other companies named"), [cut(companies(one, "member")) for one in versions]),
        words_row("offers", _("What newcomers are offered"), [cut(offers(one)) for one in versions]),
    ]


def companies(cluster: Any, role: str) -> list[Line]:
    return [Line(row.organisation.name) for row in cluster.companies.all() if row.role == role]


def offers(cluster: Any) -> list[Line]:
    return [Line(row.get_kind_display(), note=row.text) for row in cluster.offers.all()]


def stage_rows(things: Sequence[Thing]) -> list[Row]:
    """Each stage of the chains that two of them have in common, else of all they have: strong, present, gap, wanted."""
    stages = [{row.link_id: row for row in thing.version.stages.all()} for thing in things]
    chains = [{row.link.chain_id for row in own.values()} for own in stages]
    every = set().union(*chains)
    common = {chain for chain in every if sum(chain in own for own in chains) > 1} or every
    links = ChainLink.objects.filter(chain__in=common).select_related("chain").order_by("chain", "order")
    return [
        words_row(
            f"stage-{link.chain.slug}-{link.slug}",
            link.name,
            [stage_lines(thing, own.get(link.pk)) for thing, own in zip(things, stages, strict=True)],
            detail=link.chain.name,
        )
        for link in links
    ]


def stage_lines(thing: Thing, stage: Any) -> list[Line]:
    if not stage:
        return []
    lines = [Line(stage.get_strength_display(), note=stage.products)]
    if stage.wanted:
        lines.append(Line(pgettext("stage of a chain", "investment wanted"), url=thing.url, tone="wanted"))
    there = [row for row in thing.version.companies.all() if row.stage_id == stage.pk]
    return lines + cut([Line(row.organisation.name) for row in there])


# Projects -------------------------------------------------------------------------------------------------------------


def of_projects(things: Sequence[Thing], _at: datetime, _today: date) -> Content:
    figures, alone = figure_rows([thing.evidence for thing in things])
    groups = [
        Group("profile", _("What is built, and where"), project_words(things)),
        Group("stages", _("How far it has come"), progress_rows(things)),
        Group("figures", _("Figures"), figures),
    ]
    return Content(filled(groups), alone, [], [])


def project_words(things: Sequence[Thing]) -> list[Row]:
    versions = [thing.version for thing in things]
    return [
        words_row("city", _("City"), [[city_line(thing)] for thing in things]),
        words_row("site", _("Site"), [maybe(one.site) for one in versions]),
        words_row("industry", _("Industry"), [maybe(one.industry and one.industry.name) for one in versions]),
        words_row("link", _("Place in the value chain"), [maybe(one.link and one.link.name) for one in versions]),
        words_row("products", _("Products"), [maybe(one.products) for one in versions]),
        words_row("nature", _("New or expanded"), [maybe(one.get_nature_display()) for one in versions]),
        words_row("cooperation", _("Cooperation"), [maybe(one.get_cooperation_display()) for one in versions]),
        words_row("parties", _("Parties"), [cut(parties(one)) for one in versions]),
    ]


def parties(project: Any) -> list[Line]:
    return [Line(row.label or _("not named"), note=row.get_role_display()) for row in project.parties.all()]


def progress_rows(things: Sequence[Thing]) -> list[Row]:
    """The furthest stage, and the day of each that one of them reports."""
    reported = [{event.stage: event for event in thing.version.stage_events.all()} for thing in things]
    reached = {stage: event for own in reported for stage, event in own.items()}
    return [
        words_row("stage", _("Furthest stage reported"), [maybe(stage_of(thing.version)) for thing in things]),
        *(
            words_row(f"stage-{stage}", reached[stage].get_stage_display(), [dated(own.get(stage)) for own in reported])
            for stage in sorted(reached)
        ),
    ]


def stage_of(project: Any) -> str:
    return project.stage_words if project.stage or project.stopped else ""


def dated(event: Any) -> list[Line]:
    return [Line(event.when.words or _("date not stated"), note=event.evidence)] if event else []


# All ------------------------------------------------------------------------------------------------------------------

OF_KIND: dict[str, Callable[[Sequence[Thing], datetime, date], Content]] = {
    "city": of_cities,
    "cluster": of_clusters,
    "project": of_projects,
}


def filled(groups: Iterable[Group]) -> list[Group]:
    """Without the rows and groups of which nobody says anything."""
    for group in groups:
        group.rows = [row for row in group.rows if not all(cell.is_empty for cell in row.cells)]
    return [group for group in groups if group.rows]


def city_line(thing: Thing) -> Line:
    return Line(thing.city.name)


def maybe(words: Any) -> list[Line]:
    return [Line(words)] if words else []
