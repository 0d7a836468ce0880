"""What is kept about a person: shown on demand, erased on demand and at the set age."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.inquiries.models import Inquiry, Mail, months_before
from portal.publishing.models import Event

from .asking import SAID, asked, open_city

pytestmark = pytest.mark.django_db


def test_everything_kept_about_a_person_is_exported(client, capsys):
    open_city()
    inquiry = asked(client)
    asked(client, email="other@example.com", name="Somebody Else")
    call_command("export_person", email=" IVY@example.com")
    [kept] = json.loads(capsys.readouterr().out)["inquiries"]
    assert {name: kept[name] for name in SAID} == SAID
    assert (kept["number"], kept["city"]) == (inquiry.number, "zaozhuang")
    assert kept["consent"] == inquiry.consent.text
    assert [mail["subject"] for mail in kept["mails"]] == [inquiry.acknowledgement.subject]


def test_a_person_is_erased_and_nobody_else(client, capsys):
    open_city()
    gone = asked(client)
    stays = asked(client, email="other@example.com")
    call_command("erase_person", email="Ivy@Example.com")
    assert capsys.readouterr().out == "1 inquiries erased.\n0 follows erased.\n"
    assert [row.number for row in Inquiry.objects.all()] == [stays.number]
    assert not Mail.objects.filter(to=SAID["email"]).exists()
    event = Event.objects.first()
    assert (event.action, event.subject) == ("erase", f"inquiry {gone.number}")


def test_what_is_older_than_promised_goes(client, settings):
    open_city()
    old, young = asked(client), asked(client, message="Later")
    limit = months_before(timezone.now(), settings.INQUIRY_RETENTION_MONTHS)
    Inquiry.objects.filter(pk=old.pk).update(received_at=limit)
    Inquiry.objects.filter(pk=young.pk).update(received_at=limit + timedelta(minutes=5))
    call_command("erase_old_inquiries")
    assert [row.pk for row in Inquiry.objects.all()] == [young.pk]
    assert Mail.objects.filter(inquiry=young).exists()


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ((2026, 11, 21), 24, (2024, 11, 21)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 31), 12, (2025, 12, 31)),
    ],
)
def test_months_are_calendar_months(moment, months, before):
    assert months_before(datetime(*moment, 8, tzinfo=UTC), months) == datetime(*before, 8, tzinfo=UTC)
