"""What is asked of the index, spelt as each database wants it."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

#: Begins every word of the index that no text holds: what is asked for by kind, by sound … A letter nobody writes.
MARK = "ƿ"
TITLE = MARK + "t"  # before each word of a title: titles are asked alone, and the index itself can answer


class Dialect(NamedTuple):
    """One question, two databases: where to look, how to rank, and how each spells a question."""

    tables: tuple[str, ...]
    where: str
    rank: str
    side_by_side: str
    quote: str
    prefix: str
    all: str
    any: str


DIALECTS = {
    "postgresql": Dialect(
        tables=(),
        where="search_indextext.words @@ to_tsquery('simple', %s)",
        rank="-ts_rank(search_indextext.words, to_tsquery('simple', %s))",
        side_by_side=" <-> ",
        quote="'",
        prefix=":*",
        all=" & ",
        any=" | ",
    ),
    "sqlite": Dialect(
        tables=("search_fts",),
        where="search_fts.rowid = search_indextext.version_id AND search_fts MATCH %s",
        # bm25 thinks less of what is long; but of two cities that say it, the one that says much is the better answer
        rank="bm25(search_fts, 8.0, 1.0, 2.0) * (1 + min(length(search_indextext.body), 40000) / 4000.0)",
        side_by_side=" + ",
        quote='"',
        prefix="*",
        all=" AND ",
        any=" OR ",
    ),
}


def dialect() -> Dialect:
    return DIALECTS[connection.vendor]


@dataclass(frozen=True)
class Phrase:
    """Words side by side; the last may be only begun. `mark` stands before each."""

    words: list[str]
    begun: bool = False

    def spelt(self, speak: Dialect, mark: str = "") -> str:
        said = speak.side_by_side.join(f"{speak.quote}{mark}{word}{speak.quote}" for word in self.words)
        return said + speak.prefix if self.begun else said


@dataclass(frozen=True)
class All:
    of: "list[Node]"

    def spelt(self, speak: Dialect, mark: str = "") -> str:
        return speak.all.join(f"({node.spelt(speak, mark)})" for node in self.of)


@dataclass(frozen=True)
class OneOf:
    of: "list[Node]"

    def spelt(self, speak: Dialect, mark: str = "") -> str:
        return speak.any.join(f"({node.spelt(speak, mark)})" for node in self.of)


@dataclass(frozen=True)
class Titled:
    """Said in a title: its words stand in the index once more, marked."""

    node: "Node"

    def spelt(self, speak: Dialect, _mark: str = "") -> str:
        return f"({self.node.spelt(speak, TITLE)})"


def marked(name: str) -> Phrase:
    """Carrying a mark: "kindcity", "chain3"."""
    return Phrase([MARK + name])


Node = Phrase | All | OneOf | Titled
