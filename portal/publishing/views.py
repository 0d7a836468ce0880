"""What every public view starts from."""

from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView
from django.views.generic.base import View

from portal.lib.context import address_now
from portal.lib.text import printable

from . import past
from .clock import Clock
from .models import Version, VersionQuerySet


class PublicPage(View):
    """A page that depends on its address and the publication clock alone. Mix in first.

    It must not read the session, the user, cookies or messages: the middleware keeps it for everybody.
    """

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With `?at=` the page as it was; it is kept until something changes now."""
        now = self.clock
        try:
            then = past.asked_for(request)
        except past.UnreadableDay:
            return render(request, "publishing/no_such_day.html", status=400)
        if then is None and past.PARAMETER in request.GET:
            return HttpResponseRedirect(address_now(request))
        dispatch: Any = partial(self.dispatch_then, then=then) if then else super().dispatch
        response = dispatch(request, *args, **kwargs)
        response.public_at = now
        return response

    def dispatch_then(self, request: HttpRequest, *args: Any, then: Clock, **kwargs: Any) -> HttpResponse:
        request.clock = then  # type: ignore[attr-defined]
        try:
            response: Any = super().dispatch(request, *args, **kwargs)
        except Http404:
            response = render(request, "publishing/not_then.html", status=404)
        response["X-Robots-Tag"] = "noindex"
        return response

    @property
    def clock(self) -> Clock:
        """What the page is for besides its address: now, or a day in the past."""
        return self.request.clock  # type: ignore[attr-defined]

    @property
    def today(self) -> date:
        return self.clock.today

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With when the published data last changed: a page that prints none of it says `data_as_of=None`."""
        return super().get_context_data(**{"data_as_of": self.clock.changed} | context)  # type: ignore[misc]

    def live(self, kind: type[Version]) -> VersionQuerySet:
        """What of this kind is public at the clock this page is for."""
        return kind.objects.live(self.clock.at)


def trail(*crumbs: Any) -> list[dict[str, str]]:
    """Where a page stands, from the first page down: (label, address) of what is above it, its own label last."""
    above = [(_("Home"), reverse("home")), *crumbs[:-1], (crumbs[-1], "")]
    return [{"label": str(label), "url": url} for label, url in above]


class NoSuchPage(Http404):
    """The list has fewer pages than the address asks for, or what it asks for is no number."""


class PagedList(PublicPage, ListView):
    """A list in pages. One that there is not is said to be none, with the way to the first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except NoSuchPage:
            query = request.GET.copy()
            number = printable("".join(query.pop(self.page_kwarg)[-1:]))
            first = f"?{query.urlencode()}"
            return render(request, "publishing/no_such_page.html", {"number": number, "first": first}, status=404)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        try:
            return super().paginate_queryset(queryset, page_size)
        except Http404:
            raise NoSuchPage from None


class PublicDetail(PublicPage, DetailView):
    """The live version at /<city>/<slug>/, with everything its page prints."""

    context_object_name = "version"

    def shown(self) -> Any:
        """The versions this page may show: a preview is this view with others."""
        return self.live(self.model)

    def get_queryset(self) -> Any:
        return self.shown().with_entry()

    def get_object(self, queryset: Any = None) -> Any:
        """404 when nothing is public there now."""
        slug = self.kwargs["slug"]
        found = self.get_queryset().at_address(self.kwargs.get("city", slug), slug).first()
        if not found:
            raise Http404
        self.load(found)
        return found

    def load(self, version: Any) -> None:
        """All that its page prints."""
        version.load_parts()
