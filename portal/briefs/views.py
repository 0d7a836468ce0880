"""Asking for a brief, seeing how far it has come, taking it away, and checking a copy of it."""

from collections import Counter
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.db.models import Max
from django.http import FileResponse, Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView

from clusters.models import CityProfile
from portal.compare.things import Thing
from portal.lib.jobs import State
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Version, VersionQuerySet

from . import shortlist
from .asking import TooMany, ask, ask_shortlist
from .content import covered
from .models import Brief

#: What the page calls a row's state.
SHOWN = {State.QUEUED: "queued", State.WORKING: "working", State.DONE: "ready", State.FAILED: "failed"}


class BriefForm(forms.Form):
    language = forms.ChoiceField(
        label=pgettext_lazy("brief", "Language of the brief"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


@method_decorator(never_cache, name="dispatch")
class BriefAsked(FormView):
    """What a brief holds, and in which language it is wanted."""

    form_class = BriefForm

    @cached_property
    def at(self) -> datetime:
        return database_now()

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language()}


class BriefNew(BriefAsked):
    """Of a city."""

    template_name = "briefs/new.html"

    @cached_property
    def profile(self) -> CityProfile:
        live = CityProfile.objects.live(self.at).with_entry()
        return get_object_or_404(live, entry__slug=self.kwargs["slug"])

    def form_valid(self, form: BriefForm) -> Any:
        try:
            return redirect(ask(self.profile.city, form.cleaned_data["language"], self.at))
        except CityProfile.DoesNotExist:  # withdrawn between the two looks
            raise Http404 from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        city = self.profile.city
        return super().get_context_data(city=city, profile=self.profile, held=held(covered(city, self.at)), **kwargs)


class ShortlistNew(BriefAsked):
    """Of a comparison. Its address is the comparison's."""

    template_name = "briefs/shortlist_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except shortlist.TooFew:
            return redirect(self.compare_url)

    @property
    def compare_url(self) -> str:
        return f"{reverse('compare')}?{self.request.GET.urlencode(safe='/')}"

    @cached_property
    def versions(self) -> list[Any]:
        return shortlist.chosen(self.request.GET, self.at)

    def form_valid(self, form: BriefForm) -> Any:
        sender, language = self.request.META["REMOTE_ADDR"], form.cleaned_data["language"]
        try:
            return redirect(ask_shortlist(self.versions, self.request.GET, language, self.at, address=sender))
        except TooMany as busy:
            context = self.get_context_data(form=form, minutes_to_wait=ceil(busy.seconds / 60))
            return self.render_to_response(context, status=429, headers={"Retry-After": busy.seconds})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        things = [Thing(version, localdate(self.at)) for version in self.versions]
        return super().get_context_data(things=things, compare_url=self.compare_url, **kwargs)


def held(versions: VersionQuerySet) -> list[tuple[str, int]]:
    """("projects", 8) for each kind beside the city itself."""
    counts = Counter(versions.values_list("entry__kind", flat=True))
    kinds = {word: kind._meta for word, kind in Version.kinds().items() if word in counts and word != "city"}
    return [
        (str(meta.verbose_name if counts[word] == 1 else meta.verbose_name_plural), counts[word])
        for word, meta in kinds.items()
    ]


class Change(NamedTuple):
    """A version that a brief made now would rest on, and whether its entry is new in it."""

    version: Version
    is_new: bool


class BriefStatus(DetailView):
    """How far a brief has come; later, whether a copy is genuine and what has changed since."""

    queryset = Brief.objects.select_related("city")
    slug_field = slug_url_kwarg = "code"
    template_name = "briefs/status.html"
    context_object_name = "brief"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        brief, now = self.object, database_now()
        is_withdrawn = brief.is_withdrawn(now)
        return super().get_context_data(
            state=SHOWN[State(brief.state)],
            is_withdrawn=is_withdrawn,
            city_is_public=bool(brief.city) and CityProfile.objects.live(now).filter(entry__city=brief.city).exists(),
            published=brief.versions.aggregate(newest=Max("live_from"))["newest"],  # in the reader's words, not its own
            changes=[] if brief.is_pending or is_withdrawn else changes(brief, rests_on_now(brief, now)),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **response: Any) -> Any:
        answer = super().render_to_response(context, status=410 if context["is_withdrawn"] else 200, **response)
        add_never_cache_headers(answer)
        return answer


def rests_on_now(brief: Brief, now: datetime) -> VersionQuerySet:
    """What the same brief would rest on if it were made now."""
    if brief.city:
        return covered(brief.city, now)
    return shortlist.covered(QueryDict(brief.shortlist), now)


def changes(brief: Brief, live: VersionQuerySet) -> list[Change]:
    printed = dict(brief.versions.values_list("pk", "entry"))
    entries = set(printed.values())
    newer = live.exclude(pk__in=printed).select_related("entry__city").order_by("-live_from", "pk")
    return [Change(version, version.entry_id not in entries) for version in newer]


class BriefFile(BriefStatus):
    """The PDF; the status page as long as there is none, or when it was withdrawn."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        brief = self.get_object()
        if brief.is_withdrawn(database_now()):
            return super().get(request, *args, **kwargs)
        try:
            content = brief.path.open("rb")
        except FileNotFoundError:
            return redirect(brief)
        file = FileResponse(content, as_attachment=True, filename=filename(brief), content_type="application/pdf")
        file["Cache-Control"] = "no-cache"
        return file


def filename(brief: Brief) -> str:
    """Zaozhuang-investment-brief-7F3A-91C2-AB03.pdf, in the brief's own language."""
    with translation.override(brief.language):
        if not brief.city:
            return _("shortlist-brief-%(code)s.pdf") % {"code": brief.printed_code}
        named = _("%(city)s-investment-brief-%(code)s.pdf")
    return named % {"city": Text(brief.city.name).within(brief.language), "code": brief.printed_code}
