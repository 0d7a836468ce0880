"""Maps that say where places are: points on the outlines of the provinces, drawn like any chart, each with its list.

The outlines are a file that a deployment may replace (MAP_BOUNDARIES) with its own notice (MAP_NOTICE); without a file
there are no maps, and the lists stand alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from .charts import GREY, INK, JADE, LAND, SOFT, VERMILION, Chart, Table

EAST = 121  # degrees: names of places beyond stand left of their points
MOST_NAMES = 40


class Place(NamedTuple):
    """`marked`: the one the map is about, or that wants something."""

    name: str
    longitude: Any
    latitude: Any
    url: str = ""
    marked: bool = False


def located(title: str, places: Iterable[Place], *, columns: Sequence[str], rows: Sequence[Sequence[str]],
            address: str = "", description: str = "", near: Place | None = None) -> Chart | None:  # fmt: skip
    """A map of the places whose coordinates are known, or None. `near`: only what lies about this one."""
    known = [place for place in places if place.longitude is not None and place.latitude is not None]
    if not known or not settings.MAP_BOUNDARIES or (near and near.longitude is None):
        return None
    return Chart(
        title=title,
        description=description,
        option={"geo": outlines(near), "series": [points(known)]},
        table=Table(columns, rows),
        source=settings.MAP_NOTICE or _("Outlines: Apache ECharts 4.9, simplified; it shows places, not borders."),
        width=720,
        height=520 if near is None else 400,
        address=address,
    )


def outlines(near: Place | None) -> dict[str, Any]:
    geo: dict[str, Any] = {
        "map": "china",
        "silent": True,
        "left": 8, "right": 8, "top": 8, "bottom": 8,
        "label": {"show": False},
        "itemStyle": {"areaColor": LAND, "borderColor": GREY, "borderWidth": 0.6},
    }  # fmt: skip
    if near:
        geo |= {"center": [float(near.longitude), float(near.latitude)], "zoom": 3.5}
    return geo


def points(places: list[Place]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "coordinateSystem": "geo",
        "symbolSize": 10 if len(places) <= MOST_NAMES else 6,
        "labelLayout": {"hideOverlap": True},
        "data": [point(place, named=len(places) <= MOST_NAMES or place.marked) for place in places],
    }


def point(place: Place, *, named: bool) -> dict[str, Any]:
    side = "left" if float(place.longitude) > EAST else "right"
    return {
        "name": place.name,
        "value": [float(place.longitude), float(place.latitude)],
        "url": place.url,
        "itemStyle": {"color": VERMILION if place.marked else JADE, "opacity": 1},
        "label": {"show": named, "position": side, "formatter": "{b}", "color": INK if named else SOFT, "fontSize": 13},
    }
