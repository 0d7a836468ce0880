"""How lists are narrowed by their address, and how many results each choice would give."""

from typing import NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.cities.models import City
from portal.lib.text import language_codes

UNKNOWN = "unknown"  # in addresses: nothing is published, which is not the same as no
MOST_WORDS = 8

#: The filter of each kind that has one: `FILTERS[kind](query, live versions)`.
FILTERS: dict[str, type["FacetedFilter"]] = {}


def printable(words: str) -> str:
    """What a reader typed, fit to be shown again."""
    return "".join(sign for sign in words if sign.isprintable())[:80]


class Known:
    """A field whose choices are asked for once a form, and whose complaint fits on a line."""

    def __init__(self, *, choices, **said):
        super().__init__(choices=choices() if callable(choices) else choices, **said)  # type: ignore[call-arg]

    def validate(self, value):
        asked = value if isinstance(value, list) else [value]
        unknown = [one for one in asked if one and not self.valid_value(one)]  # type: ignore[attr-defined]
        if unknown:
            raise ValidationError(_("“%(value)s” is not among the choices."), params={"value": printable(unknown[0])})


class KnownChoices(Known, forms.MultipleChoiceField):
    def to_python(self, value):
        """Each value once; an empty one asks for nothing."""
        return [one for one in dict.fromkeys(super().to_python(value)) if one]


class KnownChoice(Known, forms.ChoiceField):
    pass


class Option(NamedTuple):
    """One choice of a facet, with how many results it would show."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # a tuple counts too
    chosen: bool


class Facet(django_filters.Filter):
    """Any of the chosen values. `code` is the expression that gives a row's value, UNKNOWN where it has none.

    `stored`: by value, what the expression gives for it, where that is something else.
    """

    field_class = KnownChoices

    def __init__(self, code, choices, *, stored=None, **said):
        self.code = code
        self.stored = stored or {}
        super().__init__(choices=choices, **said)

    def filter(self, rows, chosen):
        name = f"{self.field_name}_code"
        stored = [self.stored.get(value, value) for value in chosen]
        return rows.alias(**{name: self.code}).filter(**{f"{name}__in": stored}) if chosen else rows

    def counted(self, rows):
        """Rows (name, value, how many); of one shape for all facets, so that one query counts them all."""
        name = Value(self.field_name, output_field=CharField())
        return rows.order_by().values_list(name, self.code).annotate(count=Count("pk"))


class Sorting(django_filters.Filter):
    """`orders`: by code, its label and what it sorts by; the first holds when none is asked for."""

    field_class = KnownChoice

    def __init__(self, **orders):
        self.orders = orders
        super().__init__(choices=[(code, label) for code, (label, *_by) in orders.items()], label=gettext_lazy("Order"))

    def filter(self, rows, code):
        _label, *by = self.orders[code or next(iter(self.orders))]
        return rows.order_by(*by)


class Narrowing(django_filters.Filter):
    """One choice without counts beside it: where the number of another page leads.

    `narrowed(rows, choice, today)` gives the rows it leaves.
    """

    field_class = KnownChoice

    def __init__(self, narrowed, choices, **said):
        self.narrowed = narrowed
        super().__init__(choices=choices, **said)

    def filter(self, rows, choice):
        request = self.parent.request
        return self.narrowed(rows, choice, request.clock.today if request else localdate()) if choice else rows


class FacetedFilter(django_filters.FilterSet):
    """A filter whose facets say what each choice would give, the other filters staying as they are."""

    @cached_property
    def with_words(self):
        """The rows that say the words asked for: looked for once, however many facets are counted."""
        words = self.form.cleaned_data.get("q")
        if not words:
            return self.queryset
        found = self.filters["q"].filter(self.queryset, words).order_by().values_list("pk", flat=True)
        return self.queryset.filter(pk__in=list(found))

    def rows(self, *, without=None):
        rows = self.with_words
        for name, value in self.form.cleaned_data.items():
            if name not in ("q", without):
                rows = self.filters[name].filter(rows, value)
        return rows

    @property
    def facet_filters(self):
        return {name: found for name, found in self.filters.items() if isinstance(found, Facet)}

    def counts(self):
        """How many rows there are by (facet, what is stored)."""
        self.form.is_valid()
        first, *others = [facet.counted(self.rows(without=name)) for name, facet in self.facet_filters.items()]
        return {(name, value): count for name, value, count in first.union(*others, all=True)}

    def facets(self):
        """What components/filters.html draws: each facet with the choices that have results or are chosen."""
        counts = self.counts()
        return [
            {"name": name, "label": facet.label, "options": self.options(name, counts)}
            for name, facet in self.facet_filters.items()
        ]

    def options(self, name, counts):
        chosen = self.form.cleaned_data.get(name) or []
        stored = self.filters[name].stored
        options = [
            Option(value, label, counts.get((name, stored.get(value, value)), 0), value in chosen)
            for value, label in self.form.fields[name].choices
        ]
        return [option for option in options if option.count or option.chosen]

    def chosen(self):
        """The filters in force, each with the address without it."""
        chosen = []
        for name, values in self.form.cleaned_data.items():
            if name in self.facet_filters:
                labels = dict(self.form.fields[name].choices)
                chosen += [{"label": labels[value], "url": self.address(name, value)} for value in values]
            elif isinstance(self.filters[name], Narrowing) and values:
                chosen.append({"label": dict(self.form.fields[name].choices)[values], "url": self.address(name)})
            elif name == "q" and values:
                chosen.append({"label": f"“{values}”", "url": self.address(name)})
        return chosen

    def sorts(self):
        """The orders there are, each with its address."""
        now = self.form.cleaned_data.get("sort") or next(iter(self.filters["sort"].orders))
        choices = self.form.fields["sort"].choices
        return [
            {"label": label, "url": self.address_with("sort", code), "chosen": code == now} for code, label in choices
        ]

    def address_with(self, name, value):
        query = self.data.copy()
        query[name] = value
        query.pop("page", None)
        return f"?{query.urlencode()}"

    def address(self, name, value=None):
        """This address without one filter, or without one of its values; on the first page."""
        query = self.data.copy()
        query.setlist(name, [one for one in query.getlist(name) if value is not None and one != value])
        query.pop("page", None)
        return f"?{query.urlencode()}"

    def address_without_errors(self):
        query = self.data.copy()
        for name in [*self.form.errors, "page"]:
            query.pop(name, None)
        return f"?{query.urlencode()}"


def names_of(kind):
    """Choices of the rows of a kind of reference data, in the reader's language."""
    return sorted(((row.slug, str(row.name)) for row in kind.objects.only("slug", "name")), key=lambda pair: pair[1])


def cities():
    return names_of(City)


def coded(cases, default=UNKNOWN):
    return Case(
        *(When(condition, then=Value(code)) for condition, code in cases),
        default=Value(default),
        output_field=CharField(),
    )


def said_anywhere(word, *fields):
    """Whether one of the translated fields has the word, in any language."""
    found = Q()
    for field in fields:
        for language in language_codes():
            found |= Q(**{f"{field}__{language}__icontains": word})
    return found


class Words(forms.CharField):
    def to_python(self, value):
        words = super().to_python(value)
        if "\0" in (words or ""):
            raise ValidationError(_("These words contain a sign that cannot be searched for."))
        return words


class WordsFilter(django_filters.CharFilter):
    """Every word must stand somewhere in the row. `condition` says, for one word, where."""

    field_class = Words

    def __init__(self, condition):
        self.condition = condition
        super().__init__(max_length=200, label=pgettext_lazy("in a filter", "Words"))

    def filter(self, rows, value):
        for word in (value or "").split()[:MOST_WORDS]:
            rows = rows.filter(self.condition(word))
        return rows
