"""How lists are narrowed by their address, and how many results each choice would give."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Case, CharField, Count, DecimalField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from portal.cities.models import City
from portal.lib import units
from portal.lib.context import PARAMETER
from portal.lib.queries import by_index
from portal.lib.text import language_codes, printable

from .clock import Clock

UNKNOWN = "unknown"  # in addresses: nothing is published, which is not the same as no
YES, NO = "yes", "no"
OPEN = 8  # choices of a facet that are shown with a box each; the others wait in a list
LONGEST = 200  # characters of a question
HIGHEST = Decimal(10**12)
NUMBER = DecimalField(max_digits=24, decimal_places=6)

#: The filter of each kind that has one: `FILTERS[kind](query, clock)`.
FILTERS: dict[str, type["FacetedFilter"]] = {}

#: The keys of the versions that say some words, for `pk__in`: portal.search knows.
SAYING: list[Callable[[str], Any]] = []


def kept(clock: Clock, name: Any, make: Callable[[], Any]) -> Any:
    """What `make` gives, made once for this clock and language by each process. Exact: nothing is ever invalidated."""
    key = (clock, get_language(), name)
    found = _kept.get(key)  # asked once: another thread may forget all at any moment
    if found is not None:
        return found
    found = make()
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = found
    return found


def forget() -> None:
    """For tests, each of which begins with a clock of its own."""
    _kept.clear()


MOST_KEPT = 1_000  # of a few kilobytes each; strangers choose what is asked
_kept: dict[tuple[Clock, str | None, Any], Any] = {}


class Choice(NamedTuple):
    """One choice of a filter: its word in addresses, its words for readers, and what the rows hold instead."""

    value: str
    label: str
    stored: str = ""

    @property
    def code(self) -> str:
        return self.stored or self.value


class Option(NamedTuple):
    """One choice of a facet, with how many results it would show."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # a tuple counts too
    chosen: bool


class KnownChoices(forms.Field):
    """Some of the known values. It holds no list of its own to be copied for each form, and complains in one line."""

    widget: Any = forms.SelectMultiple

    def __init__(self, *, known: Callable[[], dict[str, Choice]], **said: Any) -> None:
        self.known = known
        super().__init__(**said)

    def to_python(self, value: Any) -> Any:
        """Each value once; an empty one asks for nothing."""
        return [one for one in dict.fromkeys(value or []) if one]

    def validate(self, value: Any) -> None:
        self.refuse_unknown(value)

    def refuse_unknown(self, values: Iterable[str]) -> None:
        unknown = [one for one in values if one and one not in self.known()]
        if unknown:
            raise ValidationError(_("“%(value)s” is not among the choices."), params={"value": printable(unknown[0])})


class KnownChoice(KnownChoices):
    widget: Any = forms.TextInput

    def to_python(self, value: Any) -> Any:
        return value or ""

    def validate(self, value: Any) -> None:
        self.refuse_unknown([value])


class Chosen(django_filters.Filter):
    """A filter with choices, which are asked for once a clock. `choices()` gives each Choice, or (value, label)."""

    def __init__(self, choices, **said):
        self.choices = choices
        super().__init__(**said)

    @cached_property
    def known(self) -> dict[str, Choice]:
        """By value, in their order."""
        name = (type(self.parent), self.field_name)
        return kept(self.parent.clock, name, lambda: {one[0]: Choice(*one) for one in self.choices()})

    @property
    def field(self):
        return self.field_class(label=self.label, required=False, known=lambda: self.known)


class Facet(Chosen):
    """Any of the chosen values. `code` is the expression that gives what a row holds, UNKNOWN's code where nothing.

    `where(codes)`: the same as a condition on plain columns, which a database can plan for.
    """

    field_class = KnownChoices
    shows_all = False  # even the choices without results

    def __init__(self, code, choices, *, where=None, folded=False, **said):
        self.code, self.where, self.folded = code, where, folded
        super().__init__(choices, **said)

    @property
    def expression(self):
        return self.code

    @property
    def values(self) -> list[str]:
        """What is asked of it."""
        return self.parent.form.cleaned_data.get(self.field_name) or []

    def filter(self, rows, _values):
        if not self.values:
            return rows
        return (rows if self.where else rows.alias(**self.coded)).filter(self.condition)

    @property
    def coded(self) -> dict[str, Any]:
        """Names the code of a row."""
        return {f"code_{self.field_name}": self.expression}

    @property
    def condition(self) -> Q:
        """What rows meet, once they are `coded`."""
        codes = [self.known[value].code for value in self.values]
        return self.where(codes) if self.where else Q(**{f"code_{self.field_name}__in": codes})

    def chips(self):
        return [(self.known[value].label, {self.field_name: value}) for value in self.values]

    def drawn(self, counts: dict[tuple[str, str], int]) -> dict[str, Any]:
        """What components/filters.html draws: the choices that have results or are chosen."""
        chosen = self.values
        found = [
            Option(one.value, one.label, counts.get((self.field_name, one.code), 0), one.value in chosen)
            for one in self.known.values()
        ]
        options = [one for one in found if self.shows_all or one.count or one.chosen]
        most = sorted(options, key=lambda one: (one.chosen, one.count), reverse=True)
        shown = set(most[:OPEN]) if len(options) > OPEN + 2 else set(options)
        return {
            "name": self.field_name,
            "label": self.label,
            "options": [one for one in options if one in shown or one.chosen],
            "others": [one for one in options if one not in shown and not one.chosen],
            "folded": self.folded and not chosen,
        }


class Many(Facet):
    """A facet whose rows hold several values.

    `said(clock)` gives rows with `row` and `code`: which rows of the list say it, by what these hold under `key`, and
    what they say.
    """

    def __init__(self, said, choices, *, key="pk", **words):
        self.said, self.key = said, key
        super().__init__(None, choices, **words)

    def filter(self, rows, _values):
        codes = {self.known[value].code for value in self.values}
        if not codes:
            return rows
        said = self.said(self.parent.clock)
        found = Q(**{f"{self.key}__in": said.filter(code__in=codes - {UNKNOWN}).values("row")})
        return rows.filter(found | ~Q(**{f"{self.key}__in": said.values("row")}) if UNKNOWN in codes else found)

    def counted(self, rows) -> dict[tuple[str, str], int]:
        """By (facet, code): in queries of its own, since a row may count for several."""
        said = self.said(self.parent.clock).order_by()
        among = said.filter(row__in=rows.order_by().values(self.key))
        counts = among.values_list("code").annotate(count=Count("row", distinct=True))
        found = {(self.field_name, str(code)): count for code, count in counts}
        if UNKNOWN in self.known:
            found[self.field_name, UNKNOWN] = rows.exclude(**{f"{self.key}__in": said.values("row")}).count()
        return found


class Limit(django_filters.Filter):
    """A number to be met, in `unit`: what a Fact compares with. By itself it takes nothing away."""

    field_class = forms.DecimalField

    def __init__(self, *, unit: str, **said):
        self.unit = unit
        super().__init__(min_value=0, max_value=HIGHEST, decimal_places=4, **said)

    def filter(self, rows, _value):
        return rows


MET = {YES: "1", NO: "0", UNKNOWN: "-1"}


class Fact(Facet):
    """A hard fact: met, not met, or not published, which are three things. Where a limit is given, those that meet it.

    `code` gives the number a row publishes, None where it publishes none. `most`: it may be no more than the limit;
    else no less.
    """

    shows_all = True

    def __init__(self, code, limit: str, *, most: bool = True, **said):
        self.limit, self.most = limit, most
        super().__init__(code, None, **said)

    @property
    def bound(self) -> Decimal | None:
        return self.parent.form.cleaned_data.get(self.limit)

    @cached_property
    def known(self) -> dict[str, Choice]:
        labels = {
            YES: pgettext("of a limit", "meets it") if self.bound is not None else pgettext("of a fact", "published"),
            NO: pgettext("of a limit", "does not"),
            UNKNOWN: _("not published"),
        }
        return {value: Choice(value, label, MET[value]) for value, label in labels.items()}

    @property
    def values(self) -> list[str]:
        return super().values or ([YES] if self.bound is not None else [])

    @property
    def expression(self):
        """1, 0, or -1 where nothing is published; with the number in it once: it may be a query of its own."""
        at_most = self.most and self.bound is not None
        meets = (LessThanOrEqual if at_most else GreaterThanOrEqual)(F(self.code), Value(self.bound or 0, NUMBER))
        return Coalesce(Cast(meets, IntegerField()), Value(-1))

    def words(self, value: str) -> str:
        if value == UNKNOWN:
            return _("%(what)s: not published") % {"what": self.label}
        if self.bound is None:
            return _("%(what)s: published") % {"what": self.label}
        said = {"what": self.label, "amount": units.quantity(self.bound, self.parent.filters[self.limit].unit)}
        if self.most:
            return _("%(what)s: up to %(amount)s") % said if value == YES else _("%(what)s: over %(amount)s") % said
        return _("%(what)s: %(amount)s and more") % said if value == YES else _("%(what)s: under %(amount)s") % said

    def chips(self):
        taken = {self.limit: None} if self.values == [YES] else {}
        return [(self.words(value), {self.field_name: value} | taken) for value in self.values]

    def drawn(self, counts):
        unit = self.parent.filters[self.limit].unit
        limit = {
            "name": self.limit,
            "label": self.parent.filters[self.limit].label,
            "value": self.parent.data.get(self.limit, ""),
            "unit": units.UNITS[unit].name,
        }
        drawn = super().drawn(counts)
        if self.bound is None:
            drawn["options"] = [one for one in drawn["options"] if one.value != NO or one.chosen]
            drawn["folded"] |= not counts.get((self.field_name, MET[YES])) and not self.values
        return drawn | {"limit": limit}


class Sorting(Chosen):
    """`orders`: by code, its label and what it sorts by; the first holds when none is asked for."""

    field_class = KnownChoice

    def __init__(self, **orders):
        self.orders = orders
        super().__init__(None, label=gettext_lazy("Order"))

    @cached_property
    def known(self):
        return {code: Choice(code, label) for code, (label, *_by) in self.orders.items()}

    def filter(self, rows, code):
        _label, *by = self.orders[code or next(iter(self.orders))]
        return rows.order_by(*by)


class Narrowing(Chosen):
    """One choice without counts beside it: where the number of another page leads.

    `narrowed(rows, choice, today)` gives the rows it leaves.
    """

    field_class = KnownChoice

    def __init__(self, narrowed, choices, **said):
        self.narrowed = narrowed
        super().__init__(choices, **said)

    def filter(self, rows, choice):
        return self.narrowed(rows, choice, self.parent.clock.today) if choice else rows

    def chips(self):
        value = self.parent.form.cleaned_data.get(self.field_name)
        return [(self.known[value].label, {self.field_name: None})] if value else []


class Words(forms.CharField):
    def to_python(self, value):
        words = super().to_python(value)
        if "\0" in (words or ""):
            raise ValidationError(_("These words contain a sign that cannot be searched for."))
        return words


class WordsFilter(django_filters.CharFilter):
    """What the search would find with these words."""

    field_class = Words

    def __init__(self):
        super().__init__(max_length=LONGEST, label=pgettext_lazy("in a filter", "Words"))

    def filter(self, rows, words):
        return rows.filter(pk__in=SAYING[0](words)) if words else rows

    def chips(self):
        words = self.parent.form.cleaned_data.get(self.field_name)
        return [(f"“{words}”", {self.field_name: None})] if words else []


class FacetedFilter(django_filters.FilterSet):
    """What of a kind is public at a clock, narrowed by an address.

    Its facets say what each choice would give, the other filters staying as they are. The key of a row is that of its
    version.
    """

    def __init__(self, data: Any, clock: Clock) -> None:
        self.clock = clock
        super().__init__(data, self.everything(clock))

    def everything(self, clock: Clock) -> QuerySet:
        raise NotImplementedError

    @property
    def facet_filters(self) -> dict[str, Facet]:
        return {name: found for name, found in self.filters.items() if isinstance(found, Facet)}

    def rows(self, *, without: Iterable[str] = ()) -> QuerySet:
        """The rows that are asked for, in the order that is asked for."""
        rows = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in without:
                rows = self.filters[name].filter(rows, value)
        return rows

    def read(self) -> AbstractContextManager[None]:
        """In which the rows are asked for."""
        return by_index(bool(self.form.cleaned_data.get("q")))

    # How many --------------------------------------------------------------------------------------------------------

    @cached_property
    def count(self) -> int:
        return self.counted()["", ""]

    @cached_property
    def counts(self) -> dict[tuple[str, str], int]:
        """By (facet, code), how many rows there would be, had the facet not been asked for anything."""
        counts = dict(self.counted())
        for name, facet in self.facet_filters.items():
            if facet.values and name not in self.counted_together:
                counts = {key: count for key, count in counts.items() if key[0] != name}
                counts |= {key: count for key, count in self.counted(name).items() if key[0] == name}
        return counts

    @cached_property
    def counted_together(self) -> dict[str, Facet]:
        """The facets asked for something that are counted as if they were not while all are counted.

        Of what is asked alone that is not worth while: without it the list is whole, and the counts of that are kept.
        """
        asked = {name: found for name, found in self.facet_filters.items() if found.values}
        if len(asked) == 1 and not self.told(*asked):
            return {}
        return {name: found for name, found in asked.items() if not isinstance(found, Many)}

    def told(self, *without: str) -> tuple[tuple[str, str], ...]:
        """What is asked for, but for the order and these filters."""
        untold = {"sort", *without, *(getattr(self.filters[name], "limit", "") for name in without)}
        said = self.form.cleaned_data.items()
        asked = ((name, str(value)) for name, value in said if name not in untold and (value or value == 0))
        return tuple(asked)  # a limit of nought is one

    def counted(self, without: str = "") -> dict[tuple[str, str], int]:
        """By (facet, code), how many rows there are; altogether by ("", ""). Kept: other pages ask for it too.

        Of the rows without one filter only its own facet is counted, but of the whole list all: every page wants those.
        """
        told = self.told(*filter(None, [without]))
        only = without if told else ""
        return kept(self.clock, (type(self), told, only), lambda: self.tally(without, only))

    def count_without(self, name: str) -> int:
        if name in self.counted_together:
            return sum(count for (facet, _code), count in self.counts.items() if facet == name)
        return self.counted(name)["", ""]

    def tally(self, without: str, only: str) -> dict[tuple[str, str], int]:
        facets = {name: facet for name, facet in self.facet_filters.items() if only in ("", name)}
        together = {} if without else self.counted_together
        plain = {name: facet for name, facet in facets.items() if not isinstance(facet, Many)}
        rows = self.rows(without={without})
        with self.read():
            counts = tally(self.rows(without={without, *together}), plain, together)
            for facet in facets.values():
                if isinstance(facet, Many):
                    counts |= facet.counted(rows)
        return counts

    # What the page shows of it ---------------------------------------------------------------------------------------

    def facets(self) -> list[dict[str, Any]]:
        """What components/filters.html draws."""
        return [facet.drawn(self.counts) for facet in self.facet_filters.values()]

    def chosen(self) -> list[dict[str, str]]:
        """The filters in force, each with the address without it."""
        chips = [chip for found in self.filters.values() if hasattr(found, "chips") for chip in found.chips()]
        return [{"label": label, "url": self.address(taken)} for label, taken in chips]

    def loosened(self) -> list[dict[str, Any]]:
        """Where nothing is found: what there would be without one of the filters, or of those that do not publish."""
        ways = []
        for name, found in self.filters.items():
            chips = found.chips() if hasattr(found, "chips") else []
            count = self.count_without(name) if chips else 0
            if count:
                taken: dict[str, str | None] = {key: None for _label, names in chips for key in names}
                said = {"filter": " · ".join(str(label) for label, _names in chips)}
                ways.append({"label": _("without “%(filter)s”") % said, "url": self.address(taken), "count": count})
            silent = (
                self.counts.get((name, MET[UNKNOWN]), 0) if isinstance(found, Fact) and found.values == [YES] else 0
            )
            if silent:
                url = self.address(None, **{name: UNKNOWN})
                ways.append({"label": found.words(UNKNOWN), "url": url, "count": silent})
        return sorted(ways, key=lambda way: way["count"], reverse=True)

    def kept(self) -> list[dict[str, str]]:
        """What the form sends along though it offers no choice of it."""
        names = [
            PARAMETER,
            "sort",
            "view",
            *(name for name, found in self.filters.items() if isinstance(found, Narrowing)),
        ]
        return [{"name": name, "value": self.data[name]} for name in names if self.data.get(name)]

    def sorts(self) -> list[dict[str, Any]]:
        """The orders there are, each with its address."""
        known = self.filters["sort"].known.values()
        now = self.form.cleaned_data.get("sort") or next(iter(known)).value
        return [{"label": one.label, "url": self.address(sort=one.value), "chosen": one.value == now} for one in known]

    def address(self, taken: dict[str, str | None] | None = None, **put: str) -> str:
        """This address on its first page: without some filters, or one value of them; with others put to a value."""
        query = self.data.copy()
        for name, value in (taken or {}).items():
            query.setlist(name, [one for one in query.getlist(name) if value is not None and one != value])
        for name, value in put.items():
            query[name] = value
        query.pop("page", None)
        return f"?{query.urlencode()}"

    def address_without_errors(self) -> str:
        return self.address(dict.fromkeys(self.form.errors))


def tally(rows: QuerySet, facets: dict[str, Facet], asked: dict[str, Facet]) -> dict[tuple[str, str], int]:
    """How many of the rows meet what is asked, by (facet, code): but for the facet itself; altogether by ("", "").

    One reading of the rows, however many facets: a query for each would read them all again.
    """
    coded = rows.order_by().annotate(**{name: code for facet in facets.values() for name, code in facet.coded.items()})
    met = {f"met_{name}": Case(When(facet.condition, then=1), default=0) for name, facet in asked.items()}
    names = [*(f"code_{name}" for name in facets), *met] or ["pk"]
    try:
        sql, params = coded.annotate(**met).values(*names).query.sql_with_params()
    except EmptyResultSet:
        return {("", ""): 0}
    count = GROUPED.get(connection.vendor, one_after_another)
    with connection.cursor() as cursor:
        cursor.execute(count(sql, list(facets), list(asked)), params)
        return {(name, str(code)): count for name, code, count in cursor.fetchall()}


def at_once(sql: str, names: list[str], asked: list[str]) -> str:
    """All groups while the rows are read: half the work, on PostgreSQL."""
    if not names:
        return one_after_another(sql, names, asked)
    which = " ".join(f"WHEN GROUPING(code_{name}) = 0 THEN '{name}'" for name in names)
    code = " ".join(f"WHEN GROUPING(code_{name}) = 0 THEN CAST(code_{name} AS text)" for name in names)
    number = {name: f"count(*) FILTER (WHERE {met(asked, name)})" for name in ["", *asked]}
    own = " ".join(f"WHEN GROUPING(code_{name}) = 0 THEN {number[name]}" for name in asked)
    count = f"CASE {own} ELSE {number['']} END" if own else number[""]
    sets = ", ".join(f"(code_{name})" for name in names)
    nearly = " + ".join(f"met_{name}" for name in asked) or "0"  # what misses two things counts nowhere
    return (
        f"SELECT CASE {which} ELSE '' END, CASE {code} ELSE '' END, {count} "  # noqa: S608  # names of ours
        f"FROM ({sql}) AS coded WHERE {nearly} >= {len(asked) - 1} GROUP BY GROUPING SETS ({sets}, ())"
    )


def one_after_another(sql: str, names: list[str], asked: list[str]) -> str:
    counts = " UNION ALL ".join(
        [
            f"SELECT '', '', count(*) FROM coded WHERE {met(asked)}",  # noqa: S608  # names of ours
            *(
                f"SELECT '{name}', code_{name}, count(*) FROM coded WHERE {met(asked, name)} GROUP BY 2"  # noqa: S608
                for name in names
            ),
        ]
    )
    return f"WITH coded AS MATERIALIZED ({sql}) {counts}"


def met(asked: list[str], but: str = "") -> str:
    """What is asked, but for one facet."""
    return " AND ".join(f"met_{name} = 1" for name in asked if name != but) or "1 = 1"


GROUPED = {"postgresql": at_once}


# Choices and expressions that several lists have ---------------------------------------------------------------------


def names_of(kind: Any) -> list[Choice]:
    """The rows of a kind of reference data by name in the reader's language; rows elsewhere hold their keys."""
    rows = kind.objects.only("slug", "name")
    return sorted((Choice(row.slug, str(row.name), str(row.pk)) for row in rows), key=lambda one: one.label)


def cities() -> list[Choice]:
    return names_of(City)


def coded(cases: Iterable[tuple[Any, str]], default: str = UNKNOWN) -> Case:
    return Case(
        *(When(condition, then=Value(code)) for condition, code in cases),
        default=Value(default),
        output_field=CharField(),
    )


def said_anywhere(word: str, *fields: str) -> Q:
    """Whether one of the translated fields has the word, in any language."""
    found = Q()
    for field in fields:
        for language in language_codes():
            found |= Q(**{f"{field}__{language}__icontains": word})
    return found
