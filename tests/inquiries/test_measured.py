"""How soon inquiries were answered, as the pages say it."""

from datetime import date, datetime, timedelta
from math import inf
from zoneinfo import ZoneInfo

import pytest

from portal.inquiries.measured import Replies, measured, replies
from portal.inquiries.models import Inquiry
from tests.inquiries.asking import asked, open_city

TODAY = date(2024, 6, 28)  # a Friday; the 10th was a holiday
MONDAY, WEDNESDAY, THURSDAY = date(2024, 6, 17), date(2024, 6, 19), date(2024, 6, 20)


def test_days_are_working_days_and_a_reply_on_the_day_took_none():
    assert measured([(date(2024, 6, 7), date(2024, 6, 13), date(2024, 6, 11), 1)], TODAY) == Replies(1, 1, 1, 1)
    assert measured([(MONDAY, THURSDAY, MONDAY, 1)], TODAY).days == 0


def test_what_was_never_answered_took_longer_than_anything():
    known = [(MONDAY, THURSDAY, WEDNESDAY, 2), (MONDAY, THURSDAY, None, 2)]
    assert measured(known, TODAY) == Replies(4, 2, 2, 2)
    assert measured([*known, (MONDAY, THURSDAY, None, 1)], TODAY) == Replies(5, 2, 2, inf)
    assert measured([(MONDAY, THURSDAY, None, 3)], TODAY).days is None


def test_what_is_not_due_yet_is_not_counted_and_neither_is_today():
    assert measured([(date(2024, 6, 27), date(2024, 7, 2), None, 9)], TODAY) == Replies()
    assert measured([(MONDAY, THURSDAY, TODAY, 1)], TODAY) == Replies(1, 0, 0, inf)


def test_late_replies_count_but_not_as_kept():
    assert measured([(MONDAY, WEDNESDAY, THURSDAY, 5)], TODAY) == Replies(5, 5, 0, 3)


def test_where_no_day_was_promised_none_was_broken():
    assert measured([(MONDAY, None, THURSDAY, 5), (MONDAY, None, None, 2)], TODAY) == Replies(5, 5, 5, 3)


def test_holidays_not_announced_yet_count_as_weeks_do():
    assert measured([(date(2090, 3, 3), date(2090, 3, 8), date(2090, 3, 6), 1)], date(2090, 4, 1)).days == 1


@pytest.mark.django_db
def test_pages_say_it_once_there_are_enough(client, settings):
    officer = open_city()
    for number in range(settings.INQUIRIES_TO_MEASURE):
        inquiry = asked(client, message=f"Question {number}?", email=f"i{number}@example.com")
        received = datetime(2024, 6, 17, 20 + number % 4, tzinfo=ZoneInfo("Asia/Shanghai"))
        answered = {"answered_at": received + timedelta(days=2), "answered_by": officer}
        Inquiry.objects.filter(pk=inquiry.pk).update(received_at=received, reply_by=THURSDAY, **answered)
    known = replies(TODAY, city=inquiry.city)
    assert (known, known.is_enough) == (Replies(5, 5, 5, 2), True)
    assert replies(date(2025, 6, 18)) == Replies()
    assert not replies(MONDAY).is_enough
