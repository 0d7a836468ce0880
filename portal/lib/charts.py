"""Charts drawn on the server: one option, one drawing, for the page and for files to take along.

ECharts runs inside a small JavaScript engine. What comes back is stripped of every style attribute and style sheet
(presentation attributes stay), so the drawing may stand inline under a strict content security policy; the page's style
sheet recolours it by those attributes (`[fill="#0f5f56" i]`), which is how it follows dark mode.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import quickjs
import resvg_py
from django.conf import settings
from django.utils.translation import gettext as _

from .brand import OWN
from .cards import CHINESE, FONTS, broken, font
from .dates import chinese

BUNDLE = Path(__file__).resolve().parents[2] / "static/vendor/echarts-6.1.0.min.js"
MEMORY_LIMIT = 256 * 2**20  # bytes; a chart of ours needs a tenth
SECONDS = 10.0

#: A drawing is in our own light colours. Style sheets and `recoloured` know them again by their values.
COLOURS = ("ink", "soft", "line", "jade", "jade-mid", "brass", "vermilion", "grey", "paper", "sunk")
INK, SOFT, LINE, JADE, PALE_JADE, BRASS, VERMILION, GREY, PAPER, LAND = (OWN[name] for name in COLOURS)
NARROW, EDGE = 340, 28  # pixels
FACES = "Noto Sans, Noto Sans SC, sans-serif"
FONT_FILES = [
    str(FONTS / f"{name}.ttf")
    for name in ("NotoSans-Regular", "NotoSans-Bold", "NotoSansSC-Regular", "NotoSansSC-Bold")
]
AXIS = {
    "axisLine": {"lineStyle": {"color": SOFT}},
    "axisTick": {"show": False},
    "axisLabel": {"color": SOFT, "fontSize": 13},
    "splitLine": {"lineStyle": {"color": LINE}},
}
THEME = {
    "animation": False,
    "backgroundColor": "transparent",
    "color": [JADE, PALE_JADE, BRASS, VERMILION, GREY],
    "textStyle": {"color": INK, "fontSize": 13},
    "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
    "legend": {
        "textStyle": {"color": INK, "fontSize": 13},
        "left": 0,
        "top": 0,
        "itemWidth": 14,
        "itemHeight": 10,
        "itemGap": 20,
    },
    "categoryAxis": {**AXIS, "splitLine": {"show": False}},
    "valueAxis": {**AXIS, "axisLine": {"show": False}},
    "timeAxis": AXIS,
    "bar": {"barMaxWidth": 40, "label": {"color": INK, "fontSize": 13}},
    "line": {"symbol": "circle", "symbolSize": 7, "label": {"color": INK, "fontSize": 13}},
}
# The engine has no console and no timers; the drawing is asked for at once and disposed of.
SHELL = """
var console = {log() {}, warn() {}, error() {}, info() {}};
function setTimeout() { return 0 } function clearTimeout() {}
%(bundle)s
echarts.registerTheme("portal", %(theme)s);
%(map)s
function draw(option, width, height) {
  const chart = echarts.init(null, "portal", {renderer: "svg", ssr: true, width, height});
  try {
    chart.setOption(JSON.parse(option));
    return JSON.stringify(chart.renderToSVGString());
  } finally { chart.dispose() }
}
"""


@cache
def runtime(process: int) -> quickjs.Function:
    """The engine with ECharts loaded: one a process, on a thread of its own, so that any thread may ask.

    Keyed by process because a forked worker inherits the object but not its thread.
    """
    code = SHELL % {"bundle": BUNDLE.read_text(encoding="utf-8"), "theme": json.dumps(THEME), "map": outlines()}
    draw = quickjs.Function("draw", code, own_executor=True)
    draw.set_memory_limit(MEMORY_LIMIT)
    draw.set_time_limit(SECONDS)
    return draw


def outlines() -> str:
    """The registration of the map. It is called "china", so that ECharts adds the inset of the South China Sea."""
    boundaries = boundaries_file()
    return f'echarts.registerMap("china", {boundaries});' if boundaries else ""


def boundaries_file() -> str:
    """The GeoJSON that the settings name, as text; "" where there is none."""
    return Path(settings.MAP_BOUNDARIES).read_text(encoding="utf-8") if settings.MAP_BOUNDARIES else ""


def render_svg(option: dict[str, Any], width: int, height: int) -> str:
    """An ECharts option drawn as an `<svg>` of that many pixels. Raises quickjs.JSException on a bad option."""
    # A rope string does not cross the bridge to Python; JSON.stringify flattens it. The engine collects its garbage by
    # itself; asked for after each call (run_gc) it walks all of Python's objects too, ten times what a drawing takes.
    return tidy(json.loads(runtime(os.getpid())(json.dumps(option), width, height, run_gc=False)))


def tidy(svg: str) -> str:
    """Styles as attributes, no style sheet, no classes, no fixed font, no halo round words."""
    svg = re.sub(r"<style.*?</style>|<defs>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (?:ecmeta_\w+|class|pointer-events|xmlns:xlink|version|baseProfile)="[^"]*"', "", svg)
    # WeasyPrint paints the halo over the letters.
    svg = re.sub(
        r"<text [^>]*paint-order[^>]*>", lambda tag: re.sub(r' (?:stroke[\w-]*|paint-order)="[^"]*"', "", tag[0]), svg
    )
    return re.sub(r' style="([^"]*)"', lambda found: attributes(found[1]), svg).replace("\n", "")


def attributes(style: str) -> str:
    """ "font-size:12px;font-family:sans-serif" as ' font-size="12px"'."""
    pairs = (declaration.partition(":") for declaration in style.split(";") if ":" in declaration)
    dropped = {"font-family", "paint-order", "white-space"}
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _colon, value in pairs if name.strip() not in dropped)


class Table(NamedTuple):
    """The same data for those who would rather read: cells are already in the reader's language."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """What a chart says (`title`, a finding), what it shows (`description`), how, and the same as a table.

    `address`: where it stands by itself, without the ending that says in which form; empty: nowhere.
    """

    title: str
    description: str
    option: dict[str, Any] = field(repr=False)
    table: Table = field(repr=False)
    source: str = ""
    width: int = 720
    height: int = 340
    address: str = ""

    @cached_property
    def svg(self) -> str:
        return self.drawn(self.width, self.height)

    @cached_property
    def narrow(self) -> str:
        """The same drawn for a telephone, where the wide one's letters would shrink."""
        return self.drawn(NARROW, self.narrow_height)

    @property
    def narrow_height(self) -> int:
        """Taller, since its words take more lines; what is a single bar stays one."""
        return self.height if self.height < 200 else max(self.height, 300)

    @property
    def label(self) -> str:
        """What a screen reader says of the drawing."""
        return f"{self.title}{'。' if chinese() else '. '}{self.description}".strip()

    def drawn(self, width: int, height: int) -> str:
        """Inline drawing that a screen reader reads as one image with the chart's description."""
        label = escape(self.label, {'"': "&quot;"})
        svg = render_svg(self.option, width, height)
        return spoken(svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))

    def sheet(self, foot: str) -> str:
        """The drawing to be passed on: with its title above, its source and `foot` below, on paper."""
        width = self.width + 2 * EDGE
        above = [(line, 22, INK, "bold") for line in lines(self.title, 22, self.width)]
        above += [(line, 14, SOFT, "normal") for line in lines(self.description, 14, self.width)]
        below = [
            (line, 12, SOFT, "normal") for said in (sourced(self.source), foot) for line in lines(said, 12, self.width)
        ]
        words, top = written(above, EDGE)
        under, height = written(below, top + self.height + 12)
        drawing = self.svg.replace("<svg ", f'<svg x="{EDGE}" y="{top}" ', 1)
        return spoken(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height + EDGE}" '
            f'viewBox="0 0 {width} {height + EDGE}" font-family="{FACES}">'
            f'<rect width="100%" height="100%" fill="{PAPER}"/>{words}{drawing}{under}</svg>'
        )

    def png(self, foot: str) -> bytes:
        """The sheet as a picture, twice as fine as a screen."""
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=recoloured(self.sheet(foot), settings.BRAND.palette()),
                zoom=2,
                skip_system_fonts=True,
                font_files=FONT_FILES,
                font_family="Noto Sans",
            )
        )


def spoken(svg: str) -> str:
    """Without the signs that no XML may hold: one pasted into a name would be the end of the picture."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", svg)


def sourced(source: str) -> str:
    return _("Source: %(source)s") % {"source": source} if source else ""


def lines(words: str, size: int, width: int) -> list[str]:
    return list(broken(words, font(words, size), width)) if words else []


def written(said: Sequence[tuple[str, int, str, str]], top: int) -> tuple[str, int]:
    """Lines of (words, size, colour, weight) one below the other from `top`, and where they end."""
    words = ""
    for line, size, colour, weight in said:
        top += round(size * 1.5)
        face = "Noto Sans SC" if CHINESE.search(line) else "Noto Sans"
        manner = f'font-family="{face}" font-size="{size}" fill="{colour}" font-weight="{weight}"'
        words += f'<text x="{EDGE}" y="{top}" {manner}>{escape(line)}</text>'
    return words, top + 8


def recoloured(svg: str, palette: Mapping[str, str]) -> str:
    """The drawing in the colours of a dark page or of this deployment, for where no style sheet reaches it."""
    colours = {OWN[name]: palette[name] for name in COLOURS}
    return re.sub("|".join(colours), lambda found: colours[found[0].lower()], svg, flags=re.IGNORECASE)
