"""The narrow table that lists and ledger are counted from ends with the versions, whatever step ends them."""

import pytest
from django.utils.timezone import now, timedelta

from portal.publishing.clock import Past, database_now
from portal.publishing.past import at_its_beginning
from portal.publishing.workflow import take
from projects.models import Progress, ProjectListing
from tests import make

pytestmark = pytest.mark.django_db


def assert_alike(*moments):
    for at in moments:
        live = set(ProjectListing.objects.live(at).values_list("pk", flat=True))
        assert set(Progress.objects.live(at).values_list("pk", flat=True)) == live


def test_what_is_live_is_the_same_in_both_after_every_step():
    tomorrow, later = now() + timedelta(days=1), now() + timedelta(days=2)
    first = make.project("one")
    make.project("other")
    assert_alike(database_now(), later)
    second = make.approved(make.revised(first), at=tomorrow)
    assert_alike(database_now(), tomorrow, later)
    take("call_off", second, by=make.user("rob"), reason="not yet")
    assert_alike(database_now(), tomorrow, later)
    third = make.approved(make.revised(first))
    assert_alike(first.live_from, database_now(), later)
    take("withdraw", third, by=make.user("rob"), reason="wrong")
    assert_alike(first.live_from, third.live_from, database_now(), later)
    assert Progress.objects.live(database_now()).count() == 1
    assert_alike(*(Past.seen(version.live_from, database_now()) for version in (first, third)))


def test_what_is_withdrawn_is_counted_on_no_day_of_the_past(client):
    withdrawn = make.project("gone")
    moment = at_its_beginning(withdrawn)
    take("withdraw", withdrawn, by=make.user("rob"), reason="wrong")
    assert client.get("/en/projects/", {"at": moment}).context["heading"] == "0 projects"
