"""How much one sender may send."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.lib.limits import neighbourhood, seconds_to_wait


def test_a_household_is_one_address():
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") != neighbourhood("2001:db8:0:1::1")
    assert neighbourhood("192.0.2.1") == "192.0.2.1"
    assert neighbourhood("") == ""


@pytest.mark.django_db
def test_each_place_is_free_again_after_its_own_hour():
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    waits = []
    for minutes in (0, 30, 31, 61, 62):
        with time_machine.travel(noon + timedelta(minutes=minutes), tick=False):
            waits.append(seconds_to_wait(what="x", limits={"address": (2, 3600)}, once=str(minutes), address="::1"))
    assert waits == [0, 0, 29 * 60, 0, 28 * 60]
