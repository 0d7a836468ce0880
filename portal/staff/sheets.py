"""The tables that can be imported: their columns, what a row of each is read as, and what the rows become.

The same columns are those of the template, of the import and of the export, so that an exported table can be sent back.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import CityProfile, Cost, Organisation
from portal.facts.models import Figure, Metric
from portal.lib import amounts, tables
from portal.lib.dates import UncertainDate, UncertainDateField, UncertainDateFormField
from portal.lib.text import Text, TranslatedField
from portal.publishing.clock import database_now
from portal.publishing.models import Counter, Entry, Event, Version
from portal.publishing.workflow import Refused, begin, editing, take
from projects.models import ProjectListing, ProjectParty, Stage, StageEvent

from .forms import address_from, next_order
from .references import Subject
from .rows import Column, Reader, fold_heading, in_its_language
from .typed import LabelledField, Names, fold, in_every_language, names_of_row

STATED = ("source", "locator", "quote")  # where a statement stands: asked once a row
TOTAL_INVESTMENT = "total-investment"
FEWEST_YUAN = 10_000  # an investment below it was meant in 万 or 亿
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
        if isinstance(field, UncertainDateFormField) and words.isascii() and words.isdigit() and int(words) in SERIALS:
            day = (SERIAL_ZERO + timedelta(days=int(words))).isoformat()
            row.doubts.append(
                (shown.label, _("%(number)s was read as the day %(day)s.") % {"number": words, "day": day})
            )
            return day
        return words

    def understand(self, row, typed):
        raise NotImplementedError

    def piece(self, row, piece, cells):
        """What a reader makes of its cells {field or box: words}; notes what is wrong, and how it was understood."""
        reader = self.readers[piece]
        known = {column.box or column.name: column for column in reader.columns}
        known |= {column.name: column for column in reader.columns if column.name not in known}
        columns = [known[name] for name in cells]
        read = reader.row(row.number, list(cells.values()), columns, 0)
        for name, message in read.problems():
            row.wrong(self.label_of(piece, name), message)
        if read.instance is not None:
            row.made[piece] = read.instance
            row.lines += [
                (self.label_of(piece, column.name, column.box), str(says))
                for column in columns
                if column.name not in STATED[1:]
                if (says := reader.says(read, column, {}) or cells.get(column.box or column.name))
            ]
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


# Figures --------------------------------------------------------------------------------------------------------------


class FigureSheet(Sheet):
    word = "figures"
    label = pgettext_lazy("a table to import", "figures")
    help = gettext_lazy("Figures of one page or several; each page gets a draft with the new figures.")

    @cached_property
    def readers(self):
        return {"figure": self.reader(Figure, version=Version())}

    @cached_property
    def headings(self):
        shown = ["metric", "amount", "basis", "as_of", "period", "subject", "yoy", "yoy_period", "converted"]
        shown += ["converted_unit", "statistics_by", "verification", "visibility", "key", "note", *STATED]
        page = heading("", "page", gettext_lazy("page"), required=not self.entry)
        value = heading("", "value", gettext_lazy("value (worked out from the amount)"), ignored=True)
        unit = heading("", "unit of the value", gettext_lazy("unit of the value"), ignored=True)
        found = [
            one._replace(required=True) if one.column.name == "amount" else one
            for one in self.some_of("figure", *shown)
        ]
        return [page, *found, value, unit]

    @cached_property
    def pages(self):
        """Entries of the city by address and by the title of their newest version."""
        newest = Version.objects.filter(entry=models.OuterRef("pk")).order_by("-number").values("title")[:1]
        entries = Entry.objects.filter(city=self.city).select_related("city")
        entries = entries.annotate(
            label=models.ExpressionWrapper(models.Subquery(newest), output_field=TranslatedField())
        )
        return Names(entries, lambda entry: [page_address(entry), *(entry.label or {}).values()], str)

    def understand(self, row, typed):
        page = next((words for shown, words in typed.items() if shown.column.name == "page"), "")
        row.made["page"] = self.entry
        if page:
            try:
                row.made["page"] = self.pages.find(page)
            except ValidationError as refused:
                row.wrong(self.label_of("", "page"), refused.messages[0])
        elif not self.entry:
            row.wrong(self.label_of("", "page"), _("Say of which page."))
        self.piece(row, "figure", self.cells(typed, "figure"))

    def keys(self, row):
        return [(row.made["page"].pk, figure_key(row.made["figure"]))]

    def known(self, rows):
        pages = {row.made["page"].pk for row in rows if not row.errors}
        figures = Figure.objects.filter(version__in=newest_of(pages)).select_related("version")
        there = _("already there")
        return {(figure.version.entry_id, figure_key(figure)): there for figure in figures}

    def land(self, rows):
        by_page = {}
        for row in rows:
            by_page.setdefault(row.made["page"], []).append(row.made["figure"])
        return [self.add(page, Figure, figures) for page, figures in by_page.items()]

    def line(self, figure, page):
        said = {"page": page_address(page), "value": figure.value_min, "unit of the value": figure.unit}
        return [self.cell(one, figure) if one.piece else said[one.column.name] for one in self.headings]


def page_address(entry):
    """project/zaozhuang/cells"""
    return f"{entry.kind}/{entry.city.slug}/{entry.slug}"


def newest_of(entries):
    """The newest version of each entry that nobody discarded."""
    latest = Version.objects.filter(entry=models.OuterRef("entry")).exclude(state=Version.State.DISCARDED)
    latest = latest.order_by("-number").values("pk")[:1]
    return Version.objects.filter(entry__in=entries, pk=models.Subquery(latest)).values("pk")


def figure_key(figure):
    return (
        figure.metric_id, figure.value_min, figure.value_max, figure.qualifier, figure.unit, figure.basis,
        str(figure.period), str(figure.as_of), subject_key(figure.subject), figure.source_id,
    )  # fmt: skip


# Costs ----------------------------------------------------------------------------------------------------------------


class CostSheet(Sheet):
    word = "costs"
    label = pgettext_lazy("a table to import", "costs")
    help = gettext_lazy("What land, power, water and work cost; into a draft of the city's page.")

    @cached_property
    def readers(self):
        return {"cost": self.reader(Cost, version=CityProfile())}

    @cached_property
    def headings(self):
        return self.of_all("cost")

    @cached_property
    def city_page(self):
        return Entry.objects.select_related("city").filter(kind="city", city=self.city).first()

    def understand(self, row, typed):
        self.piece(row, "cost", self.cells(typed, "cost"))

    def keys(self, row):
        return [cost_key(row.made["cost"])]

    def known(self, rows):
        costs = Cost.objects.filter(version__in=newest_of([self.city_page] if self.city_page else []))
        return dict.fromkeys(map(cost_key, costs), _("already there"))

    def land(self, rows):
        if not self.city_page:
            raise Refused(_("The city has no page yet: begin it first."))
        return [self.add(self.city_page, Cost, [row.made["cost"] for row in rows])]

    def line(self, cost):
        return [self.cell(shown, cost) for shown in self.headings]


def cost_key(cost):
    return (
        cost.category, subject_key(cost.what), cost.price, cost.price_max, cost.unit, cost.tax,
        str(cost.valid_from), str(cost.valid_until), cost.park_id, cost.source_id,
    )  # fmt: skip


# Companies ------------------------------------------------------------------------------------------------------------


class CompanySheet(Sheet):
    word = "companies"
    label = pgettext_lazy("a table to import", "companies and organisations")
    help = gettext_lazy("Who they are. What is said about them stands in the versions that name them.")

    @cached_property
    def readers(self):
        return {"company": self.reader(Organisation, OwnFields)}

    @cached_property
    def headings(self):
        return [*self.of_all("company"), heading("", "parent", Organisation._meta.get_field("parent").verbose_name)]

    @cached_property
    def organisations(self):
        rows = Organisation.objects.filter(models.Q(city=None) | models.Q(city=self.city))
        return Names(rows, names_of_row, str)

    def understand(self, row, typed):
        cells = self.cells(typed, "company")
        if "aliases" in cells:
            cells["aliases"] = "\n".join(re.split(r"[;；\n]", cells["aliases"]))
        made = self.piece(row, "company", cells)
        parent = next((words for shown, words in typed.items() if shown.column.name == "parent"), "")
        if parent and made:
            try:
                made.parent = self.organisations.find(parent)
            except ValidationError as refused:
                row.wrong(self.label_of("", "parent"), refused.messages[0])

    def keys(self, row):
        company = row.made["company"]
        words = [*company.name.values(), company.credit_code]
        return [fold(word) for word in words if word]

    def known(self, rows):
        there = _("already there")
        codes = {fold(row.credit_code): there for row in self.organisations.things if row.credit_code}
        return dict.fromkeys(self.organisations.found, there) | codes

    def land(self, rows):
        made = [row.made["company"] for row in rows]
        Counter.lock()
        taken = set(Organisation.objects.values_list("slug", flat=True))
        for company in made:
            company.city = self.city
            wanted = address_from(company.name, 32) or self.city.slug
            company.slug = free_word(wanted, taken)
            taken.add(company.slug)
        Organisation.objects.bulk_create(made, batch_size=MADE_A_QUERY)
        Counter.tick()
        detail = {"organisations": [company.slug for company in made]}
        Event.record("begin", Subject(self.city, "organisations"), by=self.user, at=database_now(), detail=detail)
        return []

    def line(self, company):
        return [
            self.cell(shown, company) if shown.piece else (company.parent.slug if company.parent else "")
            for shown in self.headings
        ]


def free_word(wanted, taken):
    number, word = 1, wanted
    while word in taken:
        number += 1
        word = f"{wanted}-{number}"
    return word


# Projects -------------------------------------------------------------------------------------------------------------

PARTY = re.compile(r"(?:(?P<count>\d{1,4})\s*[×x*]\s*)?(?P<name>.*?)\s*(?:\((?P<said>[^()]*)\))?", re.DOTALL)
STAGE = re.compile(r"(?P<stage>[^\dX]+?)\s*(?P<when>[\dX].*)?", re.DOTALL)
BETWEEN = re.compile(r"[;；\n]")


class ProjectSheet(Sheet):
    word = "projects"
    label = pgettext_lazy("a table to import", "projects")
    help = gettext_lazy("One row a project, with its investment, its parties and how far it has come; each a draft.")
    most = 500

    @cached_property
    def readers(self):
        new = ProjectListing()
        return {
            "main": self.reader(ProjectListing, OwnFields, version=new),
            "investment": self.reader(Figure, version=new),
            "stage": self.reader(StageEvent, version=new),
            "party": self.reader(ProjectParty, version=new),
        }

    @cached_property
    def headings(self):
        main = self.of_all("main")
        investment = {one.column.name: one.column for one in self.of_all("investment")}
        return [
            *main,
            heading("investment", "amount", gettext_lazy("total investment")),
            renamed("investment", investment["basis"], gettext_lazy("total investment: basis")),
            renamed("investment", investment["as_of"], gettext_lazy("total investment: as of")),
            renamed("stage", self.column("stage", "stage"), gettext_lazy("stage")),
            renamed("stage", self.column("stage", "when"), gettext_lazy("stage: when")),
            heading("", "before", gettext_lazy("earlier stages")),
            heading("", "parties", gettext_lazy("parties")),
            *[Heading("", self.column("investment", name)) for name in STATED],
            heading("", "slug", gettext_lazy("address of the page")),
            heading("", "yuan", gettext_lazy("total investment in yuan (worked out from the amount)"), ignored=True),
        ]

    def column(self, piece, name):
        return next(column for column in self.readers[piece].columns if column.name == name)

    @cached_property
    def metric(self):
        return Metric.objects.filter(code=TOTAL_INVESTMENT).first()

    @cached_property
    def organisations(self):
        rows = Organisation.objects.filter(models.Q(city=None) | models.Q(city=self.city))
        return Names(rows, names_of_row, str)

    def understand(self, row, typed):
        own = {shown.column.name: words for shown, words in typed.items() if not shown.piece}
        stated = {name: own[name] for name in STATED if name in own}
        self.piece(row, "main", self.cells(typed, "main"))
        if row.made.get("main"):
            row.made["slug"] = self.slug(row, own.get("slug", ""))
        self.understand_stages(row, self.cells(typed, "stage"), own.get("before", ""), stated)
        self.understand_investment(row, self.cells(typed, "investment"), stated)
        self.understand_parties(row, own.get("parties", ""), stated)

    def slug(self, row, typed):
        said = address_from(Text(typed)) if typed else address_from(row.made["main"].title)
        if not said:
            row.wrong(self.label_of("", "slug"), _("The title has no letters to make an address from: type one."))
        return said

    def understand_investment(self, row, cells, stated):
        if not any(cells.values()):
            return
        label = self.label_of("investment", "amount")
        if not cells.get("amount"):
            row.wrong(label, _("Say how much."))
            return
        if not self.metric:
            row.wrong(label, _("The portal has no metric “%(code)s”.") % {"code": TOTAL_INVESTMENT})
            return
        signed = next((str(one.when) for one in row.made["stages"] if one.stage == Stage.SIGNED and one.when), "")
        if signed and not cells.get("as_of"):
            cells["as_of"] = signed
            said = _("No date: that of the signing was taken, %(day)s.") % {"day": UncertainDate(signed).words}
            row.doubts.append((self.label_of("investment", "as_of"), said))
        cells = {"metric": self.metric.code, "basis": "agreed"} | cells | stated
        figure = self.piece(row, "investment", cells)
        if figure and figure.unit == "CNY" and figure.value_min < FEWEST_YUAN:
            said = _("%(amount)s was read as %(meant)s. Is 万 or 亿 missing?")
            row.doubts.append((label, said % {"amount": cells["amount"], "meant": figure.amount}))

    def understand_stages(self, row, cells, before, stated):
        row.made["stages"] = []
        items = [cells] if cells else []
        for words in filter(None, map(str.strip, BETWEEN.split(before))):
            found = STAGE.fullmatch(words)
            said = {"stage": found["stage"].strip(), "when": found["when"] or ""} if found else {"stage": words}
            items.append({name: value for name, value in said.items() if value})
        for item in items:
            if stage := self.piece(row, "stage", item | stated):
                row.made["stages"].append(stage)

    def understand_parties(self, row, words, stated):
        row.made["parties"] = []
        for item in filter(None, map(str.strip, BETWEEN.split(words.replace("（", "(").replace("）", ")")))):
            if party := self.piece(row, "party", self.party(item) | stated):
                row.made["parties"].append(party)
        if words:
            row.lines.append((self.label_of("", "parties"), ", ".join(party.words for party in row.made["parties"])))

    def party(self, item):
        """ "3 × Weiqiao (investor, 51%)" as the cells of a party."""
        found = PARTY.fullmatch(item)
        name, cells = found["name"], {"role": "investor"}
        roles = self.readers["party"].form.base_fields["role"].names
        for word in filter(None, map(str.strip, re.split(r"[,，、]", found["said"] or ""))):
            if re.fullmatch(r"[\d.]+\s*[%％]", word):
                cells["share"] = word
            elif fold(word) in roles.found:
                cells["role"] = word
            else:
                name = f"{name} ({word})"  # brackets that belong to the name
        if found["count"]:
            cells["count"] = found["count"]
        known = self.organisations.found.get(fold(name), [])
        if len(known) == 1:
            return cells | {"organisation": known[0].slug}
        return cells | ({in_its_language("name", name): name} if name else {})

    def keys(self, row):
        return [row.made["slug"], *(fold(title) for title in row.made["main"].title.values())]

    def known(self, rows):
        there = {}
        entries = Entry.objects.filter(kind="project", city=self.city)
        for slug, title in Version.objects.filter(pk__in=newest_of(entries)).values_list("entry__slug", "title"):
            there |= dict.fromkeys([slug, *map(fold, title.values())], _("already there"))
        return there

    def land(self, rows):
        return [self.begin(row) for row in rows]

    def begin(self, row):
        main = row.made["main"]
        said = {name: getattr(main, name) for name in self.readers["main"].form.base_fields}
        language = "zh-hans" if "zh-hans" in main.title else next(iter(main.title))
        draft = begin(
            ProjectListing, city=self.city, slug=row.made["slug"], by=self.user, original_language=language, **said
        )
        parts = [row.made["investment"]] if row.made.get("investment") else []
        parts += [*row.made["stages"], *row.made["parties"]]
        if parts:
            with editing(draft, by=self.user) as locked:
                for place, part in enumerate(parts, 1):
                    part.version, part.order = locked, place
                    part.save(force_insert=True)
        return draft

    def line(self, project):
        """Of a listing loaded with its figures, stages and parties."""
        investment = total_investment(project)
        stages = sorted(project.stage_events.all(), key=lambda event: (event.stage > 0, event.stage), reverse=True)
        stages.sort(key=lambda event: event.stage != Stage.CANCELLED)  # a cancelled project is that, however far it was
        stated = investment or next(iter([*stages, *project.parties.all()]), None)
        said = {
            "before": "; ".join(f"{self.stage_word(event)} {event.when}".strip() for event in stages[1:]),
            "parties": "; ".join(map(self.party_words, project.parties.all())),
            "slug": project.entry.slug,
            "yuan": investment.value_min if investment and investment.unit == "CNY" else None,
        }
        of = {"main": project, "investment": investment, "stage": stages[0] if stages else None, "": stated}
        return [
            said[one.column.name] if one.column.name in said and not one.piece else self.cell(one, of[one.piece])
            for one in self.headings
        ]

    def stage_word(self, event):
        return self.choice(Heading("stage", self.column("stage", "stage")), event.stage)

    def party_words(self, party):
        role = self.choice(Heading("party", self.column("party", "role")), party.role)
        share = f", {tables.plain(party.share)}%" if party.share is not None else ""
        count = f"{party.count} × " if party.count > 1 else ""
        name = party.organisation.slug if party.organisation else str(party.name)
        if party.organisation and self.organisations.found.get(fold(party.organisation)) == [party.organisation]:
            name = str(party.organisation)
        return f"{count}{name} ({role}{share})"


def renamed(piece, column, label):
    """A column of a reader under a heading that says of what it speaks."""
    headings = frozenset(fold_heading(words) for words in in_every_language(lambda: label))
    return Heading(piece, column._replace(label=capfirst(str(label)), headings=headings))


def total_investment(project):
    """Of a listing with its figures."""
    return next(
        (figure for figure in project.figures.all() if figure.metric.code == TOTAL_INVESTMENT and not figure.subject),
        None,
    )


SHEETS = {sheet.word: sheet for sheet in (ProjectSheet, FigureSheet, CompanySheet, CostSheet)}
