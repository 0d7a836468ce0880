"""The worklist, the list of each kind, the history of an entry."""

from functools import cached_property

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.lib import spreadsheets
from portal.lib.text import language_codes
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import IN_WORK, Event, Version
from projects.models import Progress, ProjectListing, Stage

from . import exporting
from .access import StaffPage, start_crumb
from .sections import standing
from .trail import did
from .work import GROUPS, SHOWN, WHO_WRITES, OfCity, ready

PER_PAGE = 50
DID = ("wrote", "reviewed", "approved")


def with_standing(versions, at):
    versions = list(versions)
    for version in versions:
        version.standing, version.tone = standing(version, at)
    return versions


class Beginnings(OfCity):
    @cached_property
    def beginnings(self):
        """(the cities for which the user writes, the keys of those that have a page of their own)."""
        versions = self.versions.of_kind("city").exclude(state=Version.State.DISCARDED)
        writes_for = list(self.cities.for_staff(self.request.user, permissions.Role.EDITOR))
        return writes_for, set(versions.values_list("entry__city", flat=True))


class Start(Beginnings):
    """The worklist: of each group that has any, how many there are and the first of them."""

    template_name = "staff/start.html"

    def get(self, request):
        seen = [group for group in GROUPS.values() if self.desk.sees(group)]
        writes_for, pages = self.beginnings
        return self.show(
            groups=[
                {"group": group, "count": count, "rows": ready(self.desk.rows(group)[:SHOWN], self.desk)}
                for group in seen
                if (count := self.desk.count(group))
            ],
            writes=self.desk.cities(WHO_WRITES),
            first=[city for city in writes_for if city.pk not in pages and self.city in (None, city)][:SHOWN],
            kinds=[described(word, kind, *self.beginnings) for word, kind in Version.kinds().items()],
        )


def described(word, kind, writes_for, pages):
    """What is said of a kind. A city has one page of its own: `pages` are the cities that have theirs."""
    names = {"word": word, "name": kind._meta.verbose_name, "names": kind._meta.verbose_name_plural}
    return names | {"cities": [city for city in writes_for if word != "city" or city.pk not in pages]}


State = Version.State
#: Where an entry can be found: which of its versions makes it so, at a time.
STANDS = {
    "draft": (gettext_lazy("draft"), lambda versions, at: versions.filter(state=State.DRAFT)),
    "in_review": (gettext_lazy("in review"), lambda versions, at: versions.filter(state=State.IN_REVIEW)),
    "reviewed": (gettext_lazy("awaiting sign-off"), lambda versions, at: versions.filter(state=State.REVIEWED)),
    "scheduled": (gettext_lazy("scheduled"), lambda versions, at: versions.scheduled(at)),
    "live": (gettext_lazy("public"), lambda versions, at: versions.live(at)),
}
NOT_LIVE = "not_live"
SORTS = {
    "place": (gettext_lazy("by city and address"), ["city__code", "slug"]),
    "newest": (gettext_lazy("latest version first"), ["-newest", "-pk"]),
}


class ListFilter(forms.Form):
    """What of a list is shown. What the address asks and nobody offers is passed over."""

    q = forms.CharField(label=pgettext_lazy("in a filter", "Words"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    stage = forms.ChoiceField(label=pgettext_lazy("of a project", "Stage"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        anything = ("", gettext_lazy("all"))
        states = [(code, label) for code, (label, _found) in STANDS.items()]
        self.fields["state"].choices = [anything, *states, (NOT_LIVE, gettext_lazy("not public"))]
        self.fields["sort"].choices = [(code, label) for code, (label, _by) in SORTS.items()]
        self.fields["stage"].choices = [anything, *Stage.choices]
        if kind is not ProjectListing:
            del self.fields["stage"]
        self.is_valid()


class EntryList(Beginnings):
    """Every entry of one kind in the user's cities, each by its newest version."""

    template_name = "staff/list.html"

    def get(self, request, kind):
        self.now = self.desk.now
        asked = ListFilter(request.GET, kind=kind, auto_id="filter-%s")
        entries = self.entries_of(asked.cleaned_data)
        if form := spreadsheets.asked(request):
            return exporting.entries(form, kind, entries, user=request.user, cities=list(self.cities), at=self.now)
        page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = self.shown(page.object_list)
        return self.show(
            page_obj=page,
            filter=asked,
            counts=self.counts(),
            kind=described(kind.kind, kind, *self.beginnings),
        )

    def all_entries(self):
        """Of the kind, in the reader's cities or the one chosen."""
        cities = [self.city] if self.city else list(self.cities)
        return self.entries.filter(kind=self.kwargs["kind"].kind, city__in=cities)

    def entries_of(self, asked):
        found, versions = self.all_entries(), self.versions_of()
        if asked.get("state") == NOT_LIVE:
            found = found.exclude(pk__in=entries_with(versions.live(self.now)))
        elif asked.get("state"):
            _label, standing_so = STANDS[asked["state"]]
            found = found.filter(pk__in=entries_with(standing_so(versions, self.now)))
        if asked.get("stage"):
            reached = Q(stopped=True) if int(asked["stage"]) < 0 else Q(stopped=False, stage=asked["stage"])
            at_stage = Progress.objects.filter(reached, version__in=versions.live(self.now))
            found = found.filter(pk__in=at_stage.values("version__entry"))
        for word in asked.get("q", "").split()[:8]:
            said = Q(*((f"title__{code}__icontains", word) for code in language_codes()), _connector=Q.OR)
            current = versions.open() | versions.reaching(self.now)
            found = found.filter(Q(slug__icontains=word) | Q(pk__in=entries_with(current.filter(said))))
        if asked.get("sort") == "newest":
            found = found.annotate(newest=Max("versions"))
        return found.order_by(*SORTS[asked.get("sort") or "place"][1])

    def versions_of(self):
        return Version.objects.filter(entry__in=self.all_entries())

    def counts(self):
        """[(state, its words, how many entries)], whatever else is asked."""
        within = {
            code: Count("pk", Q(pk__in=entries_with(so(self.versions_of(), self.now))))
            for code, (_label, so) in STANDS.items()
        }
        found = self.all_entries().order_by().aggregate(**within)
        return [(code, label, found[code]) for code, (label, _so) in STANDS.items() if found[code]]

    def shown(self, entries):
        """Of each entry its newest version that was not discarded, with what is public of it."""
        keys = [entry.pk for entry in entries]
        versions = {}
        rows = Version.objects.filter(entry__in=keys).with_entry().select_related("progress")
        for version in rows.order_by("number"):
            versions.setdefault(version.entry_id, []).append(version)
        return with_standing((last_kept(versions[key], self.now) for key in keys if key in versions), self.now)

    def breadcrumbs(self):
        return [start_crumb(), {"label": self.kwargs["kind"]._meta.verbose_name_plural}]


def entries_with(versions):
    return versions.order_by().values("entry")


def last_kept(versions, at):
    """Of one entry's versions, in order, the last; `public` is the one that is."""
    kept = [version for version in versions if version.state != State.DISCARDED] or versions
    public = next((version for version in versions if version.is_live(at)), None)
    kept[-1].public, kept[-1].entry_is_live = public, bool(public)
    return kept[-1]


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
            event.did = did(event.action)
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
