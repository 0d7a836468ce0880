"""What a section of a page finds, in one sentence made of its data; "" where they say nothing that could head it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.facts.doubts import LOW_BASE
from portal.facts.evidence import Evidence, Series
from portal.facts.models import Figure
from portal.facts.templatetags.facts import signed
from portal.lib.text import listed

from .models import CityIndustry, ClusterProfile, ClusterStage, PolicyRecord, RankingEntry

FIRST = 3
GONE = {CityIndustry.Role.FORMER}


def of_figures(evidence: Evidence) -> str:
    """The key figure that tells of a change, else the first one."""
    done = [figure for figure in evidence.figures if figure.is_done and figure.pk not in evidence.continued]
    told = [figure for figure in done if figure.key] or done
    best = min(told, key=lambda figure: (not tells_growth(figure), not evidence.earlier.get(figure.pk)), default=None)
    return said(best, evidence.earlier.get(best.pk, ())) if best else ""


def tells_growth(figure: Figure) -> bool:
    """Not one from next to nothing."""
    return figure.yoy is not None and abs(figure.yoy) < LOW_BASE


def said(figure: Figure, earlier: Sequence[Figure] = ()) -> str:
    """ "Exports: RMB 80 m (first quarter of 2024), +931.2% on the year before"."""
    what = "\N{NO-BREAK SPACE}· ".join(str(words) for words in (figure.subject, figure.metric.name) if words)
    words = {"what": what, "amount": figure.amount, "when": figure.when.words}
    if figure.yoy is not None and tells_growth(figure):
        words["change"] = signed(figure.yoy)
        return _("%(what)s: %(amount)s (%(when)s), %(change)s on the year before") % words
    if earlier:
        words |= {"before": earlier[0].amount, "then": earlier[0].when.words}
        return _("%(what)s: %(amount)s (%(when)s), after %(before)s (%(then)s)") % words
    return _("%(what)s: %(amount)s (%(when)s)") % words


def of_series(groups: Sequence[tuple[str, Sequence[Series]]]) -> str:
    """The first of them."""
    return said(*groups[0][1][0]) if groups else ""


def of_industries(rows: Iterable[CityIndustry]) -> str:
    rows = list(rows)
    now = listed([within(row.industry) for row in rows if row.role not in GONE], most=3)
    before = listed([within(row.industry) for row in rows if row.role in GONE], most=3)
    if now and before:
        return _("Today: %(now)s; formerly: %(before)s") % {"now": now, "before": before}
    if now:
        return _("Today: %(now)s") % {"now": now}
    return _("Formerly: %(before)s") % {"before": before} if before else ""


def of_clusters(clusters: Sequence[ClusterProfile]) -> str:
    """What is wanted, else what is missing, else what is strong in their chains."""
    stages = [stage for cluster in clusters for stage in cluster.stages.all()]
    if found := names(stage for stage in stages if stage.wanted):
        return _("Investment wanted in: %(stages)s") % {"stages": found}
    if found := names(stage for stage in stages if stage.strength == ClusterStage.Strength.GAP):
        return _("Missing in the chain: %(stages)s") % {"stages": found}
    if found := names(stage for stage in stages if stage.strength == ClusterStage.Strength.STRONG):
        return _("Strong in: %(stages)s") % {"stages": found}
    return ""


def names(stages: Iterable[ClusterStage]) -> str:
    return listed(dict.fromkeys(within(stage.link) for stage in stages), most=4)


def within(thing: Any) -> str:
    """Its name as it stands inside a sentence: "cells", but "NEVs"."""
    words = str(thing)
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def of_ranking(ranked: Iterable[RankingEntry]) -> str:
    """Who stands in front; the others are in the table, each with what it is a place among."""
    first = sorted((row for row in ranked if row.place and row.place <= FIRST), key=lambda row: row.place or 0)
    if not first:
        return ""
    words = {"names": listed(row.name for row in first)}
    return ngettext("%(names)s stands in front", "%(names)s stand in front", len(first)) % words


def of_policy(policy: PolicyRecord, today: date) -> str:
    """Whether it holds."""
    if not policy.in_force:
        return ""
    words = {"when": policy.in_force.words}
    if policy.is_over(today):
        return _("No longer in force (%(when)s)") % words
    return _("In force: %(when)s") % words


def of_ceremonies(ceremonies: Sequence[Any], count: int) -> str:
    """Of the latest ones, the latest first, of so many."""
    dated = next((record for record in ceremonies if record.when.year_stated), None)
    if not dated:
        return ""
    words = {"count": count, "when": dated.when.words, "type": dated.get_type_display()}
    return (
        ngettext(
            "%(count)d ceremony: %(type)s, %(when)s",
            "%(count)d ceremonies, the latest: %(type)s, %(when)s",
            count,
        )
        % words
    )
