"""What a place asks and offers: its prices, its land, its ways to elsewhere and its incentives.

Each section knows its rows as of a day, those that hold and those that have expired, and says in one sentence what they
come to. What has expired is history, never an offer.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.lib import units
from portal.lib.dates import UncertainDate
from portal.lib.text import listed

from .models import Cost, Incentive, LogisticsLink, ParkProfile, Plot

#: Which prices an investor asks for; wages stand with labour, freight with logistics.
LABOUR = [Cost.Category.WAGES, Cost.Category.INSURANCE]
LOGISTICS = [Cost.Category.FREIGHT]
SITE = [category for category in Cost.Category if category not in {*LABOUR, *LOGISTICS}]
ASKED_FOR = [category for category in SITE if category not in (Cost.Category.CONSTRUCTION, Cost.Category.OTHER)]


class Group(NamedTuple):
    label: str
    rows: list[Any]


class Holding:
    """Rows with a validity, as of a day: `current` hold, `coming` will, `expired` held once.

    `most`: at most so many are shown.
    """

    def __init__(self, rows: Iterable[Any], today: date, most: int | None = None) -> None:
        self.rows = list(rows)
        self.today = today
        self.most = most

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def current(self) -> list[Any]:
        return [row for row in self.rows if row.holds(self.today)]

    @cached_property
    def coming(self) -> list[Any]:
        return [row for row in self.rows if not row.is_over(self.today) and not row.has_begun(self.today)]

    @cached_property
    def expired(self) -> list[Any]:
        return [row for row in self.rows if row.is_over(self.today)]

    @property
    def on_offer(self) -> list[Any]:
        return self.current

    @property
    def shown(self) -> list[Any]:
        """Every row, or the first of those on offer."""
        return self.on_offer[: self.most] if self.most else self.rows

    @property
    def offered(self) -> list[Any]:
        """What is on offer and shown."""
        return self.on_offer[: self.most]

    @property
    def further(self) -> int:
        """How many more there are on offer."""
        return len(self.on_offer) - len(self.offered)


class Prices(Holding):
    """Costs of some categories. `places`: the public pages of parks, by entry; each row gets its `place`.

    None: the page is a park's own, and where its prices hold goes without saying.
    """

    def __init__(
        self, rows: Iterable[Cost], today: date, categories: Sequence[str], places: dict[int, Any] | None = None
    ) -> None:
        super().__init__((row for row in rows if row.category in categories), today)
        self.rows.sort(key=lambda row: categories.index(row.category))
        self.of_one_park = places is None
        for row in self.rows:
            row.place = (places or {}).get(row.park_id)

    @cached_property
    def groups(self) -> list[Group]:
        """What holds, by category."""
        return grouped(self.current)

    @property
    def coming_groups(self) -> list[Group]:
        return grouped(self.coming)

    @property
    def expired_groups(self) -> list[Group]:
        return grouped(self.expired)

    @property
    def missing(self) -> str:
        """What an investor asks for and no price in force answers."""
        there = {row.category for row in self.current}
        return listed(category.label for category in ASKED_FOR if category not in there)

    @property
    def finding(self) -> str:
        """ "Electricity 0.27–1.2 RMB/kWh and land 600,000 RMB/mu": from the lowest to the highest price of each."""
        if self.current:
            return capfirst(listed([f"{group.label} {span(group.rows)}" for group in self.groups], most=3))
        count = 0 if self.coming else len(self.expired)
        said = ngettext("The only price published has expired", "All %(count)d prices published have expired", count)
        return said % {"count": count} if count else ""


def grouped(rows: Iterable[Cost]) -> list[Group]:
    """Of rows in the order of their categories."""
    found = groupby(rows, lambda row: row.category)
    return [Group(str(Cost.Category(category).label), list(alike)) for category, alike in found]


def span(rows: Sequence[Cost]) -> str:
    """From the lowest to the highest of those in the unit of the first."""
    alike = [row for row in rows if row.unit == rows[0].unit]
    low = min(row.price for row in alike)
    high = max(row.highest for row in alike)
    return units.quantity(low, rows[0].unit, high if high > low else None)


class Land(Holding):
    """Land and buildings on offer in parks; each row gets its `park`, the public page of the park it lies in."""

    def __init__(
        self, rows: Iterable[Plot], today: date, parks: Iterable[ParkProfile], most: int | None = None
    ) -> None:
        super().__init__(rows, today, most)
        pages = {park.pk: park for park in parks}
        for row in self.rows:
            row.park, row.ended = pages[row.version_id], row.is_over(today)

    @cached_property
    def on_offer(self) -> list[Plot]:
        return [row for row in self.rows if row.is_on_offer(self.today)]

    @property
    def gone(self) -> list[Plot]:
        """Reserved, taken, on offer once or only later."""
        return [row for row in self.rows if row not in self.on_offer]

    @property
    def finding(self) -> str:
        """ "1,250 mu of land and 30,000 m² of buildings available; land from 180,000 RMB/mu"."""
        land = [row for row in self.on_offer if row.kind == Plot.Kind.LAND]
        buildings = [row for row in self.on_offer if row.kind == Plot.Kind.BUILDING]
        sizes = [_("%(area)s of land") % {"area": units.quantity(together(land, "mu"), "mu")}] if land else []
        if buildings:
            sizes.append(_("%(area)s of buildings") % {"area": units.quantity(together(buildings, "m2"), "m2")})
        if not sizes:
            return _("Nothing published is available now") if self.rows else ""
        said = _("%(areas)s available") % {"areas": listed(sizes)}
        if price := lowest(land):
            return _("%(said)s; land from %(price)s") % {"said": said, "price": price}
        return said


def together(plots: Iterable[Plot], unit: str) -> Decimal:
    """Their area in whole ones of that unit."""
    area = sum((row.area * units.SQUARE_METRES[row.area_unit] for row in plots), Decimal(0))
    return round(area / units.SQUARE_METRES[unit], 0)


def lowest(plots: Sequence[Plot]) -> str:
    """The lowest price in the unit in which most are given."""
    priced = [row for row in plots if row.price is not None]
    if not priced:
        return ""
    used = [row.price_unit for row in priced]
    unit = max(used, key=used.count)
    return units.quantity(min(row.price for row in priced if row.price_unit == unit), unit)


class Ways(Holding):
    """Logistics links. The finding is the nearest of each kind that matters."""

    ASKED = {
        "time": pgettext_lazy("logistics", "time"),
        "price_words": pgettext_lazy("logistics", "price"),
        "frequency": pgettext_lazy("logistics", "how often"),
    }
    SOUGHT = [LogisticsLink.To.PORT, LogisticsLink.To.AIRPORT, LogisticsLink.To.STATION, LogisticsLink.To.BORDER]

    @cached_property
    def stated(self) -> set[str]:
        """What of those asked for at least one of the links says."""
        return {name for name in self.ASKED if any(getattr(row, name) for row in self.current)}

    @property
    def missing(self) -> str:
        return listed(label for name, label in self.ASKED.items() if name not in self.stated) if self.current else ""

    @property
    def finding(self) -> str:
        """ "Port of Qingdao 250 km, Jinan Yaoqiang Airport 62 km": else the nearest places of any kind."""
        near = sorted((row for row in self.current if row.distance_km is not None), key=lambda row: row.distance_km)
        firsts = [next((row for row in near if row.to == kind), None) for kind in self.SOUGHT]
        found = [row for row in firsts if row] or near[:2]
        return listed([f"{row.destination} {row.distance}" for row in found], most=3)


class Offers(Holding):
    """Incentives; the version of each row is the public page of the policy that gives it."""

    def __init__(
        self, rows: Iterable[Incentive], today: date, policies: Iterable[Any], most: int | None = None
    ) -> None:
        super().__init__(rows, today, most)
        pages = {policy.pk: policy for policy in policies}
        for row in self.rows:
            row.version = pages[row.version_id]
            period = row.valid_until if row.has_expired(today) else row.version.in_force
            row.held_until = UncertainDate(period).end

    @property
    def finding(self) -> str:
        count = len(self.current)
        if not count:
            return _("No incentive published is in force today") if self.rows else ""
        kinds = listed(dict.fromkeys(Incentive.Kind(row.kind).label for row in self.current), most=4)
        said = ngettext("%(count)d incentive in force", "%(count)d incentives in force", count) % {"count": count}
        ends = min((row for row in self.current if row.last_day), key=lambda row: row.last_day, default=None)
        if ends:
            words = {"said": said, "kinds": kinds, "day": ends.valid_until.words}
            return _("%(said)s (%(kinds)s); the first ends %(day)s") % words
        return _("%(said)s (%(kinds)s)") % {"said": said, "kinds": kinds}
