"""The public pages of projects and ceremonies."""

from datetime import date
from itertools import pairwise

from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from clusters.views import DetailWithContact

from . import findings
from .models import CeremonyRecord, ProjectListing, SignedProject, Stage, StageEvent, reached

LISTS = {"project": gettext_lazy("Projects"), "ceremony": gettext_lazy("Ceremonies")}
MILESTONES = [Stage.SIGNED, Stage.STARTED, Stage.PRODUCING, Stage.FULL]
MOST_ALIKE = 4


class Detail(DetailWithContact):
    """The page of one project or ceremony."""

    @property
    def list_label(self):
        return LISTS[self.model.kind]

    def breadcrumbs(self):
        *above, here = super().breadcrumbs()
        city = self.object.city
        return [*above, {"label": city.name, "url": f"{above[-1]['url']}?city={city.slug}"}, here]

    def named(self):
        """What is public of the entries this version names: its park, and those it is related to."""
        version = self.object
        related = [row.entry_id for row in version.related.all()]
        public = self.public([version.park_id, *related])
        return {"park": public.get(version.park_id), "related": [public[key] for key in related if key in public]}


class ProjectDetail(Detail):
    model = ProjectListing
    template_name = "projects/project_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_stage().select_related("industry", "link__chain")

    def get_context_data(self, **said):
        listing, today = self.object, self.today
        ceremonies = self.ceremonies()
        context = super().get_context_data(
            stages=stage_line(listing, today),
            stage_finding=findings.of_project(listing, today),
            ceremonies=ceremonies,
            alike=self.alike(ceremonies),
            **self.named(),
            **said,
        )
        expected = findings.expectations(context["evidence"])
        return context | {"expectations": expected, "expectations_finding": findings.of_expectations(expected)}

    def ceremonies(self):
        signed = SignedProject.objects.filter(project=self.object.entry_id)
        found = self.live(CeremonyRecord).filter(pk__in=signed.values("version")).with_entry()
        return found.order_by(F("day").asc(nulls_first=True), "entry")

    def alike(self, ceremonies):
        """Other projects, under what they have in common with this one."""
        listing = self.object
        signed = SignedProject.objects.filter(version__in=[record.pk for record in ceremonies]).values("project")
        shared = [
            (_("Of the same ceremony"), Q(entry__in=signed), bool(ceremonies)),
            (_("At the same stage of the chain"), Q(link=listing.link_id), listing.link_id),
            (_("In the same park"), Q(park=listing.park_id), listing.park_id),
        ]
        others = self.live(ProjectListing).exclude(entry=listing.entry_id).with_entry().with_noted_stage()
        newest = others.prefetch_related("stage_events").order_by("-pk")
        groups = [(label, list(newest.filter(same)[:MOST_ALIKE])) for label, same, applies in shared if applies]
        return [(label, found) for label, found in groups if found]

    def neighbours(self):
        """The projects of the city signed before and after this one; those without a day of signing come first."""
        day = Coalesce("progress__signed", Value(date.min), output_field=DateField())
        listed = self.live(ProjectListing).for_city(self.object.city).with_entry().annotate(day=day)
        here = reached((event.stage, event.when) for event in self.object.stage_events.all())["signed"] or date.min
        return either_side(listed, here, self.object.entry_id)


class CeremonyDetail(Detail):
    model = CeremonyRecord
    template_name = "projects/ceremony_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("source")

    def get_context_data(self, **said):
        record, outcomes = self.object, self.outcomes()
        return super().get_context_data(
            sides=sides(record),
            outcomes=outcomes,
            outcomes_finding=findings.of_outcomes(outcomes),
            reconciliation=record.reconciliation(),
            **self.named(),
            **said,
        )

    def outcomes(self):
        """Each project of the ceremony, with the listing that says what has become of it, where one is public."""
        rows = self.object.signed_projects.all()
        listings = self.live(ProjectListing).with_noted_stage().with_entry().prefetch_related(StageEvent.prefetch())
        listing_of = {found.entry_id: found for found in listings.filter(entry__in=[row.project_id for row in rows])}
        return [(row, listing_of.get(row.project_id)) for row in rows]

    def neighbours(self):
        """The ceremonies of the city before and after this one, where its day is known."""
        record = self.object
        listed = self.live(CeremonyRecord).for_city(record.city).with_entry()
        return either_side(listed, record.day, record.entry_id) if record.day else {}


def either_side(listed, day, entry):
    """The last of these before that day and the first after it; of one day they come in the order of their entries."""
    same = Q(day=day)
    before, after = Q(day__lt=day) | same & Q(entry__lt=entry), Q(day__gt=day) | same & Q(entry__gt=entry)
    return {
        "previous": listed.filter(before).order_by("-day", "-entry").first(),
        "next": listed.filter(after).order_by("day", "entry").first(),
    }


def sides(record):
    """The guests by side, each with their place in the order of protocol; the sides as their first guest stands."""
    found = {}
    for place, guest in enumerate(record.participations.all(), 1):
        guest.place = place
        found.setdefault(guest.get_side_display(), []).append(guest)
    return [{"label": label, "people": people} for label, people in found.items()]


def stage_line(listing, today):
    """The stages reached, each with the time since the one before; then the milestones that nobody has reported."""
    events = sorted(listing.stage_events.all(), key=lambda event: (event.stage == Stage.CANCELLED, event.stage))
    done = [
        {"label": event.get_stage_display(), "when": event.when, "state": "done", "event": event} for event in events
    ]
    for before, stage in pairwise(done):
        stage["note"] = findings.later(before["when"], stage["when"])
    if done:
        done[-1]["state"] = "cancelled" if listing.stopped else "now"
    late = findings.missed(listing, today)
    to_come = [stage for stage in MILESTONES if not listing.stopped and stage > (listing.stage or 0)]
    return done + [
        {"label": stage.label, "state": "expected", "note": agreed(listing, stage, is_late=stage == late)}
        for stage in to_come
    ]


def agreed(listing, stage, is_late):
    """By when it was to be reached, and that this day has passed."""
    when = {Stage.STARTED: listing.start_by, Stage.PRODUCING: listing.finish_by}.get(stage)
    if not when:
        return ""
    words = pgettext("of a stage", "agreed for %(when)s") % {"when": when.words}
    return _("%(agreed)s: overdue") % {"agreed": words} if is_late else words
