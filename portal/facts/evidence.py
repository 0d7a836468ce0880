"""What a version may print of its facts, and on which sources it rests."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from portal.lib.dates import UncertainDate
from portal.publishing.models import Part, Version

from .models import Basis, Citation, Claim, Figure, Metric, Passage, Source, Sourced, Visibility, review_day


class Told(NamedTuple):
    """What stands on the card of a figure besides its own fields."""

    whole: Figure | None = None
    earlier: tuple[Figure, ...] = ()
    citations: tuple[Citation, ...] = ()
    is_overdue: bool = False
    review_due: date | None = None


class Series(NamedTuple):
    """One thing measured more than once: the newest value, and those before it, newest first."""

    newest: Figure
    earlier: tuple[Figure, ...]


class Cited:
    """The documents that rows of several versions rest on, numbered for a page that says them together."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.sources = list({row.source_id: row.source for row in rows}.values())
        self.numbers = {source.pk: number for number, source in enumerate(self.sources, 1)}


class Evidence:
    """The facts of one version, loaded `with_parts`, as of `today`. Asks the database nothing more.

    What is kept for the office or for one investor is left out here and nowhere else: figures that are not public,
    the wholes and citations that would tell of them, and the sources that only they rest on.
    """

    def __init__(self, version: Version, today: date) -> None:
        self.version = version
        self.today = today
        self.beside: list[Any] = []  # rows of other versions that the page prints too, each with its source
        self.apart: set[str] = set()  # topics of figures that have a section of their own on the page

    @cached_property
    def figures(self) -> list[Figure]:
        return [figure for figure in rows(self.version, Figure) if figure.visibility == Visibility.PUBLIC]

    @property
    def key_figures(self) -> list[Figure]:
        """Those picked as such; of one thing picked for several years, the newest."""
        key = [figure for figure in self.figures if figure.key]
        continued = {row.pk for figure in key for row in self.earlier.get(figure.pk, ())}
        return [figure for figure in key if figure.pk not in continued]

    @cached_property
    def done(self) -> list[Series]:
        """What has happened: all but those key figures that have no history."""
        return self.series(figure for figure in self.figures if figure.is_done)

    @property
    def done_by_topic(self) -> list[tuple[str, list[Series]]]:
        """What has happened, by what it is about, without what stands apart."""
        return by_topic(row for row in self.done if row.newest.metric.topic not in self.apart)

    @property
    def promised_by_topic(self) -> list[tuple[str, list[Series]]]:
        return by_topic(self.promised)

    @property
    def lines(self) -> int:
        """How many rows the tables of the two have."""
        return sum(len(found) for _topic, found in (*self.done_by_topic, *self.promised_by_topic))

    def on(self, topic: str) -> list[tuple[str, list[Series]]]:
        """What has happened and is about this, for a section of its own."""
        found = [row for row in self.done if row.newest.metric.topic == topic]
        return [("", found)] if found else []

    @cached_property
    def promised(self) -> list[Series]:
        """What is agreed, planned or expected, without the key figures."""
        return self.series(figure for figure in self.figures if not figure.is_done)

    @cached_property
    def claims(self) -> list[Claim]:
        return rows(self.version, Claim)

    @property
    def passages(self) -> list[tuple[str, list[Passage]]]:
        """The story by topic, in the order of the topics."""
        told = rows(self.version, Passage)
        topics = [(str(label), [row for row in told if row.topic == topic]) for topic, label in Passage.Topic.choices]
        return [(label, found) for label, found in topics if found]

    def series(self, figures: Iterable[Figure]) -> list[Series]:
        """Each figure that no later one among them continues, with those it continues."""
        found = [Series(one, self.earlier.get(one.pk, ())) for one in figures if one.pk not in self.continued]
        return [row for row in found if row.earlier or not row.newest.key]

    @cached_property
    def earlier(self) -> dict[int, tuple[Figure, ...]]:
        """By figure, the values of the same thing, in the same sense, for earlier days; newest first.

        Only of what has happened: promises for different years are different promises, not a history.
        """
        alike: dict[tuple, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            if figure.is_done and figure.when.year_stated:
                alike[figure.metric_id, figure.unit, figure.subject, figure.basis].append(figure)
        newest_first = [sorted(group, key=day, reverse=True) for group in alike.values()]
        return {one.pk: tuple(row for row in group if day(row) < day(one)) for group in newest_first for one in group}

    @cached_property
    def continued(self) -> set[int]:
        """The figures that a newer value of the same thing has made history: nobody need look at them again."""
        return {row.pk for earlier in self.earlier.values() for row in earlier}

    def told(self, figure: Figure) -> Told:
        """What the card of one of these figures says."""
        return Told(
            whole=next((row for row in self.figures if row.pk == figure.part_of_id), None),
            earlier=self.earlier.get(figure.pk, ()),
            citations=tuple(row for row in self.citations if row.figure_id == figure.pk),
            is_overdue=is_overdue(figure, self.today),
            review_due=None if figure.pk in self.continued else review_due(figure, self.today),
        )

    @cached_property
    def citations(self) -> list[Citation]:
        public = {figure.pk for figure in self.figures}
        return [row for row in rows(self.version, Citation) if row.claim_id or row.figure_id in public]

    @cached_property
    def sources(self) -> list[Source]:
        """Every document cited, once, in the order in which the page first needs it."""
        return list({source.pk: source for source in self.cited()}.values())

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each source in the list at the foot of the page."""
        return {source.pk: number for number, source in enumerate(self.sources, 1)}

    def cited(self) -> Iterator[Source]:
        if isinstance(getattr(self.version, "source", None), Source):
            yield self.version.source  # type: ignore[attr-defined]
        filtered: dict[type[Part], list] = {Figure: self.figures, Citation: self.citations}
        for part in type(self.version).parts():
            if issubclass(part, Sourced):
                yield from (row.source for row in filtered.get(part, rows(self.version, part)))
        yield from (row.source for row in self.beside)

    @property
    def data_as_of(self) -> date | None:
        """The latest day for which a figure says what has happened."""
        days = [figure.when.latest for figure in self.figures if figure.is_done]
        return max((min(day, self.today) for day in days if day), default=None)


def by_topic(series: Iterable[Series]) -> list[tuple[str, list[Series]]]:
    """In the order of the topics, each under its name; without names where there is one topic only."""
    found: dict[str, list[Series]] = defaultdict(list)
    for row in series:
        found[row.newest.metric.topic].append(row)
    if len(found) < 2:
        return [("", rows) for rows in found.values()]
    return [(str(topic.label), found[topic]) for topic in Metric.Topic if topic in found]


def rows(version: Version, part: type[Part]) -> list[Any]:
    """The rows of a part, as loaded with the version."""
    return list(getattr(version, part.accessor()).all())


def day(figure: Figure) -> date:
    return figure.when.latest or figure.when.earliest or date.max


def is_overdue(figure: Figure, today: date) -> bool:
    """An expectation for a period that is over: the reader is told that no result is given."""
    over = UncertainDate(figure.period).latest
    return figure.basis in (Basis.FORECAST, Basis.TARGET, Basis.PLANNED) and bool(over and over < today)


def review_due(figure: Figure, today: date) -> date | None:
    """The day by which a count that changes should have been looked at again, when it has passed."""
    if not figure.is_done or figure.metric.kind != Metric.Kind.STOCK or day(figure) == date.max:
        return None
    due = review_day(day(figure), figure.metric.fresh_for_months)
    return due if due < today else None
