"""The officers' desk: the inquiries of their cities, which nobody else can open."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, ListView
from django.views.generic.base import View
from django.views.generic.detail import SingleObjectMixin

from portal.lib import spreadsheets
from portal.publishing.clock import database_now
from portal.publishing.models import Event

from .models import Inquiry


@method_decorator(never_cache, name="dispatch")
class DeskPage(LoginRequiredMixin, View):
    """The inquiries an officer may see; to others there are none, and no such page."""

    slug_field = slug_url_kwarg = "number"

    def get_queryset(self) -> Any:
        mine = Inquiry.objects.for_officer(self.request.user)
        return mine.select_related("city", "about__city", "answered_by").prefetch_related("mails")


class InquiryList(DeskPage, ListView):
    """By clock, the unanswered first. Names no person, so that opening one is what the trail records."""

    template_name = "inquiries/inquiry_list.html"
    paginate_by = 25

    def get_queryset(self) -> Any:
        if not self.request.user.is_officer:
            raise Http404
        return super().get_queryset().order_by(F("answered_at").desc(nulls_first=True), "received_at", "pk")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if form := spreadsheets.asked(request):
            return spreadsheets.file(form, "inquiries", *as_table(self.get_queryset()))
        return super().get(request, *args, **kwargs)


def as_table(inquiries: Any) -> tuple[list[str], Iterator[list[Any]]]:
    """What the list shows: no person, and none of their words."""
    columns = [_("Case number"), _("City"), _("About"), _("Received"), _("Reply by"), _("Answered"), _("Answered by")]
    return columns, (
        [
            inquiry.number, str(inquiry.city), str(inquiry.about_title), inquiry.received_at, inquiry.reply_by,
            inquiry.answered_at, str(inquiry.answered_by or ""),
        ]
        for inquiry in inquiries
    )  # fmt: skip


class InquiryDetail(DeskPage, DetailView):
    """One inquiry with all its sender wrote. Opening it is recorded."""

    template_name = "inquiries/inquiry_detail.html"

    def get_object(self, queryset: Any = None) -> Inquiry:
        inquiry = super().get_object(queryset)
        with transaction.atomic():
            Event.record("read", inquiry, by=self.request.user, at=database_now())
        return inquiry

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(about_address=self.object.about_address(), **context)


class InquiryAnswered(DeskPage, SingleObjectMixin):
    """The officer has answered; said once, by whoever said it first."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        inquiry = self.get_object()
        with transaction.atomic():
            now = database_now()
            open_one = Inquiry.objects.filter(pk=inquiry.pk, answered_at=None)
            if open_one.update(answered_at=now, answered_by=request.user):
                Event.record("answer", inquiry, by=request.user, at=now)
        return HttpResponseRedirect(reverse("staff-inquiry-list"))
