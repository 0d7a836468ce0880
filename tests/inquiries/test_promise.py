"""By when a city answers."""

from datetime import UTC, date, datetime

import pytest

from portal.inquiries.promise import reply_by


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        (datetime(2026, 11, 18, 2, tzinfo=UTC), date(2026, 11, 23)),  # Wednesday: Thursday, Friday, Monday
        (datetime(2026, 11, 21, 2, tzinfo=UTC), date(2026, 11, 25)),  # Saturday: Monday to Wednesday
        (datetime(2026, 11, 18, 17, tzinfo=UTC), date(2026, 11, 24)),  # already Thursday in China
        (datetime(2026, 9, 30, 2, tzinfo=UTC), date(2026, 10, 10)),  # the national holiday; a Saturday that is worked
        (datetime(2026, 12, 30, 2, tzinfo=UTC), None),  # next year's holidays are not announced yet
    ],
)
def test_working_days_are_china_s(received, promised):
    assert reply_by(received, time_zone="Asia/Shanghai", days=3) == promised
