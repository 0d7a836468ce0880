"""Asking for mails, confirming, being told what is new, and stopping."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.cities.models import User
from portal.inquiries import mail
from portal.inquiries.models import ConsentText, Mail
from portal.lib.context import absolute
from portal.lib.dates import UncertainDate
from portal.lib.jobs import State, send, wake
from portal.publishing.clock import database_now
from portal.publishing.models import Event, Version

from .models import Follow, next_look
from .subjects import Subject

logger = logging.getLogger(__name__)
TASK = "follow.tell"
MOST_AT_ONCE = 200  # mailboxes one turn looks for
MOST_NEWS = 30  # told in one mail; the page has the others
SETTLED = timedelta(minutes=5)  # what is approved has its time a moment before others can read it
PAUSE = timedelta(minutes=10)  # between two mails to who asks for the same again


@transaction.atomic
def ask(subject: Subject, *, email: str, language: str, frequency: str, consent: ConsentText, at: datetime) -> None:
    """Mails the question whether it is meant; who follows it already is told so, and nothing is changed."""
    ConsentText.objects.get_or_create(
        version=consent.version, defaults={"language": consent.language, "text": consent.text}
    )
    said = {"language": language, "frequency": frequency, "consent": consent, "asked_at": at}
    follow, _made = Follow.objects.select_for_update().get_or_create(
        email=email.strip().lower(), query=subject.query, defaults=said
    )
    if follow.mailed_at and at - follow.mailed_at < PAUSE:
        return
    if not follow.confirmed_at:
        for name, value in said.items():
            setattr(follow, name, value)
        follow.save()
    with translation.override(follow.language):
        if follow.confirmed_at:
            post(follow, _("You follow this already"), "known", at)
        else:
            post(follow, _("Please confirm that you want these mails"), "confirm", at)


def confirm(follow: Follow, at: datetime) -> None:
    """From now on; once."""
    unconfirmed = Follow.objects.filter(pk=follow.pk, confirmed_at=None)
    unconfirmed.update(confirmed_at=at, told_until=at, look_at=next_look(at, follow.frequency))


def change(follow: Follow, *, language: str, frequency: str, at: datetime) -> None:
    look_at = next_look(at, frequency)
    Follow.objects.filter(pk=follow.pk).update(language=language, frequency=frequency, look_at=look_at)


# Telling --------------------------------------------------------------------------------------------------------------


def tell_due() -> None:
    """A turn of the worker: some of those whose morning has come; when more wait, call for another."""
    now = database_now()
    due = list(Follow.objects.due(now).select_related("last_mail").order_by("look_at", "pk")[:MOST_AT_ONCE])
    for follow in due:
        try:
            tell(follow, now)
        except Exception:
            logger.exception("follow %s could not be told", follow.pk)
            Follow.objects.filter(pk=follow.pk).update(look_at=now + timedelta(hours=1))
    if len(due) == MOST_AT_ONCE:
        send(TASK)


@transaction.atomic
def tell(follow: Follow, now: datetime) -> None:
    """What is new since the last mail, if anything; of two workers one tells it."""
    if follow.last_mail and follow.last_mail.state == State.FAILED:
        follow.stop()  # its mailbox takes no mail: keeping the address would serve nobody
        return
    until = now - SETTLED
    mine = Follow.objects.filter(pk=follow.pk, look_at=follow.look_at, told_until=follow.told_until)
    if not mine.update(told_until=max(until, follow.told_until), look_at=next_look(now, follow.frequency)):
        return
    with translation.override(follow.language):
        subject = follow.subject(now)
        with subject.read():
            news = news_of(subject, follow.told_until, until)
            if not (count := news.count()):
                return
            said = told(news, count, follow.told_until)
        post(follow, _("New: %(what)s") % {"what": subject.label}, "news", now, **said)


def news_of(subject: Subject, since: datetime, until: datetime) -> Any:
    """What was published in between and is public still; of each page its newest version."""
    try:
        found = subject.versions()
    except Http404:  # its city or its list is no more
        return Version.objects.none()
    return found.filter(live_from__gt=since, live_from__lte=until)


def told(news: Any, count: int, since: datetime) -> dict[str, Any]:
    shown = list(news.select_related("entry__city")[:MOST_NEWS])
    day = UncertainDate(timezone.localtime(since).date().isoformat()).words
    return {"news": shown, "count": count, "more": count - len(shown), "since": day}


def post(follow: Follow, title: str, name: str, now: datetime, **said: Any) -> None:
    """A mail about this follow. Before its owner has confirmed, it repeats no word that somebody typed."""
    subject = follow.subject(now)
    page = absolute(follow.get_absolute_url())
    context = {
        "base": settings.BASE_URL,
        "site": settings.SITE_NAME[translation.get_language()],
        "sample": settings.SAMPLE_MODE,
        "what": (subject if follow.confirmed_at else subject.without("q")).label,
        "has_words": "q" in subject.asked,
        "url": subject.get_absolute_url(),
        "page": page,
        "days": settings.FOLLOW_CONFIRM_DAYS,
        "follow": follow,
        **said,
    }
    headers = {
        "List-Id": f"<follow.{urlsplit(settings.BASE_URL).hostname}>",
        "List-Unsubscribe": f"<{page}stop/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    letter = mail.composed(
        Mail.Purpose.FOLLOW, follow.email, title, f"emails/follow_{name}.txt", context, now, headers=headers
    )
    letter.save(force_insert=True)
    Follow.objects.filter(pk=follow.pk).update(last_mail=letter, mailed_at=now)
    wake(mail.TASK)


# A person's rights ----------------------------------------------------------------------------------------------------


def export(email: str) -> list[dict[str, Any]]:
    """All that is kept about who follows with this address."""
    kept = ("email", "query", "language", "frequency", "asked_at", "confirmed_at", "told_until", "mailed_at")
    follows = Follow.objects.of_mailbox(email).select_related("consent").order_by("pk")
    return [{name: getattr(follow, name) for name in kept} | {"consent": follow.consent.text} for follow in follows]


@transaction.atomic
def stop_mailbox(email: str) -> int:
    """Whatever is followed from there; how many that were."""
    gone = list(Follow.objects.of_mailbox(email))
    for follow in gone:
        follow.stop()
    return len(gone)


@transaction.atomic
def erase(email: str) -> int:
    gone = stop_mailbox(email)
    if gone:
        by, why = User(username="(system)"), "asked for by the person"
        Event.record("erase", "follows of a mailbox", by=by, at=database_now(), reason=why)
    return gone


def forget_unconfirmed() -> None:
    for follow in Follow.objects.never_confirmed(database_now())[:MOST_AT_ONCE]:
        follow.stop()
