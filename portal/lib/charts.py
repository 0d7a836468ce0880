"""Charts drawn on the server: one option, one drawing, for the page and for the PDF.

ECharts runs inside a small JavaScript engine. What comes back is stripped of every style attribute and style sheet
(presentation attributes stay), so the drawing may stand inline under a strict content security policy; the page's style
sheet recolours it by those attributes (`[fill="#0f5f56" i]`), which is how it follows dark mode.
"""

import base64
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import quickjs

BUNDLE = Path(__file__).resolve().parents[2] / "static/vendor/echarts-6.1.0.min.js"
MEMORY_LIMIT = 256 * 2**20  # bytes; a chart of ours needs a tenth
SECONDS = 10.0

INK, SOFT, LINE = "#14201f", "#55635f", "#ddd9cf"
JADE, PALE_JADE, BRASS, VERMILION, GREY = "#0f5f56", "#8fb8ad", "#8a6a1f", "#b63a22", "#a9b3af"
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
    code = SHELL % {"bundle": BUNDLE.read_text(encoding="utf-8"), "theme": json.dumps(THEME)}
    draw = quickjs.Function("draw", code, own_executor=True)
    draw.set_memory_limit(MEMORY_LIMIT)
    draw.set_time_limit(SECONDS)
    return draw


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


def data_uri(svg: str, fonts: str = "Noto Sans, Noto Sans SC, sans-serif") -> str:
    """The drawing as an image's address; an image inherits no font, so it names its own."""
    named = svg.replace("<svg ", f'<svg font-family="{escape(fonts)}" ', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(named.encode()).decode()


class Table(NamedTuple):
    """The same data for those who would rather read: cells are already in the reader's language."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Chart:
    """What a chart says (`title`, a finding), what it shows (`description`), how, and the same as a table."""

    title: str
    description: str
    option: dict[str, Any] = field(repr=False)
    table: Table = field(repr=False)
    source: str = ""
    width: int = 720
    height: int = 340

    @cached_property
    def svg(self) -> str:
        return self.drawn(self.width, self.height)

    @cached_property
    def narrow(self) -> str:
        """The same drawn for a telephone, where the wide one's letters would shrink."""
        return self.drawn(340, max(self.height, 300))

    @property
    def uri(self) -> str:
        return data_uri(self.svg)

    def drawn(self, width: int, height: int) -> str:
        """Inline drawing that a screen reader reads as one image with the chart's description."""
        label = escape(f"{self.title}. {self.description}".strip(), {'"': "&quot;"})
        svg = render_svg(self.option, width, height)
        return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
