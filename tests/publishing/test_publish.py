"""What is public when: approval, schedules, withdrawal."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from clusters.models import CityProfile
from portal.publishing.clock import database_now
from portal.publishing.models import Event, Hand, Version
from portal.publishing.permissions import approvable
from portal.publishing.workflow import Refused, take, withdraw
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def live_numbers(at=None):
    return list(CityProfile.objects.live(at).values_list("number", flat=True))


def test_draft_and_review_are_not_public():
    draft = make.draft()
    assert live_numbers() == []
    take("submit", draft, by=make.user("ann"))
    assert live_numbers() == []


def test_approved_version_replaces_the_one_before_it_without_a_gap():
    first = make.live()
    second = make.approved(make.revised(first))
    first.refresh_from_db()
    assert first.live_until == second.live_from
    assert live_numbers() == [2]
    assert live_numbers(second.live_from - timedelta(microseconds=1)) == [1]


def test_scheduled_version_is_public_from_its_hour_and_not_before():
    first, begins = make.live(), database_now() + HOUR
    make.approved(make.revised(first), at=begins)
    assert live_numbers() == [1]
    assert live_numbers(begins - timedelta(microseconds=1)) == [1]
    assert live_numbers(begins) == [2]


def test_approval_for_a_past_hour_is_approval_now():
    version = make.approved(make.draft(), at=database_now() - HOUR)
    assert version.live_from > database_now() - HOUR / 2


def test_called_off_version_never_appears_and_the_older_one_goes_on():
    first, begins = make.live(), database_now() + HOUR
    second = make.approved(make.revised(first), at=begins)
    take("call_off", second, by=make.user("rob"), reason="Wrong day")
    assert live_numbers(begins) == [1]
    first.refresh_from_db()
    assert first.live_until is None


@pytest.mark.parametrize(("called_off", "numbers"), [(1, [1, 1, 3]), (2, [1, 2, 2])])
def test_of_two_scheduled_versions_either_can_be_called_off_without_a_gap(called_off, numbers):
    now = database_now()
    versions = [make.live()]
    for hours in (1, 2):
        versions.append(make.approved(make.revised(versions[-1]), at=now + hours * HOUR))
    take("call_off", versions[called_off], by=make.user("rob"), reason="Wrong day")
    assert [live_numbers(now + hours * HOUR) for hours in (0.5, 1, 2)] == [[number] for number in numbers]


def test_only_what_is_scheduled_can_be_called_off():
    version = make.live()
    with pytest.raises(Refused):
        take("call_off", version, by=make.user("rob"), reason="x")


def test_withdrawal_ends_what_is_public_and_what_is_scheduled():
    first, begins = make.live(), database_now() + HOUR
    second = make.approved(make.revised(first), at=begins)
    take("withdraw", first, by=make.user("rob"), reason="Company objects")
    assert live_numbers() == live_numbers(begins) == []
    assert not CityProfile.objects.scheduled().exists()
    with pytest.raises(Refused):
        take("withdraw", second, by=make.user("rob"), reason="Again")


def test_who_wrote_a_word_cannot_approve_it():
    draft = make.draft()
    rob = make.user("rob")
    make.Membership.objects.create(user=rob, city=draft.city, role="editor")
    make.figure(draft, by=rob)
    take("submit", draft, by=make.user("ann"))
    with pytest.raises(PermissionDenied):
        take("approve", draft, by=rob)


def test_who_submitted_it_cannot_approve_it():
    draft, rob = make.draft(), make.user("rob")
    make.Membership.objects.create(user=rob, city=draft.city, role="editor")
    take("submit", draft, by=rob)
    with pytest.raises(PermissionDenied):
        take("approve", draft, by=rob)
    assert not approvable(rob, Version.objects.all()).exists()


def test_database_refuses_a_writer_as_approver():
    draft = make.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Hand.objects.create(version_id=draft.pk, user=make.user("ann"), did="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(
            state="approved", approved_by=make.user("ann"), live_from=database_now()
        )


def test_database_refuses_approval_without_period_or_approver():
    draft = make.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(state="approved")


def test_database_refuses_two_open_periods():
    first = make.live()
    second = make.revised(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=second.pk).update(
            state="approved", approved_by=make.user("rob"), live_from=database_now() + HOUR
        )


@pytest.mark.parametrize("name", ["eve", "lee", "olga"])
def test_others_take_no_step(name):
    draft = make.draft()
    with pytest.raises(PermissionDenied):
        take("submit", draft, by=make.user(name))


def test_sending_back_needs_a_reason_and_keeps_it():
    draft = make.draft()
    take("submit", draft, by=make.user("ann"))
    with pytest.raises(Refused):
        take("send_back", draft, by=make.user("rob"), reason="  ")
    take("send_back", draft, by=make.user("rob"), reason="Which year?")
    assert Version.objects.get(pk=draft.pk).state == "draft"
    assert Event.objects.first().reason == "Which year?"


def test_step_from_the_wrong_state_is_refused_and_changes_nothing():
    version = make.live()
    for name in ("submit", "approve"):
        with pytest.raises((Refused, PermissionDenied)):
            take(name, version, by=make.user("ann"))
    assert live_numbers() == [1]


def test_one_version_is_in_work_at_a_time():
    first = make.live()
    second = make.revised(first)
    with pytest.raises(Refused):
        make.revised(first)
    take("discard", second, by=make.user("ann"), reason="Not needed")
    assert make.revised(first).number == 3


def test_withdrawal_is_one_function_for_the_live_and_the_scheduled():
    """The table's act is what `take` calls; nothing else ends a period."""
    from portal.publishing.workflow import STEPS

    assert STEPS["withdraw"].act is withdraw


def test_approved_version_never_changes():
    version = make.live()
    version.title = make.Text("Other words")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(state="draft")
    assert str(CityProfile.objects.get().title) == "Title zaozhuang"


def test_period_that_ended_is_not_moved():
    first = make.live()
    make.approved(make.revised(first))
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(live_until=database_now() + HOUR)
