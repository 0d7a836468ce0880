"""What a search finds: the best of each kind, how many there are, and what else a question may have meant."""

import re
from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from portal.publishing.clock import Clock
from portal.publishing.models import Version

from . import questions
from .asking import All, Node, OneOf, Phrase, Titled
from .models import OVER, IndexName, IndexText, IndexWord

#: Of each kind so many are looked at and ranked: whoever meets more of them asks more narrowly. What bounds the work.
MOST = 1_000
MOST_TITLES = 300
MOST_NAMED = 200


class Hit(NamedTuple):
    version: int
    city: int
    chains: str
    rank: float


@dataclass
class Found:
    """The hits of each kind, the best first, and how they were come by: "" as asked, "corrected", "sound" or "some"."""

    hits: dict[str, list[Hit]] = field(default_factory=dict)
    how: str = ""
    query: str = ""  # what was asked instead
    capped: set[str] = field(default_factory=set)  # the kinds of which there are more

    def __bool__(self) -> bool:
        return bool(self.hits)

    def of(self, kind: str) -> list[Hit]:
        """Of this kind; of all when it is none."""
        return self.hits.get(kind, []) if kind else [hit for hits in self.hits.values() for hit in hits]

    def cities(self, kind: str) -> Counter[int]:
        return Counter(hit.city for hit in self.of(kind))

    def chains(self, kind: str) -> Counter[int]:
        return Counter(int(key) for hit in self.of(kind) for key in hit.chains.split())


class Search:
    """The index as it stands at `at`, narrowed to rows that carry all of `marks`."""

    def __init__(self, at: datetime, marks: Iterable[str] = ()) -> None:
        self.at = at
        self.marks = [Phrase([mark]) for mark in marks]
        self.is_past = at < Clock.recent().at  # then also what is over by now

    def without_marks(self) -> "Search":
        other = copy(self)
        other.marks = []
        return other

    def answer(self, query: str) -> Found:
        """What says all of it; else what it may have meant; else what says some of it."""
        node = questions.asked(query)
        found = self.find(node)
        if found or node is None:
            return found
        corrected = IndexWord.nearest(query)
        others = [
            ("corrected", questions.asked(corrected)),
            ("sound", questions.sounding(query)),
            ("some", questions.some(query)),
        ]
        for how, other in others:
            if other is not None and self.rows([other]).exists():
                found = self.find(other)
                found.how, found.query = how, corrected
                return found
        return found

    def find(self, node: Node | None) -> Found:
        found = Found()
        if node is None and not self.marks:
            return found
        for kind in Version.kinds():
            hits = self.hits(node, kind)
            if len(hits) > MOST:
                found.capped.add(kind)
            if hits:
                found.hits[kind] = hits[:MOST]
        return found

    def hits(self, node: Node | None, kind: str, most: int = MOST) -> list[Hit]:
        """The best of a kind, and one more where there are more than `most`."""
        narrow = [self.kind(kind)]
        found = {*self.looked_at([*([node] if node else []), *narrow], most + 1)}
        if node and len(found) > most:  # then the first met need not be the best: those that say it in their title are
            found |= {*self.looked_at([Titled(node), *narrow], MOST_TITLES)}
        return sorted(found, key=lambda hit: (hit.rank if node else 0, -hit.version))

    def looked_at(self, nodes: list[Node], most: int) -> list[Hit]:
        rows = self.rows(nodes).values_list("version_id", "city_id", "chains", "rank")[:most]
        return [Hit(*row) for row in rows]

    def rows(self, nodes: list[Node]):
        return IndexText.objects.live(self.at).matching(All([*nodes, *self.marks])).order_by()

    def kind(self, kind: str) -> Node:
        marks = OVER if self.is_past else OVER[:1]
        return OneOf([Phrase([mark + kind]) for mark in marks])

    # Names and suggestions --------------------------------------------------------------------------------------------

    def named(self, query: str, most: int = 6) -> list[IndexName]:
        """The organisations, chains, metrics … so called that something public names."""
        if not questions.tokens(query):
            return []
        found = list(IndexName.objects.called(query)[: 3 * most])
        public = self.public({thing.mark for thing in found})
        order = list(IndexName.KINDS)
        return sorted((thing for thing in found if thing.mark in public), key=lambda thing: order.index(thing.kind))[
            :most
        ]

    def public(self, marks: set[str]) -> set[str]:
        """Those of the marks that a public version carries."""
        if not marks:
            return set()
        node = OneOf([Phrase([mark]) for mark in sorted(marks)])
        tags = list(self.rows([node]).values_list("tags", flat=True)[:MOST_NAMED])
        carried = marks & {word for text in tags for word in text.split()}
        if len(tags) == MOST_NAMED:  # one that all name may have kept the others out
            carried |= {mark for mark in marks - carried if self.rows([Phrase([mark])]).exists()}
        return carried

    def titled(self, query: str, most: int) -> list[int]:
        """Versions whose title says it, of short titles those first: the other kinds, then projects, of which there
        may be very many."""
        node = questions.asked(query)
        if node is None:
            return []
        few = OneOf([self.kind(kind) for kind in Version.kinds() if kind != "project"])
        found = [*self.shortest([Titled(node), few], most), *self.shortest([Titled(node), self.kind("project")], most)]
        return found[:most]

    def shortest(self, nodes: list[Node], most: int) -> list[int]:
        rows = self.rows(nodes).values_list("title", "version_id")[:MOST_TITLES]
        return [version for _title, version in sorted(rows, key=lambda row: (len(row[0]), row[1]))[:most]]


MARK = re.compile(r"([a-z]{3,20})(\d{1,18})")


def thing_named(mark: str) -> IndexName | None:
    """What a mark in an address stands for."""
    read = MARK.fullmatch(mark)
    kind = {"chain": "valuechain"}.get(read[1], read[1]) if read else ""
    return IndexName.objects.filter(kind=kind, key=read[2]).first() if read else None
