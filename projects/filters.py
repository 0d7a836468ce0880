"""How lists of projects and ceremonies are narrowed, and how many there are under each choice."""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, SmallIntegerField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import ChainLink, Industry
from portal.cities.models import City
from portal.lib.text import language_codes
from portal.lib.units import quantity

from .models import CeremonyRecord, ProjectListing, ProjectParty, Stage

UNKNOWN = "unknown"  # in addresses: nothing is published, which is not the same as no
MOST_WORDS = 8
SIZES = {"small": Decimal(10**8), "medium": Decimal(10**9), "large": Decimal(10**10)}  # each up to so many yuan
STAGES = {stage.name.lower(): str(stage.value) for stage in Stage} | {UNKNOWN: "0"}


def printable(words: str) -> str:
    """What a reader typed, fit to be shown again."""
    return "".join(sign for sign in words if sign.isprintable())[:80]


class Known:
    """A field whose choices are asked for once a form, and whose complaint fits on a line."""

    def __init__(self, *, choices, **said):
        super().__init__(choices=choices() if callable(choices) else choices, **said)

    def validate(self, value):
        asked = value if isinstance(value, list) else [value]
        unknown = [one for one in asked if one and not self.valid_value(one)]
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
    count: int
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


def industries():
    return [*names_of(Industry), (UNKNOWN, _("industry not stated"))]


def links():
    rows = ChainLink.objects.select_related("chain").order_by("chain__slug", "order")
    known = [(f"{row.chain.slug}.{row.slug}", f"{row.name} ({row.chain.name})") for row in rows]
    return [*known, (UNKNOWN, _("place in a chain not stated"))]


def stages():
    """Along the ladder; cancelled, which is off it, and unknown after."""
    ladder = [*(stage for stage in Stage if stage > 0), Stage.CANCELLED]
    return [*((stage.name.lower(), stage.label) for stage in ladder), (UNKNOWN, _("stage not published"))]


def cooperations():
    return [*ProjectListing.Cooperation.choices, (UNKNOWN, _("form of cooperation not stated"))]


def sizes():
    amounts = [quantity(size, "CNY") for size in SIZES.values()]
    between = [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(amounts)]
    words = [
        _("under %(amount)s") % {"amount": amounts[0]},
        *between,
        _("%(amount)s and more") % {"amount": amounts[-1]},
    ]
    return [*zip([*SIZES, "huge"], words, strict=True), (UNKNOWN, _("amount in yuan not published"))]


def coded(cases, default=UNKNOWN):
    return Case(
        *(When(condition, then=Value(code)) for condition, code in cases),
        default=Value(default),
        output_field=CharField(),
    )


CITY = F("entry__city__slug")
# One subquery for all stages: a case a stage would repeat it for each.
STAGE = Cast(
    Case(
        When(stopped=True, then=Value(Stage.CANCELLED.value)),
        default=Coalesce("stage", Value(0)),
        output_field=SmallIntegerField(),
    ),
    CharField(),
)
SIZE = coded([(Q(investment__lt=size), code) for code, size in SIZES.items()] + [(Q(investment__isnull=False), "huge")])
LINK = Case(
    When(link=None, then=Value(UNKNOWN)),
    default=Concat("link__chain__slug", Value("."), "link__slug", output_field=CharField()),
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
        if "\0" in words:
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


def project_says(word):
    parties = ProjectParty.objects.filter(version=OuterRef("pk"))
    own = said_anywhere(word, "title", "summary", "products", "site")
    return own | Exists(parties.filter(said_anywhere(word, "name", "organisation__name")))


def ceremony_says(word):
    return said_anywhere(word, "title", "summary", "place", "host")


class ProjectFilter(FacetedFilter):
    q = WordsFilter(project_says)
    stage = Facet(STAGE, stages, stored=STAGES, label=pgettext_lazy("of a project", "Stage"))
    city = Facet(CITY, cities, label=gettext_lazy("City"))
    industry = Facet(
        Coalesce("industry__slug", Value(UNKNOWN), output_field=CharField()), industries, label=gettext_lazy("Industry")
    )
    link = Facet(LINK, links, label=gettext_lazy("Place in the value chain"))
    amount = Facet(SIZE, sizes, label=gettext_lazy("Total investment"))
    cooperation = Facet(
        Coalesce(NullIf("cooperation", Value("")), Value(UNKNOWN), output_field=CharField()),
        cooperations,
        label=gettext_lazy("Cooperation"),
    )
    sort = Sorting(
        newest=(gettext_lazy("newest first"), F("live_from").desc(), F("pk").desc()),
        investment=(gettext_lazy("largest investment first"), F("investment").desc(nulls_last=True), F("pk").desc()),
        stage=(gettext_lazy("furthest along first"), F("stage").desc(nulls_last=True), F("pk").desc()),
    )


class CeremonyFilter(FacetedFilter):
    q = WordsFilter(ceremony_says)
    city = Facet(CITY, cities, label=gettext_lazy("City"))
    type = Facet(F("type"), lambda: CeremonyRecord.Type.choices, label=pgettext_lazy("of a ceremony", "Type"))
