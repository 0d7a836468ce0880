"""The rows of figures: one metric each, the same basis, period and unit or the reason why not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.facts.evidence import Evidence, day
from portal.facts.models import Basis, Figure, Metric, Qualifier, Verification

from .lining import Ends, Row, Sense, Statement, line_up, shared_keys

HAPPENED = {Basis.ACHIEVED, Basis.REPORTED}  # on a day, or over a period: the period tells them apart
ROUGHLY = Decimal("0.1")  # how far "about" and "nearly" are taken to reach


def ends_of(value: Decimal, qualifier: str, value_max: Decimal | None = None) -> Ends:
    """What the words leave open. Only such an order of two values is told as holds whatever the true ones are."""
    slack = abs(value) * ROUGHLY
    match qualifier:
        case Qualifier.ABOUT:
            return Ends(value - slack, value + slack)
        case Qualifier.NEARLY:
            return Ends(value - slack, value)
        case Qualifier.MORE_THAN | Qualifier.AT_LEAST:
            return Ends(value, None)
        case Qualifier.LESS_THAN | Qualifier.UP_TO:
            return Ends(Decimal(0) if value >= 0 else None, value)
        case Qualifier.RANGE:
            return Ends(value, value_max)
    return Ends(value, value)


def period_of(figure: Figure) -> Sense:
    """A flow covers the same span; a stock, counted on a day, the same calendar year."""
    when = figure.when
    if not when.year_stated or not (when.earliest and when.latest):
        return Sense(None, why=_("its year is not stated") if not when.year_stated else "")
    same = when.latest.year if figure.metric.kind == Metric.Kind.STOCK else (when.earliest, when.latest)
    return Sense(same)


def statement(figure: Figure) -> Statement:
    basis = "happened" if figure.basis in HAPPENED else figure.basis
    senses = {
        "basis": Sense(basis),
        "unit": Sense(figure.unit),
        "period": period_of(figure),
    }
    if figure.verification == Verification.SUPERSEDED:
        senses["period"] = Sense(None, why=_("a newer value exists"))
    return Statement(
        value=figure.value_min,
        unit=figure.unit,
        senses=senses,
        ends=ends_of(figure.value_min, figure.qualifier, figure.value_max),
        row=figure,
        is_firm=figure.is_done,
        newness=day(figure),
    )


def by_metric(things: Sequence[Evidence]) -> dict[Metric, list[list[Statement]]]:
    """What each thing says of itself by each metric: of values with the same sense the newest."""
    found: dict[Metric, list[list[Statement]]] = {}
    for place, evidence in enumerate(things):
        newest: dict[tuple, Statement] = {}
        of_metric: dict[Metric, list[Statement]] = defaultdict(list)
        for figure in evidence.figures:
            if figure.subject:
                continue  # about a part of it, or another
            said = statement(figure)
            known = newest.get((figure.metric_id, said.key))
            if said.key is not None and known and known.newness >= said.newness:
                continue
            if said.key is not None and known:
                of_metric[figure.metric].remove(known)
            newest[figure.metric_id, said.key] = said
            of_metric[figure.metric].append(said)
        for metric, statements in of_metric.items():
            found.setdefault(metric, [[] for _thing in things])[place] = statements
    return found


def figure_row(metric: Metric, said: Sequence[Sequence[Statement]]) -> Row:
    key = next(iter(shared_keys(said)), None)
    return line_up(metric.code, metric.name, said, better=metric.better, key=key, definition=metric.definition or None)


def figure_rows(things: Sequence[Evidence]) -> tuple[list[Row], list[Row]]:
    """The rows in which two things or more say something, or that all are asked for; and those of one thing alone."""
    rows, alone = [], []
    for metric, said in sorted(by_metric(things).items(), key=lambda item: order(item[0])):
        row = figure_row(metric, said)
        row.topic = metric.topic
        several = sum(bool(statements) for statements in said) > 1
        (rows if several or metric.compared else alone).append(row)
    return rows, alone


def order(metric: Metric) -> tuple:
    return (not metric.compared, metric.code)


def asked_for(known: Iterable[Any]) -> list[Metric]:
    """The metrics by which cities are compared and none of these rows has a value for."""
    codes = {row.code for row in known}
    return [metric for metric in Metric.objects.filter(compared=True).order_by("code") if metric.code not in codes]
