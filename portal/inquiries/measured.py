"""How the promise was kept: what the last twelve months show, up to the day before the page's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from math import inf
from typing import Any

from chinese_calendar import is_workday
from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from .models import Inquiry, months_before
from .promise import in_time

MONTHS = 12


@dataclass(frozen=True)
class Replies:
    """Of inquiries that were answered or should have been: how many, and how soon."""

    asked: int = 0
    answered: int = 0
    in_time: int = 0
    median: float = inf  # working days to the first reply, those without one counting as longer than any

    @property
    def is_enough(self) -> bool:
        """Fewer would say more about whoever asked than about the office."""
        return self.asked >= settings.INQUIRIES_TO_MEASURE

    @property
    def days(self) -> int | None:
        """Within how many working days half were answered; None when half were not."""
        return None if self.median == inf else int(self.median)


def replies(today: date, **asked_of: Any) -> Replies:
    """Of all inquiries, or of those asked_of (city=…). A day's answer does not change during it."""
    until = timezone.make_aware(datetime.combine(today, time.min))
    since = months_before(until, MONTHS)
    days = (
        Inquiry.objects.filter(received_at__gte=since, received_at__lt=until, **asked_of)
        .values_list(TruncDate("received_at"), "reply_by", TruncDate("answered_at"))
        .annotate(number=Count("pk"))
        .order_by()
    )
    return measured(days, today)


def measured(days: Iterable[tuple[date, date | None, date | None, int]], today: date) -> Replies:
    """`days`: of receipt, promised, and of the first reply, with the number of inquiries they hold for."""
    known = [(asked, by, told if told and told < today else None, number) for asked, by, told, number in days]
    due = [row for row in known if row[2] or (row[1] and row[1] < today)]
    if not due:
        return Replies()
    worked = working_days(min(asked for asked, *_rest in due), today)
    waited = sorted((worked[told] - worked[asked] if told else inf, number) for asked, _by, told, number in due)
    numbers = [number for _days, number in waited]
    middle = next(place for place, sum_ in enumerate(accumulate(numbers)) if 2 * sum_ >= sum(numbers))
    return Replies(
        asked=sum(numbers),
        answered=sum(number for *_days, told, number in due if told),
        in_time=sum(number for _asked, by, told, number in due if told and in_time(told, by)),
        median=waited[middle][0],
    )


def working_days(first: date, last: date) -> dict[date, int]:
    """How many there are from the first day to each: the difference of two is what lies between them."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return dict(zip(days, accumulate(works(day) for day in days), strict=True))


def works(day: date) -> bool:
    try:
        return is_workday(day)
    except NotImplementedError:  # a year whose holidays are not announced
        return day.weekday() < 5
