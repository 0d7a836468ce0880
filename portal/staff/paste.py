"""Many rows of a section at once, as a spreadsheet has them on its clipboard."""

import csv
import io

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.facts.models import Sourced
from portal.publishing import permissions
from portal.publishing.models import Version
from portal.publishing.workflow import Conflict, Refused, editing

from .access import is_key
from .editing import PartPage, says_the_same
from .forms import SeenForm
from .grid import quick_picks
from .rows import Reader

MOST_BYTES = 200_000


class PasteForm(SeenForm):
    text = forms.CharField(
        label=gettext_lazy("Rows"),
        strip=False,
        help_text=gettext_lazy(
            "Copy the cells in Excel or WPS and paste them here, with or without a line of headings. CSV does as well."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "paste-text", "wrap": "off"}),
    )
    source = forms.TypedChoiceField(
        label=gettext_lazy("Source for all rows"),
        required=False,
        empty_value=None,
        help_text=gettext_lazy("Taken where a row names none."),
    )

    def __init__(self, *args, picks=(), sources=(), **kwargs):
        super().__init__(*args, **kwargs)
        if picks:
            self.fields["source"].choices, self.fields["source"].coerce = picks, sources.get
        else:
            del self.fields["source"]

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text.encode()) > MOST_BYTES:
            said = _("This is more than %(most)d kB. Paste it in several parts.")
            raise ValidationError(said, params={"most": MOST_BYTES // 1000})
        return text


def cells(text):
    """[[cell, …], …] of what a spreadsheet puts on the clipboard (tabs between cells), or of CSV."""
    sign = "\t" if "\t" in text else ";" if ";" in text and "," not in text else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error as wrong:
        raise ValidationError(_("This cannot be read as a table: %(why)s"), params={"why": wrong}) from wrong


class Paste(PartPage):
    """Pasted, checked as often as one likes, then added: every row or none."""

    asks = staticmethod(permissions.can_edit)
    template_name = "staff/paste.html"

    def form(self, data=None):
        picks, sources, initial = [], {}, {}
        if issubclass(self.model, Sourced):
            chosen = (data or {}).get("source", "")
            also = {int(chosen)} if is_key(chosen) else set()
            picks, sources = quick_picks(self.version, self.request.user, also)
            initial["source"] = getattr(self.version, "source_id", None) or self.only_source()
        return PasteForm(data, initial={"seen": self.version.edits} | initial, picks=picks, sources=sources)

    def only_source(self):
        """The one that all rows of this section name, if there are any."""
        named = list(self.model.of(self.version).order_by().values_list("source", flat=True).distinct()[:2])
        return named[0] if len(named) == 1 else None

    def reader(self, source=None):
        version = self.version
        return Reader(self.model, user=self.request.user, city=version.city, version=version, source=source)

    def get(self, request, **kwargs):
        if self.version.state != Version.State.DRAFT:
            messages.error(request, _("Only a draft can be edited."))
            return redirect(self.section_url())
        return self.page(self.form())

    def post(self, request, **kwargs):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        reader = self.reader(form.cleaned_data.get("source"))
        try:
            table = reader.read(cells(form.cleaned_data["text"]))
        except ValidationError as refused:
            form.add_error("text", refused)
            return self.page(form, status=422)
        if "add" not in request.POST or not table.is_good:
            return self.page(form, status=200 if table.is_good else 422, reader=reader, table=table)
        return self.keep(form, reader, table, form.cleaned_data["seen"])

    def keep(self, form, reader, table, seen):
        try:
            with editing(self.version, by=self.request.user, seen=seen):
                table.save()
        except Conflict as conflict:
            return self.conflict(form, table, conflict.current)
        except Refused as refused:
            form.add_error(None, refused)
            return self.page(form, status=409, reader=reader, table=table)
        except IntegrityError:
            form.add_error(None, _("Something named here has just been removed. Check the rows again."))
            return self.page(form, status=409, reader=reader, table=table)
        count = len(table.rows)
        messages.success(self.request, ngettext("%d row added.", "%d rows added.", count) % count)
        return redirect(self.section_url())

    def conflict(self, form, table, current):
        """Rows that are added take nothing from anybody; a second click on the button adds none again."""
        there = list(self.model.of(current))
        if all(any(says_the_same(row.instance, other) for other in there) for row in table.rows):
            return redirect(self.section_url())
        self.__dict__.pop("version", None)  # read anew
        reader = self.reader(form.cleaned_data.get("source"))
        again = reader.read(cells(form.cleaned_data["text"]))
        if not again.is_good:
            return self.page(form, status=409, reader=reader, table=again)
        return self.keep(form, reader, again, current.edits)

    def page(self, form, status=200, reader=None, table=None):
        reader = reader or self.reader()
        return self.show(
            status,
            version=self.version,
            form=form,
            columns=reader.columns,
            takes=reader.takes(),
            headings="\t".join(column.label for column in reader.columns),
            table=table,
            rows=reader.described(table) if table else [],
            faults=len({number for number, _name, _message in table.faults()}) if table else 0,
            heading=self.heading(),
            back=self.section_url(),
        )

    def heading(self):
        return _("Paste rows: %(names)s") % {"names": self.model._meta.verbose_name_plural}
