"""The database's time, and the clock of what is public."""

import time
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils.timezone import localdate


def database_now() -> datetime:
    """The one clock of rows. Ask after the lock. SQLite has no second machine, and its own NOW only milliseconds."""
    if connection.vendor == "sqlite":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)  # where the clock stands until something is approved


class Past(datetime):
    """A moment of the past, to be read at a later one: what has been withdrawn since is not public any more."""

    present: datetime

    @classmethod
    def seen(cls, at: datetime, now: datetime) -> "Past":
        past = cls.combine(at.date(), at.timetz())
        past.present = now
        return past


class Clock(NamedTuple):
    """With address and language, all that a public page depends on: render `live(clock.at)`, key caches by both."""

    at: datetime
    ticks: int
    today: date  # what is overdue or expired changes with the day, though nothing was published

    @property
    def as_of(self) -> date | None:
        """The day in the past for which it stands; None for the present."""
        return self.today if isinstance(self.at, Past) else None

    @property
    def present(self) -> datetime:
        """When the page is read, whatever day it is for."""
        return self.at.present if isinstance(self.at, Past) else self.at

    @property
    def changed(self) -> datetime | None:
        """When what is public last changed; None while nothing has ever been."""
        return None if self.at == BEFORE_ALL else self.at

    @classmethod
    def read(cls) -> "Clock":
        from django.db.models import Max

        from .models import APPROVED, Counter, Version

        ticks = Counter.objects.values_list("value", flat=True).first() or 0
        now = database_now()  # after the ticks, before the content: a late commit then only makes a key that dies
        approved = Version.objects.filter(APPROVED)
        begun = approved.filter(live_from__lte=now).aggregate(at=Max("live_from"))["at"]
        ended = approved.filter(live_until__lte=now).aggregate(at=Max("live_until"))["at"]
        return cls(max(filter(None, (begun, ended)), default=BEFORE_ALL), ticks, localdate(now))

    @classmethod
    def recent(cls) -> "Clock":
        """As read at most CLOCK_MEMO_SECONDS ago by this process: pages may be that late, never early."""
        global _memo
        if _memo is None or time.monotonic() - _memo[0] >= settings.CLOCK_MEMO_SECONDS:
            _memo = (time.monotonic(), cls.read())
        return _memo[1]

    @staticmethod
    def forget() -> None:
        """Who has just changed what is public sees it at once, as far as this process answers."""
        global _memo
        _memo = None


_memo: tuple[float, Clock] | None = None
