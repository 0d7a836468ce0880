"""What figures look like: how one has changed, and of what another consists."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from portal.lib import units
from portal.lib.charts import BRASS, GREY, INK, JADE, PALE_JADE, PAPER, SOFT, VERMILION, Chart, Table
from portal.publishing.charts import ChartFile, at
from portal.publishing.models import Version

from .evidence import Evidence, Series, day
from .models import Figure

ENOUGH = 4  # values make a history worth drawing
MOST = 6  # charts on one page
SHADES = (JADE, PALE_JADE, BRASS, SOFT, VERMILION, INK)
LEGEND_LINE = 26  # pixels


def charts(evidence: Evidence) -> list[Chart]:
    """The histories and breakdowns worth drawing, the longest first, each with its address."""
    told = [*map(history, histories(evidence)), *breakdowns(evidence)][:MOST]
    entry = evidence.version.entry
    return [replace(chart, address=at("chart", entry.kind, entry.city.slug, entry.slug, name)) for name, chart in told]


class VersionChart(ChartFile):
    """One of the charts on the page of a live version, by its name."""

    def chart(self, **where: Any) -> Chart | None:
        version = self.version(**where)
        if version is None:
            return None
        found = charts(Evidence(version, self.today))
        return next((chart for chart in found if chart.address.endswith(f"/{where['name']}")), None)

    def version(self, *, kind: str, city: str, slug: str, **_name: str) -> Version | None:
        if kind not in Version.kinds():
            return None
        live = self.live(Version.kinds()[kind]).at_address(city, slug)
        return live.with_entry().prefetch_related(Figure.prefetch()).first()


def histories(evidence: Evidence) -> list[Series]:
    long = [series for series in evidence.done if len(series.earlier) + 1 >= ENOUGH]
    return sorted(long, key=lambda series: -len(series.earlier))


def history(series: Series) -> tuple[str, Chart]:
    """One series as a line through its values; the finding is the way from the first to the newest."""
    figures = [*reversed(series.earlier), series.newest]
    first, newest = figures[0], figures[-1]
    said = {"what": what(newest), "then": first.when.words, "first": first.amount}
    said |= {"now": newest.when.words, "newest": newest.amount}
    rows = [[figure.when.words, figure.amount, str(figure.source.publisher)] for figure in figures]
    axis, data = by_year(figures) if all(map(is_year, figures)) else by_day(figures)
    line = {"type": "line", "label": {"show": True, "position": "top"}, "labelLayout": {"hideOverlap": True}}
    return name_of("history", newest), Chart(
        title=_("%(what)s: from %(first)s (%(then)s) to %(newest)s (%(now)s)") % said,
        description=_("Each value as its source gives it, at the day it speaks of."),
        option={
            "grid": {"top": 32, "left": 32, "right": 48},
            "xAxis": axis,
            "yAxis": {"type": "value", "min": 0, "axisLabel": {"show": False}},  # each point says its value
            "series": [{**line, "connectNulls": True, "data": data}],
        },
        table=Table([_("When"), what(newest), _("Source")], rows),
        source=sources(figures),
        height=280,
    )


def breakdowns(evidence: Evidence) -> list[tuple[str, Chart]]:
    """Of each figure whose parts are given in its own unit: the parts, and what nobody itemises."""
    parts: dict[int, list[Figure]] = defaultdict(list)
    for figure in evidence.figures:
        if figure.part_of_id:
            parts[figure.part_of_id].append(figure)
    wholes = [figure for figure in evidence.figures if figure.pk in parts]
    alike = [(whole, [part for part in parts[whole.pk] if part.unit == whole.unit]) for whole in wholes]
    return [breakdown(whole, rows) for whole, rows in alike if is_whole(whole, rows)]


def is_whole(whole: Figure, rows: list[Figure]) -> bool:
    return bool(rows) and 0 < sum(row.value_min for row in rows) <= whole.value_min


def breakdown(whole: Figure, rows: list[Figure]) -> tuple[str, Chart]:
    rows = sorted(rows, key=lambda row: -row.value_min)
    rest = whole.value_min - sum((row.value_min for row in rows), Decimal(0))
    pieces = [(what(row), row.value_min, row.amount) for row in rows]
    pieces += [(_("not itemised"), rest, units.quantity(rest, whole.unit))] if rest else []
    said = {"part": pieces[0][0], "share": units.share(pieces[0][1], whole.value_min)}
    said |= {"whole": what(whole), "amount": whole.amount, "when": whole.when.words}
    return name_of("parts", whole), Chart(
        title=_("%(part)s: %(share)s of %(whole)s (%(amount)s, %(when)s)") % said,
        description=_("The parts that the source names, and what it does not itemise."),
        option={
            "grid": {"top": LEGEND_LINE * len(pieces) + 8, "left": 8, "right": 8},
            "legend": {"show": True, "orient": "vertical", "itemGap": 10},
            "xAxis": {"type": "value", "show": False, "max": float(whole.value_min)},
            "yAxis": {"type": "category", "show": False, "data": [""]},
            "series": [
                piece(place, *one, is_rest=bool(rest) and one is pieces[-1]) for place, one in enumerate(pieces)
            ],
        },
        table=Table(
            [_("Part"), _("Amount"), _("Share")],
            [[name, amount, units.share(value, whole.value_min)] for name, value, amount in pieces],
        ),
        source=sources([whole, *rows]),
        height=LEGEND_LINE * len(pieces) + 64,
    )


def piece(place: int, name: str, value: Decimal, amount: str, *, is_rest: bool) -> dict:
    return {
        "type": "bar",
        "stack": "whole",
        "name": f"{name} {amount}",
        "data": [float(value)],
        "itemStyle": {"borderColor": PAPER, "borderWidth": 1},
        "color": GREY if is_rest else SHADES[place % len(SHADES)],
    }


def name_of(sort: str, figure: Figure) -> str:
    """A name that stays the same from version to version: of what is measured, not of a row."""
    said = repr((figure.unit, sorted(figure.subject.items()), figure.basis))
    return f"{sort}-{figure.metric.code}-{sha256(said.encode()).hexdigest()[:6]}"


def sources(figures: list[Figure]) -> str:
    return "; ".join(dict.fromkeys(str(figure.source.publisher) for figure in figures))


def what(figure: Figure) -> str:
    return " · ".join(str(words) for words in (figure.subject, figure.metric.name) if words)


def is_year(figure: Figure) -> bool:
    return len(figure.when) == 4 and figure.when.isdecimal()


def by_year(figures: list[Figure]) -> tuple[dict, list]:
    """The axis and the points where each speaks of a year: a value of 2024 stands over 2024, not over its last day."""
    said = {int(figure.when): figure for figure in figures}
    years = range(min(said), max(said) + 1)
    axis = {"type": "category", "data": [str(year) for year in years]}
    return axis, [point(float(said[year].value_min), said[year]) if year in said else None for year in years]


def by_day(figures: list[Figure]) -> tuple[dict, list]:
    axis = {"type": "time", "axisLabel": {"formatter": "{yyyy}-{MM}", "hideOverlap": True}}
    return axis, [point([day(figure).isoformat(), float(figure.value_min)], figure) for figure in figures]


def point(value: Any, figure: Figure) -> dict:
    short = figure.bare_amount if units.UNITS[figure.unit].kind == "money" else units.number(figure.value_min)
    return {"value": value, "label": {"formatter": f"{'>' if figure.qualifier == 'more_than' else ''}{short}"}}
