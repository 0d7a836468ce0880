"""Projects, each with its investment, its parties and how far it has come."""

import re
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import Organisation
from portal.facts.models import Figure, Metric
from portal.lib import tables
from portal.lib.dates import UncertainDate
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Entry, Version
from portal.publishing.workflow import Beginning, begin_all
from projects.models import ProjectListing, ProjectParty, Stage, StageEvent

from ..forms import address_from
from ..rows import in_its_language
from ..sections import standing
from ..typed import Names, fold, names_of_row
from .base import (
    STATED,
    Heading,
    OwnFields,
    Sheet,
    heading,
    newest_of,
    renamed,
)

TOTAL_INVESTMENT = "total-investment"
FEWEST_YUAN = 10_000  # an investment below it was meant in 万 or 亿
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
            renamed("stage", self.column("stage", "stage"), pgettext_lazy("of a project", "stage")),
            renamed("stage", self.column("stage", "when"), pgettext_lazy("of a project", "stage: when")),
            heading("", "before", gettext_lazy("earlier stages")),
            heading("", "parties", gettext_lazy("parties")),
            *[Heading("", self.column("investment", name)) for name in STATED],
            heading("", "slug", gettext_lazy("address of the page")),
            heading("", "yuan", gettext_lazy("total investment in yuan (worked out from the amount)"), ignored=True),
            heading("", "city", gettext_lazy("city"), ignored=True),
            heading("", "standing", gettext_lazy("where it stands"), ignored=True),
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
            row.made["slug"], row.made["slug_is_typed"] = self.slug(row, own.get("slug", "")), bool(own.get("slug"))
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
        if not signed and not cells.get("as_of") and row.errors:
            return  # the day of the signing may be among what cannot be read yet
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
        label = self.label_of("", "before")
        for item in items:
            if stage := self.piece(row, "stage", item | stated, within="" if item is cells else label):
                row.made["stages"].append(stage)
        earlier = row.made["stages"][bool(cells) :]
        words = [" ".join(filter(None, (one.get_stage_display(), UncertainDate(one.when).words))) for one in earlier]
        row.says(label, "; ".join(words))

    def understand_parties(self, row, words, stated):
        row.made["parties"], label = [], self.label_of("", "parties")
        for item in filter(None, map(str.strip, BETWEEN.split(words.replace("（", "(").replace("）", ")")))):
            if party := self.piece(row, "party", self.party(item) | stated, within=label):
                row.made["parties"].append(party)
        row.says(label, ", ".join(map(party_in_words, row.made["parties"])))

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
        titles = [fold(title) for title in row.made["main"].title.values()]
        return [row.made["slug"], *titles] if row.made["slug_is_typed"] else titles

    def mark_known(self, rows):
        """Titles that sound alike, or begin alike, make one address: that does not make them one project."""
        super().mark_known(rows)
        entries = Entry.objects.filter(kind="project", city=self.city)
        taken = set(Version.objects.filter(pk__in=newest_of(entries)).values_list("entry__slug", flat=True))
        for row in rows:
            if row.errors or row.there:
                continue
            if row.made["slug"] in taken:
                said = _("“%(address)s” is already in use in this city.") % {"address": row.made["slug"]}
                row.wrong(self.label_of("", "slug"), said)
            taken.add(row.made["slug"])

    def known(self, rows):
        there = {}
        entries = Entry.objects.filter(kind="project", city=self.city)
        for slug, title in Version.objects.filter(pk__in=newest_of(entries)).values_list("entry__slug", "title"):
            there |= dict.fromkeys([slug, *map(fold, title.values())], _("already there"))
        return there

    def land(self, rows):
        return begin_all(ProjectListing, list(map(self.beginning, rows)), city=self.city, by=self.user)

    def beginning(self, row):
        main = row.made["main"]
        said = {name: getattr(main, name) for name in self.readers["main"].form.base_fields}
        language = "zh-hans" if "zh-hans" in main.title else next(iter(main.title))
        parts = [row.made["investment"]] if row.made.get("investment") else []
        parts += [*row.made["stages"], *row.made["parties"]]
        for place, part in enumerate(parts, 1):
            part.order = place
        return Beginning(row.made["slug"], said | {"original_language": language}, parts)

    def stored(self):
        return self.lines(newest_of(Entry.objects.filter(kind="project", city=self.city)))

    def lines(self, versions):
        """Of these projects, with a constant number of queries."""
        told = [
            models.Prefetch("figures", Figure.objects.select_related("metric", "source").order_by("order", "pk")),
            models.Prefetch("stage_events", StageEvent.objects.select_related("source")),
            models.Prefetch("parties", ProjectParty.objects.select_related("source", "organisation").order_by("order")),
        ]
        projects = ProjectListing.objects.filter(pk__in=versions).with_entry().prefetch_related(*told)
        projects = projects.select_related("industry", "link", "park__city", "entry__city")
        return map(self.line, projects.order_by("entry__city__code", "entry__slug"))

    @cached_property
    def now(self):
        return database_now()

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
            "city": str(project.entry.city),
            "standing": standing(project, self.now)[0],
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


def party_in_words(party):
    return f"{party.words}, {tables.plain(party.share)}%" if party.share is not None else party.words


def total_investment(project):
    """Of a listing with its figures."""
    return next(
        (figure for figure in project.figures.all() if figure.metric.code == TOTAL_INVESTMENT and not figure.subject),
        None,
    )
