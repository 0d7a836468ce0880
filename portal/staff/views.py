"""The start page, the list of each kind, the history of an entry."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.publishing import permissions, workflow
from portal.publishing.clock import database_now
from portal.publishing.models import IN_WORK, Event, Version

from .access import StaffPage, start_crumb
from .sections import newest, standing

SHOWN = 12
PER_PAGE = 50
DID = ("wrote", "reviewed", "approved")
ACTIONS = {
    "begin": gettext_lazy("Began"),
    "edit": gettext_lazy("Edited"),
    "comment": gettext_lazy("Commented"),
    "settle": gettext_lazy("Settled a comment"),
    "reopen": gettext_lazy("Opened a comment again"),
}


def with_standing(versions, at):
    versions = list(versions)
    for version in versions:
        version.standing, version.tone = standing(version, at)
    return versions


class Beginnings(StaffPage):
    @cached_property
    def beginnings(self):
        """(the cities for which the user writes, the keys of those that have a page of their own)."""
        versions = self.versions.of_kind("city").exclude(state=Version.State.DISCARDED)
        writes_for = list(self.cities.for_staff(self.request.user, permissions.Role.EDITOR))
        return writes_for, set(versions.values_list("entry__city", flat=True))


class Start(Beginnings):
    """What is in work, what waits for a second pair of eyes, what is to come and what has just come out."""

    template_name = "staff/start.html"

    def get(self, request):
        now = database_now()
        groups = [
            (_("Drafts in work"), self.versions.filter(state="draft").order_by("-created_at")),
            (_("Waiting for review"), self.versions.filter(state="in_review").order_by("created_at")),
            (_("Awaiting sign-off"), self.versions.filter(state="reviewed").order_by("created_at")),
            (_("Scheduled"), self.versions.scheduled(now).order_by("live_from")),
            (_("Recently published"), self.versions.live(now).order_by("-live_from")),
        ]
        return self.show(
            groups=[(title, versions.count(), with_standing(versions[:SHOWN], now)) for title, versions in groups],
            kinds=[described(word, kind, *self.beginnings) for word, kind in Version.kinds().items()],
        )


def described(word, kind, writes_for, pages):
    """What is said of a kind. A city has one page of its own: `pages` are the cities that have theirs."""
    names = {"word": word, "name": kind._meta.verbose_name, "names": kind._meta.verbose_name_plural}
    return names | {"cities": [city for city in writes_for if word != "city" or city.pk not in pages]}


class EntryList(Beginnings):
    """Every entry of one kind in the user's cities, each by its newest version."""

    template_name = "staff/list.html"

    def get(self, request, kind):
        now = database_now()
        live = Version.objects.live(now).filter(entry=OuterRef("entry"))
        versions = newest(self.versions.of_kind(kind.kind)).annotate(entry_is_live=Exists(live))
        page = Paginator(versions.order_by("entry__city__code", "entry__slug"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        page.object_list = with_standing(page.object_list, now)
        return self.show(
            page_obj=page,
            kind=described(kind.kind, kind, *self.beginnings),
        )

    def breadcrumbs(self):
        return [start_crumb(), {"label": self.kwargs["kind"]._meta.verbose_name_plural}]


class History(StaffPage):
    """Every version of an entry: its page as it was, what it changed, a way back to it; and everything done to it."""

    template_name = "staff/history.html"

    @cached_property
    def entry(self):
        return get_object_or_404(self.entries, pk=self.kwargs["pk"])

    def get(self, request, pk):
        versions = self.versions.filter(entry=self.entry).order_by("-number").prefetch_related("hands__user")
        versions = with_standing(versions, database_now())
        for version, before in zip(versions, [*versions[1:], None], strict=True):
            version.before = before and before.number
            version.by = {did: [hand.user for hand in version.hands.all() if hand.did == did] for did in DID}
        events = Event.objects.filter(subject=str(self.entry))
        page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
        for event in page.object_list:
            step = workflow.STEPS.get(event.action)
            event.did = step.label if step else ACTIONS.get(event.action, event.action)
        return self.show(
            versions=versions, entry=self.entry, page_obj=page, can_revise=self.can_revise(versions),
            next_number=1 + max((version.number for version in versions), default=0),
        )  # fmt: skip

    def can_revise(self, versions):
        """Any approved version may be revised, as long as none is in work."""
        return (
            bool(versions)
            and permissions.can_edit(self.request.user, versions[0])
            and not any(version.state in IN_WORK for version in versions)
        )

    def breadcrumbs(self):
        kind = Version.kinds()[self.entry.kind]
        names = {"label": kind._meta.verbose_name_plural, "url": reverse("staff-list", args=[kind.kind])}
        return [start_crumb(), names, {"label": _("History")}]
