"""Following by mail: the form, the page of one follow, and the door that mail programs stop it through."""

from functools import cached_property
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from clusters.models import ValueChain
from portal.lib.limits import seconds_to_wait
from portal.publishing.clock import database_now
from portal.publishing.lists import complaints
from portal.publishing.models import Version

from . import consent, following
from .forms import FollowForm, HowForm
from .models import Follow
from .subjects import Refused, Subject


class Unlisted(View):
    """Kept by nobody and in no index: forms, and pages whose address is a secret."""

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response


class OfSubject(View):
    """Of what the address names. Where its list would refuse that, so does this page, with the list as the way on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]
        except Refused as refused:
            said = {
                "errors": complaints(refused.filters),
                "way_on": refused.way_on.get_absolute_url(),
                "whole": reverse(f"{refused.way_on.kind}-list"),
            }
            return render(request, "follow/refused.html", said, status=400)


class FollowNew(Unlisted, OfSubject, FormView):
    """The answer is the same whoever follows what already."""

    form_class = FollowForm
    template_name = "follow/follow_new.html"

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.request.GET, self.request.clock)  # type: ignore[attr-defined]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"consent": consent.current()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        subject = self.subject
        newest = subject.newest(3)
        parts = {} if subject.query else self.parts()
        return super().get_context_data(subject=subject, terms=consent.terms(), newest=newest, parts=parts, **context)

    def parts(self) -> dict[str, list[tuple[str, Any]]]:
        """What may be followed of everything: cities with a page, chains, kinds; each by name and words."""
        live = Version.objects.live(self.subject.clock.at).of_kind("city").order_by("entry__city__code")
        kinds = [(word, kind._meta.verbose_name_plural) for word, kind in Version.kinds().items()]
        return {
            "city": list(live.values_list("entry__city__slug", "entry__city__name")),
            "chain": list(ValueChain.objects.values_list("slug", "name")),
            "kind": [(word, capfirst(str(name))) for word, name in kinds],
        }

    def form_valid(self, form: FollowForm) -> HttpResponse:
        """Of what is asked for again a mail goes out after each pause: each of them counts."""
        said, now = form.cleaned_data, database_now()
        wait = seconds_to_wait(
            what="follow",
            limits=settings.FOLLOW_LIMITS,
            once=f"{said['email'].lower()} {self.subject.query} {now.timestamp() // following.PAUSE.total_seconds()}",
            address=self.request.META["REMOTE_ADDR"],
            mailbox=said["email"],
        )
        if wait:
            context = self.get_context_data(form=form, minutes_to_wait=ceil(wait / 60))
            return self.render_to_response(context, status=429, headers={"Retry-After": wait})
        following.ask(self.subject, at=now, **said)
        return redirect("follow-asked")


class FollowAsked(Unlisted, TemplateView):
    template_name = "follow/follow_asked.html"
    extra_context = {"days": settings.FOLLOW_CONFIRM_DAYS}


class FollowStopped(Unlisted, TemplateView):
    template_name = "follow/follow_stopped.html"


class FollowDetail(Unlisted, TemplateView):
    """One follow, for who has the address from a mail: confirm, change, stop it, or all of the mailbox."""

    template_name = "follow/follow_detail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.follow = Follow.objects.filter(code=kwargs["code"]).first()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer() if self.follow else self.gone()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.follow:
            return self.gone()
        steps = {"confirm": self.confirm, "change": self.change, "stop": self.stop, "stop-all": self.stop_all}
        return steps.get(request.POST.get("do", ""), self.answer)()

    def confirm(self) -> HttpResponse:
        following.confirm(self.follow, database_now())
        return HttpResponseRedirect(self.follow.get_absolute_url())

    def change(self) -> HttpResponse:
        form = HowForm(self.request.POST, instance=self.follow)
        if not form.is_valid():
            return self.answer(form=form, status=422)
        following.change(self.follow, at=database_now(), **form.cleaned_data)
        return HttpResponseRedirect(f"{self.follow.get_absolute_url()}?changed")

    def stop(self) -> HttpResponse:
        self.follow.stop()
        return redirect("follow-stopped")

    def stop_all(self) -> HttpResponse:
        following.stop_mailbox(self.follow.email)
        return redirect("follow-stopped")

    def gone(self) -> HttpResponse:
        return self.render_to_response({}, status=410)

    def answer(self, *, form: HowForm | None = None, status: int = 200) -> HttpResponse:
        others = Follow.objects.of_mailbox(self.follow.email).confirmed().exclude(pk=self.follow.pk)
        return self.render_to_response(
            self.get_context_data(
                follow=self.follow,
                others=list(others.order_by("asked_at")[:50]) if self.follow.confirmed_at else [],
                form=form or HowForm(instance=self.follow),
                was_changed="changed" in self.request.GET,
                days=settings.FOLLOW_CONFIRM_DAYS,
            ),
            status=status,
        )


@method_decorator(csrf_exempt, name="dispatch")
class FollowStop(Unlisted):
    """What a mail program posts to (RFC 8058): no page, no cookie, no question. A person is led to the page."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return redirect("follow-detail", code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        for follow in Follow.objects.filter(code=code):
            follow.stop()
        return HttpResponse(status=204)
