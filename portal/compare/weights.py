"""A ranking of the compared by the reader's own weights, worked out openly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import QueryDict

from .lining import Row

PREFIX = "weight-"
HEAVIEST = 5
WEIGHTS = {str(weight): weight for weight in range(1, HEAVIEST + 1)}


@dataclass
class Place:
    """Where one of the compared stands. `best` and `worst`: its places when any one criterion is left out."""

    thing: Any
    points: Decimal
    by_row: list[Decimal]
    place: int = 0
    best: int = 0
    worst: int = 0


@dataclass
class Ranking:
    """The criteria that count, each with its weight, and the places."""

    rows: list[tuple[Row, int]]
    places: list[Place]

    @property
    def is_steady(self) -> bool:
        return all(place.best == place.worst for place in self.places)


class Weighed(NamedTuple):
    """What an address weighs, by code of a criterion, and the ranking that it comes to."""

    weights: dict[str, int]
    ranking: Ranking | None

    @property
    def query(self) -> list[tuple[str, str]]:
        """As an address says it."""
        return [(PREFIX + code, str(weight)) for code, weight in self.weights.items()]


def weighed(query: QueryDict, rows: Sequence[Row], things: Sequence[Any]) -> Weighed:
    """A whole number from 1 to the heaviest is a weight; whatever else the address says counts as none."""
    given = {row.code: query.get(PREFIX + row.code, "") for row in rows}
    chosen = {code: WEIGHTS[words] for code, words in given.items() if words in WEIGHTS}
    return Weighed(chosen, ranked(rows, chosen, things))


def points(row: Row) -> list[Decimal]:
    """100 for the best, the others in proportion to it."""
    values = [cell.value for cell in row.cells]
    if row.better == "less":
        return [100 * min(values) / value for value in values]
    return [100 * value / max(values) for value in values]


def ranked(rows: Sequence[Row], chosen: dict[str, int], things: Sequence[Any]) -> Ranking | None:
    """None as long as nothing is weighed."""
    counted = [(row, chosen[row.code]) for row in rows if row.code in chosen]
    if not counted:
        return None
    table = [points(row) for row, _weight in counted]
    heavy = [weight for _row, weight in counted]
    totals = total(table, heavy)
    orders = [places(totals)]
    if len(counted) > 1:
        orders += [places(total(without(table, out), without(heavy, out))) for out in range(len(counted))]
    found = [
        Place(thing, totals[at], [own[at] for own in table], orders[0][at], *span(order[at] for order in orders))
        for at, thing in enumerate(things)
    ]
    return Ranking(counted, sorted(found, key=lambda place: place.place))


def total(table: Sequence[Sequence[Decimal]], heavy: Sequence[int]) -> list[Decimal]:
    """The weighted mean of each column."""
    return [
        round(sum(weight * value for weight, value in zip(heavy, column, strict=True)) / sum(heavy), 1)
        for column in zip(*table, strict=True)
    ]


def without(items: Sequence[Any], place: int) -> list[Any]:
    return [item for number, item in enumerate(items) if number != place]


def places(totals: Sequence[Decimal]) -> list[int]:
    """Equal points share a place."""
    return [1 + sum(other > own for other in totals) for own in totals]


def span(found: Iterable[int]) -> tuple[int, int]:
    seen = list(found)
    return min(seen), max(seen)
