"""The officers' desk."""

import pytest

from portal.inquiries.models import Inquiry
from portal.publishing import clock
from portal.publishing.models import Event
from tests import make

from .asking import SAID, asked, open_city

pytestmark = pytest.mark.django_db
INBOX = "/en/staff/inquiries/"


@pytest.fixture
def inquiry(client):
    open_city()
    return asked(client)


def page_of(inquiry):
    return f"{INBOX}{inquiry.number}/"


def test_an_officer_reads_what_was_asked_and_reading_is_recorded(client, inquiry):
    client.force_login(make.user("olga"))
    page = client.get(page_of(inquiry)).content.decode()
    for words in ("Ivy Investor", "ivy@example.com", "Ivy &amp; Co", "How much is the land?"):
        assert words in page
    event = Event.objects.first()
    assert (event.actor, event.action, event.city, event.subject) == ("olga", "read", "zaozhuang", str(inquiry))


@pytest.mark.parametrize("name", ["ann", "rob", "lee", "eve", "zoe"])
def test_nobody_else_sees_it(client, inquiry, name):
    client.force_login(make.user(name))
    assert client.get(page_of(inquiry)).status_code == 404
    assert client.post(f"{page_of(inquiry)}answered/").status_code == 404
    inbox = client.get(INBOX)
    assert inbox.status_code == (200 if name == "eve" else 404)
    assert inquiry.number not in inbox.content.decode()
    assert not Event.objects.filter(action="read").exists()


@pytest.mark.parametrize("path", ["", "{}/", "{}/answered/"])
def test_strangers_are_sent_to_log_in(client, inquiry, path):
    client.logout()
    address = INBOX + path.format(inquiry.number)
    answer = client.post(address) if path.endswith("answered/") else client.get(address)
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/en/accounts/login/")


def test_the_list_names_no_person(client, inquiry):
    client.force_login(make.user("olga"))
    page = client.get(INBOX).content.decode()
    assert inquiry.number in page
    assert not [words for words in SAID.values() if len(words) > 2 and words in page]


def test_what_a_sender_typed_is_shown_as_text(client):
    open_city()
    hostile = asked(client, name="<script>alert(1)</script>", message="<img src=x onerror=alert(1)>")
    client.force_login(make.user("olga"))
    page = client.get(page_of(hostile)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_answer_is_noted_once_and_the_sender_sees_it(client, inquiry):
    client.force_login(make.user("olga"))
    for _click in range(2):
        assert client.post(f"{page_of(inquiry)}answered/").url == INBOX
    inquiry = Inquiry.objects.get()
    assert inquiry.answered_by == make.user("olga")
    assert Event.objects.filter(action="answer").count() == 1
    assert "it has answered" in client.get(inquiry.get_absolute_url()).content.decode()


def test_asking_for_the_answered_address_changes_nothing(client, inquiry):
    client.force_login(make.user("olga"))
    assert client.get(f"{page_of(inquiry)}answered/").status_code == 405
    assert Inquiry.objects.get().answered_at is None


def test_the_unanswered_stand_first_the_oldest_on_top(client):
    open_city()
    first, second, third = (asked(client, email=f"ivy{turn}@example.com") for turn in range(3))
    client.force_login(make.user("olga"))
    client.post(f"{page_of(first)}answered/")
    assert [row.number for row in client.get(INBOX).context["page_obj"]] == [
        second.number,
        third.number,
        first.number,
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    client, settings, monkeypatch, django_assert_num_queries, count
):
    settings.CLOCK_MEMO_SECONDS = 3600  # the clock, read before, costs nothing: what is counted is the page's own
    monkeypatch.setattr(clock, "_memo", None)
    open_city()
    for turn in range(count):
        asked(client, email=f"ivy{turn}@example.com")
    client.force_login(make.user("olga"))
    client.get(INBOX)
    with django_assert_num_queries(7):
        client.get(INBOX)
