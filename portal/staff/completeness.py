"""What a good page of each kind has, and how much of it a version has: an honest count, not a grade."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.facts.models import Sourced
from portal.lib.text import TranslatedField, languages
from portal.publishing.models import Version

from .sections import EMPTY, editable, sections

MAIN = "main"


class Expected(NamedTuple):
    """A section of a page, in the order in which the page has it: how many rows at least, which fields filled.

    No rows: welcome, but nobody misses it. Of a row that is sourced the place in the source is always expected, of
    every text each language.
    """

    section: str
    rows: int = 0
    fields: tuple[str, ...] = ()


EXPECTED = {
    "city": (
        Expected(MAIN, fields=("summary", "city_type")),
        Expected("pictures"),
        Expected("figures", 5),
        Expected("industries", 1),
        Expected("costs", 3),
        Expected("logistics", 2, ("to", "distance_km")),
        Expected("designations"),
        Expected("passages", 1),
        Expected("claims"),
        Expected("sister_cities"),
        Expected("related"),
        Expected("contacts", 1, ("position", "speaks")),
    ),
    "cluster": (
        Expected(MAIN, fields=("summary", "since", "sponsors", "functions")),
        Expected("pictures"),
        Expected("stages", 3),
        Expected("companies", 1),
        Expected("offers", 1),
        Expected("figures", 3),
        Expected("designations"),
        Expected("passages", 1),
        Expected("claims"),
        Expected("related"),
    ),
    "park": (
        Expected(MAIN, fields=("summary", "level", "approved_in", "industries", "address")),
        Expected("pictures"),
        Expected("plots", 1, ("use", "price", "term_years")),
        Expected("industries_served", 1),
        Expected("figures", 2),
        Expected("designations"),
        Expected("passages"),
        Expected("claims"),
        Expected("related"),
    ),
    "policy": (
        Expected(MAIN, fields=("summary", "issuer", "document_number", "issued", "in_force")),
        Expected("pictures"),
        Expected("incentives", 0, ("amount", "eligibility", "how_to_apply", "valid_until")),
        Expected("targets", 1),
        Expected("figures"),
        Expected("passages", 1),
        Expected("claims"),
        Expected("related"),
    ),
    "ranking": (
        Expected(MAIN, fields=("summary", "universe", "listed", "inclusion_rule", "method")),
        Expected("pictures"),
        Expected("entries", 1),
        Expected("dimensions", 1),
        Expected("figures"),
        Expected("passages"),
        Expected("claims"),
        Expected("related"),
    ),
    "project": (
        Expected(MAIN, fields=("summary", "industry", "link", "site", "nature", "cooperation", "products")),
        Expected("pictures"),
        Expected("stage_events", 1),
        Expected("figures", 1),
        Expected("parties", 1),
        Expected("components"),
        Expected("designations"),
        Expected("passages"),
        Expected("claims"),
        Expected("related"),
    ),
    "ceremony": (
        Expected(MAIN, fields=("summary", "part_of_day", "place", "host", "declared_count")),
        Expected("pictures"),
        Expected("signed_projects", 1),
        Expected("figures", 1),
        Expected("participations", 2, ("position",)),
        Expected("agenda", 1),
        Expected("designations"),
        Expected("passages"),
        Expected("claims"),
        Expected("related"),
    ),
}


class Completeness(NamedTuple):
    """How much of what is expected is there; by section what is missing, in words."""

    filled: int
    expected: int
    missing: dict[str, list[str]]

    @property
    def percent(self) -> int:
        return 100 * self.filled // self.expected if self.expected else 100

    @property
    def is_whole(self) -> bool:
        return self.filled == self.expected


def completeness(version: Version) -> Completeness:
    """Of a version loaded as its kind `with_parts`; asks the database nothing more."""
    missing: dict[str, list[str]] = {}
    filled = expected = 0
    for wanted in in_order(type(version)):
        for said in asked(version, wanted):
            expected += 1
            filled += not said
            if said:
                missing.setdefault(wanted.section, []).append(said)
    return Completeness(filled, expected, missing)


def in_order(kind: type[Version]) -> list[Expected]:
    """The sections of a kind as its page has them, last those that the page does not show as such."""
    declared = EXPECTED.get(kind.kind, (Expected(MAIN),))
    named = {wanted.section for wanted in declared}
    return [*declared, *(Expected(word) for word in sections(kind) if word not in named)]


def asked(version: Version, wanted: Expected) -> Iterator[str]:
    """Of each thing expected in a section: "" when it is there, else what is missing."""
    if wanted.section == MAIN:
        rows, fields = [version], wanted.fields
    else:
        rows, fields = list(getattr(version, wanted.section).all()), wanted.fields
        part = sections(type(version))[wanted.section]
        fields += ("locator",) if issubclass(part, Sourced) else ()
        if wanted.rows:
            yield "" if len(rows) >= wanted.rows else too_few(len(rows), wanted.rows)
    if rows:
        yield from (unfilled(rows, name) for name in fields)
        yield from (untranslated(rows, code, name) for code, name in languages() if has_texts(rows[0]))


def too_few(count: int, wanted: int) -> str:
    if not count:
        return _("expected here, but nothing yet")
    return ngettext("%(wanted)d is expected", "%(wanted)d or more are expected", wanted) % {"wanted": wanted}


def unfilled(rows: list[models.Model], name: str) -> str:
    count = sum(getattr(row, rows[0]._meta.get_field(name).attname) in EMPTY for row in rows)
    label = rows[0]._meta.get_field(name).verbose_name
    if not count:
        return ""
    if isinstance(rows[0], Version):
        return _("“%(field)s” is empty") % {"field": label}
    said = ngettext("“%(field)s” is empty in %(count)d row", "“%(field)s” is empty in %(count)d rows", count)
    return said % {"field": label, "count": count}


def has_texts(row: models.Model) -> bool:
    return any(isinstance(field, TranslatedField) for field in editable(type(row)))


def untranslated(rows: list[models.Model], code: str, language: str) -> str:
    """How many texts say something, but not in this language."""
    names = [field.name for field in editable(type(rows[0])) if isinstance(field, TranslatedField)]
    count = sum(bool(said := getattr(row, name)) and code not in said for row in rows for name in names)
    if not count:
        return ""
    said = ngettext("%(count)d text is not in %(language)s", "%(count)d texts are not in %(language)s", count)
    return said % {"count": count, "language": language}
