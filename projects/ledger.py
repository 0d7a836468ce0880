"""The promise ledger: what became of the projects signed in each year."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from portal.cities.models import City
from portal.facts.models import Basis
from portal.lib.units import quantity

from .models import ProjectListing, Stage, investments


@dataclass
class Row:
    """Projects signed in one year (None: the year is not stated), and how many of them have come how far."""

    year: int | None
    signed: int = 0
    started: int = 0
    producing: int = 0
    cancelled: int = 0
    unpriced: int = 0
    agreed_amount: Decimal = Decimal(0)

    @property
    def label(self) -> str:
        return str(self.year or _("year not stated"))

    @property
    def agreed(self) -> str:
        return quantity(self.agreed_amount, "CNY") if self.agreed_amount else ""


def ledger(at: datetime, city: City) -> list[Row]:
    """The rows of the city at `at`, the latest year first, those with no stated year last.

    signed: live projects that reached the stage "signed" or a later one on the ladder; none is left out because it was
    cancelled. The year is that of the first signing with a stated (or inferred) year.
    started, producing: of these, those that reached "construction started", "in production" or a later stage.
    cancelled: of these, those reported cancelled, whatever they had reached.
    agreed_amount: the sum of their public total investments with the basis "agreed", in yuan, at the lower end where
    the source gives a range or "more than"; unpriced counts those that publish none. Merely planned sums are left out.
    """
    return ledger_of(signed_listings(at, city))


def ledger_of(listings) -> list[Row]:
    """The same of listings loaded `for_ledger`, whoever loaded them."""
    rows: dict[int | None, Row] = {}
    for listing in listings:
        if listing.stage is None or listing.stage < Stage.SIGNED:
            continue
        year = year_of_signing(listing)
        enter(listing, rows.setdefault(year, Row(year)))
    return sorted(rows.values(), key=lambda row: -(row.year or 0))


def signed_listings(at: datetime, city: City):
    return for_ledger(ProjectListing.objects.live(at).for_city(city)).filter(stage__gte=Stage.SIGNED)


def for_ledger(listings):
    """Loads what the ledger reads of each listing."""
    agreed = Prefetch("figures", investments().filter(basis=Basis.AGREED, unit="CNY"), "agreed_investments")
    return listings.with_stage().prefetch_related("stage_events", agreed)


def year_of_signing(listing: ProjectListing) -> int | None:
    days = [event.when.earliest for event in listing.stage_events.all() if event.stage == Stage.SIGNED]
    return min((day.year for day in days if day), default=None)


def enter(listing: ProjectListing, row: Row) -> None:
    agreed = next((figure.value_min for figure in listing.agreed_investments), None)
    row.signed += 1
    row.started += listing.stage >= Stage.STARTED
    row.producing += listing.stage >= Stage.PRODUCING
    row.cancelled += listing.stopped
    row.unpriced += agreed is None
    row.agreed_amount += agreed or 0
