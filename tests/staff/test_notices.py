"""Who is mailed when a version moves: once, in the own language, in the same transaction, and only who wants it."""

import pytest
from django.db import transaction

from clusters.models import ClusterProfile
from portal.cities.models import City, Membership, User
from portal.inquiries.models import Mail
from portal.publishing.comments import comment
from portal.publishing.workflow import take
from portal.staff.notices import silence
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """Two who write, two who review, a leader, an officer, and somebody of another city."""
    for name in ("ann", "rob", "lee", "olga", "eve"):
        make.user(name)
    for name, role in {"amy": "editor", "roy": "reviewer"}.items():
        user = User.objects.create_user(name, f"{name}@example.org", make.PASSWORD)
        Membership.objects.create(user=user, city=make.city(), role=role)
    return make.draft(ClusterProfile, title=make.Text({"en": "Lithium", "zh-hans": "锂电"}), slug="one")


def told():
    """To whom what went since last asked."""
    mails = sorted((mail.to.partition("@")[0], mail.subject) for mail in Mail.objects.all())
    Mail.objects.all().delete()
    return mails


def user(name):
    return User.objects.get(username=name)


def test_a_submitted_page_waits_for_its_citys_reviewers(office):
    take("submit", office, by=user("ann"))
    waiting = "Waiting for your review: Lithium"
    assert told() == [("rob", waiting), ("roy", waiting)]


def test_who_wrote_a_word_or_took_the_step_is_not_told(office):
    Membership.objects.create(user=user("ann"), city=make.city(), role="reviewer")
    Membership.objects.create(user=user("amy"), city=make.city(), role="reviewer")
    make.figure(office, by=user("amy"))
    take("submit", office, by=user("ann"))
    assert [name for name, _subject in told()] == ["rob", "roy"]


def test_what_was_decided_goes_to_all_who_wrote(office):
    make.figure(office, by=user("amy"))
    take("submit", office, by=user("ann"))
    told()
    take("send_back", office, by=user("rob"), reason="The year is missing.")
    assert "The year is missing." in Mail.objects.first().body
    assert told() == [("amy", "Sent back to you: Lithium"), ("ann", "Sent back to you: Lithium")]
    take("submit", office, by=user("ann"))
    told()
    take("approve", office, by=user("rob"))
    assert told() == [("amy", "Approved: Lithium"), ("ann", "Approved: Lithium")]


def test_where_a_leader_signs_off_the_leader_is_told_before_the_writers(office):
    City.objects.update(sign_off=True)
    take("submit", office, by=user("ann"))
    told()
    take("approve", office, by=user("rob"))
    assert told() == [("lee", "Waiting for your sign-off: Lithium")]
    take("sign_off", office, by=user("lee"))
    assert told() == [("ann", "Approved: Lithium")]


def test_a_remark_goes_to_who_wrote(office):
    comment(office, section="main", text="Which park?", by=user("rob"))
    assert "Which park?" in Mail.objects.get().body
    assert told() == [("ann", "New remark on Lithium")]
    comment(office, section="main", text="The northern one.", by=user("ann"))
    assert told() == []


def test_each_is_told_in_the_own_language(office):
    User.objects.filter(username="rob").update(language="zh-hans")
    take("submit", office, by=user("ann"))
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert mails["rob@example.org"].subject.endswith("锂电")
    assert "/zh-hans/staff/" in mails["rob@example.org"].body
    assert "/en/staff/" in mails["roy@example.org"].body


def test_a_shared_mailbox_gets_one_mail_and_who_wants_none_gets_none(office):
    User.objects.filter(username="roy").update(email="ROB@example.org")
    take("submit", office, by=user("ann"))
    assert len(told()) == 1
    User.objects.update(mail_notices=False)
    take("send_back", office, by=user("rob"), reason="x")
    assert told() == []


def test_a_step_that_is_undone_tells_nobody(office):
    with transaction.atomic():
        take("submit", office, by=user("ann"))
        transaction.set_rollback(True)
    assert told() == []


def test_loading_tells_nobody(office):
    with silence():
        take("submit", office, by=user("ann"))
    take("send_back", office, by=user("rob"), reason="x")
    assert [name for name, _subject in told()] == ["ann"]
