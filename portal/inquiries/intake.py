"""Taking an inquiry in: stored with its mails in one transaction, once however often it is sent."""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from portal.cities.models import City
from portal.lib.jobs import wake
from portal.lib.text import Text
from portal.publishing.models import Version

from . import mail
from .models import ConsentText, Inquiry, Mail, new_number
from .promise import reply_by


def name_of_sending(token: str, city: City, said: dict[str, Any]) -> str:
    """The same for the same form sent with the same words; other words are another inquiry."""
    words = [token, city.slug, *(f"{name}={said[name]}" for name in sorted(said))]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def receive(
    *, city: City, about: Version | None, said: dict[str, Any], consent: ConsentText, once: str, at: datetime
) -> Inquiry:
    """The inquiry of this sending: stored now, or the one that is there already."""
    inquiry = Inquiry(
        number=new_number(at.astimezone(ZoneInfo(city.time_zone))),
        once=once,
        city=city,
        about=about.entry if about else None,
        about_title=about.title if about else Text(),
        received_at=at,
        reply_by=reply_by(at, time_zone=city.time_zone, days=settings.INQUIRY_REPLY_WORKING_DAYS),
        consent=consent,
        consented_at=at,
        **said,
    )
    try:
        with transaction.atomic():
            ConsentText.objects.get_or_create(
                version=consent.version, defaults={"language": consent.language, "text": consent.text}
            )
            inquiry.save(force_insert=True)
            Mail.objects.bulk_create(mail.mails_for(inquiry, at))
            wake(mail.TASK)
    except IntegrityError:
        return Inquiry.objects.get(once=once)
    return inquiry
