"""What a brief says of prices, land on offer, ways out and incentives: each with how long it holds."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst

from clusters.models import Cost, Incentive, LogisticsLink, Plot
from portal.lib import units
from portal.lib.dates import UncertainDate

from .citing import Sources, said


def held(row: Any, today: date) -> dict[str, Any]:
    """How long it holds, in words, and whether that is over: then it is history and no offer."""
    return {"held": row.validity, "is_over": row.is_over(today)}


def cost(row: Cost, today: date, sources: Sources) -> dict[str, Any]:
    return held(row, today) | {
        "category": capfirst(str(row.get_category_display())),
        "what": said(row.what),
        "amount": row.amount,
        "tax": row.get_tax_display() if row.tax else "",
        "in_one_park": bool(row.park_id),
        "set_by": said(row.basis),
        "note": said(row.note),
        "notes": sources.cite(row),
    }


def way(row: LogisticsLink, today: date, sources: Sources) -> dict[str, Any]:
    return held(row, today) | {
        "mode": capfirst(str(row.get_mode_display())),
        "destination": said(row.destination),
        "distance": row.distance,
        "time": row.time,
        "price": row.price_words,
        "frequency": said(row.frequency),
        "note": said(row.note),
        "notes": sources.cite(row),
    }


def plot(row: Plot, today: date, sources: Sources) -> dict[str, Any]:
    return held(row, today) | {
        "kind": row.get_kind_display(),
        "name": said(row.name),
        "status": row.get_status_display(),
        "available_from": UncertainDate(row.available_from).words,
        "size": row.size,
        "use": said(row.use),
        "term": "" if row.term_years is None else units.quantity(Decimal(row.term_years), "year"),
        "price": row.price_words,
        "least": row.least_investment,
        "note": said(row.note),
        "notes": sources.cite(row),
    }


def incentive(row: Incentive, today: date, sources: Sources) -> dict[str, Any]:
    return held(row, today) | {
        "kind": row.get_kind_display(),
        "name": said(row.name),
        "amount": said(row.amount),
        "eligibility": said(row.eligibility),
        "industry": said(row.industry.name) if row.industry else None,
        "link": said(row.link.name) if row.link else None,
        "how_to_apply": said(row.how_to_apply),
        "notes": sources.cite(row),
    }
