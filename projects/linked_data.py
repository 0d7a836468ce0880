"""Ceremonies and projects in the words of schema.org."""

from typing import Any

from portal.lib.dates import UncertainDate
from portal.publishing.linked_data import DESCRIBED, place, publisher

from .models import CeremonyRecord, ProjectListing


def ceremony(record: CeremonyRecord) -> dict[str, Any]:
    """An event where its day is known: machines have no word for "mid-April, year not stated"."""
    when = UncertainDate(record.when)
    first = when.earliest
    if not first:
        return {"@type": "Event", "description": str(record.summary), "location": place(record.city)}
    return {
        "@type": "Event",
        "description": str(record.summary),
        "startDate": first.isoformat(),
        "endDate": when.latest.isoformat() if when.latest else None,
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": place(record.city),
        "attendee": [
            {"@type": "Person", "name": str(row.name)} for row in record.participations.all() if not row.is_group
        ],
        "subjectOf": news(record),
    }


def news(record: CeremonyRecord) -> dict[str, Any]:
    """Our own report of it, and the document it rests on."""
    source = record.source
    return {
        "@type": "NewsArticle",
        "headline": str(record.title)[:110],
        "datePublished": record.live_from.isoformat() if record.live_from else None,
        "publisher": publisher(),
        "author": publisher(),
        "isBasedOn": source.url or str(source.title),
    }


def project(listing: ProjectListing) -> dict[str, Any]:
    named = [row.organisation for row in listing.parties.all() if row.organisation]
    return {
        "@type": "Project",
        "description": str(listing.summary),
        "knowsAbout": str(listing.industry or ""),
        "location": place(listing.city),
        "member": [{"@type": "Organization", "name": str(organisation)} for organisation in named],
    }


DESCRIBED |= {"ceremony": ceremony, "project": project}
