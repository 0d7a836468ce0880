"""Doubts: what a careful reviewer would ask of a version, computed from what it says.

A check is a function in CHECKS that yields what it finds. Packages to the right add their own in a `doubts.py` of
theirs, loaded by their AppConfig. A doubt goes when it is mended, and rests when somebody has answered it with a
reason; the answer holds, through every copy, as long as what raised the doubt stands unchanged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal.lib import numerals, units
from portal.lib.dates import UncertainDate, UncertainDateField
from portal.lib.text import TranslatedField
from portal.publishing.clock import database_now
from portal.publishing.models import Part, Translation, Version
from portal.publishing.workflow import Refused

from .evidence import is_overdue, rows
from .models import Claim, DoubtAnswer, Figure, Metric, Qualifier, Source, Verification

#: The section of the version's own fields.
MAIN = "main"


class Doubt(NamedTuple):
    """`section` is the word of a kind of part, or "main"; `row` the row to mend, None when it is all of the section."""

    code: str
    section: str
    row: int | None
    says: str
    serious: bool
    key: str
    answer: DoubtAnswer | None

    @property
    def is_open(self) -> bool:
        """Whether it keeps the version from review: serious, and neither mended nor answered."""
        return self.serious and self.answer is None

    @property
    def name(self) -> str:
        """What sort of doubt it is: "year missing"."""
        return str(CHECKS[self.code].name)


class Raised(NamedTuple):
    """What a check found: in which rows (of one section), in words, and because of what.

    `because` are the stored words and values that raised it, never keys of rows: a copy raises the same doubt. It
    must not depend on the reader's language nor on the day.
    """

    rows: list[Any]
    says: str
    because: tuple[Any, ...]
    serious: bool | None = None  # None: as the check is


class Check(NamedTuple):
    code: str
    name: Any
    serious: bool
    find: Callable[[Any, date], Iterable[Raised]]


#: By code, in the order in which doubts are told.
CHECKS: dict[str, Check] = {}


def check(code: str, name: Any, *, serious: bool = False) -> Callable:
    """Registers a function of a version (loaded `with_parts`, as its kind) and today that yields what it doubts."""

    def register(find: Callable[[Any, date], Iterable[Raised]]) -> Callable[[Any, date], Iterable[Raised]]:
        CHECKS[code] = Check(code, name, serious, find)
        return find

    return register


# Asking --------------------------------------------------------------------------------------------------------------


def doubts(version: Version, today: date | None = None) -> list[Doubt]:
    """Everything doubted in a version loaded `with_parts`, as its kind. Asks the database for answers and the day."""
    answers = {(answer.code, answer.key): answer for answer in DoubtAnswer.of(version)}
    today = today or database_now().date()
    found: dict[tuple[str, str], Doubt] = {}
    for one in CHECKS.values():
        for raised in one.find(version, today):
            section, key = section_of(raised.rows[0]), key_of(one.code, raised)
            row = raised.rows[0].pk if len(raised.rows) == 1 and section != MAIN else None
            serious = one.serious if raised.serious is None else raised.serious
            answer = answers.get((one.code, key))
            found.setdefault((one.code, key), Doubt(one.code, section, row, raised.says, serious, key, answer))
    return list(found.values())


def section_of(row: Any) -> str:
    return type(row).accessor() if isinstance(row, Part) else MAIN


def key_of(code: str, raised: Raised) -> str:
    said = [code, section_of(raised.rows[0]), *(plain(thing) for thing in raised.because)]
    return sha256("\0".join(said).encode()).hexdigest()[:32]


def plain(thing: Any) -> str:
    """The same words for the same value, whichever database it came from."""
    if isinstance(thing, Decimal):
        return f"{thing.normalize():f}"
    return str(sorted(thing.items())) if isinstance(thing, dict) else "" if thing is None else str(thing)


def doubts_in(draft: Version) -> list[Doubt]:
    """Of a version as it is stored now, whatever has been loaded of it."""
    return doubts(type(draft).objects.with_parts().get(pk=draft.pk))


def answer(draft: Version, doubt: Doubt, *, reason: str, by: Any) -> None:
    """Say why it stands; inside `editing()`. A second answer takes the place of the first."""
    said = {"reason": reason, "by": by.get_username()}
    DoubtAnswer.objects.update_or_create(version_id=draft.pk, code=doubt.code, key=doubt.key, defaults=said)


def count_open(draft: Version) -> None:
    """Note on the draft how many doubts keep it from review: lists then need not look."""
    draft.open_doubts = sum(doubt.is_open for doubt in doubts_in(draft))
    Version.objects.filter(pk=draft.pk).update(open_doubts=draft.open_doubts)


def refuse_open(draft: Version) -> None:
    """Before submission: serious doubts are mended or answered first."""
    count_open(draft)
    if draft.open_doubts:
        raise Refused(
            ngettext(
                "One serious doubt is neither mended nor answered. Mend it, or say why it stands.",
                "%(count)d serious doubts are neither mended nor answered. Mend them, or say why they stand.",
                draft.open_doubts,
            )
            % {"count": draft.open_doubts},
            code="open_doubts",
        )


# Words ---------------------------------------------------------------------------------------------------------------


def all_rows(version: Version) -> Iterator[Any]:
    """The version and every row that says something on its page, as loaded."""
    yield version
    for part in type(version).parts():
        if part.is_content:
            yield from rows(version, part)


def name_of(row: Any) -> str:
    """A row in a few words: what it calls itself, else the first thing it says or names."""
    if type(row).__str__ is not models.Model.__str__:
        words = str(row)
    else:
        named = [field for field in fields_of(row, models.ForeignKey) if field.name not in ("version", "source")]
        things = [getattr(row, field.name) for field in [*fields_of(row, TranslatedField), *named]]
        words = next((str(thing) for thing in things if thing), str(row._meta.verbose_name))
    return words if len(words) <= 60 else f"{words[:58]}…"


def names_of(found: list[Any]) -> str:
    """ "GDP: RMB 200 bn", or "GDP: RMB 200 bn and 5 more"."""
    if len(found) == 1:
        return _("“%(row)s”") % {"row": name_of(found[0])}
    more = len(found) - 1
    return ngettext("“%(row)s” and %(more)d more", "“%(row)s” and %(more)d more", more) % {
        "row": name_of(found[0]),
        "more": more,
    }


def fields_of(row: Any, kind: type) -> list[Any]:
    return [field for field in row._meta.concrete_fields if isinstance(field, kind)]


def source_of(row: Any) -> Source | None:
    found = getattr(row, "source", None)
    return found if isinstance(found, Source) else None


def source_words(source: Source | None) -> str:
    return str(source.publisher) if source else _("the source")


def grouped(pairs: Iterable[tuple[tuple, Any]]) -> dict[tuple, list[Any]]:
    """Rows by what is doubted in them, so that one cause is one doubt: {cause: rows}."""
    found: dict[tuple, list[Any]] = defaultdict(list)
    for cause, row in pairs:
        found[cause].append(row)
    return found


# Dates ---------------------------------------------------------------------------------------------------------------


def dated(version: Version, is_doubted: Callable[[UncertainDate], bool]) -> dict[tuple, list[Any]]:
    """Rows by (section, date, code of the source), where the date is doubted."""
    return grouped(
        ((section_of(row), str(said), getattr(source_of(row), "code", "")), row)
        for row in all_rows(version)
        for field in fields_of(row, UncertainDateField)
        if (said := UncertainDate(getattr(row, field.attname))) and is_doubted(said)
    )


@check("missing_year", gettext_lazy("year missing"), serious=True)
def missing_year(version: Version, today: date) -> Iterator[Raised]:
    for (section, said, source), found in dated(version, lambda said: not said.year_stated).items():
        words = {
            "rows": names_of(found),
            "date": UncertainDate(said).words,
            "source": source_words(source_of(found[0])),
        }
        says = _("%(rows)s: %(date)s. Find the year in another document, or answer that %(source)s prints none.")
        yield Raised(found, says % words, (section, said, source))


@check("inferred_year", gettext_lazy("year inferred"))
def inferred_year(version: Version, today: date) -> Iterator[Raised]:
    for (section, said, source), found in dated(version, lambda said: said.inferred).items():
        words = {"rows": names_of(found), "date": UncertainDate(said).words}
        says = _("%(rows)s: %(date)s. Find a document that prints the year, or answer from what it was inferred.")
        yield Raised(found, says % words, (section, said, source))


@check("past_forecast", gettext_lazy("forecast for a past period"), serious=True)
def past_forecast(version: Version, today: date) -> Iterator[Raised]:
    """Serious unless readers are told what became of it: by a remark, or by a result for the same period."""
    done = {(figure.metric_id, figure.subject, figure.period) for figure in rows(version, Figure) if figure.is_done}
    for figure in rows(version, Figure):
        if is_overdue(figure, today):
            told = bool(figure.note) or (figure.metric_id, figure.subject, figure.period) in done
            words = {"figure": names_of([figure]), "basis": figure.get_basis_display(), "period": figure.period.words}
            says = _("%(figure)s is “%(basis)s” for %(period)s, which is over. Add the result, or a note for readers.")
            because = (*identity(figure), figure.basis, figure.period, figure.note)
            yield Raised([figure], says % words, because, serious=not told)


# Figures -------------------------------------------------------------------------------------------------------------


def identity(figure: Figure) -> tuple[Any, ...]:
    return figure.metric.code, figure.subject, figure.value_min, figure.value_max, figure.unit


STATISTICS = re.compile(r"\bstatistic|统计", re.IGNORECASE)
UNNAMED = re.compile(
    r"^(the )?(official|government|local|relevant)?\s*(statistics|data)\b|not (named|stated)|"
    r"^(官方|有关|相关)?(部门)?(统计|数据)|未载|未具名|未说明",
    re.IGNORECASE,
)


@check("unnamed_statistics", gettext_lazy("statistics without a body"))
def unnamed_statistics(version: Version, today: date) -> Iterator[Raised]:
    """The words speak of statistics; whose they are is not said. A statistical document names its body itself."""
    found = grouped(
        ((figure.statistics_by.within("en"), figure.source.code), figure)
        for figure in rows(version, Figure)
        if figure.source.kind != Source.Kind.STATISTICS
        and (UNNAMED.search(figure.statistics_by.within("en")) if figure.statistics_by else says_statistics(figure))
    )
    for cause, figures in found.items():
        says = _(
            "%(rows)s: statistics are cited, and not whose. Find the body that counts, or answer that none is named."
        )
        yield Raised(figures, says % {"rows": names_of(figures)}, cause)


def says_statistics(figure: Figure) -> bool:
    return bool(STATISTICS.search(figure.quote))


LOW_BASE = 300  # growth in percent from which one asks how little there was before
FEW = 10


@check("low_base", gettext_lazy("low base"))
def low_base(version: Version, today: date) -> Iterator[Raised]:
    for figure in rows(version, Figure):
        prior = figure.prior_value
        is_count = units.UNITS[figure.unit].kind == "count"
        if figure.yoy and (figure.yoy > LOW_BASE or (figure.yoy >= 100 and is_count and prior and prior < FEW)):
            before = units.quantity(round(prior, 0 if prior > FEW else 1), figure.unit) if prior else "–"
            words = {"figure": names_of([figure]), "yoy": units.number(figure.yoy), "before": before}
            says = _(
                "%(figure)s: growth of %(yoy)s%% means a low base, %(before)s the year before. Check both, or say so."
            )
            yield Raised([figure], says % words, (*identity(figure), figure.yoy))


@check("undefined_metric", gettext_lazy("metric without definition"))
def undefined_metric(version: Version, today: date) -> Iterator[Raised]:
    """A share of what, in what? A count or a sum is told by its name; a rate is not. Serious among the key figures."""
    found = grouped(
        ((figure.metric.code,), figure)
        for figure in rows(version, Figure)
        if figure.unit == "percent" and figure.metric.kind == Metric.Kind.STOCK and not figure.metric.definition
    )
    for cause, figures in found.items():
        untold = any(figure.key and not figure.note for figure in figures)
        says = _(
            "%(rows)s: nobody says what “%(metric)s” divides by what. Add the source's definition as a note, or answer."
        )
        words = {"rows": names_of(figures), "metric": figures[0].metric}
        yield Raised(figures, says % words, (*cause, untold), serious=untold)


NO_UPPER_BOUND = {Qualifier.MORE_THAN, Qualifier.AT_LEAST}
NOT_EXACT = {Qualifier.ABOUT: Decimal("1.05"), Qualifier.NEARLY: Decimal(1)}


def at_most(whole: Figure) -> Decimal | None:
    """The most that the whole can be; None when its words set no bound."""
    if whole.qualifier in NO_UPPER_BOUND:
        return None
    return (whole.value_max or whole.value_min) * NOT_EXACT.get(Qualifier(whole.qualifier), Decimal(1))


def at_least(part: Figure) -> Decimal:
    return Decimal(0) if part.qualifier in (Qualifier.LESS_THAN, Qualifier.UP_TO) else part.value_min


@check("totals_contradict", gettext_lazy("totals that contradict"), serious=True)
def totals_contradict(version: Version, today: date) -> Iterator[Raised]:
    """A part larger than its whole, or parts of one measure and period that are more than it together."""
    figures = {figure.pk: figure for figure in rows(version, Figure)}
    alike = grouped(
        ((figure.part_of_id, figure.metric_id, figure.when, figure.basis), figure)
        for figure in figures.values()
        if figure.part_of_id in figures and figure.unit == figures[figure.part_of_id].unit
    )
    for (whole_pk, *_same), parts in alike.items():
        whole = figures[whole_pk]
        most = at_most(whole)
        adds_up = whole.metric_id == parts[0].metric_id and whole.metric.total == Metric.Total.SUM
        together = sum(map(at_least, parts), Decimal(0))
        larger = [part for part in parts if most is not None and at_least(part) > most]
        if not larger and most is not None and adds_up and together > most:
            larger = parts
        if larger:
            amount = units.quantity(sum(map(at_least, larger), Decimal(0)), whole.unit)
            words = {"rows": names_of(larger), "amount": amount, "whole": name_of(whole)}
            says = _(
                "%(rows)s: %(amount)s, more than the whole it is part of, “%(whole)s”. Correct one, or answer why."
            )
            because = (*identity(whole), *(value for part in larger for value in identity(part)))
            yield Raised(larger, says % words, because)


class Ratio(NamedTuple):
    """Between which bounds one metric divided by another is likely, in their units."""

    above: str
    below: str
    least: Decimal
    most: Decimal


RATIOS = [
    Ratio("output-value", "total-investment", Decimal("0.25"), Decimal(20)),
    Ratio("profit-and-tax", "output-value", Decimal(0), Decimal("0.5")),
    Ratio("tax", "output-value", Decimal(0), Decimal("0.3")),
    Ratio("tax", "revenue", Decimal(0), Decimal("0.3")),
    Ratio("exports", "gdp", Decimal(0), Decimal(2)),
    Ratio("budget-revenue", "gdp", Decimal("0.02"), Decimal("0.3")),
    Ratio("gdp", "population", Decimal(10_000), Decimal(500_000)),
    Ratio("population", "area", Decimal(1), Decimal(30_000)),
]


@check("implausible_ratio", gettext_lazy("implausible ratio"))
def implausible_ratio(version: Version, today: date) -> Iterator[Raised]:
    """Two figures of one subject that hardly go together: a slip of 万 and 亿 is a factor of ten thousand."""
    found = rows(version, Figure)
    for ratio in RATIOS:
        for above in found:
            below = beside(above, ratio, found) if above.metric.code == ratio.above else None
            if below and not ratio.least <= above.value_min / below.value_min <= ratio.most:
                quotient = units.number(round(above.value_min / below.value_min, 3))
                words = {"above": names_of([above]), "below": name_of(below), "ratio": quotient}
                says = _(
                    "%(above)s against “%(below)s”: a ratio of %(ratio)s is unlikely. Check both numbers and units."
                )
                yield Raised([above], says % words, (*identity(above), *identity(below)))
    for figure in found:
        if figure.unit == "percent" and figure.metric.kind == Metric.Kind.STOCK and figure.value_min > 100:
            says = _("%(figure)s: a share of more than 100%%. Check the number.")
            yield Raised([figure], says % {"figure": names_of([figure])}, identity(figure))


def beside(above: Figure, ratio: Ratio, figures: list[Figure]) -> Figure | None:
    """The figure to divide by: of the same subject, as done or as promised as the other, of about the same year."""

    def years_apart(one: Figure) -> int:
        return abs(one.day.year - above.day.year) if one.day and above.day else 0

    fitting = [
        one
        for one in figures
        if one.metric.code == ratio.below
        and one.subject == above.subject
        and one.is_done == above.is_done
        and one.value_min > 0
        and years_apart(one) <= 1
    ]
    return min(fitting, key=years_apart, default=None)


@check("not_as_reported", gettext_lazy("value not in the words reported"))
def not_as_reported(version: Version, today: date) -> Iterator[Raised]:
    """The quotation has numbers, and none of them is the figure's."""
    for figure in rows(version, Figure):
        if figure.quote:
            read = [numerals.english(figure.quote), numerals.chinese(figure.quote)]
            values = {figure.value_min.normalize(), (figure.value_max or figure.value_min).normalize()}
            possible = frozenset[Decimal]().union(*(numbers.possible for numbers in read))
            if any(numbers.stated for numbers in read) and not values <= possible:
                says = _("%(figure)s: the words reported give another number. Check the value, its scale and its unit.")
                yield Raised([figure], says % {"figure": names_of([figure])}, (*identity(figure), figure.quote))


# Claims and languages ------------------------------------------------------------------------------------------------

SUPERLATIVE = re.compile(
    r"\b(largest|biggest|highest|best|leading|only|first|most|unique|complete|unrivalled)\b"
    r"|最[大高好佳强]|唯一|首[个家部座条]|第一|领先|完整|独一无二|独特|顶级|国家级",
    re.IGNORECASE,
)


@check("unverified_superlative", gettext_lazy("superlative not verified"))
def unverified_superlative(version: Version, today: date) -> Iterator[Raised]:
    """The largest, the only, the first; and a slogan of which nobody says whose it is."""
    for claim in rows(version, Claim):
        if claim.verification == Verification.UNVERIFIED and is_superlative(claim):
            says = _("%(claim)s: nobody else says so yet. Add a second source, or answer who vouches for it.")
            because = (claim.kind, claim.text, claim.source.code)
            yield Raised([claim], says % {"claim": names_of([claim])}, because)


def is_superlative(claim: Claim) -> bool:
    if claim.kind == Claim.Kind.SLOGAN:
        return not claim.attributed_to
    said = any(SUPERLATIVE.search(words) for words in claim.text.values())
    return claim.kind == Claim.Kind.SUPERLATIVE or (claim.kind == Claim.Kind.QUALITY and said)


@check("machine_translation", gettext_lazy("machine translation not reviewed"))
def machine_translation(version: Version, today: date) -> Iterator[Raised]:
    for translation in rows(version, Translation):
        if translation.origin == Translation.Origin.MACHINE:
            says = _("The %(language)s is a machine translation nobody has reviewed. Have it read, then say so there.")
            words = {"language": translation.get_language_display()}
            yield Raised([translation], says % words, (translation.language, translation.engine))


@check("machine_source", gettext_lazy("source read in machine translation"))
def machine_source(version: Version, today: date) -> Iterator[Raised]:
    found = grouped(
        ((source.code,), row)
        for row in all_rows(version)
        if (source := source_of(row)) and source.translated == Source.Translated.MACHINE
    )
    for cause, citing in found.items():
        says = _("%(rows)s: read in machine translation, in %(source)s. Find the original, or answer.")
        words = {"source": source_words(source_of(citing[0])), "rows": names_of(citing)}
        yield Raised(citing, says % words, cause)


@check("numbers_differ", gettext_lazy("numbers differ between languages"), serious=True)
def numbers_differ(version: Version, today: date) -> Iterator[Raised]:
    """Serious when each language has a number that the other lacks; a number that only one gives is shown."""
    for row in all_rows(version):
        for field in fields_of(row, TranslatedField):
            text = getattr(row, field.attname)
            alone = numerals.differing(text) if len(text) > 1 else {}
            if alone:
                languages = dict(Translation._meta.get_field("language").flatchoices)
                said = [f"{languages.get(code, code)} {', '.join(numbers)}" for code, numbers in alone.items()]
                words = {
                    "row": names_of([row]),
                    "field": field.verbose_name,
                    "numbers": pgettext("between numbers in two languages", "; ").join(said),
                }
                says = _("%(row)s, %(field)s: the languages give different numbers (%(numbers)s). Make them agree.")
                yield Raised([row], says % words, (field.name, text), serious=len(alone) > 1)
