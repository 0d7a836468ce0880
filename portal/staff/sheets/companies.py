"""Companies and other organisations."""

import re
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import Organisation
from portal.publishing.clock import database_now
from portal.publishing.models import Counter, Event

from ..access import Subject
from ..forms import address_from
from ..typed import Names, fold, names_of_row
from .base import (
    MADE_A_QUERY,
    OwnFields,
    Sheet,
    heading,
)


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

    def stored(self):
        return self.lines(Organisation.objects.filter(city=self.city))

    def lines(self, companies):
        return map(self.line, companies.select_related("parent"))

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
