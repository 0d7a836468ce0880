"""Asking for a brief, seeing how far it has come, taking it away, and checking a copy of it."""

from collections import Counter
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView

from clusters.models import CityProfile
from portal.lib.jobs import State
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Version

from .asking import ask
from .content import covered
from .models import Brief

#: What the page shows of a row's state.
SHOWN = {State.QUEUED: "queued", State.WORKING: "working", State.DONE: "ready", State.FAILED: "failed"}


class BriefForm(forms.Form):
    language = forms.ChoiceField(
        label=pgettext_lazy("brief", "Language of the brief"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


class BriefNew(FormView):
    """What a brief of this city holds, and in which language it is wanted."""

    form_class = BriefForm
    template_name = "briefs/new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = database_now()
        live = CityProfile.objects.live(self.at).with_entry()
        self.profile = get_object_or_404(live, entry__slug=kwargs["slug"])
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def get_initial(self) -> dict[str, Any]:
        return {"language": get_language()}

    def form_valid(self, form: BriefForm) -> HttpResponseBase:
        try:
            return redirect(ask(self.profile.city, form.cleaned_data["language"], self.at))
        except CityProfile.DoesNotExist:  # withdrawn between the two looks
            raise Http404 from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = Counter(covered(self.profile.city, self.at).values_list("entry__kind", flat=True))
        names = {word: kind._meta for word, kind in Version.kinds().items()}
        held = [
            (names[kind].verbose_name if count == 1 else names[kind].verbose_name_plural, count)
            for kind, count in kinds.items()
            if kind != "city"
        ]
        return super().get_context_data(city=self.profile.city, profile=self.profile, held=held, **kwargs)


class Change(NamedTuple):
    """What is otherwise now than in the brief: "newer" or "added"."""

    kind: str
    version: Version


class BriefStatus(DetailView):
    """How far a brief has come; later, whether a copy is genuine and what has changed since."""

    queryset = Brief.objects.select_related("city")
    slug_field = slug_url_kwarg = "code"
    template_name = "briefs/status.html"
    context_object_name = "brief"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        brief, now = self.object, database_now()
        withdrawn = brief.is_withdrawn(now)
        return super().get_context_data(
            is_withdrawn=withdrawn,
            state=SHOWN[State(brief.state)],
            changes=[] if withdrawn else changes(brief),
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponseBase:
        answer = super().render_to_response(context, status=410 if context["is_withdrawn"] else 200, **response)
        add_never_cache_headers(answer)
        return answer


def changes(brief: Brief) -> list[Change]:
    """What a brief made now would rest on and this one does not."""
    printed = brief.versions.all()
    entries, known = {version.entry_id for version in printed}, {version.pk for version in printed}
    live = covered(brief.city, database_now()).select_related("entry__city").order_by("-live_from")
    return [
        Change("newer" if version.entry_id in entries else "added", version)
        for version in live
        if version.pk not in known
    ]


class BriefFile(DetailView):
    """The PDF. Gone when something it prints was withdrawn."""

    queryset = Brief.objects.select_related("city")
    slug_field = slug_url_kwarg = "code"

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponseBase:
        brief = self.object
        if brief.is_withdrawn(database_now()) or not (brief.is_ready and brief.path.exists()):
            return redirect(brief) if False else BriefStatus.as_view()(self.request, code=brief.code)
        file = FileResponse(
            brief.path.open("rb"), as_attachment=True, filename=filename(brief), content_type="application/pdf"
        )
        file["X-Content-Type-Options"] = "nosniff"
        file["Cache-Control"] = "private, no-cache"
        return file


def filename(brief: Brief) -> str:
    """Zaozhuang-investment-brief-7F3A-91C2-AB03.pdf, in the brief's own language."""
    with translation.override(brief.language):
        named = _("%(city)s-investment-brief-%(code)s.pdf")
    return named % {"city": Text(brief.city.name).within(brief.language), "code": brief.printed_code}
