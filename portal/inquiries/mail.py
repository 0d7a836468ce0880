"""The outbox: mails written in the transaction they belong to, sent by a worker until the mail server takes them."""

import logging
import smtplib
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.cities.models import User
from portal.lib.context import absolute
from portal.lib.jobs import send, wake
from portal.publishing.clock import database_now

from .consent import how_to_ask
from .models import Inquiry, Mail, officers_of

logger = logging.getLogger(__name__)
TASK = "inquiries.send_mails"
KEPT_AFTER_SENDING = timedelta(days=30)  # of mails without an inquiry, for who asks whether one went out
SECRET = (Mail.Purpose.COLLEAGUE, Mail.Purpose.FOLLOW)  # their links open accounts, or what somebody follows


def mails_for(inquiry: Inquiry, now: datetime) -> list[Mail]:
    """The acknowledgement and the notices, not saved."""
    officers = officers_of(inquiry.city).exclude(email="")
    mailboxes = {officer.email.lower(): officer for officer in officers}  # two officers may share one
    return [acknowledgement(inquiry, now), *(notice(inquiry, officer, now) for officer in mailboxes.values())]


def acknowledgement(inquiry: Inquiry, now: datetime) -> Mail:
    """Says nothing that the sender typed: the address may be a stranger's, and we carry no one's words to strangers."""
    with translation.override(inquiry.language):
        subject = _("We have received your inquiry %(number)s") % {"number": inquiry.number}
        return written(inquiry, Mail.Purpose.ACKNOWLEDGEMENT, inquiry.email, subject, now, inquiry.get_absolute_url())


def notice(inquiry: Inquiry, officer: User, now: datetime) -> Mail:
    """Names the case only: who asked and what is read inside, where reading is recorded."""
    with translation.override(officer.language or settings.LANGUAGE_CODE):
        subject = _("New inquiry %(number)s") % {"number": inquiry.number}
        path = reverse("staff-inquiry-detail", args=[inquiry.number])
        return written(inquiry, Mail.Purpose.NOTICE, officer.email, subject, now, path)


def written(inquiry: Inquiry, purpose: str, to: str, subject: str, now: datetime, path: str) -> Mail:
    context = {
        "inquiry": inquiry,
        "days": settings.INQUIRY_REPLY_WORKING_DAYS,
        "has_officer": officers_of(inquiry.city).exists(),
        "link": absolute(path),
        "privacy": absolute(reverse("privacy")),
        "site": settings.SITE_NAME[translation.get_language()],
        "how": how_to_ask(),
        "sample": settings.SAMPLE_MODE,
    }
    return composed(purpose, to, subject, f"emails/inquiry_{purpose}.txt", context, now, inquiry=inquiry)


def composed(
    purpose: str, to: str, subject: str, template: str, context: dict[str, Any], now: datetime, **more: Any
) -> Mail:
    """A mail in the language of now, not saved."""
    return Mail(
        purpose=purpose,
        to=to,
        language=translation.get_language(),
        subject=" ".join(subject.split())[:200],
        body=render_to_string(template, context).strip() + "\n",
        message_id=f"<{uuid.uuid4()}@{urlsplit(settings.BASE_URL).hostname}>",
        next_try=now,
        **more,
    )


def to_colleague(user: User, *, subject: Any, template: str, context: dict[str, Any] | None = None) -> None:
    """A mail to somebody with an account, in that colleague's language, in the caller's transaction.

    `subject` is a lazy text whose %(names)s come from `context`; `template` is a text in templates/emails/ that
    ends in "emails/frame.txt". Addresses in `context` are paths: the template puts {{ base }} before them.
    """
    if user.is_active:
        to_address(
            user.email, user.language, subject=subject, template=template, context={"user": user, **(context or {})}
        )


def to_address(to: str, language: str, *, subject: Any, template: str, context: dict[str, Any]) -> None:
    """As `to_colleague`, for who has no account yet. Nothing without an address."""
    if not to:
        return
    with translation.override(language or settings.LANGUAGE_CODE):
        frame = {
            "base": settings.BASE_URL,
            "site": settings.SITE_NAME[translation.get_language()],
            "sample": settings.SAMPLE_MODE,
        }
        words = str(subject % context if "%(" in str(subject) else subject)
        composed(Mail.Purpose.COLLEAGUE, to, words, template, frame | context, database_now()).save(force_insert=True)
    wake(TASK)


def forget_old() -> None:
    """Mails without an inquiry that went out long ago."""
    Mail.objects.filter(purpose__in=SECRET, sent_at__lte=database_now() - KEPT_AFTER_SENDING).delete()


def send_due() -> None:
    """Send one mail that is due; when more are, call for another turn."""
    if mail := Mail.objects.claim_next(database_now()):
        deliver(mail)
    if Mail.objects.due(database_now()).exists():
        send(TASK)


def deliver(mail: Mail) -> None:
    """Hand it to the mail server, and note how that went."""
    try:
        as_message(mail).send()
    except Exception as error:  # whatever it is, the mail is tried again and staff see that it was not sent
        logger.warning("mail %s, try %d: %s", mail.message_id, mail.tries, type(error).__name__)
        mail.fail(reason(error), database_now(), for_good=is_final(error))
    else:
        mail.finish(sent_at=database_now(), **sealed(mail))


def sealed(mail: Mail) -> dict[str, Any]:
    """Once a mail is out, the outbox does not keep its secret links."""
    return {"body": "", "headers": None} if mail.purpose in SECRET else {}


def as_message(mail: Mail) -> EmailMessage:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", "Content-Language": mail.language}
    return EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers | (mail.headers or {}))


def is_final(error: Exception) -> bool:
    """Whether the server refused this mail for good, not just now and not us altogether."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def reason(error: Exception) -> str:
    """For staff: the kind of error and the server's code, never its words, which may repeat the address."""
    codes = [code for code, _words in getattr(error, "recipients", {}).values()]
    code = getattr(error, "smtp_code", None) or (codes[0] if codes else "")
    return f"{type(error).__name__} {code}".strip()
