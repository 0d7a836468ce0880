"""What one version says differently from another: numbers first, section by section, in words."""

import difflib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.lib.text import TranslatedField, languages

from .models import Entry, Part, Version
from .wording import EMPTY, editable, entry_names, filled, heading, inherited, said

NUMBER, FACT, TEXT = range(3)  # in this order they are shown

# What is compared ----------------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """Some words of two texts: in both ("same"), in the old only ("gone") or in the new only ("new")."""

    how: str
    words: str


class Marked(NamedTuple):
    """A text in one language ("" for one that has none), with what was taken out and put in."""

    language: str
    pieces: list[Piece]


class Change(NamedTuple):
    """One field, or several that are one amount, in words."""

    name: str
    label: str
    rank: int
    old: Any
    new: Any
    texts: Sequence[Marked] = ()

    @property
    def from_to(self) -> str:
        return f"{self.old or '–'} → {self.new or '–'}"

    @property
    def in_words(self) -> str:
        return f"{self.label} {self.from_to}"


@dataclass
class RowChange:
    """A row that was added, taken out ("gone"), changed, or only moved to another place."""

    how: str
    about: str
    says: str = ""  # of a row that is new or gone: its amount or text, where `about` does not say it
    dated: str = ""
    changes: list[Change] = field(default_factory=list)
    lines: list[tuple[str, Any]] = field(default_factory=list)
    moved: tuple[int, int] | None = None  # from place to place, counted from 1

    @property
    def rank(self) -> int:
        return min((change.rank for change in self.changes), default=FACT)

    @property
    def numbers(self) -> list[Change]:
        return [change for change in self.changes if change.rank == NUMBER]

    @property
    def others(self) -> list[Change]:
        return [change for change in self.changes if change.rank != NUMBER]

    @property
    def also(self) -> str:
        """The other things that changed, named: "new source, as of"."""
        return listed(_("new source") if change.name == "source" else change.label for change in self.others)

    @property
    def sentence(self) -> str:
        """ "enterprises: more than 100 → 116, new source"."""
        numbers = [each.in_words if at or not self.about else each.from_to for at, each in enumerate(self.numbers)]
        told = listed(filter(None, [*numbers, self.also if self.how == "changed" else self.says]))
        return f"{self.about}: {told}" if told and self.about else told or self.about


def listed(words: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(words)


@dataclass
class SectionChange:
    """`word` is the part's accessor, or "main" for the version's own fields (one changed row without a name)."""

    word: str
    name: str
    rows: list[RowChange]
    has_amounts: bool = False
    unchanged: int = 0

    @property
    def rank(self) -> int:
        return NUMBER if self.has_amounts else min(row.rank for row in self.rows)

    def how(self, *how: str) -> list[RowChange]:
        return [row for row in self.rows if row.how in how]

    @property
    def changed(self) -> list[RowChange]:
        return self.how("changed")

    @property
    def added(self) -> list[RowChange]:
        return self.how("added")

    @property
    def gone(self) -> list[RowChange]:
        return self.how("gone")

    @property
    def moved(self) -> list[RowChange]:
        return [row for row in self.rows if row.moved]


class Difference(NamedTuple):
    old: Version | None  # None: the first version, in which everything is new
    new: Version
    sections: list[SectionChange]

    @property
    def is_first(self) -> bool:
        return self.old is None


def difference(old: Version | None, new: Version) -> Difference:
    """What `new` says that `old` does not, and the other way round. Both of one kind, loaded `with_parts`.

    A constant number of queries. Rows have no lineage, so they are paired by what they say: see `paired`.
    """
    parts = [part for part in type(new).parts() if part.is_content]
    rows = {part: (rows_of(part, old), rows_of(part, new)) for part in parts}
    every: list[Any] = [version for version in (old, new) if version]
    every += [row for both in rows.values() for one in both for row in one]
    names = entry_words(every, new)
    pairs: dict[type[Part], list[Pair]] = {}
    twins: dict[tuple[type[Part], int], int] = {}  # an old row's key: its new row's
    sections = [main_section(old, new, names)]
    for part in parts:  # what is named before what names it, as the models are
        before, after = rows[part]
        pairs[part] = paired(part, before, after, twins)
        twins |= {(part, a.pk): b.pk for a, b in pairs[part] if a is not None and b is not None}
    siblings = {(part, row.pk): row for part in parts for both in rows[part] for row in both}
    for part in parts:
        words = Words(part, names, siblings, twins)
        sections.append(part_section(part, pairs[part], rows[part], words))
    told = [section for section in sections if section.rows]
    return Difference(old, new, sorted(told, key=lambda section: section.rank))


def rows_of(part: type[Part], version: Version | None) -> list[Any]:
    return list(getattr(version, part.accessor()).all()) if version else []


def entry_words(rows: list[Any], new: Version) -> dict[int, str]:
    keys = set()
    for row in rows:
        keys |= {getattr(row, each.attname) for each in entry_fields(row._meta.model)}
    return entry_names(keys - {None}, new.entry.city_id)


@cache
def entry_fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(each for each in editable(model) if each.is_relation and each.related_model is Entry)


@cache
def sibling_fields(part: type[Part]) -> tuple[Any, ...]:
    return tuple(each for each in editable(part) if each.is_relation and issubclass(each.related_model, Part))


# Pairing rows --------------------------------------------------------------------------------------------------------

Pair = tuple[Any, Any]
FEW = 2500  # so many comparisons of whole rows take no time
Letters = Callable[[str], set[str]]
ENOUGH = 0.5  # of what two rows say must agree, by weight, for them to be one row that changed


def paired(part: type[Part], old: list[Any], new: list[Any], twins: dict) -> list[Pair]:
    """[(old row, new row)], None where there is none; in the new order, then what is gone in the old.

    Equal rows first, then those that agree in what they are about, then the most alike. Rows equally alike go by
    their order, so the same rows always pair the same way.
    """
    told_old = [tokens(part, row, twins) for row in old]
    told_new = [tokens(part, row, {}) for row in new]
    found: dict[int, int] = {}  # index of the old row: of the new one
    match_equal(told_old, told_new, found, lambda told: tuple(told.values()))
    match_alike(part, told_old, told_new, found)
    of_new = {after: before for before, after in found.items()}
    pairs: list[Pair] = [(old[of_new[at]] if at in of_new else None, row) for at, row in enumerate(new)]
    return pairs + [(row, None) for at, row in enumerate(old) if at not in found]


def tokens(part: type[Part], row: Any, twins: dict) -> dict[str, Any]:
    """What the row says by field, comparable between versions: a sibling by its twin, itself left out."""
    return {
        each.name: token(part, each, getattr(row, each.attname), twins)
        for each in editable(part)
        if each.name != "order" and each.related_model is not part
    }


def token(part: type[Part], each: Any, value: Any, twins: dict) -> Any:
    if each.is_relation and issubclass(each.related_model, Part):
        return twins.get((each.related_model, value), value)
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


def match_equal(old: list[dict], new: list[dict], found: dict[int, int], of: Callable[[dict], Any]) -> None:
    waiting: dict[Any, list[int]] = defaultdict(list)
    for at in range(len(new) - 1, -1, -1):
        waiting[of(new[at])].append(at)
    for at, told in enumerate(old):
        if waiting[of(told)]:
            found[at] = waiting[of(told)].pop()


def match_alike(part: type[Part], old: list[dict], new: list[dict], found: dict[int, int]) -> None:
    taken = set(found.values())
    left_old = [at for at in range(len(old)) if at not in found]
    left_new = [at for at in range(len(new)) if at not in taken]
    letters = cache(letter_pairs)
    scored = [
        (-score, before, after)
        for before, after in candidates(part, old, new, left_old, left_new)
        if (score := likeness(part, old[before], new[after], letters)) >= ENOUGH
    ]
    for _score, before, after in sorted(scored):
        if before not in found and after not in taken:
            found[before] = after
            taken.add(after)


def candidates(
    part: type[Part], old: list[dict], new: list[dict], left_old: list[int], left_new: list[int]
) -> Iterable[tuple[int, int]]:
    """All that could be one row, when they are few; else those that share the rarest word of what they are about."""
    if len(left_old) * len(left_new) <= FEW:
        return [(before, after) for before in left_old for after in left_new]
    having: dict[Any, list[int]] = defaultdict(list)
    about = identity(part)
    for after in left_new:
        having[tuple(new[after][name] for name in about)].append(after)
        for name in about:
            if new[after][name] not in NOTHING:
                having[name, new[after][name]].append(after)
    pairs = []
    for before in left_old:
        told = old[before]
        same = having.get(tuple(told[name] for name in about))
        shared = [having[name, told[name]] for name in about if (name, told[name]) in having]
        pairs += [(before, after) for after in (same or min(shared, key=len, default=[]))]
    return pairs


NOTHING = (*EMPTY, (), False)


def likeness(part: type[Part], old: dict[str, Any], new: dict[str, Any], letters: Letters) -> float:
    """How much of what either says both say, from 0 to 1; 0 when they are not even about the same."""
    first = identity(part)[0]
    if old[first] != new[first] and alike(old[first], new[first], letters) < ENOUGH:
        return 0.0
    agreed = said_in_all = 0.0
    for name, weight in weights(part).items():
        one, other = old[name], new[name]
        if one == other:
            if one in NOTHING:
                continue
            agreed += weight
        elif weight > 1:
            agreed += weight * alike(one, other, letters)
        said_in_all += weight
    return agreed / said_in_all if said_in_all else 0.0


@cache
def weights(part: type[Part]) -> dict[str, float]:
    common, about = inherited(part), identity(part)
    return {
        each.name: 4 if each.name in about else 0.5 if each.name in common else 1
        for each in editable(part)
        if each.name != "order" and each.related_model is not part
    }


@cache
def identity(part: type[Part]) -> tuple[str, ...]:
    if part.identity:
        return part.identity
    own = [each for each in editable(part) if each.name not in inherited(part)]
    return tuple(each.name for each in own if not each.blank) or tuple(each.name for each in own)


def alike(one: Any, other: Any, letters: Letters) -> float:
    """How alike two texts are, from 0 to 1; in the language in which they are most alike. 0 of what is no text."""
    if isinstance(one, str) and isinstance(other, str):
        first, second = letters(one), letters(other)
        return len(first & second) / max(len(first), len(second), 1)
    if isinstance(one, tuple) and isinstance(other, tuple) and all(isinstance(item, tuple) for item in one + other):
        by_code, in_code = dict(one), dict(other)
        shared = by_code.keys() & in_code.keys()
        return max((alike(by_code[code], in_code[code], letters) for code in shared), default=0.0)
    return 0.0


def letter_pairs(words: str) -> set[str]:
    """Of the beginning only: quick, and good enough to know a text again."""
    return {words[at : at + 2] for at in range(max(min(len(words) - 1, 400), 1))}


# What changed, in words ----------------------------------------------------------------------------------------------


class Words(NamedTuple):
    """What is needed to say what a part's rows say."""

    part: type[Part]
    entries: dict[int, str]
    siblings: dict[tuple[type[Part], int], Part]
    twins: dict[tuple[type[Part], int], int]

    def named(self, row: Part) -> dict[str, dict[int, str]]:
        named = {each.name: self.entries for each in entry_fields(self.part)}
        for each in sibling_fields(self.part):
            key = getattr(row, each.attname)
            sibling = self.siblings.get((each.related_model, key))
            named[each.name] = {key: str(sibling) if sibling else ""}
        return named

    def lines(self, row: Part) -> list[tuple[str, Any]]:
        names = self.named(row)
        return [(each.verbose_name, said(row, each, names)) for each in filled(row)]

    def about(self, row: Part) -> str:
        return row.speaks_of or heading(row, self.lines(row))

    def changes(self, old: Part, new: Part) -> list[Change]:
        return changed_fields(old, new, self.named(old), self.named(new), self.twins)


def main_section(old: Version | None, new: Version, names: dict[int, str]) -> SectionChange:
    """The version's own fields, but for its note, which is about the difference."""
    section = SectionChange("main", _("Main facts"), [])
    named = {each.name: names for each in entry_fields(type(new))}
    if old is None:
        lines = [(each.verbose_name, said(new, each, named)) for each in filled(new) if each.name != "note"]
        section.rows = [RowChange("added", str(new), lines=lines)]
    elif changes := [change for change in changed_fields(old, new, named, named, {}) if change.name != "note"]:
        section.rows = [RowChange("changed", "", changes=changes)]
    return section


def part_section(
    part: type[Part], pairs: list[Pair], rows: tuple[list[Part], list[Part]], words: Words
) -> SectionChange:
    section = SectionChange(part.accessor(), str(part._meta.verbose_name_plural), [], bool(part.amounts))
    moves = moved(pairs, rows)
    for old, new in pairs:
        if old is None or new is None:
            row = new or old
            how = "added" if new else "gone"
            section.rows.append(RowChange(how, words.about(row), row.in_short, row.dated, lines=words.lines(row)))
            continue
        changes = words.changes(old, new)
        move = moves.get(new.pk)
        if changes or move:
            how = "changed" if changes else "moved"
            section.rows.append(RowChange(how, words.about(new), dated=new.dated, changes=changes, moved=move))
        else:
            section.unchanged += 1
    order = {"changed": 0, "added": 1, "gone": 2, "moved": 3}
    section.rows.sort(key=lambda row: (order[row.how], row.rank))
    return section


def changed_fields(old: Any, new: Any, named_old: dict, named_new: dict, twins: dict) -> list[Change]:
    """Numbers first; several fields that are one amount are one change."""
    model: Any = type(new)
    differing = [each for each in editable(model) if each.name != "order" and differs(each, old, new, twins)]
    changes: list[Change] = []
    for name, fields in getattr(model, "amounts", {}).items():
        of_amount = [each for each in differing if each.name in fields]
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if of_amount and before != after:
            label = str(model._meta.get_field(fields[0]).verbose_name)
            changes.append(Change(name, label, NUMBER, before, after))
            differing = [each for each in differing if each not in of_amount]
    changes += [changed_field(each, old, new, named_old, named_new) for each in differing]
    return sorted(changes, key=lambda change: change.rank)


def differs(each: Any, old: Any, new: Any, twins: dict) -> bool:
    before, after = getattr(old, each.attname), getattr(new, each.attname)
    if each.is_relation and issubclass(each.related_model, Part):
        before = twins.get((each.related_model, before), before)
    return bool(before != after)


def changed_field(each: Any, old: Any, new: Any, named_old: dict, named_new: dict) -> Change:
    before, after = said(old, each, named_old), said(new, each, named_new)
    texts: list[Marked] = []
    if isinstance(each, TranslatedField):
        texts = [
            Marked(code, marked(before.get(code, ""), after.get(code, "")))
            for code, _name in languages()
            if before.get(code) != after.get(code)
        ]
    elif isinstance(each, models.TextField):
        texts = [Marked("", marked(before, after))]
    return Change(each.name, str(each.verbose_name), rank_of(each), before, after, texts)


def rank_of(each: Any) -> int:
    if isinstance(each, models.DecimalField | models.IntegerField) and not each.choices:
        return NUMBER
    return TEXT if isinstance(each, TranslatedField | models.TextField) else FACT


def moved(pairs: list[Pair], rows: tuple[list[Part], list[Part]]) -> dict[int, tuple[int, int]]:
    """Of the rows in both, those that left the order of the others: {key of the new row: (old place, new place)}."""
    places_old = {row.pk: at for at, row in enumerate(rows[0], 1)}
    both = [(places_old[old.pk], at, new.pk) for at, (old, new) in enumerate(pairs, 1) if old and new]
    stayed = longest_rise([before for before, _after, _key in both])
    return {key: (before, after) for before, after, key in both if before not in stayed}


def longest_rise(numbers: list[int]) -> set[int]:
    """The longest run of numbers, not side by side perhaps, each greater than the one before it."""
    ends: list[int] = []  # the least number on which a rise of that length ends
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    rise = set()
    last = ends[-1] if ends else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return rise


# Texts, word by word -------------------------------------------------------------------------------------------------

CJK = "\u3400-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"\d+(?:[.,]\d+)*%?|[{CJK}]|[^\W\d_{CJK}]+|\s+|.", re.S)
SENTENCE = re.compile(r"[^。！？.!?\n]*[。！？.!?\n]*\s*")
LONG = 1200  # words of a changed stretch above which sentences are compared


def marked(old: str, new: str) -> list[Piece]:
    """Both texts as one, word by word; Chinese by character."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    head = common(before, after)
    tail = common(before[head:][::-1], after[head:][::-1])
    middle_old, middle_new = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(middle_old), len(middle_new)) > LONG:
        middle_old = SENTENCE.findall("".join(middle_old))
        middle_new = SENTENCE.findall("".join(middle_new))
    pieces = [Piece("same", "".join(before[:head])), *compared(middle_old, middle_new)]
    pieces.append(Piece("same", "".join(before[len(before) - tail :]) if tail else ""))
    return joined(piece for piece in pieces if piece.words)


def common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def compared(old: list[str], new: list[str]) -> Iterable[Piece]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:  # two texts, not one that was edited
        return [Piece("gone", "".join(old)), Piece("new", "".join(new))]
    pieces = []
    for how, i, j, k, m in matcher.get_opcodes():
        if how == "equal" and (i == 0 or "".join(old[i:j]).strip()):
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces += [Piece("gone", "".join(old[i:j])), Piece("new", "".join(new[k:m]))]
    return pieces


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one sort as one; of what changed between two that stayed, the old before the new."""
    result: list[Piece] = []
    for stayed, run in groupby(pieces, key=lambda piece: piece.how == "same"):
        kept = list(run)
        for how in ("same",) if stayed else ("gone", "new"):
            if words := "".join(piece.words for piece in kept if piece.how == how):
                result.append(Piece(how, words))
    return result
