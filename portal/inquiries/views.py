"""Asking a city, without an account, and the page that says what became of it."""

import re
from functools import cached_property
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView

from portal.lib.limits import seconds_to_wait
from portal.publishing.clock import database_now
from portal.publishing.models import Version

from . import consent
from .forms import InquiryForm, cities_open_to_inquiries
from .intake import name_of_sending, receive
from .models import Inquiry, officers_of

ADDRESS_OF_ENTRY = re.compile(r"([a-z]+)/([\w-]+)/([\w-]+)", re.ASCII)


@method_decorator(never_cache, name="dispatch")
class InquiryNew(FormView):
    """The form, its city and subject taken from ?about=<kind>/<city>/<slug> when that is public now."""

    form_class = InquiryForm
    template_name = "inquiries/inquiry_new.html"

    @cached_property
    def live(self) -> Any:
        return Version.objects.live(self.request.clock.at)

    @cached_property
    def about(self) -> Version | None:
        if not (address := ADDRESS_OF_ENTRY.fullmatch(self.request.GET.get("about", ""))):
            return None
        kind, city, slug = address.groups()
        found = self.live.of_kind(kind).at_address(city, slug)
        return found.select_related("entry__city").first()

    def get_form_kwargs(self) -> dict[str, Any]:
        cities = None if self.about else cities_open_to_inquiries(self.live)
        return super().get_form_kwargs() | {"cities": cities, "consent": consent.current()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context |= {
            "about": self.about,
            "is_lost": "about" in self.request.GET and not self.about,
            "terms": consent.terms(),
            "has_officer": not self.about or officers_of(self.about.city).exists(),
        }
        return super().get_context_data(**context)

    def form_valid(self, form: InquiryForm) -> HttpResponse:
        city = self.about.city if self.about else form.cleaned_data["city"]
        once = name_of_sending(form.cleaned_data["token"], city, form.said)
        inquiry = Inquiry.objects.filter(once=once).first()
        if not inquiry:
            wait = seconds_to_wait(
                what="inquiry",
                limits=settings.INQUIRY_LIMITS,
                once=once,
                address=self.request.META["REMOTE_ADDR"],
                mailbox=form.said["email"],
            )
            if wait:
                return self.too_many(form, wait)
            inquiry = receive(
                city=city,
                about=self.about,
                said=form.said,
                consent=form.cleaned_data["consent"],
                once=once,
                at=database_now(),
            )
        return HttpResponseRedirect(inquiry.get_absolute_url())

    def too_many(self, form: InquiryForm, wait: int) -> HttpResponse:
        """The form with all that was typed, and when it may be sent."""
        context = self.get_context_data(form=form, minutes_to_wait=ceil(wait / 60))
        return self.render_to_response(context, status=429, headers={"Retry-After": wait})


@method_decorator(never_cache, name="dispatch")
class InquiryDone(DetailView):
    """The case number, and how far it is. Whoever knows this address may look; it says nothing about who asked."""

    template_name = "inquiries/inquiry_done.html"
    slug_field = slug_url_kwarg = "code"
    queryset = Inquiry.objects.select_related("city", "about__city").prefetch_related("mails")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context |= {
            "about_address": self.object.about_address(),
            "has_officer": officers_of(self.object.city).exists(),
        }
        return super().get_context_data(**context)

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        return super().render_to_response(context, headers={"X-Robots-Tag": "noindex"}, **options)
