"""Rows as tables say them: columns known by their headings, and words made what the fields of a section hold.

What is pasted from a spreadsheet and what is uploaded as one are read here, by `read(part, table, …)`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import ModelChoiceField
from django.utils.text import capfirst
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from portal.facts.models import Figure
from portal.lib import amounts
from portal.lib.text import TranslatedField, TranslatedFormField, language_codes
from portal.publishing.models import Entry, Part

from .forms import next_order, section_form
from .sections import EMPTY, choices, entry_words, named, said
from .typed import (
    CHINESE,
    FigureWords,
    LabelledField,
    LabelledListField,
    NamedField,
    Names,
    WordForm,
    YesNoField,
    fold,
    in_every_language,
    names_of_row,
    word_field,
)

MOST_ROWS = 500
#: What a language is called in a heading, beside its code and the names that it gives itself.
CALLED = {"zh-hans": ("中文", "Chinese", "cn"), "en": ("英文", "英语", "English")}

#: How offices head a column besides its label.
ALSO_HEADED = {"amount": ("金额", "数额", "数量", "数值")}


# Columns --------------------------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """`name` is the form's field, `box` what the form calls its box: a text has one a language, or "" for whichever
    language the cell is written in. `headings` are folded."""

    name: str
    box: str
    label: str
    headings: frozenset

    def __str__(self):
        return self.label


def fold_heading(words):
    return re.sub(r"[\W_]+", "", fold(words))


def column(field, name, code=""):
    """The column of a form's field; of its box for one language with a `code`."""
    tags = [""] if not code else [code, code.partition("-")[0], *language_names(code)]
    words = {name, *in_every_language(lambda: field.label), *ALSO_HEADED.get(name, ())}
    label = capfirst(str(field.label)) + (f" ({code.partition('-')[0]})" if code else "")
    headings = frozenset(fold_heading(word + tag) for word in words for tag in tags)
    return Column(name, f"{name}_{code}" if code else name, label, headings)


def language_names(code):
    return {get_language_info(code)["name_local"], *in_every_language(lambda: dict(settings.LANGUAGES)[code])} | set(
        CALLED.get(code, ())
    )


#: The order in which columns stand when a table has no headings, where it is not that of the form.
FIRST_COLUMNS = {Figure: ["metric", "amount", "basis", "as_of", "period", "source", "key"]}
LAST_COLUMNS = {Figure: [name for name in amounts.Amount._fields if name != "amount"]}


def columns(form):
    """The columns of a table of such rows, in the order in which they stand without headings."""
    model = form._meta.model
    first, last = FIRST_COLUMNS.get(model, []), LAST_COLUMNS.get(model, [])
    rest = [name for name in form.base_fields if name not in (*first, *last, "seen", "opened")]
    return [made for name in (*first, *rest, *last) for made in columns_of(form.base_fields[name], name)]


def columns_of(field, name):
    if isinstance(field, TranslatedFormField):
        return [column(field, name, code) for code in reversed(language_codes())]  # Chinese first, as offices write
    return [column(field, name)]


# A table --------------------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    typed: str
    says: object  # what was understood, in words
    errors: list


class Row:
    """One row of the table: what was typed and the bound form that read it."""

    def __init__(self, number, typed, form):
        self.number, self.typed, self.form = number, typed, form
        self.instance = form.instance if form.is_valid() else None

    def problems(self):
        """[(name of the field or "", message)]"""
        return [
            ("" if name == NON_FIELD_ERRORS else name, message)
            for name, messages in self.form.errors.items()
            for message in messages
        ]


class Table:
    """`columns` that the table has, its `rows`, and the `problems` of the table as a whole."""

    def __init__(self, columns=(), rows=(), problems=()):
        self.columns, self.rows, self.problems = list(columns), list(rows), list(problems)

    @property
    def is_good(self):
        return bool(self.rows) and not self.problems and all(row.form.is_valid() for row in self.rows)

    def save(self):
        """Every row as a new one. Call it inside `workflow.editing`, when the table is good."""
        for row in self.rows:
            row.instance.save(force_insert=True)

    def faults(self):
        """[(row number, column's label or "", message)] of all that must be mended."""
        labels = {column.name: base_label(row.form, column.name) for row in self.rows[:1] for column in self.columns}
        for row in self.rows:
            for name, message in row.problems():
                yield row.number, labels.get(name) or base_label(row.form, name), message


def base_label(form, name):
    return capfirst(str(form.fields[name].label)) if name in form.fields else ""


class Reader:
    """Reads tables of one part (or of a kind's main fields) for one user, city and version."""

    def __init__(self, model, *, user, city, version=None, source=None, most=MOST_ROWS):
        self.model, self.version, self.source, self.most = model, version, source, most
        self.user = user
        self.asked = {"user": user, "city": city, "version": version}
        self.form = self.word_form()
        self.columns = columns(self.form)
        self.defaults = dict(self.default_words())

    def word_form(self):
        base = FigureWords if self.model is Figure else WordForm
        made = type(f"{self.model.__name__}Words", (base,), {"Meta": section_form(self.model).Meta})
        for name in ("seen", "opened"):
            del made.base_fields[name]
        for name, field in made.base_fields.items():
            names = self.names(name) if isinstance(field, ModelChoiceField) else None
            made.base_fields[name] = word_field(field, names)
        if self.model is Figure:
            made.base_fields["value_min"].required = made.base_fields["unit"].required = False
        return made

    def names(self, name):
        field = self.model._meta.get_field(name)
        label = entry_words if field.related_model is Entry else str
        return Names(choices(field, **self.asked), names_of_row, label)

    def default_words(self):
        """What a field says when nobody says otherwise."""
        for name in self.form.base_fields:
            if name != "amount":
                default = self.model._meta.get_field(name).get_default()
                if default not in (*EMPTY, False):
                    yield name, str(default)

    def read(self, table: Iterable[Iterable[str]]) -> Table:
        """Lines of cells; the first may be headings. Numbers of rows count the table's own lines, from 1."""
        lines = [(number, [str(cell).strip() for cell in line]) for number, line in enumerate(table, 1)]
        lines = [(number, line) for number, line in lines if any(line)]
        if not lines:
            return Table(problems=[_("There are no rows in it.")])
        heading = lines[0][1] if self.is_heading(lines[0][1]) else None
        found, problems = self.found(heading) if heading else (self.columns, [])
        lines = lines[1:] if heading else lines
        if len(lines) > self.most:
            said = _("These are %(count)d rows; at most %(most)d can be added at a time.")
            return Table(problems=[said % {"count": len(lines), "most": self.most}])
        if not lines:
            problems.append(_("There are only headings, no rows."))
        widest = max((last_filled(line) for _number, line in lines), default=0)
        if widest > len(found):
            said = _("A row has %(count)d cells, but there are only %(most)d columns.")
            return Table(problems=[said % {"count": widest, "most": len(found)}])
        used = found if heading else found[:widest]
        first = next_order(self.model, self.version) if issubclass(self.model, Part) else 0
        rows = [self.row(number, line, used, first + place) for place, (number, line) in enumerate(lines)]
        self.find_clashes(rows)
        return Table([column for column in used if column], rows, problems)

    def is_heading(self, line):
        filled = [cell for cell in line if cell]
        return 2 * sum(self.column_called(cell) is not None for cell in filled) >= len(filled)

    def found(self, heading):
        """([column or None for each heading], problems)"""
        found = [self.column_called(cell) if cell else None for cell in heading]
        unknown = [cell for cell, column in zip(heading, found, strict=True) if cell and not column]
        said = _("“%(heading)s” is no column of this table. Change its heading or take it out.")
        problems = [said % {"heading": cell[:60]} for cell in unknown]
        twice = [column for column, count in Counter(filter(None, found)).items() if count > 1]
        problems += [_("Two columns are headed “%(heading)s”.") % {"heading": column} for column in twice]
        return found, problems

    @cached_property
    def by_heading(self):
        known = {}
        for column_made in [*self.columns, *self.either_language]:
            for heading in column_made.headings:
                known.setdefault(heading, column_made)
        return known

    @property
    def either_language(self):
        fields = self.form.base_fields.items()
        return [
            column(field, name)._replace(box="") for name, field in fields if isinstance(field, TranslatedFormField)
        ]

    def column_called(self, heading):
        """By its whole heading, else by a part that only one has (“职务” for “当时职务”), also with a language."""
        folded = fold_heading(heading)
        if found := self.by_heading.get(folded) or self.by_part(folded):
            return found
        for code, tags in self.tags.items():
            for tag in tags:
                base = self.by_part(folded.removesuffix(tag)) if folded.endswith(tag) else None
                if base and not base.box:
                    return next(made for made in self.columns if made.box == f"{base.name}_{code}")
        return None

    @cached_property
    def tags(self):
        """{code: folded names of the language}, the longest first."""
        names = {code: {code, code.partition("-")[0], *language_names(code)} for code in language_codes()}
        return {code: sorted(map(fold_heading, said), key=len, reverse=True) for code, said in names.items()}

    def by_part(self, folded):
        found = {made.name: made for known, made in self.by_heading.items() if len(folded) > 1 and folded in known}
        if len(found) != 1 or not self.is_plain(found, folded):
            return None
        [name] = found
        return next((made for made in self.either_language if made.name == name), found[name])

    def is_plain(self, part_of, folded):
        """Not a bit of some word inside a long label."""
        return bool(CHINESE.search(folded)) or any(made.name.startswith(folded) for made in part_of.values())

    def row(self, number, line, used, order):
        typed = {}
        for cell, column_made in zip(line, used, strict=False):
            if cell and column_made:
                typed[column_made.box or in_its_language(column_made.name, cell)] = cell
        data = self.defaults | {"order": str(order)} | self.split(typed)
        if self.source and "source" in self.form.base_fields:
            data.setdefault("source", self.source)
        return Row(number, typed, self.form(data, instance=self.blank(order)))

    def blank(self, order):
        return self.model(version=self.version, order=order) if issubclass(self.model, Part) else self.model()

    def split(self, typed):
        """An amount typed with its unit, where amount and unit have fields of their own: 2.8亿元."""
        data = dict(typed)
        for name, words in typed.items():
            unit = f"{name}_unit"
            if unit in self.form.base_fields and unit not in typed:
                try:
                    amount = amounts.read(words)
                except ValidationError:
                    continue
                if amount.unit and amount.qualifier == "exact":
                    data |= {name: str(amount.value_min), unit: amount.unit}
        return data

    def find_clashes(self, rows):
        """Says of rows that may stand once only which of them are there already."""
        for rule in self.model._meta.total_unique_constraints:
            names = [name for name in rule.fields if name != "version"]
            if "version" not in rule.fields or any(name not in self.form.base_fields for name in names):
                continue
            keys = [self.model._meta.get_field(name).attname for name in names]
            taken = set(self.model.of(self.version).values_list(*keys))
            for row in rows:
                if row.instance:
                    key = tuple(getattr(row.instance, name) for name in keys)
                    if key in taken:
                        row.form.add_error(names[0], _("This is there already, or twice in these rows."))
                    taken.add(key)

    def takes(self):
        """[(column, what may stand in it)] for the page that asks for rows."""
        return [(shown, *self.takes_in(self.form.base_fields[shown.name])) for shown in self.columns]

    def takes_in(self, field):
        """(whether something must stand there, what it may be)."""
        if isinstance(field, LabelledField | LabelledListField):
            said = "; ".join(str(field.names.label(thing)) for thing in field.names.things)
        elif isinstance(field, NamedField):
            said = _("its name in either language, or its code")
        elif isinstance(field, YesNoField):
            said = _("yes or no")
        else:
            said = field.help_text
        return field.required, said

    def described(self, table):
        """[(row, [Cell for each column of the table], [messages about the row])] for the page that shows a check."""
        good = [row.form.instance for row in table.rows]
        entries = [field for field in self.model._meta.concrete_fields if field.related_model is Entry]
        names = {field.name: named(field, good, self.user, self.version) for field in entries} if good else {}
        return [self.described_row(table, row, names) for row in table.rows]

    def described_row(self, table, row, names):
        errors = dict(row.form.errors)
        cells = [
            Cell(row.typed.get(key, ""), self.says(row, shown, names), errors.pop(shown.name, []))
            for shown in table.columns
            for key in [shown.box or in_its_language(shown.name, next_typed(row, shown.name))]
        ]
        rest = [
            pgettext("field: what is wrong", "%(field)s: %(message)s") % {"field": field, "message": message}
            if (field := base_label(row.form, name))
            else message
            for name, messages in errors.items()
            for message in messages
        ]
        return row, cells, rest

    def says(self, row, shown, names):
        instance = row.form.instance
        if not row.form.cleaned_data.get(shown.name):
            return ""
        for whole, fields in getattr(self.model, "amounts", {}).items():
            if shown.name in (whole, fields[0]):
                return getattr(instance, whole)
        field = self.model._meta.get_field(shown.name)
        if isinstance(field, TranslatedField) or getattr(instance, field.attname) in (*EMPTY, False):
            return ""
        return said(instance, field, names)


def next_typed(row, name):
    return next((words for box, words in row.typed.items() if box.startswith(f"{name}_")), "")


def in_its_language(name, words):
    """The box of the language that these words are written in."""
    return f"{name}_{'zh-hans' if CHINESE.search(words) else 'en'}"


def last_filled(line):
    return max((place for place, cell in enumerate(line, 1) if cell), default=0)


def read(model, table, *, user, city, version=None, source=None, most=MOST_ROWS) -> Table:
    """`table` (lines of cells) as new rows of `model`, a part of `version`; `source` is taken where none is said.

    Nothing is saved. `table.is_good`, then `table.save()` inside `workflow.editing`; else `table.problems` and
    `table.faults()` say what must be mended, by row and column.
    """
    return Reader(model, user=user, city=city, version=version, source=source, most=most).read(table)
