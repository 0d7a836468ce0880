"""Asking for a brief."""

from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from portal.cities.models import City
from portal.lib.jobs import wake
from portal.lib.limits import seconds_to_wait
from portal.publishing.clock import database_now

from . import content, shortlist
from .models import Brief


class TooMany(Exception):
    """Shortlists have been asked for so often that this one must wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds


def ask(city: City, language: str, at: datetime) -> Brief:
    """The brief of what is public at `at`: the one there is, when the same was asked for before."""
    return kept(content.snapshot(city, language, at), language, city=city)


def ask_shortlist(versions: list[Any], query: QueryDict, language: str, at: datetime, *, address: str) -> Brief:
    """The brief of the comparison of `versions` that `query` asks for. Raises TooMany from this address."""
    said = shortlist.snapshot(versions, query, language, at)
    once = content.fingerprint(said)
    if not Brief.objects.filter(fingerprint=once).exists():
        counted = partial(seconds_to_wait, what="shortlist", limits=settings.SHORTLIST_LIMITS, once=once)
        if wait := counted(address=address) or counted(everybody=""):  # who sent too many takes no place of the others
            raise TooMany(wait)
    return kept(said, language, shortlist=said["query"])


@transaction.atomic
def kept(said: dict[str, Any], language: str, **of: Any) -> Brief:
    """The row that says so, written when there is none yet; its file is made when there is none."""
    fingerprint = content.fingerprint(said)
    now = database_now()
    new = {"language": language, "code": fingerprint[:12], "snapshot": said, "next_try": now, "requested_at": now}
    brief, made = Brief.objects.get_or_create(fingerprint=fingerprint, defaults=new | of)
    if made:
        brief.versions.set([version["id"] for version in said["versions"]])
    if made or brief.queue_again():
        wake("briefs.make")
    return brief
