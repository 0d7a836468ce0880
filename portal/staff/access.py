"""What every staff page starts from: somebody logged in, and the rows of that user's cities only."""

from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import View

from portal.cities.models import City
from portal.publishing import permissions
from portal.publishing.models import Entry, Version

LONGEST_KEY = 18  # digits of a row's number


@method_decorator(never_cache, name="dispatch")
class StaffPage(LoginRequiredMixin, View):
    template_name = ""

    @cached_property
    def cities(self):
        return City.objects.for_staff(self.request.user)

    @cached_property
    def versions(self):
        return Version.objects.for_staff(self.request.user).with_entry()

    @cached_property
    def entries(self):
        return Entry.objects.filter(city__in=self.cities).select_related("city")

    def kept(self, model):
        """The sources or organisations these offices may look at: their own and the shared ones."""
        return model.objects.filter(Q(city__in=self.cities) | Q(city=None)).select_related("city")

    def show(self, status=200, **context):
        context = {"breadcrumbs": self.breadcrumbs(), "cities": self.cities} | context
        return render(self.request, self.template_name, context, status=status)

    def breadcrumbs(self):
        return []

    def handle_no_permission(self):
        """Who was logged out while sending comes back to the page that sent: its address may take forms only, and the
        text is offered there again."""
        request = self.request
        if request.user.is_authenticated or request.method in ("GET", "HEAD"):
            return super().handle_no_permission()
        sent_from = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
            return redirect_to_login(urlsplit(sent_from)._replace(scheme="", netloc="").geturl())
        is_page = "get" in self.http_method_names and hasattr(self, "get")
        return redirect_to_login(request.get_full_path() if is_page else reverse("staff-start"))


class CityPage(StaffPage):
    """A page about one of the user's cities; a foreign one does not exist."""

    asks = staticmethod(permissions.can_create)

    @cached_property
    def city(self):
        city = get_object_or_404(self.cities, slug=self.kwargs["city"])
        if not self.asks(self.request.user, city):
            raise PermissionDenied
        return city


class VersionPage(StaffPage):
    """A page about one version of the user's cities, in its city's time; a foreign one does not exist."""

    asks = staticmethod(permissions.can_view)

    @cached_property
    def version(self):
        """As its own kind."""
        found = get_object_or_404(self.versions, pk=self.kwargs["pk"])
        if not self.asks(self.request.user, found):
            raise PermissionDenied
        version = found.specific
        version.entry = found.entry
        return version

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        with timezone.override(ZoneInfo(self.version.city.time_zone)):
            return super().dispatch(request, *args, **kwargs)


def is_key(typed):
    """Whether it can be the number of a row, and so may be asked for."""
    return typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_KEY


def called(cities, slug):
    """That one of these cities, by what somebody typed in an address. PostgreSQL cannot even be asked for a NUL."""
    return get_object_or_404(cities, slug=slug.replace("\0", " "))


def start_crumb():
    return {"label": _("Workspace"), "url": reverse("staff-start")}


def version_crumbs(version, *more):
    """From the start page down to a page of this version."""
    kind = type(version)
    trail = [start_crumb(), {"label": kind._meta.verbose_name_plural, "url": reverse("staff-list", args=[kind.kind])}]
    trail.append({"label": str(version), "url": reverse("staff-version", args=[version.pk]) if more else ""})
    return [*trail, *more]


class Subject(NamedTuple):
    """A source or organisation as the audit trail names it."""

    city: City
    name: str

    def __str__(self):
        return self.name
