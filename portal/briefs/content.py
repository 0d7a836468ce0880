"""What a brief says: one JSON value in one language, complete, so that drawing it looks nothing up."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime

from clusters.models import CityProfile, RankingEntry
from portal.cities.models import City
from portal.lib.dates import chinese, locale
from portal.lib.text import Text
from portal.publishing.models import Version, VersionQuerySet

from . import sections
from .citing import Sources, said
from .models import SnapshotDecoder

#: Of the template and the style sheet: raise it when the same words would be drawn differently.
EDITION = 3
KINDS = ("city", "cluster", "park", "policy", "project", "ceremony", "ranking")


def covered(city: City, at: datetime) -> VersionQuerySet:
    """The versions a brief made at `at` rests on: the city's, policies that hold there, rankings that name it."""
    own = Q(entry__city=city, entry__kind__in=["city", "cluster", "park", "project", "ceremony"])
    policies = Q(entry__kind="policy", entry__city__in=city.jurisdictions)
    rankings = Q(pk__in=RankingEntry.objects.filter(city=city).values("version"))
    return Version.objects.live(at).filter(own | policies | rankings)


def loaded(city: City, at: datetime) -> dict[str, list[Any]]:
    """Those versions with their parts, by kind, each kind in a fixed order."""
    wanted = covered(city, at).values("pk")
    return {
        word: list(kind.objects.filter(pk__in=wanted).with_parts().order_by("entry__city__code", "entry__slug"))
        for word, kind in Version.kinds().items()
        if word in KINDS
    }


def snapshot(city: City, language: str, at: datetime) -> dict[str, Any]:
    """All a brief of `city` says. Raises CityProfile.DoesNotExist when the city has no public page at `at`."""
    versions = loaded(city, at)
    if not versions["city"]:
        raise CityProfile.DoesNotExist
    everything = [version for kind in KINDS for version in versions[kind]]
    with translation.override(language):
        sources = Sources()
        content = sections.all_of(versions, at, sources)
        return as_stored(
            {
                "edition": EDITION,
                "language": language,
                "site": site(),
                "city": front(city, versions["city"][0], language),
                "published": day(max(version.live_from for version in everything)),
                "versions": [sections.version(version, language) for version in everything],
                "reply_days": settings.INQUIRY_REPLY_WORKING_DAYS,
                "inquiry": settings.BASE_URL + reverse("inquiry-new") + f"?about=city/{city.slug}/{city.slug}",
                **content,
                "sources": sources.listed(),
            }
        )


def as_stored(content: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from its column, Texts and all."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder), cls=SnapshotDecoder)


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of everything said: equal briefs have equal fingerprints."""
    said_once = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said_once.encode()).hexdigest()


def site() -> dict[str, Any]:
    return {
        "name": Text(settings.SITE_NAME).within(),
        "address": settings.BASE_URL,
        "sample": settings.SAMPLE_MODE,
        "email": settings.CONTACT_EMAIL,
        "phone": settings.CONTACT_PHONE,
    }


def front(city: City, profile: CityProfile, language: str) -> dict[str, Any]:
    """The cover: names, where it lies, what is said of it in a paragraph."""
    others = [code for code in city.name if code != language]
    return {
        "slug": city.slug,
        "name": str(city.name),
        "seal": city.name.get("zh-hans", "")[:1],
        "title": said(profile.title) if str(profile.title) != str(city.name) else None,
        "summary": said(profile.summary),
        "other_names": [{"language": code, "words": city.name[code]} for code in others],
        "region": joined(place.name for place in city.regions),
        "number": profile.number,
    }


def joined(names: Iterable[Any]) -> str:
    return ("" if chinese() else ", ").join(str(name) for name in names)


def day(moment: datetime) -> str:
    return format_date(localtime(moment).date(), format="long", locale=locale())
