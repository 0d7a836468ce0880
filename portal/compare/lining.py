"""What is said of several things, in a row: side by side where it is like with like, else with the plain reason."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.lib import units
from portal.lib.templatetags.text import semicolon


class Respect(NamedTuple):
    """One respect in which statements must agree: what is said of one that does not, and of a row where none do."""

    other: Any
    differ: Any


#: But those that say themselves why they are not stated.
SENSES = {
    "unit": Respect(gettext_lazy("another unit"), gettext_lazy("the units differ")),
    "basis": Respect(gettext_lazy("another kind of figure"), gettext_lazy("the kinds of figure differ")),
    "period": Respect(gettext_lazy("another period"), gettext_lazy("the periods differ")),
    "what": Respect(gettext_lazy("another tariff or class"), gettext_lazy("the tariffs or classes differ")),
    "tax": Respect(gettext_lazy("tax counted otherwise"), gettext_lazy("tax is counted otherwise in some")),
    "area": Respect(gettext_lazy("another area"), gettext_lazy("some hold in one park only")),
}


class Sense(NamedTuple):
    """One respect in which statements must agree. `key` None: not stated, so nothing agrees with it; `why` says so."""

    key: Hashable
    words: str = ""
    why: str = ""


class Ends(NamedTuple):
    """From–to; None where the source sets no end: more than 100 is (100, None)."""

    low: Decimal | None
    high: Decimal | None

    def hull(self, other: "Ends") -> "Ends":
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Ends(low, high)


@dataclass(frozen=True)
class Statement:
    """A number said of one thing. `value` is the number printed, `ends` what it may be."""

    value: Decimal
    unit: str
    senses: dict[str, Sense]
    ends: Ends
    row: Any = None  # the figure or cost it stands in
    said: str = ""
    url: str = ""  # where what it counts is listed
    is_firm: bool = True
    newness: Any = ""

    @property
    def words(self) -> str:
        """As the reader's language writes it: said, or the amount of its row."""
        return self.said or self.row.amount

    @property
    def key(self) -> tuple | None:
        keys = tuple(sense.key for sense in self.senses.values())
        return None if None in keys else keys

    def reasons(self, key: tuple | None) -> list[str]:
        """Why it does not stand beside what agrees on `key`; for no key, what it leaves out itself."""
        wanted = key or (None,) * len(self.senses)
        found = []
        for (name, sense), there in zip(self.senses.items(), wanted, strict=True):
            if sense.key is None:
                found.append(sense.why or str(SENSES[name].other))
            elif key and sense.key != there:
                found.append(str(SENSES[name].other))
        return found


class Line(NamedTuple):
    """One of the words in a cell: where they lead, and what is said beside them."""

    words: Any
    url: str = ""
    note: Any = ""
    tone: str = ""


@dataclass
class Cell:
    """What one thing says in a row."""

    statements: list[Statement] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    is_beside: bool = False
    reason: str = ""
    is_best: bool = False
    apart: str = ""
    thing: Any = None  # whose it is

    @property
    def is_empty(self) -> bool:
        return not self.statements and not self.lines

    @property
    def value(self) -> Decimal | None:
        """The number compared: the lower of several."""
        return min(one.value for one in self.statements) if self.statements and self.is_beside else None

    @property
    def ends(self) -> Ends | None:
        found = None
        for one in self.statements:
            found = one.ends if found is None else found.hull(one.ends)
        return found


@dataclass
class Row:
    """One criterion. `better`: more, less or neither; `reason`: why nothing in it stands side by side."""

    code: str
    label: Any
    cells: list[Cell]
    better: str = "neither"
    detail: Any = ""
    definition: Any = None
    reason: str = ""
    note: str = ""
    best: str = ""  # what the marked cell is: highest, lowest, all the same
    topic: str = ""
    is_words: bool = False
    differs: bool = False

    @property
    def is_beside(self) -> bool:
        return sum(cell.is_beside for cell in self.cells) > 1

    @property
    def is_apart(self) -> bool:
        """Whether several give a number, and no two of them the same one."""
        return not self.is_beside and sum(bool(cell.statements) for cell in self.cells) > 1

    @property
    def is_whole(self) -> bool:
        """Whether all stand side by side."""
        return not self.is_words and all(cell.is_beside for cell in self.cells)

    @property
    def is_judged(self) -> bool:
        """Whether all stand side by side, and more or less is better."""
        return self.is_whole and self.better != "neither" and all(cell.value > 0 for cell in self.cells)

    @property
    def is_open(self) -> bool:
        """Whether one is only said to be more or less than its number, so that nobody can say how much it is."""
        return any(not cell.ends.low or cell.ends.high is None for cell in self.cells)

    @property
    def is_rankable(self) -> bool:
        return self.is_judged and not self.is_open

    @property
    def most(self) -> Decimal | None:
        """The largest value, for the bars; None where a bar would mislead."""
        values = [cell.value for cell in self.cells if cell.value is not None]
        return max(values) if len(values) > 1 and min(values) >= 0 else None


def shared_keys(said: Sequence[Sequence[Statement]]) -> list[tuple]:
    """The keys on which two things or more agree: what most agree on first, then what has happened, then the newest."""
    count: Counter[tuple] = Counter()
    firm: dict[tuple, tuple] = {}
    for statements in said:
        keys = {one.key for one in statements if one.key is not None}
        count.update(keys)
        for one in statements:
            if one.key is not None:
                firm[one.key] = max(firm.get(one.key, (False, "")), (one.is_firm, str(one.newness)))
    common = [key for key, things in count.items() if things > 1]
    return sorted(common, key=lambda key: (count[key], *firm[key], str(key)), reverse=True)


def line_up(
    code: str, label: Any, said: Sequence[Sequence[Statement]], *, better: str, key: tuple | None = None, **more: Any
) -> Row:
    """The row of what is said of each thing; those that agree on `key` stand side by side."""
    cells = [cell_of(statements, key) for statements in said]
    row = Row(code, label, cells, better=better, **more)
    if key is None:
        row.reason = why_not(cells)
    mark(row)
    return row


def cell_of(statements: Sequence[Statement], key: tuple | None) -> Cell:
    beside = [one for one in statements if key is not None and one.key == key]
    if beside:
        return Cell(sorted(beside, key=lambda one: one.value), is_beside=True)
    if not statements:
        return Cell()
    nearest = max(statements, key=lambda one: (-len(one.reasons(key)), one.is_firm, str(one.newness)))
    return Cell([nearest], reason=semicolon().join(dict.fromkeys(nearest.reasons(key))))


def why_not(cells: Sequence[Cell]) -> str:
    """In what those differ of which each could stand beside another; what keeps one out is said in its cell."""
    said = [cell.statements[0] for cell in cells if cell.statements]
    differing = (name for name in (said[0].senses if said else []) if len(known_keys(said, name)) > 1)
    return semicolon().join(str(SENSES[name].differ) for name in differing)


def known_keys(said: Iterable[Statement], name: str) -> set[Hashable]:
    return {one.senses[name].key for one in said} - {None}


def mark(row: Row) -> None:
    """Say which of those side by side is highest (or lowest, where less is better) and how far the others are off."""
    beside = [cell for cell in row.cells if cell.is_beside]
    if len(beside) < 2:
        return
    less = row.better == "less"
    values = [cell.value for cell in beside]
    best = (min if less else max)(values)
    if len(set(values)) == 1 and all(is_exact(cell.ends) for cell in beside):
        row.best = _("all the same") if len(beside) > 2 else _("both the same")
        return
    row.differs = True
    first = [cell for cell in beside if cell.value == best]
    if len(first) > 1 or not all(surely(first[0].ends, cell.ends, less) for cell in beside if cell is not first[0]):
        row.note = _("No sure order: they tie, overlap or leave an end open.")
        return
    row.best = _("lowest") if less else _("highest")
    first[0].is_best = True
    for cell in beside:
        if cell is not first[0]:
            cell.apart = apart(cell.value, best, cell.statements[0].unit)


def is_exact(ends: Ends | None) -> bool:
    return ends is not None and ends.low is not None and ends.low == ends.high


def surely(best: Ends, other: Ends, less: bool) -> bool:
    """Whether `best` is beyond `other` wherever in their ends the true values lie."""
    here, there = (best.high, other.low) if less else (best.low, other.high)
    return here is not None and there is not None and (here < there if less else here > there)


def apart(value: Decimal, best: Decimal, unit: str) -> str:
    """How far from the best: "38% less"; of percentages and round a nought, the plain difference."""
    if unit == "percent" or best <= 0 or value < 0:
        difference = units.number(abs(value - best))
        said = {"difference": difference}
        count = 1 if difference == "1" else 2
        if unit != "percent":
            return ""
        if value < best:
            return ngettext("%(difference)s point less", "%(difference)s points less", count) % said
        return ngettext("%(difference)s point more", "%(difference)s points more", count) % said
    if value < best:
        return _("%(percent)s%% less") % {"percent": rounded(100 * (best - value) / best)}
    if value > 2 * best:
        return _("%(times)s times as much") % {"times": rounded(value / best)}
    return _("%(percent)s%% more") % {"percent": rounded(100 * (value - best) / best)}


def rounded(number: Decimal) -> str:
    """To two digits at least: 0.8, 12, 140."""
    return units.number(round(number, 1 if number < 10 else 0))


def words_row(code: str, label: Any, said: Iterable[Sequence[Line]], **more: Any) -> Row:
    """A criterion in words: no order, but whether they differ."""
    cells = [Cell(lines=list(lines)) for lines in said]
    told = {tuple(str(line.words) for line in cell.lines) for cell in cells if cell.lines}
    return Row(code, label, cells, is_words=True, differs=len(told) > 1, **more)


MOST_LINES = 4  # in a cell before "and 7 more"


def cut(lines: list[Line]) -> list[Line]:
    """The first few, and how many more."""
    more = len(lines) - MOST_LINES
    return lines if more < 2 else [*lines[:MOST_LINES], Line(_("and %(count)d more") % {"count": more})]
