"""By when a city answers: working days of the Chinese calendar, counted where the city is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday


def reply_by(received: datetime, *, time_zone: str, days: int) -> date | None:
    """The last of the `days` working days after the day of receipt.

    None when it falls in a year whose holidays the State Council has not announced yet: a date would be a guess.
    """
    day = received.astimezone(ZoneInfo(time_zone)).date()
    try:
        for _day in range(days):
            day = next_working_day(day)
    except NotImplementedError:
        return None
    return day


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    return day if is_workday(day) else next_working_day(day)


def in_time(day: date, promised: date | None) -> bool:
    """Not after the promised day; where none was promised, none is broken."""
    return promised is None or day <= promised
