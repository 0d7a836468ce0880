"""What a public page said on a day in the past: `?at=2024-06-01`."""

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.timezone import localtime

from portal.lib.context import PARAMETER

from .clock import Clock, Past
from .models import APPROVED, NOT_CALLED_OFF, Entry, Version

FIRST_YEAR = 1900  # nothing was published before, and what is reckoned back from a day stays in the calendar


class UnreadableDay(BadRequest):
    """What stands behind `at=` is neither a day nor a moment."""


def asked_for(request: HttpRequest) -> Clock | None:
    """The clock of the moment in the past that the address names; None when it names none, or one not over.

    A day means its end, in the portal's time zone. Raises UnreadableDay.
    """
    if PARAMETER not in request.GET:
        return None
    now: Clock = request.clock  # type: ignore[attr-defined]
    moment, day = read(request.GET[PARAMETER])
    if day.year < FIRST_YEAR:
        raise UnreadableDay(str(day))
    if moment >= now.at and day >= now.today:
        return None
    return Clock(Past.seen(moment, now.at), now.ticks, day)


def read(words: str) -> tuple[datetime, date]:
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        if len(words) <= 10:
            day = date.fromisoformat(words)
            return datetime.combine(day, time.max, zone).astimezone(UTC), day
        moment = datetime.fromisoformat(words.replace(" ", "+"))  # a plus sign in an address arrives as a space
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableDay(words[:40]) from None
    return moment, localtime(moment).date()


class Edition(NamedTuple):
    """A version that was public, and the query of the address at which it can be read; none for the present one."""

    version: Version
    at: str


MOST_EDITIONS = 30


def editions(entry: Entry | int, now: datetime) -> list[Edition]:
    """The latest versions of an entry that were public for a time, the newest first."""
    public = Version.objects.filter(APPROVED & NOT_CALLED_OFF, entry=entry, live_from__lte=now)
    shown = public.order_by("-number")[:MOST_EDITIONS]
    return [Edition(version, "" if version.is_live(now) else at_its_beginning(version)) for version in shown]


def at_its_beginning(version: Version) -> str:
    begun: Any = version.live_from
    return begun.astimezone(UTC).isoformat().replace("+00:00", "Z")
