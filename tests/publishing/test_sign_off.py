"""The third step: where a city asks for it, a leader signs off what a reviewer has approved."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.cities.models import City, Membership
from portal.publishing import workflow
from portal.publishing.clock import database_now
from portal.publishing.models import Event, Hand, Version
from portal.publishing.workflow import Refused, editing, take
from tests import make
from tests.publishing.test_together import together

HOUR = timedelta(hours=1)


def give(name, *roles):
    person = make.user(name)
    for role in roles:
        Membership.objects.create(user=person, city=make.city(), role=role)
    return person


def submitted():
    """In review, with a figure, in a city whose leader signs off."""
    City.objects.filter(pk=make.city().pk).update(sign_off=True)
    draft = make.draft()
    make.figure(draft)
    take("submit", draft, by=make.user("ann"))
    return Version.objects.get(pk=draft.pk)


def reviewed():
    version = submitted()
    take("approve", version, by=make.user("rob"))
    return Version.objects.get(pk=version.pk)


@pytest.mark.django_db
class TestSignOff:
    def test_without_it_a_reviewer_publishes(self):
        assert make.live().state == "approved"

    def test_with_it_a_reviewer_passes_on_and_a_leader_publishes(self):
        version = reviewed()
        assert version.state == "reviewed"
        assert version.approved_by is None
        assert not Version.objects.live().exists()
        take("sign_off", version, by=make.user("lee"))
        live = Version.objects.live().get()
        assert live.approved_by == make.user("lee")
        assert [(hand.user.username, hand.did) for hand in live.hands.order_by("pk")] == [
            ("ann", "wrote"),
            ("rob", "reviewed"),
            ("lee", "approved"),
        ]
        assert list(Event.objects.values_list("action", flat=True)[:2]) == ["sign_off", "approve"]

    def test_the_leader_sets_the_hour_and_the_reviewer_does_not(self):
        version, begins = submitted(), database_now() + HOUR
        take("approve", version, by=make.user("rob"), at=begins)
        assert Version.objects.get().live_from is None
        assert Event.objects.first().detail == {}
        take("sign_off", version, by=make.user("lee"), at=begins)
        assert Version.objects.scheduled().get().live_from == begins

    @pytest.mark.parametrize("name", ["ann", "rob", "olga", "eve"])
    def test_nobody_else_signs_off(self, name):
        version = reviewed()
        with pytest.raises(PermissionDenied):
            take("sign_off", version, by=make.user(name))

    def test_a_leader_does_not_sign_off_what_nobody_reviewed(self):
        version = submitted()
        with pytest.raises(Refused):
            take("sign_off", version, by=make.user("lee"))

    def test_who_reviewed_does_not_sign_off(self):
        lee = give("lee", "reviewer")
        version = submitted()
        take("approve", version, by=lee)
        with pytest.raises(PermissionDenied):
            take("sign_off", version, by=lee)
        with pytest.raises(IntegrityError), transaction.atomic():
            Hand.objects.create(version_id=version.pk, user=lee, did="approved")

    def test_who_wrote_does_not_sign_off(self):
        lee = give("lee", "editor")
        draft = make.draft()
        City.objects.filter(pk=draft.city.pk).update(sign_off=True)
        make.figure(draft, by=lee)
        take("submit", draft, by=make.user("ann"))
        take("approve", draft, by=make.user("rob"))
        with pytest.raises(PermissionDenied):
            take("sign_off", draft, by=lee)

    @pytest.mark.parametrize("name", ["rob", "lee"])
    def test_reviewer_and_leader_send_back_and_the_review_is_void(self, name):
        version = reviewed()
        take("send_back", version, by=make.user(name), reason="Which year?")
        assert Version.objects.get().state == "draft"
        make.figure(version, 120)
        take("submit", version, by=make.user("ann"))
        take("approve", version, by=make.user("rob"))
        take("sign_off", version, by=make.user("lee"))
        assert Version.objects.live().count() == 1

    def test_a_reviewer_who_then_writes_does_not_review_again(self):
        rob = give("rob", "editor")
        version = reviewed()
        take("send_back", version, by=rob, reason="I mend it myself")
        make.figure(version, 120, by=rob)
        take("submit", version, by=make.user("ann"))
        with pytest.raises(PermissionDenied):
            take("approve", version, by=rob)

    def test_a_leader_sends_back_only_what_was_passed_on(self):
        version = submitted()
        with pytest.raises(PermissionDenied):
            take("send_back", version, by=make.user("lee"), reason="Too early")

    def test_it_is_still_in_work(self):
        version = reviewed()
        assert Version.objects.open().get() == version
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.create(
                entry=version.entry, number=2, created_by=make.user("ann"), created_at=database_now(), state="draft"
            )

    def test_what_it_names_stays_as_it_is(self):
        assert reviewed().figures.get().source.is_cited

    def test_its_words_do_not_change(self):
        version = reviewed()
        with pytest.raises(Refused), editing(version, by=make.user("ann")):
            pass
        for change in (
            lambda: Version.objects.filter(pk=version.pk).update(title=make.Text("Other words")),
            lambda: Version.objects.filter(pk=version.pk).update(edits=9),
            lambda: version.figures.update(value_min=1),
            lambda: make.CityProfile.objects.filter(pk=version.pk).update(city_type="anchor"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_city_that_gives_it_up_still_signs_off_what_waits(self):
        version = reviewed()
        City.objects.update(sign_off=False)
        take("sign_off", version, by=make.user("lee"))
        assert Version.objects.live().count() == 1

    def test_database_knows_one_reviewer(self):
        version = reviewed()
        with pytest.raises(IntegrityError), transaction.atomic():
            Hand.objects.create(version_id=version.pk, user=make.user("olga"), did="reviewed")


@pytest.mark.django_db
class TestNote:
    """The public sentence on what changed, asked for at submission."""

    def test_it_is_kept_with_its_writers_hand_and_nothing_falls_behind(self):
        first = make.draft()
        make.write(first, workflow.Translation, language="en", origin="human")
        draft = make.revised(make.approved(first))
        other = give("olga", "editor")
        take("submit", draft, by=other, note=make.Text({"en": "A newer count", "zh-hans": "更新数量"}))
        draft = Version.objects.get(pk=draft.pk)
        assert draft.note == {"en": "A newer count", "zh-hans": "更新数量"}
        assert draft.hands.filter(user=other, did="wrote").exists()
        assert not draft.specific.translations.filter(behind=True).exists()

    def test_a_revision_begins_without_one(self):
        first = make.live()
        second = make.revised(first)
        take("submit", second, by=make.user("ann"), note=make.Text("New count"))
        take("approve", second, by=make.user("rob"))
        assert make.revised(second).note == {}

    def test_the_trail_says_which_draft_came_of_a_revision(self):
        make.revised(make.live())
        event = Event.objects.first()
        assert (event.action, event.number, event.detail) == ("revise", 1, {"draft": 2})


def sign_off_at_once(version, times):
    leaders = [make.user("lee")]
    for number in range(times - 1):
        leader = make.User.objects.create_user(f"leader{number}")
        Membership.objects.create(user=leader, city=version.city, role="leader")
        leaders.append(leader)
    return together(lambda number: take("sign_off", version, by=leaders[number]), times)


@pytest.mark.django_db(transaction=True)
def test_of_eight_leaders_one_signs_off():
    outcomes = sign_off_at_once(reviewed(), 8)
    assert sum(isinstance(outcome, Version) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 7
    assert Event.objects.filter(action="sign_off").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_sign_off_and_a_sending_back_one_happens():
    version, lee, rob = reviewed(), make.user("lee"), make.user("rob")
    acts = [
        lambda: take("sign_off", version, by=lee),
        lambda: take("send_back", version, by=rob, reason="Wait"),
    ]
    outcomes = together(lambda number: acts[number](), 2)
    assert sum(isinstance(outcome, Version) for outcome in outcomes) == 1
    assert Version.objects.get().state in {"approved", "draft"}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_several_get_past_the_question_who_may(monkeypatch):
    """The control: nobody waits. What then still refuses is the database, by its rule of one approver a version."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's own lock covers the whole transaction")
    import time

    publish = workflow.STEPS["sign_off"].act

    def slowly(version, **said):
        time.sleep(0.1)
        return publish(version, **said)

    version = reviewed()
    monkeypatch.setattr(workflow, "lock", lambda entry: Version.objects.filter(entry=entry))
    monkeypatch.setitem(workflow.STEPS, "sign_off", workflow.STEPS["sign_off"]._replace(act=slowly))
    outcomes = sign_off_at_once(version, 4)
    assert any(isinstance(outcome, DatabaseError) for outcome in outcomes)
