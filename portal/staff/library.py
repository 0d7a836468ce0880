"""A city's media library: what is kept, what goes in, the words and focal point of each, and where it is shown."""

from copy import copy
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.lib.text import language_codes
from portal.media.forms import UploadForm
from portal.media.keeping import bare_name, change, keep, remove
from portal.media.models import Document, Image
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Counter

from .access import CityPage, StaffPage, start_crumb
from .editing import chosen, differences
from .forms import digest, reference_form
from .sections import standing

PER_PAGE = 24
MOST_USES = 50
#: {what is shown: (model, the text it is searched by)}
KINDS = {"images": (Image, "caption"), "documents": (Document, "title")}
SHOWN = {
    "": gettext_lazy("All"),
    "unused": gettext_lazy("Not used on any page"),
    "lacking": gettext_lazy("A text is missing"),
}


class LibraryStart(StaffPage):
    """To the library of the user's only city, or a choice of them."""

    template_name = "staff/libraries.html"

    def get(self, request):
        cities = list(self.cities)
        return redirect("staff-media", cities[0].slug) if len(cities) == 1 else self.show(cities=cities)

    def breadcrumbs(self):
        return [start_crumb(), {"label": _("Media library")}]


class Library(CityPage):
    """Everything kept for a city, newest first."""

    template_name = "staff/library.html"
    asks = staticmethod(permissions.can_read)

    def get(self, request, city):
        return self.page(UploadForm())

    def page(self, form, status=200):
        page = Paginator(self.rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return self.show(
            status,
            city=self.city,
            form=form if permissions.can_create(self.request.user, self.city) else None,
            page_obj=page,
            kind=self.kind,
            show=self.shown,
            choices=SHOWN.items(),
            q=self.asked,
        )

    @property
    def kind(self):
        return "documents" if self.request.GET.get("kind") == "documents" else "images"

    @property
    def shown(self):
        asked = self.request.GET.get("show", "")
        return asked if asked in SHOWN else ""

    @property
    def asked(self):
        return self.request.GET.get("q", "").replace("\0", "").strip()[:100]

    @property
    def rows(self):
        model, said = KINDS[self.kind]
        rows = model.objects.filter(city=self.city)
        if self.shown == "unused":
            rows = rows.unused()
        if self.shown == "lacking":
            rows = rows.lacking()
        if self.asked:
            named = Q(file_name__icontains=self.asked)
            for code in language_codes():
                named |= Q(**{f"{said}__{code}__icontains": self.asked})
            rows = rows.filter(named)
        part = model.part()
        return rows.annotate(is_used=Exists(part._base_manager.filter(**{part.names: OuterRef("pk")})))

    def breadcrumbs(self):
        return [start_crumb(), {"label": _("Media library")}]


class Upload(Library):
    """Takes files, each by itself: what is wrong with one is said beside the field and stops no other."""

    http_method_names = ["post"]
    asks = staticmethod(permissions.can_create)
    most_bytes = 64_000_000

    def post(self, request, city):
        asked_by, writes_for = request.user, self.city
        form = UploadForm(request.POST, {"files": request.FILES.getlist("files")})
        kept, reasons = [], []
        for file in form.cleaned_data["files"] if form.is_valid() else []:
            try:
                kept.append(keep(file, city=writes_for, by=asked_by))
            except ValidationError as refused:
                reasons += refused.messages
                said = {"name": bare_name(file.name or ""), "reason": refused.messages[0]}
                form.add_error("files", _("%(name)s: %(reason)s") % said)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"kept": len(kept), "errors": reasons}, status=422 if form.errors else 200)
        if form.errors:
            if kept:
                said = ngettext("%(count)d file was kept.", "%(count)d files were kept.", len(kept))
                messages.success(request, said % {"count": len(kept)})
            return self.page(form, status=422)
        messages.success(request, _("Kept. Now say what each shows, in both languages."))
        return redirect(
            f"{reverse('staff-media', args=[city])}?kind={'documents' if only(kept, Document) else 'images'}"
        )


def library_url(city, model):
    return f"{reverse('staff-media', args=[city.slug])}?kind={model._meta.model_name}s"


def only(kept, model):
    return all(isinstance(row, model) for row in kept)


class KeptPage(CityPage):
    """A page about one file of the library in the address."""

    asks = staticmethod(permissions.can_read)
    model = None

    @cached_property
    def row(self):
        return get_object_or_404(self.model, city=self.city, pk=self.kwargs["pk"])

    @cached_property
    def may_write(self):
        return permissions.can_create(self.request.user, self.city)

    @property
    def name(self):
        return f"staff-media-{self.model._meta.model_name}"

    def shown_on(self):
        """The versions that show it, newest first, each with where it stands; and how many there are."""
        rows, now = self.row.rows, database_now()
        shown = list(rows[:MOST_USES])
        for each in shown:
            each.version.standing, each.version.tone = standing(each.version, now)
        return {"uses": shown, "more_uses": max(0, rows.count() - len(shown)) if len(shown) == MOST_USES else 0}

    def show(self, status=200, **context):
        context |= {"city": self.city, "row": self.row, "is_image": self.model is Image}
        context["back"] = library_url(self.city, self.model)
        return super().show(status, **context, **self.shown_on())

    def breadcrumbs(self):
        library = {"label": _("Media library"), "url": reverse("staff-media", args=[self.city.slug])}
        return [start_crumb(), library, {"label": Truncator(self.row).chars(40)}]


class KeptEdit(KeptPage):
    """Its words and, of a picture, the point that stays in sight."""

    template_name = "staff/kept.html"

    def form(self, data=None):
        made = reference_form(self.model, "digest")
        instance, seen = copy(self.row), {"seen": digest(self.row)}
        return made(data, instance=instance, initial=seen, user=self.request.user, city=self.city)

    def get(self, request, **kwargs):
        return self.show(form=self.form() if self.may_write else None)

    def post(self, request, **kwargs):
        row = self.row
        if not self.may_write:
            raise PermissionDenied
        form = self.form(chosen(request.POST, self.form()))
        if not form.is_valid():
            return self.show(form=form)
        with transaction.atomic():
            Counter.lock()  # other editors wait here
            row.refresh_from_db()
            if digest(row) != form.cleaned_data["seen"]:
                return self.conflict(form)
            change(form.apply_to(row), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(self.name, self.city.slug, row.pk)

    def conflict(self, form):
        form.data = form.data.copy()
        form.data["seen"] = digest(self.row)
        return self.show(409, form=form, differences=differences(self.form(), form))


class KeptDelete(KeptPage):
    """Out of the library, unless a version shows it."""

    template_name = "staff/kept_delete.html"
    asks = staticmethod(permissions.can_create)

    def get(self, request, **kwargs):
        return self.show()

    def post(self, request, **kwargs):
        try:
            remove(self.row, by=request.user)
        except ProtectedError:
            return self.show(409)
        messages.success(request, _("Taken out of the library."))
        return redirect(library_url(self.city, self.model))
