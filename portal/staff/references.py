"""Sources and organisations, which every page may cite. An office edits its own; the shared ones are superusers'."""

from copy import copy
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Value, When
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.models import Organisation
from portal.facts.models import Source
from portal.lib import spreadsheets
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Counter, Event

from . import exporting
from .access import CityPage, StaffPage, Subject, is_key, start_crumb
from .editing import chosen, differences
from .forms import address_from, digest, reference_form

#: {word in the address: (model, the unique word in its addresses, the field that names it)}
REFERENCES = {"sources": (Source, "code", "title"), "organisations": (Organisation, "slug", "name")}
PER_PAGE = 50


class ReferencePage(StaffPage):
    @cached_property
    def model(self):
        return REFERENCES[self.kwargs["what"]][0]

    @cached_property
    def rows(self):
        own = Case(When(city=None, then=Value(1)), default=Value(0))
        return self.kept(self.model).order_by(own, *self.model._meta.ordering)

    def breadcrumbs(self):
        names = {"label": self.model._meta.verbose_name_plural, "url": reverse("staff-references", args=[self.what])}
        return [start_crumb(), names, {"label": self.heading()}]

    @property
    def what(self):
        return self.kwargs["what"]


class ReferenceList(ReferencePage):
    template_name = "staff/references.html"

    def get(self, request, what):
        if form := spreadsheets.asked(request):
            return exporting.references(form, what, self.rows, user=request.user, cities=list(self.cities))
        page = Paginator(self.rows, PER_PAGE).get_page(request.GET.get("page"))
        return self.show(
            page_obj=page,
            what=what,
            heading=self.model._meta.verbose_name_plural,
            writes_for=self.cities.for_staff(request.user, permissions.Role.EDITOR),
            writes=set(self.cities.for_staff(request.user, permissions.Role.EDITOR).values_list("pk", flat=True)),
        )

    def breadcrumbs(self):
        return [start_crumb(), {"label": self.model._meta.verbose_name_plural}]


class ReferenceForm(ReferencePage):
    template_name = "staff/form.html"

    def form(self, city, instance, data=None, initial=None):
        _model, key, _name = REFERENCES[self.what]
        made = reference_form(self.model, key)
        return made(data, instance=instance, initial=initial, user=self.request.user, city=city)

    def page(self, form, status=200, **context):
        back = reverse("staff-references", args=[self.what])
        return self.show(status, form=form, heading=self.heading(), back=back, **context)

    def saved(self):
        messages.success(self.request, _("Saved."))
        return redirect("staff-references", self.what)


class ReferenceAdd(CityPage, ReferenceForm):
    """A new one of the city in the address; ?copy=… begins with what another says."""

    def get(self, request, **kwargs):
        return self.page(self.form(self.city, self.model(city=self.city), initial=self.copied()), about=self.city)

    def post(self, request, **kwargs):
        form = self.form(self.city, self.model(city=self.city), request.POST)
        if not form.is_valid():
            return self.page(form, about=self.city)
        _model, key, name = REFERENCES[self.what]
        made = form.save(commit=False)
        with transaction.atomic():
            Counter.lock()  # nobody takes the same address meanwhile
            setattr(made, key, free_key(self.model, key, address_from(getattr(made, name), 32) or self.city.slug))
            made.save()
            record("begin", made, self.what, by=request.user)
        return self.saved()

    def copied(self):
        asked = self.request.GET.get("copy", "")
        original = self.rows.filter(pk=asked).first() if is_key(asked) else None
        return model_to_dict(original) if original else None

    def heading(self):
        return _("Add: %(name)s") % {"name": self.model._meta.verbose_name}


def free_key(model, key, wanted):
    taken = set(model.objects.filter(**{f"{key}__startswith": wanted}).values_list(key, flat=True))
    return next(
        word for word in (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))) if word not in taken
    )


class ReferenceEdit(ReferenceForm):
    @cached_property
    def row(self):
        found = get_object_or_404(self.rows, pk=self.kwargs["pk"])
        if not found.city or not permissions.can_create(self.request.user, found.city):
            raise PermissionDenied
        return found

    def bound(self, data=None):
        return self.form(self.row.city, copy(self.row), data, initial={"seen": digest(self.row)})

    def get(self, request, **kwargs):
        return self.page(self.bound())

    def post(self, request, **kwargs):
        form = self.bound(chosen(request.POST, self.bound()))
        if not form.is_valid():
            return self.page(form)
        with transaction.atomic():
            Counter.lock()  # approvals and other editors wait here
            del self.row
            if self.row.is_cited:
                return self.page(form, status=409)
            if digest(self.row) != form.cleaned_data["seen"]:
                return self.conflict(form)
            form.apply_to(self.row).save()
            record("edit", self.row, self.what, by=request.user)
        return self.saved()

    def conflict(self, form):
        theirs = self.bound()
        form.data = form.data.copy()
        form.data["seen"] = digest(self.row)
        return self.page(form, status=409, differences=differences(theirs, form))

    def page(self, form, status=200, **context):
        anew = reverse("staff-reference-add", args=[self.row.city.slug, self.what])
        context |= {"cited": self.row.is_cited, "copy": f"{anew}?copy={self.row.pk}", "about": self.row.city}
        return super().page(form, status, **context)

    def heading(self):
        return _("Edit: %(name)s") % {"name": self.model._meta.verbose_name}


def record(action, row, what, *, by):
    key = getattr(row, REFERENCES[what][1])
    Event.record(action, Subject(row.city, f"{what} {key}"), by=by, at=database_now())
