"""The doubts of a version: answered by its writers, read by its reviewers, shown to nobody else."""

import pytest
from django.urls import reverse

from clusters.models import CityProfile
from portal.facts.doubts import doubts_in
from portal.facts.models import DoubtAnswer
from portal.lib.text import Text
from portal.publishing.models import Translation
from portal.publishing.workflow import take
from tests import make

pytestmark = pytest.mark.django_db
REASON = "The source prints no year."


@pytest.fixture
def draft():
    draft = make.draft()
    make.figure(draft, as_of="XXXX-08-26")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def doubt(draft):
    [found] = [doubt for doubt in doubts_in(draft) if doubt.is_open]
    return found


def at(name, draft):
    return reverse(name, args=[draft.pk])


def post(client, draft, doubt, name="staff-doubt-answer", by="ann", **said):
    client.force_login(make.user(by))
    return client.post(at(name, draft), {"code": doubt.code, "key": doubt.key, "reason": REASON} | said, follow=True)


def test_page_says_what_is_doubted_and_where_to_mend_it(client, draft, doubt):
    client.force_login(make.user("ann"))
    page = client.get(at("staff-doubts", draft)).text
    assert "One serious doubt is open." in page
    assert doubt.says in page
    assert reverse("staff-row", args=[draft.pk, "figures", doubt.row]) in page
    assert at("staff-doubt-answer", draft) in page


def test_an_answer_opens_the_way_to_review(client, draft, doubt):
    page = post(client, draft, doubt).text
    assert REASON in page
    assert "Nothing here keeps the page from review." in page
    take("submit", draft, by=make.user("ann"))


def test_a_reviewer_reads_answers_and_changes_none(client, draft, doubt):
    post(client, draft, doubt)
    take("submit", draft, by=make.user("ann"))
    client.force_login(make.user("rob"))
    page = client.get(at("staff-doubts", draft)).text
    assert REASON in page
    assert "Withdraw the answer" not in page
    assert post(client, draft, doubt, by="rob", reason="Mine").status_code == 403
    assert post(client, draft, doubt, reason="Later").status_code == 200  # ann, but it is in review
    assert DoubtAnswer.objects.get().reason == REASON


def test_a_refused_submission_says_how_many_and_leads_to_them(client, draft):
    client.force_login(make.user("ann"))
    answer = client.post(reverse("staff-step", args=[draft.pk, "submit"]), {"seen": draft.edits})
    assert answer.status_code == 409
    assert "One serious doubt is neither mended nor answered." in answer.text
    assert at("staff-doubts", draft) in answer.text


def test_an_answer_is_withdrawn(client, draft, doubt):
    post(client, draft, doubt)
    page = post(client, draft, doubt, "staff-doubt-withdraw").text
    assert "One serious doubt is open." in page
    draft.refresh_from_db()
    assert draft.open_doubts == 1
    assert not DoubtAnswer.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_an_answer_without_a_reason_is_asked_for_again(client, draft, doubt, reason):
    answer = post(client, draft, doubt, reason=reason)
    assert answer.status_code == 422
    assert "Error:" in answer.text
    assert not DoubtAnswer.objects.exists()
    if reason.strip():
        assert reason in answer.text


@pytest.mark.parametrize("said", [{"key": "0" * 32}, {"code": "nothing"}, {"code": "", "key": ""}])
def test_what_is_doubted_no_more_is_not_answered(client, draft, doubt, said):
    page = post(client, draft, doubt, **said).text
    assert "What was doubted there has changed meanwhile." in page
    assert not DoubtAnswer.objects.exists()


def test_answers_leave_their_hand_and_their_trace(client, draft, doubt):
    seen = draft.edits
    post(client, draft, doubt)
    draft.refresh_from_db()
    assert draft.edits == seen + 1
    assert DoubtAnswer.objects.get().by == "ann"
    assert draft.hands.filter(user=make.user("ann"), did="wrote").exists()


def test_no_answer_is_on_the_public_page_or_in_the_api(client, draft, doubt):
    post(client, draft, doubt)
    city = make.approved(draft)
    client.logout()
    for address in (city.get_absolute_url(), reverse("cities-detail", args=["zaozhuang"])):
        answer = client.get(address)
        assert answer.status_code == 200
        assert REASON not in answer.text


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_number_of_questions(client, django_assert_num_queries, count):
    draft = make.draft(summary=Text({"en": "116", "zh-hans": "117"}))
    for number in range(count):
        make.figure(draft, number, as_of=f"XXXX-08-{number + 1:02}")
    make.write(draft, Translation, language="en", origin="machine")
    client.force_login(make.user("ann"))
    client.get(at("staff-doubts", draft))
    parts = sum(part.is_content for part in CityProfile.parts())  # a question each, however many rows
    with django_assert_num_queries(parts + 13):
        client.get(at("staff-doubts", draft))
