"""Mails to colleagues go through the same outbox, in their language, and leave nothing secret behind."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext_lazy

from portal.inquiries import mail
from portal.inquiries.models import Mail
from tests import make

pytestmark = pytest.mark.django_db


TEMPLATE = "emails/password_reset.txt"


def wrote(**said):
    said = {"subject": gettext_lazy("Workspace"), "context": {"link": "/en/x?code=secret"}} | said
    mail.to_colleague(make.user("ann"), template=TEMPLATE, **said)
    return Mail.objects.last()


def test_a_colleague_is_written_to_in_the_own_language():
    assert wrote().subject == "Workspace"
    make.User.objects.update(language="zh-hans")
    row = wrote()
    assert (row.subject, row.language, row.to) == ("工作台", "zh-hans", "ann@example.org")


def test_a_subject_is_one_short_line():
    subject = wrote(subject="%(title)s", context={"title": "Two\r\nBcc: x@example.com" + "x" * 300}).subject
    assert "\n" not in subject
    assert len(subject) == 200


def test_it_goes_when_the_transaction_does():
    with transaction.atomic():
        wrote()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_once_sent_the_outbox_keeps_no_link():
    row = wrote()
    mail.send_due()
    assert "code=secret" in outbox.outbox[0].body
    row.refresh_from_db()
    assert (row.state, row.body) == ("done", "")


def test_nobody_writes_to_who_has_left_or_has_no_address():
    make.User.objects.filter(pk=make.user("ann").pk).update(is_active=False)
    assert wrote() is None
    make.User.objects.update(is_active=True, email="")
    assert wrote() is None


def test_it_is_forgotten_after_a_month():
    row = wrote()
    mail.send_due()
    mail.forget_old()
    assert Mail.objects.filter(pk=row.pk).exists()
    Mail.objects.update(sent_at=Mail.objects.get().sent_at - timedelta(days=31))
    mail.forget_old()
    assert not Mail.objects.exists()
    call_command("erase_old_inquiries")
