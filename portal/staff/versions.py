"""One version: its overview with the buttons of the workflow, what pressing one does, and its preview."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext as _

from portal.facts.doubts import doubts
from portal.lib.text import languages
from portal.publishing import permissions, workflow
from portal.publishing.clock import database_now
from portal.publishing.models import Event, Version

from .access import VersionPage, version_crumbs
from .comments import open_comments
from .dossier import Dossier
from .forms import StepForm
from .sections import standing

#: Steps that the table allows on every approved version, but that do something only on some.
POINTLESS = {
    "withdraw": lambda version, now: bool(version.live_until and version.live_until <= now),
    "call_off": lambda version, now: version.live_from <= now or version.live_until == version.live_from,
    "revise": lambda version, now: Version.objects.filter(entry=version.entry_id).open().exists(),
}


def offered(version, user, now):
    """[(step, its empty form)] for the buttons on a version's page."""
    return [
        (step, form_of(step, version))
        for step in sorted(workflow.steps_for(version, user), key=lambda step: step.needs_reason)
        if not POINTLESS.get(step.name, never)(version, now)
    ]


def never(version, now):
    return False


def form_of(step, version, data=None):
    return StepForm(data, step=step, version=version, initial={"seen": version.edits, "note": version.note})


class Overview(VersionPage):
    """One version as the public will see it, drawn by the public view, with a pencil at each section; where it
    stands, and the steps its reader may take."""

    def get(self, request, pk):
        return self.overview()

    def overview(self, status=200, forms=None, refused=None):
        around = partial(self.around, forms=forms or {}, refused=refused)
        response = drawn(self.request, self.version, around, neighbours=False)
        response.status_code = status
        return response

    def around(self, version, forms, refused):
        """What the public page's template is drawn with besides its own."""
        now, user = database_now(), self.request.user
        version.standing, version.tone = standing(version, now)
        can_edit = version.state == Version.State.DRAFT and permissions.can_edit(user, version)
        spoken, found = list(version.translations.all()), doubts(version)
        version.open_doubts = sum(doubt.is_open for doubt in found)
        unexplained = set(version.title) - {row.language for row in spoken}
        return {
            "frame": "staff/version.html",
            "dossier": Dossier(version, can_edit=can_edit, doubts=[doubt for doubt in found if not doubt.answer]),
            "breadcrumbs": self.breadcrumbs(),
            "cities": self.cities,
            "can_edit": can_edit,
            "steps": [(step, forms.get(step.name) or form) for step, form in offered(version, user, now)],
            "another_approves": self.another_approves(),
            "refused": refused,
            "spoken": spoken,
            "unexplained": [name for code, name in languages() if code in unexplained],
            "hands": version.hands.select_related("user").order_by("pk"),
            "reason": self.sent_back_because(),
            "open_comments": open_comments(version),
            "doubts": found,
            "newer": Version.objects.filter(entry=version.entry_id, number__gt=version.number).open().first(),
        }

    def another_approves(self):
        """Whether its reader misses the button to approve only for having written in it."""
        user, version = self.request.user, self.version
        waiting = version.state == Version.State.IN_REVIEW and permissions.can_review(user, version)
        return waiting and not permissions.can_approve(user, version)

    def sent_back_because(self):
        """Why the reviewer sent this draft back, while it is the last thing that happened to it but edits."""
        if self.version.state != Version.State.DRAFT:
            return None
        last = Event.objects.filter(subject=str(self.version.entry), number=self.version.number)
        last = last.exclude(action="edit").first()
        return last if last and last.action == "send_back" else None

    def breadcrumbs(self):
        return version_crumbs(self.version)


class TakeStep(Overview):
    """Presses a button. What is refused is said on the dossier, beside the button or above it when it is gone."""

    http_method_names = ["post"]

    def post(self, request, pk, step):
        step = workflow.STEPS.get(step)
        if not step:
            raise Http404
        version = self.version
        if not step.may(request.user, version):
            raise PermissionDenied(_("You may not take this step."))
        form = form_of(step, version, request.POST)
        if not form.is_valid():
            return self.overview(status=422, forms={step.name: form})
        try:
            result = workflow.take(step.name, version, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            self.__dict__.pop("version", None)  # shown as it is now
            return self.overview(status=409, refused=(step, refused.messages))
        messages.success(request, _("Done: %(step)s.") % {"step": step.label})
        return redirect("staff-version", result.pk)


class Preview(VersionPage):
    """The public page alone, as it will be."""

    def get(self, request, pk):
        return drawn(request, self.version, lambda version: {"preview": version})


def drawn(request, version, around, neighbours=True):
    """The public page, drawn by the public view, of a version whatever its state. Never kept, never indexed.

    `around(version)` says what its template is drawn with besides; the version it is given has its parts.
    """
    public = resolve(version.get_absolute_url())

    class Drawn(public.func.view_class):
        def shown(self):
            return type(version).objects.filter(pk=version.pk)

        def neighbours(self):
            return super().neighbours() if neighbours else {}

        def get_context_data(self, **context):
            return super().get_context_data(**context) | around(self.object)

    view = Drawn()
    view.setup(request, **public.kwargs)
    response = view.get(request, **public.kwargs)
    response["X-Robots-Tag"] = "noindex"
    return response
