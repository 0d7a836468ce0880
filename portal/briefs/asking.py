"""Asking for a brief."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import QueryDict
from django.utils.crypto import salted_hmac

from portal.cities.models import City
from portal.lib.jobs import wake
from portal.publishing.clock import database_now

from . import content, shortlist
from .models import Brief

AN_HOUR, EACH_AN_HOUR = 200, 20  # shortlists: of everybody, of one address; there is no end to what could be combined


class TooMany(Exception):
    """Shortlists have been asked for so often that this one must wait."""


def ask(city: City, language: str, at: datetime) -> Brief:
    """The brief of what is public at `at`: the one there is, when the same was asked for before."""
    return kept(content.snapshot(city, language, at), language, city=city)


def ask_shortlist(query: QueryDict, language: str, at: datetime, today: date, *, address: str) -> Brief:
    """The brief of the comparison that `query` asks for. Raises shortlist.TooFew, or TooMany from this address."""
    said = shortlist.snapshot(query, language, at, today)
    if not Brief.objects.filter(fingerprint=content.fingerprint(said)).exists():
        take_place(address)
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


def take_place(address: str) -> None:
    hour = timedelta(hours=1)
    if Brief.objects.filter(city=None, requested_at__gt=database_now() - hour).count() >= AN_HOUR:
        raise TooMany
    sender = salted_hmac("shortlist", address).hexdigest()  # the cache learns nobody's address
    places = [f"shortlist:{sender}:{place}" for place in range(EACH_AN_HOUR)]
    taken = cache.get_many(places)  # each is free again after its hour: a counter would live on with every count
    if not any(cache.add(place, 1, hour.seconds) for place in places if place not in taken):
        raise TooMany
