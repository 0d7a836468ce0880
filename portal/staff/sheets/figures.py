"""Figures of one page or several."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.facts.models import Figure
from portal.lib.text import TranslatedField
from portal.publishing.models import Entry, Version

from ..typed import Names
from .base import STATED, Sheet, heading, newest_of, page_address, subject_key


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

    def stored(self):
        """Of the newest version of each page of the city."""
        figures = Figure.objects.filter(version__in=newest_of(Entry.objects.filter(city=self.city)))
        figures = figures.select_related("metric", "source", "version__entry__city")
        figures = figures.order_by("version__entry__kind", "version__entry__slug", "order", "pk")
        return (self.line(figure, figure.version.entry) for figure in figures)

    def line(self, figure, page):
        said = {"page": page_address(page), "value": figure.value_min, "unit of the value": figure.unit}
        return [self.cell(one, figure) if one.piece else said[one.column.name] for one in self.headings]


def figure_key(figure):
    return (
        figure.metric_id, figure.value_min, figure.value_max, figure.qualifier, figure.unit, figure.basis,
        str(figure.period), str(figure.as_of), subject_key(figure.subject), figure.source_id,
    )  # fmt: skip
