"""The promise ledger: what became of the projects signed in each year, how fast, and with how much of the money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from itertools import groupby
from operator import add, attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.lib.medians import Median
from portal.lib.templatetags.ui import grouped
from portal.lib.units import quantity
from portal.publishing.models import Version

from .models import STEPS, Progress, Stage, overdue

#: The columns of the ledger, each a condition on a signed project.
REGISTERED = Q(stage__gte=Stage.REGISTERED)
STARTED = Q(stage__gte=Stage.STARTED)
PRODUCING = Q(stage__gte=Stage.PRODUCING)
FULL = Q(stage__gte=Stage.FULL)
CANCELLED = Q(stopped=True)
UNPRICED = Q(agreed=None)
BOTH_SUMS = Q(agreed__gt=0, paid_in__isnull=False)

#: The stages a signed project passes, each counted with those beyond it.
REACHED = {"signed": Q(), "registered": REGISTERED, "started": STARTED, "producing": PRODUCING, "full": FULL}
COLUMNS = REACHED | {"cancelled": CANCELLED, "unpriced": UNPRICED}
NO_YEAR = "unknown"  # in addresses


#: From what size on a sum is rounded to what.
ROUNDED = [(Decimal(10**11), Decimal(10**8)), (Decimal(10**8), Decimal(10**6)), (Decimal(10**6), Decimal(10**4))]


class Rate(NamedTuple):
    """A part of a whole. `shown` is empty where there is no whole, or too few projects to speak of a rate."""

    part: Decimal
    whole: Decimal
    is_enough: bool

    @property
    def percent(self) -> int | None:
        """Rounded, but never to all where some are missing."""
        if not (self.is_enough and self.whole):
            return None
        percent = round(self.part / self.whole * 100)
        return 99 if percent == 100 and self.part < self.whole else percent

    @property
    def shown(self) -> str:
        if self.percent is None:
            return ""
        if self.percent == 0 and self.part:
            return _("under %(percent)s%%") % {"percent": 1}
        return _("%(percent)s%%") % {"percent": self.percent}


def in_short(amount: Decimal) -> str:
    """A sum of many amounts, rounded: "RMB 38.48 bn"."""
    step = next((step for size, step in ROUNDED if amount >= size), None)
    return quantity(round(amount / step) * step if step else amount, "CNY")


@dataclass
class Row:
    """Projects signed in one year (None: the year is not stated), and how many of them have come how far."""

    year: int | None = None
    city: int | None = None
    signed: int = 0
    registered: int = 0
    started: int = 0
    producing: int = 0
    full: int = 0
    cancelled: int = 0
    overdue: int = 0
    unpriced: int = 0
    agreed_amount: Decimal = Decimal(0)
    registered_amount: Decimal = Decimal(0)
    started_amount: Decimal = Decimal(0)
    producing_amount: Decimal = Decimal(0)
    full_amount: Decimal = Decimal(0)
    with_both: int = 0
    paid_amount: Decimal = Decimal(0)
    to_be_paid: Decimal = Decimal(0)

    @property
    def label(self) -> str:
        return str(self.year or _("year not stated"))

    @property
    def signed_in(self) -> str:
        """The year in an address."""
        return str(self.year or NO_YEAR)

    @property
    def agreed(self) -> str:
        return in_short(self.agreed_amount) if self.agreed_amount else ""

    @property
    def is_enough(self) -> bool:
        """Whether a rate would say more about the cohort than about one of its projects."""
        return self.signed >= settings.LEDGER_SMALLEST_COHORT

    @property
    def stages(self) -> list[dict[str, Any]]:
        """By stage: how many projects, of which agreed amount, and which share of the cohort that is."""
        return [self.reached(code) for code in REACHED]

    def reached(self, code: str) -> dict[str, Any]:
        count, amount = getattr(self, code), self.amount(code)
        priced = self.signed - self.unpriced >= settings.LEDGER_SMALLEST_COHORT
        return {
            "code": code,
            "label": str(labels()[code]),
            "count": count,
            "amount": in_short(amount) if amount else "",
            "rate": Rate(Decimal(count), Decimal(self.signed), self.is_enough),
            "value_rate": Rate(amount, self.agreed_amount, priced),
        }

    def amount(self, code: str) -> Decimal:
        return self.agreed_amount if code == "signed" else getattr(self, f"{code}_amount")

    @property
    def paid(self) -> Rate:
        return Rate(self.paid_amount, self.to_be_paid, self.with_both >= settings.LEDGER_SMALLEST_COHORT)

    @property
    def paid_words(self) -> str:
        return in_short(self.paid_amount)

    @property
    def to_be_paid_words(self) -> str:
        return in_short(self.to_be_paid)

    def __add__(self, other: "Row") -> "Row":
        """Both together: of no one year, unless it is the same; of no one city neither."""
        both = {name: getattr(self, name) + getattr(other, name) for name in SUMMED}
        return Row(
            year=self.year if self.year == other.year else None,
            city=self.city if self.city == other.city else None,
            **both,
        )


SUMMED = [name for name in Row.__dataclass_fields__ if name not in ("year", "city")]


def labels() -> dict[str, Any]:
    return {
        "signed": _("signed"),
        "registered": pgettext("project stage", "company registered"),
        "started": _("started"),
        "producing": _("producing"),
        "full": pgettext("project stage", "at full capacity"),
    }


def total(rows: Iterable[Row]) -> Row:
    rows = list(rows)
    return reduce(add, rows) if rows else Row()


def finding(row: Row) -> str:
    """The ledger in a sentence."""
    said = {name: grouped(getattr(row, name)) for name in ("signed", "started", "producing")}
    words = ngettext(
        "%(signed)s project signed: %(started)s started, %(producing)s producing",
        "%(signed)s projects signed: %(started)s started, %(producing)s producing",
        row.signed,
    )
    return words % said


def ledger(at: datetime, cities: Any, today: date | None = None) -> list[Row]:
    """The rows of these cities, or of all, at `at`, the latest year first, those with no stated year last.

    signed: live projects that reached the stage "signed" or a later one on the ladder; none is left out because it was
    cancelled. The year is that of the first signing with a stated (or inferred) year.
    registered, started, producing, full: of these, those that reached "company registered", "construction started",
    "in production", "at full capacity" or a later stage.
    cancelled: of these, those reported cancelled, whatever they had reached. overdue: see models.overdue, on `today`.
    agreed_amount: the sum of their public total investments with the basis "agreed", in yuan, at the lower end where
    the source gives a range or "more than"; unpriced counts those that publish none. Merely planned sums are left out.
    started_amount and so on: the agreed sums of those that came so far.
    paid_amount, to_be_paid: what is paid in and what was agreed, of the `with_both` projects that publish both.
    """
    return counted(signed_projects(at, cities).values("year"), today or localdate(at))


def ledger_by_city(at: datetime, today: date, cities: Any = None) -> list[Row]:
    """A row for each city and year, of these cities or of all."""
    return counted(signed_projects(at, cities).values("city", "year"), today)


def by_city(rows: Iterable[Row]) -> dict[int | None, Row]:
    """All years of each city together."""
    ordered = sorted(rows, key=attrgetter("city"))
    return {city: total(found) for city, found in groupby(ordered, key=attrgetter("city"))}


def counted(grouped: Any, today: date) -> list[Row]:
    rows = grouped.annotate(
        signed_count=Count("pk"),
        **{f"{code}_count": Count("pk", condition) for code, condition in REACHED.items() if code != "signed"},
        cancelled_count=Count("pk", CANCELLED),
        overdue_count=Count("pk", overdue(today)),
        unpriced_count=Count("pk", UNPRICED),
        with_both_count=Count("pk", BOTH_SUMS),
        agreed_amount=sum_of("agreed"),
        **{f"{code}_amount": sum_of("agreed", condition) for code, condition in REACHED.items() if code != "signed"},
        paid_amount=sum_of("paid_in", BOTH_SUMS),
        to_be_paid=sum_of("agreed", BOTH_SUMS),
    )
    return [
        Row(**{name.removesuffix("_count"): value for name, value in row.items()})
        for row in rows.order_by(F("year").desc(nulls_last=True))
    ]


def sum_of(field: str, condition: Q | None = None) -> Coalesce:
    return Coalesce(Sum(field, filter=condition), Decimal(0))


class Pace(NamedTuple):
    """How long a step took: the median of the `count` projects whose sources date both its ends."""

    label: str
    days: int | None
    count: int


def pace(at: datetime, cities: Any = None) -> list[Pace]:
    """Of these cities, or all. No median of fewer than LEDGER_SMALLEST_COHORT projects."""
    found = signed_projects(at, cities).aggregate(
        **{f"{step}_median": Median(step) for step in STEPS}, **{f"{step}_count": Count(step) for step in STEPS}
    )
    said = {
        "days_to_register": _("from signing to registration"),
        "days_to_start": _("from signing to the start of construction"),
        "days_to_produce": _("from the start of construction to production"),
        "days_to_full": _("from production to full capacity"),
    }
    return [typical(said[step], found[f"{step}_median"], found[f"{step}_count"]) for step in STEPS]


def typical(label: str, median: float | None, count: int) -> Pace:
    is_enough = median is not None and count >= settings.LEDGER_SMALLEST_COHORT
    return Pace(label, round(median) if is_enough else None, count)


def signed_projects(at: datetime, cities: Any = None):
    """The progress of each project of the ledger."""
    return progress(at, cities).filter(stage__gte=Stage.SIGNED)


def progress(at: datetime, cities: Any = None):
    """The progress of each project that is public at `at`, in these cities or in all."""
    if cities is None:
        return Progress.objects.live(at)
    # Few projects are found by their entries sooner than among all that are live.
    return Progress.objects.filter(version__in=Version.objects.live(at).filter(entry__city__in=cities))
