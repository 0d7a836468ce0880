"""A person's rights over what they sent, and the age at which it goes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import transaction

from portal.cities.models import User
from portal.publishing.clock import database_now
from portal.publishing.models import Event

from .models import Inquiry, InquiryQuerySet

KEPT = [
    *("number", "received_at", "reply_by", "answered_at", "name", "email", "organisation", "country"),
    *("language", "message", "size", "timing", "consented_at"),
]


def export(email: str) -> list[dict[str, Any]]:
    """Every inquiry of who wrote from this address."""
    inquiries = Inquiry.objects.from_mailbox(email).select_related("city", "consent").prefetch_related("mails")
    return [{name: getattr(inquiry, name) for name in KEPT} | what_hangs_on(inquiry) for inquiry in inquiries]


def what_hangs_on(inquiry: Inquiry) -> dict[str, Any]:
    sent = [mail for mail in inquiry.mails.all() if mail.to == inquiry.email]
    return {
        "city": inquiry.city.slug,
        "about": inquiry.about_title,
        "consent": inquiry.consent.text,
        "mails": [{name: getattr(mail, name) for name in ("subject", "body", "state", "sent_at")} for mail in sent],
    }


def erase_person(email: str) -> int:
    return erase(Inquiry.objects.from_mailbox(email), because="asked for by the person")


def erase_old() -> int:
    return erase(Inquiry.objects.overdue_for_erasure(database_now()), because="the time it may be kept is over")


@transaction.atomic
def erase(inquiries: InquiryQuerySet, *, because: str) -> int:
    """Delete them with their mails; the trail keeps the case numbers, which name nobody."""
    gone = list(inquiries.select_related("city"))
    Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in gone]).delete()
    for inquiry in gone:
        Event.record("erase", inquiry, by=User(username="(system)"), at=database_now(), reason=because)
    return len(gone)


class Keeper(NamedTuple):
    """What is kept of an e-mail address, and how it is erased: how many rows that were."""

    export: Callable[[str], list[dict[str, Any]]]
    erase: Callable[[str], int]


#: All that is kept about people outside the offices, by name. Packages after this one add theirs.
KEEPERS = {"inquiries": Keeper(export, erase_person)}
