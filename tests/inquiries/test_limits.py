"""How much one sender may send."""

import pytest

from portal.inquiries.models import Inquiry

from .asking import FORM, ask, filled, open_city

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(settings):
    settings.INQUIRY_LIMITS = {"address": (3, 3600), "mailbox": (2, 3600)}


def flood(client, count=5, **extra):
    """The answers to so many inquiries from as many mailboxes."""
    open_city()
    said = [filled(client, email=f"ivy{turn}@example.com") for turn in range(count)]
    return [client.post(FORM, words, **extra).status_code for words in said]


def test_an_address_may_send_so_many(client):
    assert flood(client) == [302, 302, 302, 429, 429]
    assert Inquiry.objects.count() == 3


def test_a_mailbox_may_send_so_many_from_wherever(client):
    open_city()
    answers = [ask_from(client, f"192.0.2.{turn}", message=f"Question {turn}") for turn in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]


def ask_from(client, address, **said):
    return client.post(FORM, filled(client, **said), REMOTE_ADDR=address)


def test_who_must_wait_is_told_how_long_and_loses_nothing(client):
    open_city()
    for turn in range(2):
        ask(client, message=f"Question {turn}")
    posted = filled(client, message="The third question")
    answer = client.post(FORM, posted)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert "You can send it in 60 minutes." in page
    assert "The third question" in page
    assert posted["token"] in page


@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
def test_a_forged_header_is_no_other_address(client, name):
    open_city()
    said = [filled(client, email=f"ivy{turn}@example.com") for turn in range(5)]
    answers = [client.post(FORM, words, **{name: f"203.0.113.{turn}"}).status_code for turn, words in enumerate(said)]
    assert answers == [302, 302, 302, 429, 429]


def test_behind_a_proxy_only_its_own_word_counts(client, settings):
    settings.BEHIND_PROXY = True
    open_city()
    said = [filled(client, email=f"ivy{turn}@example.com") for turn in range(5)]
    answers = [
        client.post(FORM, words, HTTP_X_FORWARDED_FOR=f"203.0.113.{turn}, 192.0.2.1").status_code
        for turn, words in enumerate(said)
    ]
    assert answers == [302, 302, 302, 429, 429]


def test_what_is_refused_for_errors_does_not_count(client):
    open_city()
    for _turn in range(5):
        ask(client, name="")
    assert ask(client).status_code == 302


def test_a_double_click_on_the_last_place_is_no_refusal(client):
    open_city()
    ask(client, message="First")
    posted = filled(client, message="Second, the last place")
    first = client.post(FORM, posted)
    inquiry = Inquiry.objects.get(message="Second, the last place")
    Inquiry.objects.filter(pk=inquiry.pk).update(once="not committed yet, as another process sees it")
    assert client.post(FORM, posted).status_code == 302
    assert first.status_code == 302
