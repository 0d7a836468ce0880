"""What each section of a brief says of the versions it rests on, as plain values in the active language."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from clusters.models import ClusterStage
from portal.facts.evidence import Evidence
from portal.facts.models import Figure
from portal.lib.dates import UncertainDate
from portal.lib.templatetags.text import html_lang
from portal.publishing.models import Version
from projects.ledger import Row, ledger
from projects.models import Reconciliation, Stage

from . import offers
from .citing import Sources, said

#: What an investor asks first, by the unit it is stated in.
COSTS = {
    "CNY/mu": gettext_lazy("land price"),
    "CNY/kWh": gettext_lazy("electricity price"),
    "CNY/m3": gettext_lazy("water and gas prices"),
    "CNY/month": gettext_lazy("wages"),
    "day": gettext_lazy("days a permit takes"),
}


def version(version: Version, language: str) -> dict[str, Any]:
    """One line of the list of versions at the end: what it is, and where its words in this language come from."""
    translation = next((row for row in version.translations.all() if row.language == language), None)
    return {
        "id": version.pk,
        "kind": version.kind_name,
        "title": said(version.title),
        "number": version.number,
        "since": localtime(version.live_from).date().isoformat(),
        "origin": translation.get_origin_display() if translation else "",
        "behind": bool(translation and translation.behind),
        "translated": bool(translation and translation.language != version.original_language),
    }


def all_of(versions: dict[str, list[Any]], at: datetime, sources: Sources) -> dict[str, Any]:
    """Every section, in the order in which they are printed (and so their sources numbered)."""
    everything = [row for found in versions.values() for row in found]
    evidence = {row.pk: Evidence(row, localdate(at)) for row in everything}
    figures = [row for facts in evidence.values() for row in facts.figures]
    place = versions["city"][0].city
    key = [row for kind in ("city", "cluster") for page in versions[kind] for row in evidence[page.pk].key_figures]
    return {
        "key_figures": [figure(row, evidence[row.version_id], sources) for row in key],
        "profile": city(versions["city"][0], evidence, sources),
        "clusters": [cluster(row, evidence, sources) for row in versions["cluster"]],
        "parks": [park(row, evidence, sources) for row in versions["park"]],
        "policies": [policy(row, evidence, sources) for row in versions["policy"]],
        "projects": [project(row, evidence, sources) for row in versions["project"]],
        "ceremonies": [ceremony(row, evidence, sources) for row in versions["ceremony"]],
        "rankings": [ranking(row, place, sources) for row in versions["ranking"]],
        "ledger": [promises(row) for row in ledger(at, [place])],
        "claims": [claim(row, page, sources) for page in everything for row in evidence[page.pk].claims],
        "chart": stages_chart(versions["project"]),
        "not_published": not_published(
            {row.unit for row in figures} | priced_in(versions, localdate(at)), figures, versions["project"]
        ),
        "contacts": [contact(row) for row in versions["city"][0].contacts.all()],
    }


# Statements -----------------------------------------------------------------------------------------------------------


def figure(row: Figure, evidence: Evidence, sources: Sources) -> dict[str, Any]:
    told = evidence.told(row)
    return {
        "what": said(row.metric.name),
        "subject": said(row.subject),
        "qualifier": row.qualifier_words,
        "amount": row.bare_amount,
        "conversion": row.conversion,
        "basis": row.basis,
        "basis_words": row.get_basis_display(),
        "when": row.when.words,
        "growth": f"{row.yoy.normalize():+f}%" if row.yoy is not None and row.unit != "percent" else "",
        "part_of": told.whole.amount if told.whole else "",
        "share": row.share_of_whole if told.whole else "",
        "no_result": told.is_overdue,
        "doubt": row.get_verification_display() if row.verification in ("disputed", "superseded") else "",
        "statistics_by": said(row.statistics_by),
        "note": said(row.note),
        "quote": row.quote,
        "quote_language": html_lang(row.source.language),
        "where": row.locator,
        "notes": sources.cite(row, *told.citations),
        "earlier": [{"amount": one.amount, "when": one.when.words, "notes": sources.cite(one)} for one in told.earlier],
    }


def newest(facts: Evidence) -> list[Figure]:
    """The figures that no later one of the same continues."""
    continued = {earlier.pk for row in facts.figures for earlier in facts.told(row).earlier}
    return [row for row in facts.figures if row.pk not in continued]


def claim(row: Any, page: Version, sources: Sources) -> dict[str, Any]:
    return {
        "text": said(row.text),
        "kind": row.get_kind_display(),
        "about": said(row.about) or said(page.title),
        "by": said(row.attributed_to),
        "scope": said(row.scope),
        "compared_with": said(row.compared_with),
        "when": row.as_of.words,
        "note": said(row.note),
        "notes": sources.cite(row, *(extra for extra in page.citations.all() if extra.claim_id == row.pk)),
    }


def page(row: Version, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    """What every kind has: title, summary, the story by topic, its figures."""
    facts = evidence[row.pk]
    return {
        "title": said(row.title),
        "summary": said(row.summary),
        "story": [
            {
                "topic": topic,
                "passages": [
                    {"text": said(one.text), "when": UncertainDate(one.when).words, "notes": sources.cite(one)}
                    for one in passages
                ],
            }
            for topic, passages in facts.passages
        ],
        "figures": [figure(one, facts, sources) for one in newest(facts)],
        "designations": [designation(one, sources) for one in row.designations.all()],
    }


def designation(row: Any, sources: Sources) -> dict[str, Any]:
    return {
        "title": said(row.title),
        "holder": said(row.holder.name) if row.holder else None,
        "level": row.get_level_display() if row.level else "",
        "grantor": said(row.grantor),
        "when": row.granted.words,
        "notes": sources.cite(row),
    }


# Kinds ----------------------------------------------------------------------------------------------------------------


def city(row: Any, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    return page(row, evidence, sources) | {
        "type": row.get_city_type_display() if row.city_type else "",
        "costs": [offers.cost(one, evidence[row.pk].today, sources) for one in row.costs.all()],
        "ways": [offers.way(one, evidence[row.pk].today, sources) for one in row.logistics.all()],
        "industries": [
            {
                "name": said(one.industry.name),
                "role": one.get_role_display(),
                "since": one.since.words,
                "notes": sources.cite(one),
            }
            for one in row.industries.all()
        ],
        "sister_cities": [
            {
                "name": said(one.name),
                "country": said(one.country),
                "relation": said(one.relation),
                "since": one.since.words,
                "notes": sources.cite(one),
            }
            for one in row.sister_cities.all()
        ],
    }


def cluster(row: Any, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    companies = list(row.companies.all())
    return page(row, evidence, sources) | {
        "industry": said(row.industry.name),
        "since": row.since.words,
        "sponsors": said(row.sponsors),
        "functions": said(row.functions),
        "stages": [stage(one, companies, sources) for one in row.stages.all()],
        "companies": [
            {
                "name": said(one.organisation.name),
                "is_anchor": one.role == one.Role.ANCHOR,
                "role": one.get_role_display(),
                "stage": said(one.stage.link.name) if one.stage else None,
                "products": said(one.products),
                "since": one.since.words,
                "note": said(one.note),
                "notes": sources.cite(one),
            }
            for one in companies
        ],
        "offers": [
            {
                "kind": one.get_kind_display(),
                "by": said(one.provider.name) if one.provider else None,
                "text": said(one.text),
                "notes": sources.cite(one),
            }
            for one in row.offers.all()
        ],
    }


def stage(row: ClusterStage, companies: Iterable[Any], sources: Sources) -> dict[str, Any]:
    wanted = pgettext("stage of a chain", "wanted")
    return {
        "name": said(row.link.name),
        "state": "wanted" if row.wanted else row.strength,
        "words": f"{row.get_strength_display()} · {wanted}" if row.wanted else row.get_strength_display(),
        "companies": [said(one.organisation.name) for one in companies if one.stage_id == row.pk],
        "products": said(row.products),
        "note": said(row.note),
        "notes": sources.cite(row),
    }


def park(row: Any, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    return page(row, evidence, sources) | {
        "level": row.get_level_display() if row.level else "",
        "approved": row.approved_in.words,
        "platform": said(row.platform),
        "industries": said(row.industries),
        "address": said(row.address),
        "plots": [offers.plot(one, evidence[row.pk].today, sources) for one in row.plots.all()],
        "laid_out_for": [
            {
                "industry": said(one.industry.name),
                "link": said(one.link.name) if one.link else None,
                "note": said(one.note),
                "notes": sources.cite(one),
            }
            for one in row.industries_served.all()
        ],
    }


def policy(row: Any, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    return page(row, evidence, sources) | {
        "nature": row.get_nature_display(),
        "issuer": said(row.issuer),
        "document_number": row.document_number,
        "issued": row.issued.words,
        "in_force": row.in_force.words,
        "targets": [
            {"industry": said(one.industry.name), "named_as": said(one.named_as), "notes": sources.cite(one)}
            for one in row.targets.all()
        ],
        "incentives": [offers.incentive(one, evidence[row.pk].today, sources) for one in row.incentives.all()],
    }


def project(row: Any, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    events = sorted(row.stage_events.all(), key=lambda event: (event.stage, event.order, event.pk))
    return page(row, evidence, sources) | {
        "industry": said(row.industry.name) if row.industry else None,
        "link": said(row.link.name) if row.link else None,
        "site": said(row.site),
        "nature": row.get_nature_display() if row.nature else "",
        "cooperation": row.get_cooperation_display() if row.cooperation else "",
        "products": said(row.products),
        "stages": [
            {
                "name": event.get_stage_display(),
                "when": event.when.words,
                "evidence": said(event.evidence),
                "notes": sources.cite(event),
            }
            for event in events
        ],
        "parties": [
            {
                "words": one.words,
                "share": f"{one.share.normalize():f}%" if one.share is not None else "",
                "notes": sources.cite(one),
            }
            for one in row.parties.all()
        ],
        "components": [
            {"name": said(one.name), "quantity": one.quantity, "notes": sources.cite(one)}
            for one in row.components.all()
        ],
    }


def ceremony(row: Any, evidence: dict[int, Evidence], sources: Sources) -> dict[str, Any]:
    return page(row, evidence, sources) | {
        "type": row.get_type_display(),
        "when": row.when.words,
        "place": said(row.place),
        "host": said(row.host),
        "reconciliation": reconciliation(row.reconciliation()),
        "projects": [
            {
                "title": said(one.title),
                "amount": one.amount_words,
                "notes": sources.cite(one),
            }
            for one in row.signed_projects.all()
        ],
        "guests": [
            {
                "name": said(one.name),
                "position": said(one.position),
                "body": said(one.organisation.name if one.organisation and not one.body else one.body),
                "side": one.get_side_display(),
                "roles": one.role_names,
            }
            for one in row.participations.all()
        ],
        "notes": [sources.number(row.source)],
    }


def reconciliation(sums: Reconciliation) -> dict[str, Any] | None:
    """What was declared beside what the listed projects itemise; None when there is nothing to compare."""
    if sums.declared_count is None and sums.declared_amount is None:
        return None
    return {
        "declared_count": sums.declared_count,
        "itemised_count": sums.itemised_count,
        "declared": sums.declared,
        "itemised": sums.itemised if sums.itemised_count > sums.unpriced else "",
        "unpriced": sums.unpriced,
    }


def promises(row: Row) -> dict[str, Any]:
    """One year of the ledger."""
    counts = {name: getattr(row, name) for name in ("signed", "started", "producing", "cancelled", "unpriced")}
    return counts | {"label": row.label, "agreed": row.agreed}


def ranking(row: Any, city: Any, sources: Sources) -> dict[str, Any]:
    named = [one for one in row.entries.all() if one.city_id == city.pk]
    return {
        "title": said(row.title),
        "publisher": said(row.publisher.name),
        "edition": row.edition,
        "universe": row.universe,
        "assessed": row.assessed,
        "listed": row.listed,
        "places": [
            {
                "place": one.place,
                "inferred": one.place_inferred,
                "positioning": said(one.positioning),
                "advantage": said(one.core_advantage),
                "notes": sources.cite(one),
            }
            for one in named
        ],
    }


def contact(row: Any) -> dict[str, Any]:
    return {
        "purpose": said(row.purpose),
        "name": said(row.name),
        "position": said(row.position),
        "phone": row.phone,
        "email": row.email,
        "speaks": row.speaks,
    }


# Sums over the whole --------------------------------------------------------------------------------------------------


def priced_in(versions: dict[str, list[Any]], today: date) -> set[str]:
    """The units of the prices that hold, of land on offer too."""
    costs = [row for page in versions["city"] for row in page.costs.all()]
    plots = [row for page in versions["park"] for row in page.plots.all()]
    units = {row.unit for row in costs if row.holds(today)}
    return units | {row.price_unit for row in plots if row.is_on_offer(today)}


def not_published(answered: set[str], figures: list[Figure], projects: Iterable[Any]) -> list[str]:
    """What an investor asks first and no figure or price, by its unit, here answers."""
    missing = [str(name) for unit, name in COSTS.items() if unit not in answered]
    priced = {row.version_id for row in figures if row.metric.code == "total-investment"}
    unpriced = sum(one.pk not in priced for one in projects)
    if unpriced:
        missing.append(_("the investment of %(count)d of the projects listed") % {"count": unpriced})
    return missing


def furthest(stages: list[int]) -> int | None:
    return Stage.CANCELLED if Stage.CANCELLED in stages else max(stages, default=None)


def stages_chart(projects: Iterable[Any]) -> dict[str, Any] | None:
    """The projects by the furthest stage reported of each; None without projects."""
    reached = [furthest([event.stage for event in one.stage_events.all()]) for one in projects]
    counts = [(str(stage.label), reached.count(stage)) for stage in Stage if stage in reached]
    if not counts:
        return None
    return {
        "title": _("How far the projects have come"),
        "description": _("Number of listed projects by the furthest stage reported of each: %(stages)s.")
        % {"stages": ", ".join(f"{name} {count}" for name, count in counts)},
        "columns": [_("Furthest stage reported"), _("Projects")],
        "rows": counts,
    }
