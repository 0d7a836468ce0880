"""What a reviewer would ask of designations, of offers and of the names of organisations."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from portal.facts.doubts import Raised, all_rows, check, grouped, names_of
from portal.facts.evidence import rows
from portal.facts.validity import Valid
from portal.publishing.models import Version

from .models import Designation, Incentive, Organisation, Plot


@check("bare_designation", gettext_lazy("designation without grantor or year"))
def bare_designation(version: Version, today: date) -> Iterator[Raised]:
    for row in rows(version, Designation):
        if row.grantor and row.granted:
            continue
        says = {
            (False, False): _("%(row)s: neither who granted it is said nor when. Add both, or answer."),
            (False, True): _("%(row)s: who granted it is not said. Add it, or answer."),
            (True, False): _("%(row)s: when it was granted is not said. Add it, or answer."),
        }[bool(row.grantor), bool(row.granted)]
        because = (row.title, row.grantor, row.granted, row.source.code)
        yield Raised([row], says % {"row": f"“{row.title}”"}, because)


@check("alias_pair", gettext_lazy("two names that look like one"))
def alias_pair(version: Version, today: date) -> Iterator[Raised]:
    named = {organisation.pk: (organisation, row) for organisation, row in reversed(list(organisations(version)))}
    for (one, row), (other, _row) in combinations(reversed(named.values()), 2):
        if look_alike(one, other):
            says = _(
                "“%(one)s” and “%(other)s” look like one name written twice. Choose one of them, or answer why both."
            )
            because = tuple(sorted((one.slug, other.slug)))
            yield Raised([row], says % {"one": one.name, "other": other.name}, because)


@check("expired_offer", gettext_lazy("offer that is over"))
def expired_offer(version: Version, today: date) -> Iterator[Raised]:
    """Prices, routes, land and incentives whose last day has passed: readers see them as history."""
    offers = (row for row in all_rows(version) if isinstance(row, Valid) and not is_taken(row))
    for found in grouped(((type(row),), row) for row in offers if row.has_expired(today)).values():
        says = _("%(rows)s: held until a day that has passed. Add what holds now, or answer.")
        because = tuple(word for row in found for word in (*identity(row), row.valid_until))
        yield Raised(found, says % {"rows": names_of(found)}, because)


def identity(row: Any) -> list[Any]:
    """What it is about, the same in every language."""
    return [getattr(row, row._meta.get_field(name).attname) for name in row.identity]


def is_taken(row: Any) -> bool:
    return isinstance(row, Plot) and row.status != Plot.Status.AVAILABLE


@check("endless_incentive", gettext_lazy("incentive without an end"))
def endless_incentive(version: Version, today: date) -> Iterator[Raised]:
    found = [row for row in rows(version, Incentive) if not row.valid_until] if hasattr(version, "incentives") else []
    if found:
        says = _("%(rows)s: nobody says until when. Add it, or answer.")
        yield Raised(found, says % {"rows": names_of(found)}, tuple(word for row in found for word in identity(row)))


def organisations(version: Version) -> Iterator[tuple[Organisation, Any]]:
    """Every organisation that the version names, with the row that does."""
    for row in all_rows(version):
        for field in row._meta.concrete_fields:
            if field.related_model is Organisation and getattr(row, field.attname):
                yield getattr(row, field.name), row


def look_alike(one: Organisation, other: Organisation) -> bool:
    """Beisen and Bosen; 博森 and 柏森. Not what is told apart by a whole word or a character of another sound."""
    return latin_alike(one.name.get("en", ""), other.name.get("en", "")) or chinese_alike(
        one.name.get("zh-hans", ""), other.name.get("zh-hans", "")
    )


def latin_alike(one: str, other: str) -> bool:
    """They differ in one word only, and there by a letter or two, but not at its beginning."""
    mine, theirs = (re.findall(r"[a-z0-9]+", name.lower()) for name in (one, other))
    differing = sorted({*mine} - {*theirs}), sorted({*theirs} - {*mine})
    if [len(words) for words in differing] != [1, 1]:
        return bool(mine) and differing == ([], [])
    [[word], [twin]] = differing
    close = Levenshtein.distance(word, twin) <= (2 if min(len(word), len(twin)) > 4 else 1)
    return close and min(len(word), len(twin)) > 3 and word[0] == twin[0] and not (word + twin).isdigit()


def chinese_alike(one: str, other: str) -> bool:
    return one != other and bool(one and other) and lazy_pinyin(one) == lazy_pinyin(other)
