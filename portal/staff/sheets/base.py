"""What every table has: columns, reading, what is there already, writing."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.lib import amounts, tables
from portal.lib.dates import UncertainDateField, UncertainDateFormField
from portal.lib.text import TranslatedField
from portal.publishing.models import Version
from portal.publishing.workflow import Refused, editing, take

from ..access import is_key
from ..forms import next_order
from ..rows import Column, Reader, fold_heading
from ..typed import LabelledField, fold, in_every_language

STATED = ("source", "locator", "quote")  # where a statement stands: asked once a row
SERIALS = range(20_000, 80_000)  # what a spreadsheet stores for the days of 1954 to 2119
SERIAL_ZERO = date(1899, 12, 30)
MADE_A_QUERY = 500


class Heading(NamedTuple):
    """A column of a sheet: of which piece of a row, and the reader's column."""

    piece: str
    column: Column
    required: bool = False
    ignored: bool = False  # it stands in exports only

    @property
    def label(self):
        return self.column.label

    @property
    def key(self):
        return self.piece, self.column.box or self.column.name


def heading(piece, name, label, required=False, ignored=False):
    """One that no form has under this name."""
    words = {name, *in_every_language(lambda: label)}
    column = Column(name, name, capfirst(str(label)), frozenset(map(fold_heading, words)))
    return Heading(piece, column, required, ignored)


class Understood:
    """A row as it was read. `made` are the unsaved things it says, by piece; `there` where it is already, or ""."""

    def __init__(self, number):
        self.number = number
        self.errors, self.doubts, self.lines = [], [], []
        self.made: dict[str, Any] = {}
        self.there = ""

    def says(self, label, words):
        if label and words and (label, words) not in self.lines:
            self.lines.append((label, words))

    def wrong(self, label, says):
        if (label, says) not in self.errors:
            self.errors.append((label, says))


class OwnFields(Reader):
    """Reads main fields without those that are not typed in a table."""

    not_typed: ClassVar = ("note", "original_language", "city", "slug", "parent")

    def word_form(self):
        made = super().word_form()
        for name in self.not_typed:
            made.base_fields.pop(name, None)
        return made


class Sheet:
    """One kind of table. A subclass names its readers and headings and says what becomes of good rows."""

    word = ""
    label: Any = ""
    most = tables.MOST_ROWS
    do_not_call_in_templates = True  # they are given the classes

    def __init__(self, *, user, city, entry=None):
        self.user, self.city, self.entry = user, city, entry

    # Columns ----------------------------------------------------------------------------------------------------------

    @cached_property
    def readers(self):
        raise NotImplementedError

    @cached_property
    def headings(self):
        raise NotImplementedError

    def reader(self, model, cls=Reader, version=None):
        return cls(model, user=self.user, city=self.city, version=version, most=self.most)

    def some_of(self, piece, *names):
        """Those of the named fields, in the order of the names."""
        found = {}
        for shown in self.of_all(piece):
            found.setdefault(shown.column.name, []).append(shown)
        return [shown for name in names for shown in found[name]]

    def of_all(self, piece):
        reader = self.readers[piece]
        required = {name for name, field in reader.form.base_fields.items() if field.required} - set(reader.defaults)
        return [Heading(piece, column, column.name in required) for column in reader.columns if column.name != "order"]

    def field(self, shown):
        """The form's field under a heading, or None."""
        reader = self.readers.get(shown.piece)
        return reader.form.base_fields.get(shown.column.name) if reader else None

    @cached_property
    def by_words(self):
        known = {}
        for shown in self.headings:
            for words in shown.column.headings:
                known.setdefault(words, shown)
        return known

    def found(self, header):
        """[a heading or None for each column of a file], and what is wrong with its header."""
        found = [self.by_words.get(fold_heading(words)) if words else None for words in header]
        problems = []
        for place, (words, shown) in enumerate(zip(header, found, strict=True)):
            if words and not shown:
                said = _(
                    "Column %(letter)s: “%(heading)s” is no column of this table. Change its heading or take it out."
                )
                problems.append(said % {"letter": tables.letter(place), "heading": words[:60]})
            elif shown and shown in found[:place]:
                said = _("Column %(letter)s: a second column is headed “%(heading)s”.")
                problems.append(said % {"letter": tables.letter(place), "heading": words[:60]})
        missing = [shown.label for shown in self.headings if shown.required and not self.is_there(shown, found)]
        if missing:
            problems.append(_("These columns are missing: %(labels)s.") % {"labels": ", ".join(missing)})
        return found, problems

    def is_there(self, shown, found):
        """A text is there when it is in one language."""
        return any(other and other.piece == shown.piece and other.column.name == shown.column.name for other in found)

    # Reading ----------------------------------------------------------------------------------------------------------

    def read_row(self, number, typed):
        """`typed`: {heading: words}."""
        row = Understood(number)
        typed = {shown: self.mended(row, shown, words) for shown, words in typed.items() if not shown.ignored}
        self.understand(row, typed)
        return row

    def mended(self, row, shown, words):
        """A day that lost its format is a number in a spreadsheet."""
        field = self.field(shown)
        if isinstance(field, UncertainDateFormField) and is_key(words) and int(words) in SERIALS:
            day = (SERIAL_ZERO + timedelta(days=int(words))).isoformat()
            row.doubts.append(
                (shown.label, _("%(number)s was read as the day %(day)s.") % {"number": words, "day": day})
            )
            return day
        return words

    def understand(self, row, typed):
        raise NotImplementedError

    def piece(self, row, piece, cells, within=""):
        """What a reader makes of its cells {field or box: words}; notes what is wrong and how it was understood.

        `within` is the label of the one column that holds all of them, where there is one; it then says itself how."""
        reader = self.readers[piece]
        known = {column.box or column.name: column for column in reader.columns}
        known |= {column.name: column for column in reader.columns if column.name not in known}
        columns = [known[name] for name in cells]
        read = reader.row(row.number, list(cells.values()), columns, 0)
        for name, message in read.problems():
            row.wrong(within if within and name not in STATED else self.label_of(piece, name), message)
        if read.instance is None:
            return None
        row.made[piece] = read.instance
        for column in [] if within else columns:
            words = reader.says(read, column, {}) or cells.get(column.box or column.name)
            row.says(self.label_of(piece, column.name, column.box), str(words))
        return read.instance

    def label_of(self, piece, name, box=""):
        named = [shown for shown in self.headings if shown.piece == piece and shown.column.name == name]
        named = named or [shown for shown in self.headings if shown.column.name == name]
        exact = [shown for shown in named if shown.column.box == box]
        return (exact or named)[0].label if named else ""

    def cells(self, typed, piece):
        return {shown.column.box or shown.column.name: words for shown, words in typed.items() if shown.piece == piece}

    # What is there already --------------------------------------------------------------------------------------------

    def mark_known(self, rows: Iterable[Understood]) -> None:
        """Say of each good row whether it is there already, in the portal or earlier in the file."""
        known = self.known(rows)
        for row in rows:
            if row.errors:
                continue
            for key in self.keys(row):
                if key in known:
                    row.there = known[key]
            for key in self.keys(row):
                known.setdefault(key, _("the same as row %(row)d") % {"row": row.number})

    def known(self, rows):
        """{key: where it is}"""
        raise NotImplementedError

    def keys(self, row):
        raise NotImplementedError

    # Becoming drafts --------------------------------------------------------------------------------------------------

    def land(self, rows: list[Understood]) -> list[Version]:
        """All rows, in the caller's transaction. Returns the drafts they are in."""
        raise NotImplementedError

    def draft_of(self, entry):
        """Where rows can be written: the draft there is, or a new one of what was approved last."""
        newest = Version.objects.filter(entry=entry).exclude(state=Version.State.DISCARDED).order_by("-number").first()
        if not newest:
            raise Refused(_("“%(page)s” has no version to write in.") % {"page": entry})
        if newest.state == Version.State.APPROVED:
            return take("revise", newest, by=self.user)
        return newest  # when it is in review, the workflow says so

    def add(self, entry, part, instances):
        draft = self.draft_of(entry)
        with editing(draft, by=self.user) as locked:
            first = next_order(part, locked)
            for place, instance in enumerate(instances):
                instance.version, instance.order = whole(part, locked), first + place
            part._base_manager.bulk_create(instances, batch_size=MADE_A_QUERY)
        return draft

    # Writing ----------------------------------------------------------------------------------------------------------

    def stored(self):
        """What the city has now, a line of cells each."""
        raise NotImplementedError

    @property
    def labels(self):
        return [shown.label for shown in self.headings]

    def cell(self, shown, instance):
        """What the heading says of a stored thing, in a form that is read back as the same."""
        if instance is None:
            return None
        if shown.column.name == "amount":
            return amounts.write(amount_of(instance), usual=instance.metric.unit)
        field = instance._meta.get_field(shown.column.name)
        value = getattr(instance, field.name)
        if isinstance(field, TranslatedField):
            return value.get(shown.column.box.removeprefix(f"{field.name}_"), "")
        if isinstance(value, models.Model):
            return self.name_of(shown, value)
        if field.choices and value not in (None, ""):
            return self.choice(shown, value)
        if isinstance(value, bool):
            return _("yes") if value else ""
        if isinstance(field, UncertainDateField):
            return day_or_words(value)
        return "; ".join(map(str, value)) if isinstance(value, list) else value

    def choice(self, shown, value):
        """Its label where that names nothing else, or its value (units: their codes)."""
        field = self.field(shown)
        if shown.column.name.endswith("unit") or not isinstance(field, LabelledField):
            return value
        label = str(field.names.label(str(value)))
        return label if field.names.found.get(fold(label)) == [str(value)] else str(value)

    def name_of(self, shown, thing):
        names = getattr(self.field(shown), "names", None)
        key = getattr(thing, "code", None) or getattr(thing, "slug", "")
        if not names or shown.column.name == "source":
            return key
        found = next((other for other in names.found.get(fold(key), []) if other == thing), thing)
        label = str(names.label(found))
        return label if names.found.get(fold(label)) == [thing] else key


def whole(part, version):
    """The version as the kind that this part hangs on."""
    return version if isinstance(version, part.whole()) else version.specific


def amount_of(figure):
    said = {name: getattr(figure, name) for name in amounts.Amount._fields}
    return amounts.Amount(**said)


def day_or_words(value):
    """A whole day as a date, so that a spreadsheet can sort it; anything else in words."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return str(value or "")


def subject_key(text):
    return tuple(sorted((text or {}).items()))


def page_address(entry):
    """project/zaozhuang/cells"""
    return f"{entry.kind}/{entry.city.slug}/{entry.slug}"


def newest_of(entries):
    """The newest version of each entry that nobody discarded."""
    latest = Version.objects.filter(entry=models.OuterRef("entry")).exclude(state=Version.State.DISCARDED)
    latest = latest.order_by("-number").values("pk")[:1]
    return Version.objects.filter(entry__in=entries, pk=models.Subquery(latest)).values("pk")


def renamed(piece, column, label):
    """A column of a reader under a heading that says of what it speaks."""
    headings = frozenset(fold_heading(words) for words in in_every_language(lambda: label))
    return Heading(piece, column._replace(label=capfirst(str(label)), headings=headings))
