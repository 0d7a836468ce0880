"""What the brief of a shortlist says: a comparison as plain values in one language, complete like a city's."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from clusters.models import CityProfile, Contact
from portal.compare import kinds
from portal.compare.comparison import Comparison
from portal.compare.lining import Cell, Line, Row, Statement
from portal.compare.things import FEWEST, KINDS, Asked, Thing, address
from portal.compare.weights import Ranking, weighed
from portal.lib.text import Text
from portal.publishing.models import Version, VersionQuerySet

from . import sections
from .citing import Sources, said
from .content import as_stored, day, site

EDITION = 2  # as content.EDITION, of the shortlist's template


class TooFew(Exception):
    """Fewer than two public things of one kind are named."""


def chosen(query: QueryDict, at: datetime, loaded: Callable[..., Any] = kinds.loaded) -> list[Any]:
    """The public versions that a comparison's address names, loaded. Raises TooFew."""
    asked = Asked(query)
    found = asked.find(loaded(KINDS[asked.kind].objects.live(at), asked.kind)) if asked.kind else []
    if len(found) < FEWEST:
        raise TooFew
    return found


def covered(query: QueryDict, at: datetime) -> VersionQuerySet:
    """The public versions that a brief of this shortlist made at `at` rests on; none when it can no longer be made."""
    try:
        versions = chosen(query, at, lambda live, _kind: live.with_lineage())
    except TooFew:
        return Version.objects.none()
    return Version.objects.filter(pk__in=[version.pk for version in (*versions, *kinds.beside(versions, at))])


def snapshot(versions: list[Any], query: QueryDict, language: str, at: datetime) -> dict[str, Any]:
    """All the brief says of these, weighed as `query` asks."""
    with translation.override(language):
        comparison = Comparison(versions, at, localdate(at))
        things = comparison.things
        weights = weighed(query, comparison.rankable, things)
        compared = address(things[0].kind, (one.value for one in things), weights.query)
        sources = Sources()
        groups = [group(one, comparison, sources) for one in comparison.groups]
        return as_stored(
            {
                "edition": EDITION,
                "template": "briefs/shortlist.html",
                "language": language,
                "site": site(),
                "city": front(comparison),
                "query": compared,
                "compared": settings.BASE_URL + reverse("compare") + f"?{compared}",
                "published": day(max(version.live_from for version in comparison.rests_on)),
                "versions": rests_on(comparison, language),
                "reply_days": settings.INQUIRY_REPLY_WORKING_DAYS,
                "things": [thing(one) for one in things],
                "groups": groups,
                "unpublished": [words(name) for name in comparison.unpublished],
                "only_one": [[words(one.name), [words(name) for name in names]] for one, names in comparison.only_one],
                "ranking": order(weights.ranking) if weights.ranking else None,
                "contacts": contacts(things, at),
                "chart": None,
                "sources": sources.listed(),
            }
        )


def words(value: Any) -> Any:
    return said(value) if isinstance(value, Text) else str(value)


def front(comparison: Comparison) -> dict[str, Any]:
    """The cover, in the fields of a city's."""
    names = pgettext("between things of one kind", ", ").join(str(one.name) for one in comparison.things)
    return {"name": names, "seal": "", "title": None, "summary": comparison.summary, "other_names": [], "region": ""}


def rests_on(comparison: Comparison, language: str) -> list[dict[str, Any]]:
    pks = [version.pk for version in comparison.rests_on]
    loaded = Version.objects.with_entry().prefetch_related("translations").in_bulk(pks)
    return [sections.version(loaded[pk], language) for pk in pks]


def thing(one: Thing) -> dict[str, Any]:
    return {
        "name": words(one.name),
        "context": words(one.context),
        "address": settings.BASE_URL + one.url,
        "ask": settings.BASE_URL + one.ask_url,
    }


def group(one: kinds.Group, comparison: Comparison, sources: Sources) -> dict[str, Any]:
    rows = [row(found, sources) for found in one.rows]
    return {"label": one.label, "finding": comparison.finding(one), "rows": rows}


def row(one: Row, sources: Sources) -> dict[str, Any]:
    return {
        "label": words(one.label),
        "detail": words(one.detail),
        "reason": one.reason,
        "note": one.note,
        "best": one.best,
        "differs": one.differs,
        "cells": [cell(found, sources) for found in one.cells],
    }


def cell(one: Cell, sources: Sources) -> dict[str, Any]:
    return {
        "lines": [line(found) for found in one.lines],
        "numbers": [number(found, sources) for found in one.statements],
        "is_best": one.is_best,
        "is_apart": bool(one.reason),
        "apart": one.apart,
        "reason": one.reason,
    }


def line(one: Line) -> dict[str, Any]:
    return {"words": words(one.words), "note": words(one.note)}


def number(one: Statement, sources: Sources) -> dict[str, Any]:
    """What is printed of it; what the portal worked out itself has no source but the portal."""
    figure = one.row if hasattr(one.row, "metric_id") else None
    when: Any = figure.when if figure else getattr(one.row, "valid_from", "")
    where = getattr(one.row, "destination", "")
    return {
        "amount": one.words,
        "basis": figure.basis if figure else "",
        "basis_words": figure.get_basis_display() if figure else "",
        "when": when.words if when else "",
        "where": words(where) if where else "",
        "notes": sources.cite(one.row) if one.row else [],
    }


def order(ranking: Ranking) -> dict[str, Any]:
    return {
        "criteria": [
            {"label": words(one.label), "detail": words(one.detail), "weight": weight} for one, weight in ranking.rows
        ],
        "is_steady": ranking.is_steady,
        "places": [
            {
                "place": place.place,
                "span": "" if place.best == place.worst else f"{place.best}–{place.worst}",
                "name": words(place.thing.name),
                "points": str(place.points),
                "by_row": [str(round(points, 1)) for points in place.by_row],
            }
            for place in ranking.places
        ],
    }


def contacts(things: Iterable[Thing], at: datetime) -> list[dict[str, Any]]:
    """Whom to ask in each city, once."""
    cities = {one.city.pk: one.city for one in things}
    profiles = CityProfile.objects.live(at).filter(entry__city__in=cities).select_related("entry")
    people = {
        profile.entry.city_id: [sections.contact(row) for row in profile.contacts.all()]
        for profile in profiles.prefetch_related(Contact.prefetch())
    }
    return [{"city": words(city.name), "people": people.get(pk, [])} for pk, city in cities.items()]
