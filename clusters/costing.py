"""What a plant would pay in a year at a city's published prices, and what cannot be said.

A line is a need (8,000,000 kWh at the flat rate) times the prices in force that answer it. Where several do, or a price
is a range, the line is a range. Where none does and the reader gives no price, the line is missing, and the total too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.lib import units
from portal.lib.text import Text

from .models import Cost

MONTHS = 12
SWING = Decimal("0.1")
FIGURES = 5  # significant ones that are shown: prices are not more exact
YEARS, HOURS = "years", "hours"
#: What the reader may change, with what holds otherwise.
ASSUMPTIONS = {YEARS: Decimal(50), HOURS: Decimal(2000)}

#: The words by which a tariff names its period, the narrower first: 尖峰 is not 峰.
BANDS = {
    "critical": ("尖", "critical", "sharp", "super-peak", "super peak"),
    "valley": ("谷", "valley", "off-peak", "off peak"),
    "peak": ("峰", "peak"),
    "flat": ("平段", "平时", "flat", "shoulder"),
}


@dataclass(frozen=True, eq=False)
class Item:
    """Something a plant needs. `rates`: by unit of price, how often a unit of the need pays it in a year."""

    code: str
    label: Any
    group: Any
    measure: Any  # of the need
    category: str
    rates: dict[str, Decimal]
    band: str = ""
    spread: str = ""  # the assumption the rate is divided by (years) or multiplied with (hours)

    @property
    def unit(self) -> str:
        """In which the reader may give a price."""
        return next(iter(self.rates))

    def rate(self, unit: str, assumed: dict[str, Decimal]) -> Decimal | None:
        """None for a price by another measure."""
        if unit not in self.rates:
            return None
        if self.spread == YEARS:
            return self.rates[unit] / assumed[YEARS]
        return assumed[HOURS] if unit == "CNY/hour" else self.rates[unit]

    def answers(self, row: Cost) -> bool:
        """Whether this price is one for this need, whatever its unit."""
        return row.category == self.category and (not self.band or band_of(row) in ("", self.band))


SITE, POWER = pgettext_lazy("cost", "Site"), gettext_lazy("Power")
UTILITIES = gettext_lazy("Gas, water, heat and waste")
PEOPLE, WAYS = gettext_lazy("People"), gettext_lazy("Freight")
KWH, M3, T = gettext_lazy("kWh a year"), gettext_lazy("m³ a year"), gettext_lazy("t a year")
ONE = Decimal(1)
KIND = Cost.Category

ITEMS = [
    Item(
        "land",
        gettext_lazy("Land, bought"),
        SITE,
        gettext_lazy("mu"),
        KIND.LAND,
        {"CNY/mu": ONE, "CNY/m2": units.SQUARE_METRES["mu"]},
        spread=YEARS,
    ),
    Item(
        "rent",
        gettext_lazy("Building, rented"),
        SITE,
        gettext_lazy("m²"),
        KIND.LAND,
        {"CNY/m2/month": Decimal(MONTHS)},
    ),
    *(
        Item(code, label, POWER, KWH, KIND.ELECTRICITY, {"CNY/kWh": ONE}, band=code)
        for code, label in (
            ("critical", pgettext_lazy("tariff", "Critical peak")),
            ("peak", pgettext_lazy("tariff", "Peak")),
            ("flat", pgettext_lazy("tariff", "Flat")),
            ("valley", pgettext_lazy("tariff", "Valley")),
        )
    ),
    Item(
        "demand",
        gettext_lazy("Connected load"),
        POWER,
        gettext_lazy("kVA"),
        KIND.ELECTRICITY,
        {"CNY/kVA": Decimal(MONTHS)},
    ),
    Item("gas", pgettext_lazy("cost", "Gas"), UTILITIES, M3, KIND.GAS, {"CNY/m3": ONE}),
    Item("water", pgettext_lazy("cost", "Water"), UTILITIES, M3, KIND.WATER, {"CNY/m3": ONE, "CNY/t": ONE}),
    Item("sewage", pgettext_lazy("cost", "Sewage"), UTILITIES, M3, KIND.SEWAGE, {"CNY/m3": ONE, "CNY/t": ONE}),
    Item("steam", pgettext_lazy("cost", "Steam"), UTILITIES, T, KIND.STEAM, {"CNY/t": ONE}),
    Item("waste", pgettext_lazy("cost", "Waste"), UTILITIES, T, KIND.WASTE, {"CNY/t": ONE}),
    Item(
        "staff",
        pgettext_lazy("cost", "Staff"),
        PEOPLE,
        gettext_lazy("people"),
        KIND.WAGES,
        {"CNY/month": Decimal(MONTHS), "CNY/hour": ONE},
        spread=HOURS,
    ),
    Item(
        "freight", pgettext_lazy("cost", "Freight"), WAYS, gettext_lazy("t·km a year"), KIND.FREIGHT, {"CNY/t/km": ONE}
    ),
]
#: Reckoned on the wages, wherever there is staff.
INSURANCE = Item(
    "insurance",
    gettext_lazy("Social insurance"),
    PEOPLE,
    gettext_lazy("percent of the wages"),
    KIND.INSURANCE,
    {"percent": ONE},
)


class Span(NamedTuple):
    """Yuan a year."""

    low: Decimal
    high: Decimal

    def times(self, factor: Decimal) -> "Span":
        return Span(self.low * factor, self.high * factor)

    @property
    def words(self) -> str:
        low, high = rounded(self.low), rounded(self.high)
        return units.quantity(low, "CNY", None if low == high else high)

    @property
    def swing(self) -> str:
        """What a tenth more or less of it comes to."""
        return f"±{self.times(SWING).words}"


class Line(NamedTuple):
    item: Item
    need: Decimal
    rows: list[Cost]  # the prices it is reckoned with; else those that are by another measure
    cost: Span | None
    own: Decimal | None = None  # the price the reader gave

    @property
    def is_published(self) -> bool:
        return self.cost is not None and self.own is None

    @property
    def need_words(self) -> str:
        if self.item is INSURANCE:
            return str(self.item.measure)
        return f"{units.number(self.need)} {self.item.measure}"

    @property
    def own_words(self) -> str:
        return "" if self.own is None else units.quantity(self.own, self.item.unit)


class Bill:
    """A year in one city."""

    def __init__(self, rows: Iterable[Cost], needs: "Needs", today: date) -> None:
        self.needs = needs
        self.rows = [row for row in rows if row.holds(today)]

    @cached_property
    def lines(self) -> list[Line]:
        lines = [self.line(item, need) for item, need in self.needs.of.items()]
        staff = next((line for line in lines if line.item.code == "staff"), None)
        if staff:
            lines.insert(lines.index(staff) + 1, self.insurance(staff))
        return lines

    def line(self, item: Item, need: Decimal) -> Line:
        """The prices of the whole city; where there is none, those of its parks; else the reader's own."""
        answering = [row for row in self.rows if item.answers(row)]
        if item.band and any(band_of(row) for row in answering if row.unit in item.rates):
            answering = [row for row in answering if band_of(row) or row.unit not in item.rates]
        usable = [row for row in answering if row.unit in item.rates]
        usable = [row for row in usable if not row.park_id] or usable
        if usable:
            return Line(item, need, usable, spanned(self.year(item, row, need) for row in usable))
        if (own := self.needs.own.get(item.code)) is not None:
            cost = need * own * (item.rate(item.unit, self.needs.assumed) or 0)
            return Line(item, need, [], Span(cost, cost), own)
        return Line(item, need, [row for row in answering if is_of_no_item(row)], None)

    def year(self, item: Item, row: Cost, need: Decimal) -> Span:
        rate = item.rate(row.unit, self.needs.assumed) or Decimal(0)
        return Span(row.price, row.highest).times(rate * need)

    def insurance(self, staff: Line) -> Line:
        rows = [row for row in self.rows if INSURANCE.answers(row) and row.unit == "percent"]
        own = None if rows else self.needs.own.get(INSURANCE.code)
        if not staff.cost or (not rows and own is None):
            return Line(INSURANCE, staff.need, rows, None)
        shares = [Span(row.price, row.highest) for row in rows]
        share = together(shares) if shares else Span(own or Decimal(0), own or Decimal(0))
        cost = Span(staff.cost.low * share.low / 100, staff.cost.high * share.high / 100)
        return Line(INSURANCE, staff.need, rows, cost, own)

    @cached_property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.cost is None]

    @property
    def is_whole(self) -> bool:
        return bool(self.lines) and not self.missing

    @property
    def has_own(self) -> bool:
        return any(line.own is not None for line in self.lines)

    @cached_property
    def sum(self) -> Span:
        """Of what is priced: the total only where nothing is missing."""
        costs = [line.cost for line in self.lines if line.cost]
        return Span(sum((cost.low for cost in costs), Decimal(0)), sum((cost.high for cost in costs), Decimal(0)))

    @property
    def between(self) -> Span:
        """All prices a tenth lower, all a tenth higher."""
        return Span(self.sum.low * (1 - SWING), self.sum.high * (1 + SWING))

    @property
    def taxes(self) -> set[str]:
        return {row.tax for line in self.lines if line.is_published for row in line.rows}


class Needs(NamedTuple):
    """What the reader entered: how much of what, prices of their own where none is published, and assumptions."""

    of: dict[Item, Decimal]
    own: dict[str, Decimal]
    assumed: dict[str, Decimal]


def is_of_no_item(row: Cost) -> bool:
    """Whether it is by a measure that no need is reckoned in: then it is named where it might have been of use."""
    return not any(row.unit in other.rates for other in ITEMS if other.category == row.category)


def band_of(row: Cost) -> str:
    """The period of the day this tariff names; "" for one price at all hours."""
    said = " ".join(row.what.values()).casefold()
    return next((band for band, words in BANDS.items() if any(word in said for word in words)), "")


def spanned(spans: Iterable[Span]) -> Span:
    spans = list(spans)
    return Span(min(span.low for span in spans), max(span.high for span in spans))


def together(shares: list[Span]) -> Span:
    """Several rates are those of several insurances, or one is of all of them: between the largest and their sum."""
    return Span(max(share.low for share in shares), sum((share.high for share in shares), Decimal(0)))


def rounded(value: Decimal) -> Decimal:
    """To five figures, never to less than a yuan."""
    step = Decimal(10) ** max(0, value.adjusted() + 1 - FIGURES)
    return (value / step).quantize(ONE, ROUND_HALF_EVEN) * step


def finding(cities: Sequence[tuple[Text | str | Promise, Bill]]) -> str:
    """What the totals say together, in one sentence; no more than they can."""
    whole = sorted(((bill.sum, str(name)) for name, bill in cities if bill.is_whole), key=lambda pair: pair[0].high)
    if not whole:
        return _("No total can be given: some of the prices are not published.")
    if len(whole) == 1:
        total, name = whole[0]
        if len(cities) > 1:
            return _("Only for %(city)s a total can be given: %(amount)s a year.") % {
                "city": name,
                "amount": total.words,
            }
        return _("%(city)s: %(amount)s a year") % {"city": name, "amount": total.words}
    (best, name), (second, other) = whole[0], min(whole[1:], key=lambda pair: pair[0].low)
    if best.high >= second.low:
        return _("The totals overlap: the prices do not say which city costs least.")
    return _("%(city)s costs least: %(amount)s a year. Next: %(other)s, %(more)s.") % {
        "city": name,
        "amount": best.words,
        "other": other,
        "more": second.words,
    }
