"""Ceremonies in the order of their days. One whose year no source states stands apart."""

from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from .models import CeremonyRecord


class Neighbours(NamedTuple):
    previous: CeremonyRecord | None
    next: CeremonyRecord | None
    is_dated: bool


def day(record):
    return record.day


def place_in_time(record):
    return day(record) or date.min, record.entry_id


def in_time(records):
    """The earliest first; the undated before all others."""
    return sorted(records, key=place_in_time)


def by_year(records):
    """Groups of records already in order, each under its year."""
    groups = groupby(records, key=lambda record: day(record).year if day(record) else None)
    return [
        {"year": year, "label": str(year or _("Year not stated")), "records": list(found)} for year, found in groups
    ]


def neighbours(record, records):
    """The ceremonies just before and after this one among `records`, whether or not it is one of them."""
    if not day(record):
        return Neighbours(None, None, is_dated=False)
    dated = in_time(other for other in records if day(other))
    before = [other for other in dated if place_in_time(other) < place_in_time(record)]
    after = [other for other in dated if place_in_time(other) > place_in_time(record)]
    return Neighbours(next(reversed(before), None), next(iter(after), None), is_dated=True)
