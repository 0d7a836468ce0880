"""Sending a table, seeing what was found in it, and having it imported; the templates to fill."""

from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from portal.lib import spreadsheets, tables
from portal.lib.jobs import State
from portal.lib.text import language_codes
from portal.publishing import permissions

from . import importing
from .access import CityPage, StaffPage, start_crumb
from .models import Import
from .sheets import SHEETS
from .sheets.figures import FigureSheet
from .typed import LabelledField, NamedField

PER_PAGE = 25
MOST_OFFERED = 500  # words in a list of the template
MOST_IN_NOTE = 15


class ImportForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("What the table holds"),
        choices=lambda: [(word, capfirst(str(sheet.label))) for word, sheet in SHEETS.items()],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("Table"),
        max_length=200,
        help_text=lazy(
            lambda: (
                _("An Excel workbook (.xlsx) or CSV file of at most %(size)d MB.")
                % {"size": tables.MOST_BYTES // 1024 // 1024}
            ),
            str,
        )(),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    page = forms.CharField(
        label=gettext_lazy("Page of the figures"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Its title or address; for a table of figures that has no column “page”."),
    )

    def __init__(self, *args, user, city, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = FigureSheet(user=user, city=city)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > tables.MOST_BYTES:
            raise ValidationError(tables.too_large())
        return file

    def clean(self):
        said = super().clean()
        if said.get("what") == "figures" and said.get("page"):
            try:
                said["entry"] = self.sheet.pages.find(said["page"])
            except ValidationError as refused:
                self.add_error("page", refused)
        return said


class ImportStart(StaffPage):
    """For which city? Asked only of those who write for several."""

    template_name = "staff/import_start.html"

    def get(self, request):
        writes_for = list(self.cities.for_staff(request.user, permissions.Role.EDITOR))
        if len(writes_for) == 1:
            return redirect("staff-import-new", writes_for[0].slug)
        return self.show(writes_for=writes_for)

    def breadcrumbs(self):
        return [start_crumb(), {"label": import_word()}]


def import_word():
    return pgettext("a table, into the portal", "Import")


class ImportNew(CityPage):
    """The form to send a table with, the templates, and the tables sent before."""

    template_name = "staff/import_new.html"
    most_bytes = 64_000_000  # what is larger than a table may be is refused beside the field

    def form(self, *data):
        initial = {"what": self.request.GET.get("what"), "page": self.request.GET.get("figures_of")}
        return ImportForm(*data, initial=initial, user=self.request.user, city=self.city)

    def get(self, request, city):
        return self.page(self.form())

    def post(self, request, city):
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        said = form.cleaned_data
        table = importing.ask(
            city=self.city, what=said["what"], entry=said.get("entry"), by=request.user,
            language=get_language(), file=said["file"],
        )  # fmt: skip
        return redirect(table)

    def page(self, form):
        before = Import.objects.filter(city=self.city).select_related("by")
        page = Paginator(before, PER_PAGE).get_page(self.request.GET.get("page"))
        return self.show(form=form, city=self.city, sheets=SHEETS.values(), page_obj=page)

    def breadcrumbs(self):
        return [start_crumb(), {"label": import_word()}]


class ImportTemplate(CityPage):
    """A table to fill: the headings, what each may hold, and words to choose from."""

    def get(self, request, city, what, form):
        sheet = SHEETS[what](user=request.user, city=self.city)
        headings = [shown for shown in sheet.headings if not shown.ignored]
        columns = [f"{shown.label} *" if shown.required else shown.label for shown in headings]
        name = f"{what}-{self.city.slug}"
        if form == "csv":
            return spreadsheets.csv_file(f"{name}.csv", columns, [])
        words = [(place, offered(sheet.field(shown))) for place, shown in enumerate(headings)]
        choices = [spreadsheets.Choice(place, found) for place, found in words if found]
        return spreadsheets.xlsx_file(
            f"{name}.xlsx", columns, [], choices=choices, title=capfirst(str(sheet.label))[:31],
            sheets=[notes(sheet, language) for language in language_codes()],
        )  # fmt: skip


def offered(field):
    """What a column may be chosen from, in the reader's words."""
    if isinstance(field, LabelledField):
        return [str(field.names.label(value)) for value in field.names.things]
    if isinstance(field, NamedField):
        return [str(field.names.label(thing)) for thing in field.names.things[:MOST_OFFERED]]
    return []


def notes(sheet, language):
    """What the filler must know, a line a column, as a sheet of its own."""
    with translation.override(language):
        spoken = type(sheet)(user=sheet.user, city=sheet.city)  # labels are in the language in which they were made
        return _("Notes"), list(lines_of_notes(spoken))


def lines_of_notes(sheet):
    yield [str(sheet.help)]
    yield [_("One row each. Leave empty what is not known. Columns with an asterisk must be filled.")]
    yield [_("A text may be given in one language; a page without the other says so.")]
    yield [_("Nothing is imported before you have seen how each row was understood.")]
    yield []
    yield [_("Column"), _("What stands there")]
    for shown in (shown for shown in sheet.headings if not shown.ignored):
        field = sheet.field(shown)
        words = offered(field)
        said = [str(field.help_text)] if field and field.help_text and "<" not in str(field.help_text) else []
        if 0 < len(words) <= MOST_IN_NOTE:
            said.append(_("One of: %(words)s.") % {"words": ", ".join(words)})
        explained = EXPLAINED.get((sheet.word, *shown.key))
        yield [shown.label, str(explained) if explained else " ".join(said)]


#: What the forms do not say, by sheet, piece and column.
EXPLAINED = {
    ("projects", "investment", "amount"): gettext_lazy("11.5亿元, 1.15 billion yuan; a number alone is in yuan."),
    ("projects", "", "before"): gettext_lazy(
        "Stage and date, divided by semicolons: signed 2021-12-14; land granted 2022-03"
    ),
    ("projects", "", "parties"): gettext_lazy(
        "Names with their part in brackets, divided by semicolons: Sunwoda (investor, 51%); 3 × (partner)"
    ),
    ("projects", "", "slug"): gettext_lazy("Latin letters, digits and hyphens. If empty, it is made from the title."),
    ("figures", "", "page"): gettext_lazy(
        "Title or address of the page that the figure stands on: project/zaozhuang/cells"
    ),
    ("companies", "company", "aliases"): gettext_lazy("Divided by semicolons."),
}


class ImportPage(StaffPage):
    """One table that was sent: how far it is, what was found, what became of it."""

    template_name = "staff/import.html"

    @cached_property
    def table(self):
        mine = Import.objects.for_staff(self.request.user).select_related("city", "by", "entry__city")
        table = get_object_or_404(mine, pk=self.kwargs["pk"])
        if not permissions.can_create(self.request.user, table.city):
            raise PermissionDenied
        return table

    def get(self, request, pk):
        table = self.table
        if "status" in request.GET:
            return render(request, "staff/import_status.html", {"table": table})
        drafts = table.drafts.with_entry().order_by("pk")
        page = Paginator(drafts, PER_PAGE).get_page(request.GET.get("page")) if table.is_imported else None
        return self.show(table=table, report=table.report, page_obj=page, state=State(table.state))

    def breadcrumbs(self):
        names = {"label": import_word(), "url": reverse("staff-import-new", args=[self.table.city.slug])}
        return [start_crumb(), names, {"label": self.table.name}]


class ImportConfirm(ImportPage):
    """Its reader has seen what would be imported, and wants it."""

    def get(self, request, pk):
        return HttpResponseNotAllowed(["POST"])

    def post(self, request, pk):
        if self.table.by != request.user:  # the drafts bear the sender's name
            raise PermissionDenied(_("Whoever sent this table imports it. Send it yourself to import it."))
        if not self.table.is_good or not importing.confirm(self.table):
            messages.error(request, _("This table cannot be imported now. Look at what is said of it below."))
        return redirect(self.table)
