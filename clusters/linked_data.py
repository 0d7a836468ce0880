"""Cities, clusters, parks, policies and rankings in the words of schema.org."""

from typing import Any

from portal.lib.context import absolute
from portal.publishing.linked_data import DESCRIBED, place

from .models import CityProfile, ClusterProfile, Contact, ParkProfile, PolicyRecord, RankingEdition


def city(profile: CityProfile) -> dict[str, Any]:
    where = profile.city
    point = {"@type": "GeoCoordinates", "latitude": str(where.latitude), "longitude": str(where.longitude)}
    return place(where) | {
        "description": str(profile.summary),
        "url": absolute(profile.get_absolute_url()),
        "geo": point if where.latitude is not None and where.longitude is not None else None,
        "contactPoint": [contact_point(row) for row in profile.contacts.all()],
    }


def contact_point(contact: Contact) -> dict[str, Any]:
    return {
        "@type": "ContactPoint",
        "name": str(contact.name),
        "contactType": str(contact.purpose),
        "telephone": contact.phone,
        "email": contact.email,
        "availableLanguage": contact.speaks,
    }


def cluster(profile: ClusterProfile) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "additionalType": "https://www.wikidata.org/wiki/Q947262",  # business cluster
        "description": str(profile.summary),
        "knowsAbout": str(profile.industry),
        "location": place(profile.city),
        "member": [
            {"@type": "Organization", "name": str(row.organisation), "alternateName": row.organisation.aliases}
            for row in profile.companies.all()
        ],
    }


def park(profile: ParkProfile) -> dict[str, Any]:
    return {
        "@type": "Place",
        "description": str(profile.summary),
        "address": str(profile.address),
        "containedInPlace": place(profile.city),
    }


def policy(record: PolicyRecord) -> dict[str, Any]:
    return {
        "@type": "Legislation",
        "description": str(record.summary),
        "legislationIdentifier": record.document_number,
        "legislationPassedBy": {"@type": "Organization", "name": str(record.issuer)} if record.issuer else None,
        "spatialCoverage": place(record.city),
    }


def ranking(edition: RankingEdition) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "description": str(edition.summary or edition.title),
        "creator": {"@type": "Organization", "name": str(edition.publisher)},
        "version": edition.edition,
        "measurementTechnique": str(edition.method),
        "isAccessibleForFree": True,
    }


DESCRIBED |= {"city": city, "cluster": cluster, "park": park, "policy": policy, "ranking": ranking}
