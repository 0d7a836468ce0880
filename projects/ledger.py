"""The promise ledger: what became of the projects signed in each year."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from portal.lib.units import quantity
from portal.publishing.models import Version

from .models import Progress, ProjectListing, Stage


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


def ledger(at: datetime, cities: Any) -> list[Row]:
    """The rows of these cities at `at`, the latest year first, those with no stated year last.

    signed: live projects that reached the stage "signed" or a later one on the ladder; none is left out because it was
    cancelled. The year is that of the first signing with a stated (or inferred) year.
    started, producing: of these, those that reached "construction started", "in production" or a later stage.
    cancelled: of these, those reported cancelled, whatever they had reached.
    agreed_amount: the sum of their public total investments with the basis "agreed", in yuan, at the lower end where
    the source gives a range or "more than"; unpriced counts those that publish none. Merely planned sums are left out.
    """
    rows = (
        signed_projects(at, cities)
        .values("year")
        .annotate(
            signed_count=Count("pk"),
            started_count=Count("pk", STARTED),
            producing_count=Count("pk", PRODUCING),
            cancelled_count=Count("pk", CANCELLED),
            unpriced_count=Count("pk", UNPRICED),
            agreed_amount=Coalesce(Sum("agreed"), Decimal(0)),
        )
    )
    return [
        Row(**{name.removesuffix("_count"): value for name, value in row.items()})
        for row in rows.order_by(F("year").desc(nulls_last=True))
    ]


#: The columns of the ledger, each a condition on a signed project.
STARTED = Q(stage__gte=Stage.STARTED)
PRODUCING = Q(stage__gte=Stage.PRODUCING)
CANCELLED = Q(stopped=True)
UNPRICED = Q(agreed=None)


def signed_projects(at: datetime, cities: Any):
    """The progress of each project of the ledger."""
    return progress(at, cities).filter(stage__gte=Stage.SIGNED)


def progress(at: datetime, cities: Any):
    """The progress of each project that is public at `at` in these cities."""
    live = Version.objects.live(at).of_kind(ProjectListing.kind).filter(entry__city__in=cities)
    return Progress.objects.filter(version__in=live)
