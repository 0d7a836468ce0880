"""The mails of an inquiry: sent once, in the right language, whatever the mail server and the queue are doing."""

import smtplib
import socket
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as outbox
from django.utils import timezone

from portal.inquiries import mail
from portal.inquiries.models import Mail
from tests import make
from tests.conftest import wait_until

from .asking import FORM, asked, filled, open_city

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Sink:
    """A mail server's mind: `answer` is what it says to the text of a mail, None to keep it."""

    def __init__(self):
        self.kept, self.answer, self.refused = [], None, set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer:
            return self.answer
        self.kept.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 kept"


@pytest.fixture
def sink():
    return Sink()


@pytest.fixture
def mail_port(settings):
    """Where the settings look for a mail server; nobody listens there yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    return port


@pytest.fixture
def mail_server(sink, mail_port):
    """A real mail server."""
    server = Controller(sink, hostname="127.0.0.1", port=mail_port)
    server.start()
    yield server
    server.stop()


def run_until_idle():
    while Mail.objects.due(timezone.now()).exists():
        mail.send_due()


def later():
    """The pause before the next try is over."""
    Mail.objects.update(next_try=timezone.now())


@pytest.mark.django_db
def test_the_acknowledgement_speaks_the_senders_language(client):
    open_city()
    assert asked(client, "/zh-hans/inquiry/", language="en").acknowledgement.language == "en"
    acknowledgement = asked(client, "/en/inquiry/", language="zh-hans").acknowledgement
    assert acknowledgement.language == "zh-hans"
    assert "枣庄" in acknowledgement.body
    assert "/zh-hans/inquiry/" in acknowledgement.body


@pytest.mark.django_db
def test_no_mail_carries_what_the_sender_typed(client):
    open_city()
    asked(
        client, name="Buy at http://spam.example", message="Spam", organisation="Spam Ltd", size="Spam", timing="Spam"
    )
    assert Mail.objects.count() == 2
    assert not [row for row in Mail.objects.all() if "spam" in f"{row.subject} {row.body}".lower()]


@pytest.mark.django_db
def test_the_notice_names_nobody_and_goes_to_each_officer_of_that_city_once(client):
    olga = open_city()
    for name in ("ann", "rob", "lee", "eve"):
        make.user(name)
    deputy = make.User.objects.create_user("deputy", olga.email.upper())
    gone = make.User.objects.create_user("gone", "gone@example.org", is_active=False)
    for user in (deputy, gone):
        make.Membership.objects.create(user=user, city=make.city(), role="officer")
    inquiry = asked(client)
    notices = Mail.objects.filter(purpose="notice")
    assert [row.to.lower() for row in notices] == [olga.email]
    assert inquiry.number in notices[0].body
    assert "ivy" not in f"{notices[0].subject} {notices[0].body}".lower()


@pytest.mark.django_db
def test_a_mail_arrives_with_its_headers(client, mail_server, sink):
    open_city()
    acknowledgement = asked(client).acknowledgement
    run_until_idle()
    [message] = [message for to, message in sink.kept if to == ["ivy@example.com"]]
    assert (message["To"], message["Subject"]) == ("ivy@example.com", acknowledgement.subject)
    assert message["Message-ID"] == acknowledgement.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == acknowledgement.body.splitlines()
    acknowledgement.refresh_from_db()
    assert (acknowledgement.state, acknowledgement.tries) == ("done", 1)
    assert len(sink.kept) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trick",
    [
        {"name": "Ivy\r\nBcc: all@example.org"},
        {"organisation": "A\nTo: all@example.org"},
        {"message": "A\r\n.\r\nMAIL FROM:<x@y.example>\r\nBcc: all@example.org"},
    ],
)
def test_nothing_typed_becomes_a_header_or_a_recipient(client, mail_server, sink, trick):
    open_city()
    asked(client, **trick)
    run_until_idle()
    assert sorted(to for to, _message in sink.kept) == [["ivy@example.com"], ["olga@example.org"]]
    for _to, message in sink.kept:
        assert message["Bcc"] is None
        assert "all@example.org" not in message.as_string()


@pytest.mark.django_db
def test_a_mail_server_that_is_down_is_tried_again_and_staff_see_it(client, mail_port, sink):
    olga = open_city()
    inquiry = asked(client)
    run_until_idle()
    acknowledgement = inquiry.acknowledgement
    assert (acknowledgement.state, acknowledgement.tries) == ("queued", 1)
    assert acknowledgement.next_try > timezone.now()
    client.force_login(olga)
    inbox = client.get("/en/staff/inquiries/").content.decode()
    assert "not sent yet" in inbox
    assert "ConnectionRefusedError" in inbox
    server = Controller(sink, hostname="127.0.0.1", port=mail_port)
    server.start()
    later()
    run_until_idle()
    server.stop()
    assert len(sink.kept) == 2
    assert "not sent yet" not in client.get("/en/staff/inquiries/").content.decode()


@pytest.mark.django_db
def test_a_mail_put_off_is_tried_again_and_one_refused_for_good_is_not(client, mail_server, sink):
    open_city()
    acknowledgement = asked(client).acknowledgement
    sink.answer = "451 try again later"
    run_until_idle()
    acknowledgement.refresh_from_db()
    assert (acknowledgement.state, acknowledgement.error) == ("queued", "SMTPDataError 451")
    sink.answer = None
    sink.refused = {"ivy@example.com"}
    later()
    run_until_idle()
    acknowledgement.refresh_from_db()
    assert (acknowledgement.state, acknowledgement.error) == ("failed", "SMTPRecipientsRefused 550")
    assert "could not be delivered" in client.get(acknowledgement.inquiry.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_pauses_double_up_to_an_hour(client):
    open_city()
    acknowledgement = asked(client).acknowledgement
    pauses = []
    for acknowledgement.tries in (1, 2, 3, 50):
        pauses.append(acknowledgement.pause().total_seconds())
    assert pauses == [10, 20, 40, 3600]


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"")}), False),
        (smtplib.SMTPDataError(554, b""), True),
        (smtplib.SMTPAuthenticationError(535, b""), False),  # ours to mend, not the mail's fault
        (ConnectionRefusedError(), False),
    ],
)
def test_only_what_the_server_refuses_for_good_is_given_up(error, final):
    assert mail.is_final(error) is final


@pytest.mark.django_db
def test_of_two_workers_one_sends(client):
    open_city()
    pk = asked(client).acknowledgement.pk
    now = timezone.now()
    assert Mail.objects.claim(pk, now)
    assert Mail.objects.claim(pk, now) is None


@pytest.mark.django_db
def test_what_a_dead_worker_left_is_taken_up_and_its_late_word_is_void(client):
    open_city()
    pk = asked(client).acknowledgement.pk
    dead = Mail.objects.claim(pk, timezone.now())
    Mail.objects.update(lease_until=timezone.now())
    living = Mail.objects.claim(pk, timezone.now())
    assert living.tries == 2
    assert dead.finish() is False
    assert living.finish(sent_at=timezone.now()) is True


@pytest.mark.django_db
def test_a_job_that_kills_its_workers_is_parked(client, monkeypatch):
    open_city()
    pk = asked(client).acknowledgement.pk
    monkeypatch.setattr(Mail, "most_tries", 3)
    for turn in range(4):
        claimed = Mail.objects.claim(pk, timezone.now() + timedelta(minutes=2 * turn))
        assert bool(claimed) is (turn < 3)
    assert Mail.objects.get(pk=pk).state == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_broken_broker_keeps_no_reader_and_loses_no_mail(client, broken_broker):
    open_city()
    posted = filled(client)
    began = time.monotonic()
    response = client.post(FORM, posted)
    assert time.monotonic() - began < 10  # not the half minute for which the queue is waited for
    assert response.status_code == 302
    assert Mail.objects.filter(state="queued").count() == 2


@pytest.mark.django_db
def test_a_mail_server_that_never_answers_is_tried_again(client, settings, mail_port):
    open_city()
    settings.EMAIL_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", mail_port)):
        acknowledgement = asked(client).acknowledgement
        run_until_idle()
    acknowledgement.refresh_from_db()
    assert (acknowledgement.state, acknowledgement.tries) == ("queued", 1)


def test_a_worker_sends_what_was_asked_for(client, mail_server, sink, monkeypatch, start_worker):
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{mail_server.port}")
    start_worker()
    open_city()
    asked(client)
    wait_until(lambda: len(sink.kept) == 2)
    wait_until(lambda: Mail.objects.filter(state="done").count() == 2)
    assert outbox.outbox == []


def test_a_worker_sends_once_what_was_asked_for_many_times(client, mail_server, sink, monkeypatch, start_worker):
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{mail_server.port}")
    start_worker(concurrency=2)
    open_city()
    asked(client)
    for _message in range(10):
        mail.send(mail.TASK)
    wait_until(lambda: Mail.objects.filter(state="done").count() == 2)
    time.sleep(1)
    assert len(sink.kept) == 2
