"""What a section of a project's or a ceremony's page finds, in a sentence made of its data."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.facts.evidence import Evidence
from portal.facts.models import Figure, Metric
from portal.lib.dates import UncertainDate, last_day
from portal.lib.text import Text

from .models import ProjectListing, Stage, about, months_before, reached

DAYS_A_MONTH = 30.44
SHORT = 60  # days; a longer time is told in months


def took(first: UncertainDate, then: UncertainDate) -> str:
    """ "20 months"; "" where a source does not date both to the month."""
    begun, ended = about(first), about(then)
    if not begun or not ended or ended <= begun:
        return ""
    days = (ended - begun).days
    if days < SHORT:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    months = round(days / DAYS_A_MONTH)
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def later(first: UncertainDate, then: UncertainDate) -> str:
    time = took(first, then)
    return _("%(time)s later") % {"time": time} if time else ""


def of_project(listing: ProjectListing, today: date) -> str:
    """How far it has come, since when, and what it should have reached by now; of a listing loaded `with_stage`."""
    event = listing.stage_event
    if not event:
        return ""
    said = {"stage": listing.stage_words[:1].upper() + listing.stage_words[1:], "when": event.when.words}
    words = _("%(stage)s: %(when)s") % said if event.when else said["stage"]
    signed = next((row.when for row in listing.stage_events.all() if row.stage == Stage.SIGNED), None)
    since = took(signed, event.when) if signed and event.stage != Stage.SIGNED else ""
    if since:
        words = _("%(so_far)s, %(since)s after the signing") % {"so_far": words, "since": since}
    overdue = overdue_words(listing, today)
    return _("%(so_far)s; %(missed)s") % {"so_far": words, "missed": overdue} if overdue else words


def missed(listing: ProjectListing, today: date) -> Stage | None:
    """The stage it should have reached by now and is not reported to have: what SQL asks by `models.overdue`."""
    stage, start, finish = listing.stage or 0, last_day(listing.start_by), last_day(listing.finish_by)
    if listing.stopped or stage < Stage.SIGNED or stage >= Stage.PRODUCING:
        return None
    if stage >= Stage.STARTED:
        return Stage.PRODUCING if finish and finish < today else None
    return Stage.STARTED if (start < today if start else is_forgotten(listing, today)) else None


def overdue_words(listing: ProjectListing, today: date) -> str:
    """What was agreed for a day that has passed and is not reported."""
    stage = missed(listing, today)
    if not stage:
        return ""
    if stage == Stage.PRODUCING:
        return _("its completion, agreed for %(when)s, is not reported") % {"when": listing.finish_by.words}
    if last_day(listing.start_by):
        return _("its start, agreed for %(when)s, is not reported") % {"when": listing.start_by.words}
    months = settings.PROJECT_START_MONTHS
    words = ngettext(
        "no start is reported %(count)s month after the signing",
        "no start is reported %(count)s months after the signing",
        months,
    )
    return words % {"count": months}


def is_forgotten(listing: ProjectListing, today: date) -> bool:
    """Signed so long ago that it should have started: the ledger's rule where no start was agreed."""
    signed = reached((event.stage, event.when) for event in listing.stage_events.all())["signed"]
    return bool(signed and signed < months_before(today, settings.PROJECT_START_MONTHS))


class Expectation(NamedTuple):
    """One thing that is measured: what is agreed or expected of it, and what has been reached."""

    metric: Metric
    subject: Text
    expected: list[Figure]
    reached: list[Figure]


def expectations(evidence: Evidence) -> list[Expectation]:
    """The figures of a project by what they measure; a value that a newer one continues is in that one's card."""
    found: dict[Any, Expectation] = {}
    for figure in evidence.figures:
        if figure.pk not in evidence.continued:
            row = found.setdefault(
                (figure.metric_id, figure.subject), Expectation(figure.metric, figure.subject, [], [])
            )
            (row.reached if figure.is_done else row.expected).append(figure)
    return list(found.values())


def of_expectations(rows: Sequence[Expectation]) -> str:
    """How many of the expected things a result is reported of."""
    promised = [row for row in rows if row.expected]
    if not promised:
        return ""
    kept = sum(bool(row.reached) for row in promised)
    said = {"promised": len(promised), "kept": kept}
    if not kept:
        words = ngettext(
            "%(promised)s figure agreed or expected, no result reported",
            "%(promised)s figures agreed or expected, no result reported",
            len(promised),
        )
        return words % said
    words = ngettext(
        "%(promised)s figure agreed or expected, a result reported for %(kept)s",
        "%(promised)s figures agreed or expected, a result reported for %(kept)s",
        len(promised),
    )
    return words % said


def of_outcomes(outcomes: Sequence[tuple[Any, ProjectListing | None]]) -> str:
    """What became of the projects of a ceremony, of those that have a public page."""
    listed = [listing for _row, listing in outcomes if listing]
    if not listed:
        return ""
    started, producing = started_and_producing(listing.stage for listing in listed)
    said = {"listed": len(listed), "started": started, "producing": producing}
    words = ngettext(
        "Of %(listed)s project followed here: %(started)s started, %(producing)s producing",
        "Of %(listed)s projects followed here: %(started)s started, %(producing)s producing",
        len(listed),
    )
    return words % said


def started_and_producing(stages: Iterable[int | None]) -> tuple[int, int]:
    """How many projects came so far or further, by the furthest stage of each; as in the ledger, stopped ones too."""
    known = [stage or 0 for stage in stages]
    return sum(stage >= Stage.STARTED for stage in known), sum(stage >= Stage.PRODUCING for stage in known)
