"""The public pages of projects and ceremonies."""

from django.utils.translation import gettext_lazy

from portal.facts.views import VersionDetail

from .models import CeremonyRecord, ProjectListing, SignedProject, Stage, StageEvent
from .timeline import in_time, neighbours

LISTS = {"project": gettext_lazy("Projects"), "ceremony": gettext_lazy("Ceremonies")}
MILESTONES = [Stage.SIGNED, Stage.STARTED, Stage.PRODUCING, Stage.FULL]


class Detail(VersionDetail):
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
        signed = SignedProject.objects.filter(project=self.object.entry_id)
        ceremonies = self.live(CeremonyRecord).filter(pk__in=signed.values("version")).with_entry()
        return super().get_context_data(
            stages=stage_line(self.object), ceremonies=in_time(ceremonies), **self.named(), **said
        )


class CeremonyDetail(Detail):
    model = CeremonyRecord
    template_name = "projects/ceremony_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("source")

    def get_context_data(self, **said):
        record = self.object
        return super().get_context_data(
            sides=sides(record),
            outcomes=self.outcomes(),
            reconciliation=record.reconciliation(),
            **self.named(),
            **said,
        )

    def outcomes(self):
        """Each project of the ceremony, with the listing that says what has become of it, where one is public."""
        rows = self.object.signed_projects.all()
        listings = self.live(ProjectListing).with_stage().with_entry().prefetch_related(StageEvent.prefetch())
        listing_of = {found.entry_id: found for found in listings.filter(entry__in=[row.project_id for row in rows])}
        return [(row, listing_of.get(row.project_id)) for row in rows]

    def neighbours(self):
        """The ceremonies of the city before and after this one."""
        of_city = self.live(CeremonyRecord).for_city(self.object.city).with_entry()
        return neighbours(self.object, of_city)._asdict()


def sides(record):
    """The guests by side, each with their place in the order of protocol; the sides as their first guest stands."""
    found = {}
    for place, guest in enumerate(record.participations.all(), 1):
        guest.place = place
        found.setdefault(guest.get_side_display(), []).append(guest)
    return [{"label": label, "people": people} for label, people in found.items()]


def stage_line(listing):
    """The stages reached, in order, and the milestones after them that nobody has reported."""
    events = sorted(listing.stage_events.all(), key=lambda event: (event.stage == Stage.CANCELLED, event.stage))
    reached = [
        {"label": event.get_stage_display(), "when": event.when, "state": "done", "event": event} for event in events
    ]
    if reached:
        reached[-1]["state"] = "cancelled" if listing.stopped else "now"
    to_come = [stage for stage in MILESTONES if not listing.stopped and stage > (listing.stage or 0)]
    return reached + [{"label": stage.label, "state": "expected"} for stage in to_come]
