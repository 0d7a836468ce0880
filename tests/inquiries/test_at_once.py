"""Many requests at the same instant, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from portal.inquiries.models import Inquiry, Mail

from .asking import FORM, filled, open_city

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(posts):
    """The answers to all of them, sent together."""
    start = Barrier(len(posts))

    def send(posted):
        start.wait()
        try:
            return Client().post(FORM, posted)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(send, posts))


def test_a_double_click_is_one_inquiry_and_one_mail(client):
    open_city()
    answers = at_once([filled(client)] * 6)
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, Inquiry.objects.get().get_absolute_url())}
    assert Mail.objects.filter(purpose="received").count() == 1


def test_different_forms_at_once_are_different_inquiries(client):
    open_city()
    answers = at_once([filled(client, email=f"ivy{turn}@example.com") for turn in range(6)])
    assert [answer.status_code for answer in answers] == [302] * 6
    assert Inquiry.objects.count() == 6


def test_a_flood_at_once_stores_no_more_than_the_limit(client, settings):
    settings.INQUIRY_LIMITS = {"address": (3, 3600), "mailbox": (5, 3600)}
    open_city()
    answers = at_once([filled(client, email=f"ivy{turn}@example.com") for turn in range(10)])
    assert sorted(answer.status_code for answer in answers) == [302] * 3 + [429] * 7
    assert Inquiry.objects.count() == 3
