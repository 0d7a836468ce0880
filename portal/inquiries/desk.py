"""The officers' desk: the inquiries of their cities, which nobody else can open."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, ListView
from django.views.generic.base import View
from django.views.generic.detail import SingleObjectMixin

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
