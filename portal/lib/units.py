"""Units of measure and how a number with one is written in each language. Values are always in the unit itself:
11.5亿元 is 1 150 000 000 CNY; nothing is stored in 万 or 亿."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .dates import chinese, locale
from .text import Text


@dataclass(frozen=True)
class Unit:
    """`name` follows the number unless `before` (RMB 80 m). `kind` says with what it may be compared."""

    name: Text
    kind: str
    before: bool = False
    spaced: bool = True


def unit(en: str, zh: str, kind: str, **manner: bool) -> Unit:
    return Unit(Text({"en": en, "zh-hans": zh}), kind, **manner)


UNITS = {
    "CNY": unit("RMB", "元", "money", before=True),
    "USD": unit("US$", "美元", "money", before=True, spaced=False),
    "percent": unit("%", "%", "share", spaced=False),
    "enterprise": unit("enterprises", "家", "count"),
    "category": unit("categories", "种", "count"),
    "project": unit("projects", "个", "count"),
    "chain": unit("chains", "条", "count"),
    "city": unit("cities", "个城市", "count"),
    "line": unit("lines", "条", "count"),
    "park": unit("parks", "个园区", "count"),
    "link": unit("links", "个环节", "count"),
    "partner": unit("partners", "家", "count"),
    "platform": unit("platforms", "个", "count"),
    "patent": unit("patents", "件", "count"),
    "branch": unit("branches", "家网点", "count"),
    "person": unit("people", "人", "count"),
    "vehicle": unit("vehicles", "辆", "count"),
    "set": unit("sets", "套", "count"),
    "set/a": unit("sets a year", "套/年", "capacity"),
    "vehicle/a": unit("vehicles a year", "辆/年", "capacity"),
    "t": unit("t", "吨", "mass"),
    "t/a": unit("t a year", "吨/年", "capacity"),
    "GWh": unit("GWh", "吉瓦时", "energy"),
    "GWh/a": unit("GWh a year", "吉瓦时/年", "capacity"),
    "MW": unit("MW", "兆瓦", "power"),
    "kWh/a": unit("kWh a year", "千瓦时/年", "energy"),
    "kWh": unit("kWh", "千瓦时", "energy"),
    "CNY/kWh": unit("RMB/kWh", "元/千瓦时", "price"),
    "CNY/m3": unit("RMB/m³", "元/立方米", "price"),
    "CNY/mu": unit("RMB/mu", "元/亩", "price"),
    "CNY/t": unit("RMB/t", "元/吨", "price"),
    "CNY/m2": unit("RMB/m²", "元/平方米", "price"),
    "CNY/m2/month": unit("RMB/m² a month", "元/平方米·月", "price"),
    "CNY/kVA": unit("RMB/kVA a month", "元/千伏安·月", "price"),
    "CNY/t/km": unit("RMB/t·km", "元/吨·公里", "price"),
    "CNY/piece": unit("RMB each", "元/个", "price"),
    "CNY/month": unit("RMB a month", "元/月", "wage"),
    "CNY/hour": unit("RMB an hour", "元/小时", "wage"),
    "km": unit("km", "公里", "length"),
    "km2": unit("km²", "平方公里", "area"),
    "m2": unit("m²", "平方米", "area"),
    "m2/a": unit("m² a year", "平方米/年", "capacity"),
    "mu": unit("mu", "亩", "area"),
    "day": unit("days", "天", "time"),
    "hour": unit("hours", "小时", "time"),
    "year": unit("years", "年", "time"),
    "place": unit("", "", "rank", spaced=False),
    "item": unit("", "项", "count"),
}
#: In one of a unit of area; 15 mu are a hectare.
SQUARE_METRES = {"mu": Decimal(10_000) / 15, "m2": Decimal(1)}
EN_SCALES = [(Decimal(10) ** 9, gettext_lazy("bn")), (Decimal(10) ** 6, gettext_lazy("m"))]
ZH_SCALES = [(Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")]


#: What is counted, where the name that follows a number does not tell.
COUNTED = {
    "enterprise": Text({"zh-hans": "企业"}),
    "category": Text({"zh-hans": "种类"}),
    "project": Text({"zh-hans": "项目"}),
    "chain": Text({"en": "value chains", "zh-hans": "产业链"}),
    "line": Text({"en": "production lines", "zh-hans": "生产线"}),
    "link": Text({"en": "stages of a chain", "zh-hans": "产业链"}),
    "partner": Text({"zh-hans": "合作伙伴"}),
    "platform": Text({"zh-hans": "平台"}),
    "patent": Text({"zh-hans": "专利"}),
    "place": Text({"en": "place in a ranking", "zh-hans": "名次"}),
    "item": Text({"en": "items of any other sort", "zh-hans": "其他"}),
}


def choices() -> list[tuple[str, str]]:
    """Choices of a unit field in the reader's words: a callable, so that a new unit needs no migration."""
    return [(code, label(code)) for code in UNITS]


def label(code: str) -> str:
    """ "enterprises", "家（企业）"."""
    language = get_language() or "en"
    name, counted = UNITS[code].name.get(language, ""), COUNTED.get(code, Text()).get(language, "")
    if not name or not counted:
        return name or counted or code
    return f"{name}（{counted}）" if chinese() else f"{name} ({counted})"


def number(value: Decimal) -> str:
    """Every digit that is there, grouped: 80,000,000."""
    return in_digits(value.normalize(), locale())


@lru_cache(maxsize=20_000)
def in_digits(value: Decimal, language: str) -> str:
    return format_decimal(value, format="#,##0.######", locale=language)


def scale_of(values: tuple[Decimal, ...], scales: list) -> tuple[Decimal, str]:
    """The largest scale in which all values lose no digit (of three decimals), and its name; 1 and "" for none."""
    for size, name in scales:
        if all(abs(value) >= size and value / size == round(value / size, 3) for value in values):
            return size, str(name)
    return Decimal(1), ""


def quantity(value: Decimal, code: str, to: Decimal | None = None) -> str:
    """Value (or range) and unit as the reader's language writes them: "RMB 1.15 bn", "11.5亿元", "10–20 GWh"."""
    unit = UNITS[code]
    values = (value,) if to is None else (value, to)
    scales = ZH_SCALES if chinese() else EN_SCALES if unit.kind == "money" else []
    size, scale = scale_of(values, scales)
    digits = "–".join(number(end / size) for end in values)
    if chinese():
        return f"{digits}{scale}{unit.name}"
    gap = " " if unit.spaced and unit.name else ""
    digits = f"{digits} {scale}".strip()
    return f"{unit.name}{gap}{digits}" if unit.before else f"{digits}{gap}{unit.name}"


def share(part: Decimal, whole: Decimal) -> str:
    """ "54%", or "" when there is no whole."""
    return _("%(percent)s%%") % {"percent": number(round(part / whole * 100, 1))} if whole else ""
