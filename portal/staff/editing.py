"""Writing: a new entry, the main fields, the rows of a section. Every save goes through the workflow's one door."""

from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.publishing import permissions
from portal.publishing.models import Translation, Version
from portal.publishing.workflow import Conflict, Refused, begin, editing

from .access import CityPage, VersionPage, is_key, start_crumb, version_crumbs
from .forms import SeenForm, address_from, beginning_form, digest, next_order, section_form
from .sections import described, editable, rows_of, sections


class Begin(CityPage):
    """A new entry of the city in the address."""

    template_name = "staff/form.html"

    def form(self, data=None):
        kind = self.kwargs["kind"]
        return beginning_form(kind)(data, user=self.request.user, city=self.city)

    def get(self, request, **kwargs):
        return self.page(self.form())

    def post(self, request, **kwargs):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        said = form.cleaned_data
        slug = said.pop("slug", "") or self.slug(said)
        if not slug:
            form.add_error("slug", _("The title has no letters to make an address from: type one."))
            return self.page(form)
        try:
            draft = begin(self.kwargs["kind"], city=self.city, slug=slug, by=request.user, **said)
        except ValidationError as refused:
            if again := self.begun_already(slug, said):
                return redirect("staff-version", again.pk)
            for name, errors in refused.message_dict.items():
                form.add_error(name if name in form.fields else None, errors)
            return self.page(form)
        messages.success(request, _("The draft is begun. Now fill its sections."))
        return redirect("staff-version", draft.pk)

    def begun_already(self, slug, said):
        """The draft that the first of two clicks began."""
        drafts = self.versions.of_kind(self.kwargs["kind"].kind).filter(entry__city=self.city, entry__slug=slug)
        drafts = drafts.filter(state=Version.State.DRAFT, edits=0, created_by=self.request.user, number=1)
        return drafts.filter(title=said["title"]).first()

    def slug(self, said):
        return self.city.slug if self.kwargs["kind"].kind == "city" else address_from(said["title"])

    def page(self, form):
        name = self.kwargs["kind"]._meta.verbose_name
        return self.show(form=form, heading=_("New: %(kind)s") % {"kind": name}, about=self.city, exists=self.exists())

    def exists(self):
        """A city's own page, where it has one: it is not begun anew but revised."""
        pages = self.versions.of_kind("city").filter(entry__city=self.city).exclude(state=Version.State.DISCARDED)
        return pages.order_by("-number").first() if self.kwargs["kind"].kind == "city" else None

    def breadcrumbs(self):
        kind = self.kwargs["kind"]
        names = {"label": kind._meta.verbose_name_plural, "url": reverse("staff-list", args=[kind.kind])}
        return [start_crumb(), names, {"label": _("New")}]


class DraftForm(VersionPage):
    """A form on a draft. A subclass says what it edits, how it is saved and where one goes then."""

    asks = staticmethod(permissions.can_edit)
    template_name = "staff/form.html"

    def form(self, data=None):
        """Bound when there is data; always on what the rows say now."""
        made, row = section_form(self.model), self.instance()
        initial = {"seen": self.version.edits, "opened": digest(row) if row.pk else ""}
        return made(
            data, instance=row, initial=initial, user=self.request.user,
            city=self.version.city, version=self.version,
        )  # fmt: skip

    def get(self, request, **kwargs):
        if self.version.state != Version.State.DRAFT:
            messages.error(request, _("Only a draft can be edited."))
            return redirect(self.back())
        return self.page(self.form())

    def post(self, request, **kwargs):
        return self.keep(self.form(chosen(request.POST, self.form())))

    def keep(self, form):
        request = self.request
        if not form.is_valid():
            return self.page(form)
        try:
            with editing(self.version, by=request.user, seen=form.cleaned_data["seen"]) as draft:
                self.save(form, draft)
        except Conflict as conflict:
            return self.conflict(form, conflict.current)
        except Refused as refused:
            form.add_error(None, refused)
            return self.page(form, status=409)
        except IntegrityError:
            form.add_error(None, _("Something named here has just been removed. Check your choices and save again."))
            return self.page(form, status=409)
        messages.success(request, _("Saved."))
        return redirect(self.after())

    def conflict(self, form, current):
        """Both texts; saving again from this page is then a choice made knowingly.

        When somebody saved another part of the version only, there is nothing to choose.
        """
        self.__dict__.pop("version", None)  # both are read anew
        self.__dict__.pop("row", None)
        theirs = self.form()
        form.data = form.data.copy()
        form.data["seen"] = current.edits
        if form.cleaned_data["opened"] and form.cleaned_data["opened"] == theirs.initial["opened"]:
            return self.keep(self.form(form.data))
        form.data["opened"] = theirs.initial["opened"]
        return self.page(form, status=409, differences=differences(theirs, form), other_hands=other_hands(current))

    def page(self, form, status=200, **context):
        context = {"heading": self.heading(), "about": self.version, "back": self.back()} | context
        return self.show(status, form=form, version=self.version, **context)

    def after(self):
        return self.back()


class Difference(NamedTuple):
    """Where the two texts of a conflict are not the same: what is stored now and what this form says."""

    name: str
    label: str
    theirs: Any
    mine: Any


def differences(theirs, mine):
    return [
        Difference(name, mine[name].label, said(field, theirs[name].value()), said(field, mine.cleaned_data.get(name)))
        for name, field in mine.fields.items()
        if not field.widget.is_hidden and field.has_changed(theirs[name].initial, mine[name].data)
    ]


def chosen(typed, stored):
    """What was typed; but where its writer, shown a conflict, chose to keep theirs, what the form `stored` says."""
    typed = typed.copy()
    for name in stored.fields:
        if typed.get(f"keep_{name}") == "theirs":
            retype(typed, stored[name])
    return typed


def retype(typed, bound):
    """Set in `typed` what a browser would send for this field as it stands."""
    widget, name, value = bound.field.widget, bound.html_name, bound.value()
    if isinstance(widget, forms.MultiWidget):
        for part, words in zip(widget.widgets_names, widget.decompress(value), strict=True):
            typed[name + part] = words
    elif isinstance(widget, forms.CheckboxSelectMultiple):
        typed.setlist(name, value or [])
    elif isinstance(widget, forms.CheckboxInput):
        typed[name] = "on" if value else "false"
    else:
        shown = value if isinstance(widget, forms.Select) else widget.format_value(value)
        typed[name] = "" if shown is None else shown


def said(field, value):
    """What a field holds, in words."""
    if value in (None, "", [], {}):
        return ""
    if hasattr(field, "queryset"):
        found = value if hasattr(value, "pk") else field.queryset.filter(pk=value).first()
        return field.label_from_instance(found) if found else value
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    labels = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(labels.get(item, item)) for item in value)
    return labels.get(value, value)


def other_hands(version):
    return [hand.user for hand in version.hands.filter(did="wrote").select_related("user")]


class MainForm(DraftForm):
    """The kind's own fields."""

    @property
    def model(self):
        return type(self.version)

    def instance(self):
        return copy(self.version)

    def save(self, form, draft):
        form.apply_to(draft).save()

    def heading(self):
        return _("Main facts")

    def back(self):
        return reverse("staff-version", args=[self.kwargs["pk"]])

    def breadcrumbs(self):
        return version_crumbs(self.version, {"label": self.heading()})


class PartPage(VersionPage):
    """A page about the part in the address; a version of a kind without it has no such page."""

    @cached_property
    def model(self):
        found = sections(type(self.version)).get(self.kwargs["part"])
        if not found:
            raise Http404
        return found

    def section_url(self):
        return reverse("staff-section", args=[self.kwargs["pk"], self.kwargs["part"]])

    def breadcrumbs(self):
        names = {"label": self.model._meta.verbose_name_plural, "url": self.section_url()}
        return version_crumbs(self.version, names, {"label": self.heading()})


class Section(PartPage):
    """The rows of one part, each with what it says."""

    template_name = "staff/section.html"

    def get(self, request, **kwargs):
        version = self.version
        rows = described(rows_of(self.model, version), user=request.user, version=version)
        return self.show(
            version=version,
            rows=rows,
            part=kwargs["part"],
            heading=self.model._meta.verbose_name_plural,
            can_edit=version.state == Version.State.DRAFT and permissions.can_edit(request.user, version),
            can_order=len(rows) > 1 and self.model._meta.ordering[0] == "order",
            confirms=self.model is Translation,
        )

    def breadcrumbs(self):
        return version_crumbs(self.version, {"label": self.model._meta.verbose_name_plural})


class RowAdd(PartPage, DraftForm):
    template_name = "staff/form.html"

    def instance(self):
        return self.model(version_id=self.version.pk)

    def form(self, data=None):
        """A link may choose rows that fields name: the worklist's, the metric that is missing."""
        form, naming = super().form(data), {field.name for field in editable(self.model) if field.is_relation}
        form.initial |= {name: key for name, key in self.request.GET.items() if name in naming and is_key(key)}
        return form

    def save(self, form, draft):
        row = form.apply_to(self.instance())
        row.order = next_order(self.model, draft)
        row.save()

    def conflict(self, form, current):
        """A row that is added takes nothing from anybody; a second click on the button adds no second row."""
        row = form.apply_to(self.instance())
        if any(says_the_same(row, other) for other in self.model.of(current)):
            return redirect(self.after())
        self.__dict__.pop("version", None)
        form.data = form.data.copy()
        form.data["seen"] = current.edits
        return self.keep(self.form(form.data))

    def heading(self):
        return _("Add: %(name)s") % {"name": self.model._meta.verbose_name}

    def page(self, form, status=200, **context):
        return super().page(form, status, can_add_another=True, **context)

    def back(self):
        return self.section_url()

    def after(self):
        return self.request.path if "another" in self.request.POST else self.back()


def says_the_same(row, other):
    return all(
        getattr(row, field.attname) == getattr(other, field.attname)
        for field in editable(type(row))
        if field.name != "order"
    )


class RowPage(PartPage, DraftForm):
    """A page about one row of this version."""

    @cached_property
    def row(self):
        found = rows_of(self.model, self.version).filter(pk=self.kwargs["row"]).first()
        if not found:
            raise Http404
        return found

    def instance(self):
        return copy(self.row)

    def back(self):
        return self.section_url()


class RowEdit(RowPage):
    def save(self, form, draft):
        form.apply_to(self.model._base_manager.get(pk=self.row.pk)).save()

    def heading(self):
        return _("Edit: %(name)s") % {"name": self.model._meta.verbose_name}

    def post(self, request, **kwargs):
        try:
            return super().post(request, **kwargs)
        except Http404:
            return self.gone()

    def gone(self):
        """Somebody took the row out meanwhile: what was typed can be added again."""
        self.row = self.model(version_id=self.version.pk)
        form = self.form(self.request.POST)
        form.add_error(None, _("This row has been taken out meanwhile. You can add it again with what you typed."))
        form.data = form.data.copy()
        form.data["seen"] = self.version.edits
        add = reverse("staff-row-add", args=[self.kwargs["pk"], self.kwargs["part"]])
        return self.page(form, status=409, action=add)


class RowQuestion(RowPage):
    """Asked before something is done to a row; answered by a button."""

    template_name = "staff/confirm.html"
    question = button = ""

    def form(self, data=None):
        return SeenForm(data, initial={"seen": self.version.edits})

    def page(self, form, status=200, **context):
        [row] = described([self.row], user=self.request.user, version=self.version)
        return super().page(form, status, row=row, question=self.question, button=self.button, **context)

    def conflict(self, form, current):
        self.__dict__.pop("version", None)
        self.__dict__.pop("row", None)
        form = self.form({"seen": current.edits})
        form.add_error(None, _("Somebody has saved since you were asked. Look again, then decide."))
        return self.page(form, status=409)


class RowDelete(RowQuestion):
    question = gettext_lazy("Take this out?")
    button = gettext_lazy("Take it out")

    def save(self, form, draft):
        self.model._base_manager.get(pk=self.row.pk).delete()

    def heading(self):
        return _("Take out: %(name)s") % {"name": self.model._meta.verbose_name}


class TranslationConfirm(RowQuestion):
    """That it says what the original says now: the workflow's door then notes the words it was made from."""

    question = gettext_lazy("Does this translation say what the original says now?")
    button = gettext_lazy("Yes, it does")

    @property
    def model(self):
        return Translation

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, part="translations", **kwargs)

    def save(self, form, draft):
        Translation.objects.filter(pk=self.row.pk, version_id=draft.pk).update(source_digest="")

    def heading(self):
        return _("Confirm the translation")
