"""Asking for a brief."""

from datetime import datetime

from django.db import transaction

from portal.cities.models import City
from portal.lib.jobs import wake
from portal.publishing.clock import database_now

from . import content
from .models import Brief


@transaction.atomic
def ask(city: City, language: str, at: datetime) -> Brief:
    """The brief of what is public at `at`: the one there is, when the same was asked for before."""
    said = content.snapshot(city, language, at)
    fingerprint = content.fingerprint(said)
    now = database_now()
    brief, made = Brief.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "city": city,
            "language": language,
            "code": fingerprint[:12],
            "snapshot": said,
            "next_try": now,
            "requested_at": now,
        },
    )
    if made:
        brief.versions.set([version["id"] for version in said["versions"]])
    if made or brief.queue_again():
        wake("briefs.make")
    return brief
