"""Moving a project along: which stage it has reached, when, and on what evidence; submitted for review in one step."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from portal.facts.models import Source
from portal.lib.dates import UncertainDateFormField
from portal.lib.text import Text, TranslatedFormField, language_codes
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Translation, Version
from portal.publishing.workflow import Conflict, Refused, editing, take
from projects.filters import reached
from projects.ledger import progress
from projects.models import Progress, ProjectListing, Stage, StageEvent

from .access import StaffPage, start_crumb
from .forms import next_order, where_to_add
from .sections import choices
from .work import OfCity

PER_PAGE = 50
State = Version.State

#: Between signing and building; nobody is asked when one of them is passed over.
BY_THE_WAY = {Stage.INTENT, Stage.REGISTERED, Stage.FILED, Stage.LAND}
LADDER = [stage for stage in Stage if stage > 0 and stage not in BY_THE_WAY]


def next_stage(stage):
    """The rung after this one; None at the top."""
    return next((rung for rung in LADDER if rung > (stage or 0)), None)


def passed_over(stage, new):
    return [rung for rung in LADDER if (stage or 0) < rung < new]


# The list ------------------------------------------------------------------------------------------------------------


class Reached(forms.Form):
    """Which projects: how far they have come, signed in which year, late or not; counted as in the ledger."""

    COLUMNS = {
        "signed": gettext_lazy("signed or further"),
        "started": gettext_lazy("started or further"),
        "producing": gettext_lazy("producing"),
        "cancelled": gettext_lazy("signed and cancelled"),
        "unpriced": gettext_lazy("signed, no agreed amount"),
        "late": gettext_lazy("overdue"),
    }
    NO_YEAR = "none"

    q = forms.CharField(label=pgettext_lazy("in a filter", "Words"), required=False, max_length=200)
    reached = forms.ChoiceField(label=gettext_lazy("How far"), required=False)
    year = forms.RegexField(r"\d{4}|none", label=gettext_lazy("Signed in"), required=False, max_length=4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reached"].choices = [("", gettext_lazy("all")), *self.COLUMNS.items()]
        self.is_valid()

    def rows(self, rows, today):
        asked = self.cleaned_data
        if asked.get("reached"):
            rows = reached(rows, "overdue" if asked["reached"] == "late" else asked["reached"], today)
        if asked.get("year"):
            rows = rows.filter(year=None if asked["year"] == self.NO_YEAR else int(asked["year"]))
        for word in asked.get("q", "").split()[:8]:
            said = (Q(**{f"version__title__{code}__icontains": word}) for code in language_codes())
            rows = rows.filter(Q(*said, _connector=Q.OR))
        return rows


class StageList(OfCity):
    """The public projects, each with how far it is and the next step; the longest without news first."""

    template_name = "staff/stages.html"

    def get(self, request):
        cities = [self.city] if self.city else list(self.cities)
        asked = Reached(request.GET, auto_id="filter-%s")
        rows = asked.rows(progress(self.desk.now, cities), self.desk.today)
        in_work = Version.objects.open().filter(entry=OuterRef("version__entry"))
        keys = rows.order_by("version__live_from", "pk").values_list("pk", flat=True)  # sorted without what is shown
        page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
        shown = Progress.objects.filter(pk__in=list(page.object_list)).order_by("version__live_from", "pk")
        shown = shown.annotate(in_work=Exists(in_work)).select_related("version__entry__city")
        page.object_list = with_next(shown, self.desk.today)
        return self.show(page_obj=page, filter=asked, writes=self.desk.cities([permissions.Role.EDITOR]))

    def breadcrumbs(self):
        return [start_crumb(), {"label": _("Stages of projects")}]


def with_next(rows, today):
    """Each with the stage that comes next and whether it is late."""
    rows = list(rows)
    keys = [row.pk for row in rows]
    late = {row.pk: row.late_since for row in Progress.objects.filter(pk__in=keys).late(today)}
    for row in rows:
        row.next = None if row.stopped else next_stage(row.stage)
        row.late = late.get(row.pk)
    return rows


# The form ------------------------------------------------------------------------------------------------------------


class StageForm(forms.Form):
    """`opened`: which version this was asked about, and with how many edits; another one means that somebody saved."""

    opened = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    stage = forms.TypedChoiceField(label=pgettext_lazy("of a project", "Stage reached"), coerce=int)
    when = UncertainDateFormField(
        label=gettext_lazy("When"), help_text=gettext_lazy("2026-05-18, or 2026-05 when the day is not known."),
        max_length=32, widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    evidence = TranslatedFormField(
        label=gettext_lazy("Evidence"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Permit, acceptance, picture. Required from “in production” on."),
    )
    source = forms.ModelChoiceField(Source.objects.none(), label=gettext_lazy("Source"))
    note = TranslatedFormField(label=gettext_lazy("Note for readers"), required=False, max_length=200)
    passes_over = forms.BooleanField(label=gettext_lazy("Yes, it passed these stages without a report"), required=False)
    add_to_draft = forms.BooleanField(label=gettext_lazy("Add it to this draft"), required=False)
    submit = forms.BooleanField(label=gettext_lazy("Submit for review at once"), required=False)

    def __init__(self, *args, project, today, draft, **kwargs):
        """`project`: the version that is moved on, loaded with its stage and events; `draft`: the one in work."""
        self.project, self.today, self.draft = project, today, draft
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stages_after(project)
        self.fields["source"].queryset = choices(
            StageEvent._meta.get_field("source"), user=None, city=project.city, version=project
        )
        self.fields["source"].help_text = where_to_add(Source, project.city)
        self.fields["source"].choices = self.quick_picks()
        if not draft:
            del self.fields["add_to_draft"]

    def quick_picks(self):
        """The sources that this project's stages rest on first, then all others."""
        used = {event.source_id for event in self.project.stage_events.all()}
        rows = [(source.pk, str(source)) for source in self.fields["source"].queryset]
        groups = [(_("On this page"), [row for row in rows if row[0] in used])]
        groups += [(_("Others"), [row for row in rows if row[0] not in used])]
        return [("", "---------"), *(group for group in groups if group[1])]

    def clean_when(self):
        when = self.cleaned_data["when"]
        if not when.year_stated:
            raise forms.ValidationError(_("Say in which year."))
        if when.earliest and when.earliest > self.today:
            raise forms.ValidationError(_("That day is still to come. Report a stage when it is reached."))
        return when

    def clean(self):
        said = self.cleaned_data
        stage, when = said.get("stage"), said.get("when")
        if stage and when:
            self.check_order(stage, when)
        if stage and stage >= Stage.PRODUCING and not said.get("evidence"):
            self.add_error("evidence", _("Say what shows it: without evidence nothing counts as producing."))
        if stage == Stage.CANCELLED and not said.get("note"):
            self.add_error("note", _("Say why it was cancelled."))
        passed = passed_over(self.project.stage, stage) if stage and stage > 0 else []
        if passed and not said.get("passes_over"):
            names = ", ".join(str(rung.label) for rung in passed)
            self.add_error("passes_over", _("This passes over: %(stages)s. Is that so?") % {"stages": names})
        if self.draft and not said.get("add_to_draft"):
            self.add_error("add_to_draft", _("A draft is open; a page can have one only. Add it there, or wait."))

    def check_order(self, stage, when):
        """Nothing is reached before what comes before it."""
        for event in self.project.stage_events.all():
            before = event.stage < stage if stage > 0 else event.stage > 0
            if before and when.latest and event.when.earliest and when.latest < event.when.earliest:
                said = {"stage": event.get_stage_display(), "when": event.when.words}
                self.add_error("when", _("Before “%(stage)s” (%(when)s).") % said)
                return

    @property
    def asks_to_pass_over(self):
        return self.is_bound and ("passes_over" in self.errors or bool(self.cleaned_data.get("passes_over")))

    @property
    def speaks_all(self):
        """Whether what was typed stands in all the languages of the page."""
        wanted = set(self.project.title)
        return all(
            not self.cleaned_data[name] or wanted <= set(self.cleaned_data[name]) for name in ("evidence", "note")
        )

    @property
    def event(self):
        said = self.cleaned_data
        return {name: said[name] for name in ("stage", "when", "evidence", "source", "note")}


def stages_after(project):
    """What can be reported: the rungs above, and that it was cancelled."""
    if project.stopped:
        return []
    above = [(stage.value, stage.label) for stage in Stage if stage > max(project.stage or 0, 0)]
    return [*above, (Stage.CANCELLED.value, Stage.CANCELLED.label)]


def with_stages(listings):
    return listings.with_stage().with_entry().prefetch_related("stage_events")


class StageUpdate(StaffPage):
    """One project's next stage."""

    template_name = "staff/stage_update.html"

    @cached_property
    def entry(self):
        entry = get_object_or_404(self.entries.filter(kind=ProjectListing.kind), pk=self.kwargs["pk"])
        if not permissions.can_create(self.request.user, entry.city):
            raise PermissionDenied
        return entry

    @cached_property
    def live(self):
        listings = ProjectListing.objects.live(database_now()).filter(entry=self.entry)
        return get_object_or_404(with_stages(listings))

    @cached_property
    def in_work(self):
        """The version somebody is working on."""
        listings = ProjectListing.objects.open().filter(entry=self.entry)
        return with_stages(listings).select_related("created_by").first()

    @cached_property
    def draft(self):
        return self.in_work if self.in_work and self.in_work.state == State.DRAFT else None

    @property
    def project(self):
        return self.in_work or self.live

    def form(self, data=None):
        today, project = timezone.localdate(database_now()), self.project
        offered = next_stage(project.stage)
        initial = {"stage": offered, "opened": self.opened, "submit": not self.draft}
        return StageForm(data, project=project, today=today, draft=self.draft, initial=initial)

    @property
    def opened(self):
        return f"{self.project.pk}.{self.project.edits}"

    def get(self, request, pk):
        return self.page(self.form())

    def post(self, request, pk):
        form = self.form(request.POST)
        if self.has(form):
            messages.success(request, _("This stage is already noted."))
            return redirect("staff-version", self.project.pk)
        if self.in_work and not self.draft:
            return self.page(form, status=409)
        if not form.is_valid():
            return self.page(form)
        if form.cleaned_data["opened"] != self.opened:
            return self.somebody_saved(form)
        try:
            draft = self.save(form)
        except (Conflict, Refused):
            for name in ("live", "in_work", "draft"):
                self.__dict__.pop(name, None)
            return self.somebody_saved(self.form(request.POST))
        except ValidationError as refused:  # by what the draft says elsewhere
            form.add_error(None, refused.messages)
            return self.page(form, status=422)
        return self.hand_in(draft) if form.cleaned_data["submit"] else self.kept(draft)

    def has(self, form):
        """Whether the version in work says this already: the second click on one button."""
        if not self.in_work or not form.is_bound:
            return False
        said = form.data.get("stage"), (form.data.get("when") or "").strip()
        return any((str(event.stage), str(event.when)) == said for event in self.in_work.stage_events.all())

    def somebody_saved(self, form):
        form.data = form.data.copy()
        form.data["opened"] = self.opened
        form.add_error(
            None, _("Somebody has saved this project meanwhile. Nothing of yours is lost: look and send it again.")
        )
        return self.page(form, status=409)

    @transaction.atomic
    def save(self, form):
        """The stage stands in the draft there is, or in a new one; what was reported before stays."""
        by = self.request.user
        draft = self.draft or take("revise", self.live, by=by)
        seen = self.draft.edits if self.draft else None
        with editing(draft, by=by, seen=seen) as locked:
            StageEvent.objects.create(version=locked, order=next_order(StageEvent, locked), **form.event)
            locked.note = with_change(locked.note, form.event)
            locked.full_clean()
            locked.save()
            if form.speaks_all:  # so no translation falls behind by it
                Translation.objects.filter(version_id=locked.pk, behind=False).update(source_digest="")
        return locked

    def hand_in(self, draft):
        try:
            take("submit", draft, by=self.request.user, seen=draft.edits)
        except ValidationError as refused:
            said = {"reason": " ".join(refused.messages)}
            messages.warning(self.request, _("Kept as a draft, not submitted yet: %(reason)s") % said)
        else:
            messages.success(self.request, _("Submitted for review. A colleague approves it."))
            return redirect("staff-stages")
        return redirect("staff-version", draft.pk)

    def kept(self, draft):
        messages.success(self.request, _("Noted in the draft."))
        return redirect("staff-version", draft.pk)

    def page(self, form, status=200):
        return self.show(
            status, form=form, project=self.project, live=self.live, draft=self.draft, in_work=self.in_work
        )

    def breadcrumbs(self):
        stages = {"label": _("Stages of projects"), "url": reverse("staff-stages")}
        return [start_crumb(), stages, {"label": str(self.project)}]


def with_change(note, event):
    """The public sentence on what changed, in every language: "construction started, May 2026". One that has no room
    for more stays as its writer left it."""
    said, most = Text(note), Version._meta.get_field("note").longest
    for code in language_codes():
        with override(code):
            change = _("%(stage)s, %(when)s") % {"stage": Stage(event["stage"]).label, "when": event["when"].words}
            said[code] = _("%(before)s; %(more)s") % {"before": note[code], "more": change} if code in note else change
    return said if all(len(words) <= most for words in said.values()) else note
