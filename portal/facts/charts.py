"""The drawing of a figure's history."""

from django.utils.translation import gettext as _

from portal.lib import units
from portal.lib.charts import Chart, Table

from .evidence import Evidence, Series, day
from .models import Figure

ENOUGH = 4  # values make a history worth drawing


def history(evidence: Evidence) -> Chart | None:
    """The longest history among what has happened; None when nothing was counted often enough."""
    longest = max(evidence.done, key=lambda series: len(series.earlier), default=None)
    if longest is None or len(longest.earlier) + 1 < ENOUGH:
        return None
    return drawn(longest)


def drawn(series: Series) -> Chart:
    """One series as a line through its values; the finding is the way from the first to the newest."""
    figures = [*reversed(series.earlier), series.newest]
    first, newest = figures[0], figures[-1]
    said = {"what": what(newest), "then": first.when.words, "first": first.amount}
    said |= {"now": newest.when.words, "newest": newest.amount}
    rows = [[figure.when.words, figure.amount] for figure in figures]
    return Chart(
        title=_("%(what)s: from %(first)s (%(then)s) to %(newest)s (%(now)s)") % said,
        description=_("Each value as its source gives it, at the day it speaks of."),
        option={
            "grid": {"top": 32, "left": 32, "right": 48},
            "xAxis": {"type": "time", "axisLabel": {"formatter": "{yyyy}-{MM}", "hideOverlap": True}},
            "yAxis": {"type": "value", "min": 0, "axisLabel": {"show": False}},  # each point says its value
            "series": [{"type": "line", "label": {"show": True, "position": "top"}, "data": list(map(point, figures))}],
        },
        table=Table([_("When"), what(newest)], rows),
        height=280,
    )


def what(figure: Figure) -> str:
    return " · ".join(str(words) for words in (figure.subject, figure.metric.name) if words)


def point(figure: Figure) -> dict:
    label = f"{'>' if figure.qualifier == 'more_than' else ''}{units.number(figure.value_min)}"
    return {"value": [day(figure).isoformat(), float(figure.value_min)], "label": {"formatter": label}}
