"""What a search finds: the best of each kind, how many there are, and what else a question may have meant."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from portal.publishing.clock import Clock
from portal.publishing.models import Version

from . import questions
from .asking import MARK, All, Node, OneOf, Titled, marked
from .models import OVER, IndexName, IndexText, IndexWord

#: Of each kind so many are looked at and ranked: whoever meets more of them asks more narrowly. What bounds the work.
MOST = 300
MOST_TITLES = 200
MOST_PARTLY = 60  # of what says only some of it: nobody reads far there
MOST_NAMED = 50
MANY = "project"  # the kind of which there may be very many
ADDRESSED = re.compile(r"([a-z]{3,20})(\d{1,18})")


class Hit(NamedTuple):
    version: int
    kind: str
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
        self.marks = [marked(mark) for mark in marks]
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
        for how, other, instead in self.readings(query):
            is_last = how == "some"
            if other and (is_last or self.may_say(other)):
                found = self.find(other, MOST_PARTLY if is_last else MOST)
            if found:
                found.how, found.query = how, instead
                return found
        return found

    def readings(self, query: str) -> Iterator[tuple[str, Node | None, str]]:
        """What else the question may have meant: how it is come by, what to look for, and the words for it."""
        yield "", questions.asked(query, begun=True), ""
        corrected = IndexWord.nearest(query)
        yield "corrected", questions.asked(corrected), corrected
        yield "sound", questions.sounding(query), ""
        yield "some", questions.some(query), ""

    def find(self, node: Node | None, most: int = MOST) -> Found:
        if node is None and not self.marks:
            return Found()
        looked_at = self.looked_at(node, most)
        live = self.live(hit.version for hits in looked_at.values() for hit in hits)
        found = Found(capped={kind for kind, hits in looked_at.items() if len(hits) > most})
        for kind, hits in looked_at.items():
            hits = [hit for hit in hits if hit.version in live]
            if hits:
                hits.sort(key=lambda hit: (hit.rank if node else 0, -hit.version))
                found.hits[kind] = hits[:most]
        return found

    def looked_at(self, node: Node | None, most: int) -> dict[str, set[Hit]]:
        """Rows of each kind that say it; those of the kinds of which there are few are asked for at once."""
        few = [kind for kind in Version.kinds() if kind != MANY]
        bound = MOST * len(few)
        together = self.hits([node, self.kind(*few)], bound + 1)
        alone = [MANY] if len(together) <= bound else list(Version.kinds())
        found = {kind: {hit for hit in together if hit.kind == kind} for kind in few}
        return found | {kind: self.of_kind(node, kind, most) for kind in alone}

    def of_kind(self, node: Node | None, kind: str, most: int) -> set[Hit]:
        """All that say it, or where there are more than `most`, some and those that say it in their title."""
        is_of = self.kind(kind)
        found = self.hits([node, is_of], most + 1)
        if node and len(found) > most:
            found |= self.hits([Titled(node), is_of], MOST_TITLES)
        return found

    def hits(self, nodes: list[Node | None], most: int) -> set[Hit]:
        rows = self.rows([node for node in nodes if node])
        return {Hit(*row) for row in rows.values_list("version_id", "kind", "city_id", "chains", "rank")[:most]}

    def rows(self, nodes: list[Node]):
        """Rows that say all of it, in no order. Whether they are `live` is asked afterwards, of those looked at; but of
        a past day, of which most that say so were over or not yet begun, at once."""
        rows = IndexText.objects.live(self.at) if self.is_past else IndexText.objects.all()
        return rows.matching(All([*nodes, *self.marks])).order_by()

    def live(self, versions: Iterable[int]) -> set[int]:
        return {*Version.objects.live(self.at).filter(pk__in={*versions}).order_by().values_list("pk", flat=True)}

    def may_say(self, node: Node) -> bool:
        """Whether a row says it that may be live."""
        return self.rows([node, self.kind(*Version.kinds())]).exists()

    def kind(self, *kinds: str) -> Node:
        marks = OVER if self.is_past else OVER[:1]
        return OneOf([marked(mark + kind) for kind in kinds for mark in marks])

    # Names and suggestions --------------------------------------------------------------------------------------------

    def named(self, query: str, most: int = 6) -> list[IndexName]:
        """The organisations, chains, metrics … so called that something public names."""
        if not questions.tokens(query):
            return []
        found = list(IndexName.objects.called(query)[: most + 4])
        public = self.public({thing.mark for thing in found})
        order = list(IndexName.KINDS)
        found = [thing for thing in found if thing.mark in public]
        return sorted(found, key=lambda thing: order.index(thing.kind))[:most]

    def thing(self, mark: str) -> IndexName | None:
        """What a mark in an address stands for, while something public carries it."""
        read = ADDRESSED.fullmatch(mark)
        kind = {"chain": "valuechain"}.get(read[1], read[1]) if read else ""
        found = IndexName.objects.filter(kind=kind, key=read[2]).first() if read else None
        return found if found and self.carried({found.mark}) else None

    def public(self, marks: set[str]) -> set[str]:
        """Those of the marks that a public version carries."""
        carried = self.carried(marks) if marks else set()
        return carried | {mark for mark in marks - carried if self.carried({mark})}

    def carried(self, marks: set[str]) -> set[str]:
        """The marks on the first public versions that carry any of them."""
        nodes = [OneOf([marked(mark) for mark in sorted(marks)]), self.kind(*Version.kinds())]
        tags = dict(self.rows(nodes).values_list("version_id", "tags")[:MOST_NAMED])
        return marks & {word.removeprefix(MARK) for version in self.live(tags) for word in tags[version].split()}

    def titled(self, query: str, most: int) -> list[int]:
        """Versions whose title says it, of short titles those first: the other kinds, then projects, of which there
        may be very many."""
        node = questions.asked(query, begun=True)
        if node is None:
            return []
        few = self.kind(*(kind for kind in Version.kinds() if kind != MANY))
        found = [self.shortest([Titled(node), is_of], 2 * most) for is_of in (few, self.kind(MANY))]
        live = self.live(version for versions in found for version in versions)
        return [version for versions in found for version in versions if version in live][:most]

    def shortest(self, nodes: list[Node], most: int) -> list[int]:
        rows = self.rows(nodes).values_list("title", "version_id")[:MOST_TITLES]
        return [version for _title, version in sorted(rows, key=lambda row: (len(row[0]), row[1]))[:most]]
