"""What waits to be done: one table of groups. The start page shows the first rows of each, its own page all of them."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from itertools import product
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.cache import caches
from django.core.paginator import Paginator
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.models import CityProfile
from portal.cities.models import Membership
from portal.facts.models import Figure, Metric, Visibility, review_day
from portal.inquiries.models import Inquiry
from portal.lib.text import language_codes, languages
from portal.publishing import permissions
from portal.publishing.models import Event, Hand, Translation, Version
from portal.publishing.workflow import Refused, take
from projects.ledger import progress

from .access import StaffPage, VersionPage, called, is_key, start_crumb
from .editing import says_the_same
from .sections import rows_of, sections

SHOWN = 12
PER_PAGE = 50
DUE_WITHIN = timedelta(days=30)

Role = permissions.Role
State = Version.State


class Desk:
    """Whose work it is, at what time, and in which cities: all that a group's query asks.

    The time is the publication clock's, so that what is public is the same in a count and in its list.
    """

    def __init__(self, user, clock, city=None):
        self.user, self.clock, self.today = user, clock, clock.today
        self.now = clock.at
        held = Membership.objects.filter(user=user, **({"city": city} if city else {}))
        self.held = list(held.values_list("role", "city"))

    def cities(self, roles):
        return sorted({city for role, city in self.held if role in roles})

    @property
    def leads(self):
        return self.user.is_superuser or bool(self.cities(WHO_LEADS))

    def sees(self, group):
        return bool(self.cities(group.roles))

    def rows(self, group):
        return group.find(self, self.cities(group.roles))

    def count(self, group):
        rows = self.rows(group)
        if isinstance(rows, list):
            return len(rows)
        return kept(self.clock, group.code, self.cities(group.roles), rows.count) if group.is_public else rows.count()


def kept(clock, name, cities, make):
    """What depends on nothing but these cities' public pages and the day: made once while the clock stands still."""
    key = sha256(repr((name, clock, sorted(cities))).encode()).hexdigest()
    return caches["pages"].get_or_set(key, make)


class Group(NamedTuple):
    """`find(desk, cities)` gives its rows in order, a QuerySet or a list; `row` is the template that draws one.

    `is_public`: they are read from nothing but what is public.
    """

    code: str
    name: Any
    says: Any
    roles: tuple[str, ...]
    find: Callable[[Desk, list[int]], Any]
    row: str = "staff/work_version.html"
    is_public: bool = False


# What the groups find ------------------------------------------------------------------------------------------------


def versions_in(cities):
    return Version.objects.filter(entry__city__in=cities).with_entry()


def events(*actions):
    """What was done to the version of the query around, the latest first."""
    entry = [OuterRef("entry__kind"), Value(" "), OuterRef("entry__city__slug"), Value("/"), OuterRef("entry__slug")]
    subject = Concat(*entry, output_field=CharField())
    return Event.objects.filter(subject=subject, number=OuterRef("number"), action__in=actions).order_by("-pk")


def since(*actions):
    return Subquery(events(*actions).values("at")[:1])


def wrote(user):
    return Exists(Hand.objects.filter(version=OuterRef("pk"), user=user, did="wrote"))


SENT_BACK = Exists(events("send_back"))  # of a draft: nothing but that makes one of what was submitted


def sent_back(desk, cities):
    drafts = versions_in(cities).filter(SENT_BACK, state=State.DRAFT)
    reason = Subquery(events("send_back").values("reason")[:1])
    return drafts.annotate(since=since("send_back"), reason=reason).order_by("since", "pk")


def drafts(cities):
    return versions_in(cities).filter(~SENT_BACK, state=State.DRAFT).annotate(since=F("created_at")).order_by("pk")


def mine(desk, cities):
    return drafts(cities).filter(wrote(desk.user))


def of_others(desk, cities):
    return drafts(cities).filter(~wrote(desk.user))


def in_work(desk, cities):
    return versions_in(cities).open().annotate(since=F("created_at")).order_by("created_at", "pk")


def submitted(cities):
    return versions_in(cities).filter(state=State.IN_REVIEW).annotate(since=since("submit")).order_by("since", "pk")


def to_review(desk, cities):
    return permissions.approvable(desk.user, submitted(cities))


def to_sign_off(desk, cities):
    reviewed = versions_in(cities).filter(state=State.REVIEWED).annotate(since=since("approve"))
    return permissions.signable(desk.user, reviewed).order_by("since", "pk")


def with_others(desk, cities):
    """Submitted, and for somebody else to decide."""
    here = versions_in(cities).filter(state__in=[State.IN_REVIEW, State.REVIEWED])
    review = permissions.approvable(desk.user, here.filter(state=State.IN_REVIEW))
    sign = permissions.signable(desk.user, here.filter(state=State.REVIEWED))
    others = here.exclude(pk__in=review.values("pk")).exclude(pk__in=sign.values("pk"))
    return others.annotate(since=since("submit", "approve")).order_by("since", "pk")


def scheduled(desk, cities):
    return versions_in(cities).scheduled(desk.now).order_by("live_from", "pk")


def doubtful(desk, cities):
    found = versions_in(cities).filter(state=State.DRAFT, open_doubts__gt=0)
    return found.annotate(since=F("created_at")).order_by("-open_doubts", "pk")


def inquiries(desk, cities):
    """By the clock: the longest overdue first, those without a promised day last."""
    waiting = Inquiry.objects.for_officer(desk.user).filter(city__in=cities, answered_at=None).select_related("city")
    return waiting.order_by(F("reply_by").asc(nulls_last=True), "received_at", "pk")


def live_in(desk, cities):
    return Version.objects.live(desk.now).filter(entry__city__in=cities)


def aging_figures(desk, cities):
    """Public ones whose review is due by then, the oldest first."""
    aging = Figure.objects.stale(desk.today + DUE_WITHIN).filter(version__in=live_in(desk, cities))
    return aging.select_related("metric", "version__entry__city").order_by("day", "pk")


class Missing(NamedTuple):
    """What a city's page does not say, though cities are compared by it."""

    version: Version
    metric: Metric


def missing(desk, cities):
    profiles = live_in(desk, cities).of_kind(CityProfile.kind).with_entry().order_by("entry__city__code")
    metrics = Metric.objects.filter(compared=True)
    said = Figure.objects.filter(metric__in=metrics, visibility=Visibility.PUBLIC, version__in=profiles.order_by())
    known = set(said.values_list("version", "metric"))
    return [Missing(*pair) for pair in product(profiles, metrics) if (pair[0].pk, pair[1].pk) not in known]


def untranslated(desk, cities):
    """Behind the original or without a language: what is in work, and what is public with nothing in work."""
    here = versions_in(cities)
    in_work = Version.objects.open().filter(entry=OuterRef("entry"))
    behind = Exists(Translation.objects.filter(version=OuterRef("pk"), behind=True))
    speaks_all = Q(*(Q(title__has_key=code) for code in language_codes()))
    found = (here.open() | here.live(desk.now).filter(~Exists(in_work))).filter(behind | ~speaks_all)
    return found.annotate(behind=behind).order_by("pk")


def late_projects(desk, cities):
    late = progress(desk.now, cities).late(desk.today)
    return late.select_related("version__entry__city").order_by("due", "pk")


WHO_WRITES = (Role.EDITOR,)
WHO_LEADS = (Role.LEADER, Role.ADMIN)
WHO_ANSWERS_FOR_IT = (*WHO_WRITES, *WHO_LEADS)
EVERYBODY = tuple(Role.values)

GROUPS = {
    group.code: group
    for group in (
        Group(
            "sent-back",
            gettext_lazy("Sent back"),
            gettext_lazy("A reviewer asks for a change before this can be approved."),
            WHO_WRITES,
            sent_back,
        ),
        Group(
            "review",
            gettext_lazy("For you to review"),
            gettext_lazy("Submitted by others; you wrote none of it."),
            (Role.REVIEWER,),
            to_review,
        ),
        Group(
            "sign-off",
            gettext_lazy("For you to sign off"),
            gettext_lazy("Reviewed; public when you sign it off."),
            (Role.LEADER,),
            to_sign_off,
        ),
        Group(
            "inquiries",
            gettext_lazy("Inquiries to answer"),
            gettext_lazy("By the day a reply was promised."),
            (Role.OFFICER,),
            inquiries,
            "staff/work_inquiry.html",
        ),
        Group(
            "mine",
            gettext_lazy("Your drafts"),
            gettext_lazy("You wrote in these; finish and submit them."),
            WHO_WRITES,
            mine,
        ),
        Group(
            "doubts",
            gettext_lazy("Drafts with doubts"),
            gettext_lazy("Serious ones are mended or answered before the draft can be submitted."),
            WHO_ANSWERS_FOR_IT,
            doubtful,
        ),
        Group(
            "overdue",
            gettext_lazy("Projects overdue"),
            gettext_lazy("Signed and not started, or started and not producing, by the agreed day."),
            WHO_ANSWERS_FOR_IT,
            late_projects,
            "staff/work_project.html",
            is_public=True,
        ),
        Group(
            "figures",
            gettext_lazy("Figures to look at again"),
            gettext_lazy("Public figures past their freshness, or due within 30 days."),
            WHO_ANSWERS_FOR_IT,
            aging_figures,
            "staff/work_figure.html",
            is_public=True,
        ),
        Group(
            "missing",
            gettext_lazy("Missing for comparison"),
            gettext_lazy("Cities are compared by these figures, and the public page gives none."),
            WHO_ANSWERS_FOR_IT,
            missing,
            "staff/work_missing.html",
            is_public=True,
        ),
        Group(
            "translations",
            gettext_lazy("Translations to do"),
            gettext_lazy("Behind the original, or in one language only."),
            WHO_ANSWERS_FOR_IT,
            untranslated,
        ),
        Group(
            "others",
            gettext_lazy("Drafts of colleagues"),
            gettext_lazy("In work; you have written nothing in them."),
            WHO_WRITES,
            of_others,
        ),
        Group(
            "in-work",
            gettext_lazy("All that is in work"),
            gettext_lazy("Drafts and what was submitted, the oldest first."),
            WHO_LEADS,
            in_work,
        ),
        Group(
            "waiting",
            gettext_lazy("With others for approval"),
            gettext_lazy("Submitted; a colleague decides."),
            (Role.EDITOR, Role.REVIEWER),
            with_others,
        ),
        Group(
            "scheduled",
            gettext_lazy("Scheduled"),
            gettext_lazy("Approved for an hour to come."),
            EVERYBODY,
            scheduled,
        ),
    )
}


def awaiting(user):
    """How many versions wait for this very person: to be mended, reviewed or signed off. One query."""
    to_mend = permissions.in_offices(
        user, Version.objects.filter(SENT_BACK, wrote(user), state=State.DRAFT), Role.EDITOR
    )
    review = permissions.approvable(user, Version.objects.filter(state=State.IN_REVIEW))
    sign = permissions.signable(user, Version.objects.filter(state=State.REVIEWED))
    keys = (found.order_by().values_list("pk", flat=True) for found in (to_mend, review, sign))
    first, *others = keys
    return first.union(*others, all=True).count()


# The pages -----------------------------------------------------------------------------------------------------------


def ready(rows, desk):
    """The rows as their templates want them."""
    rows = list(rows)
    for row in rows:
        if isinstance(row, Figure):
            row.review_by = review_day(row.day, row.metric.fresh_for_months)
            row.is_stale = row.review_by < desk.today
        elif isinstance(row, Version) and not getattr(row, "behind", True):
            row.silent_in = [name for code, name in languages() if code not in row.title]
    return rows


class OfCity(StaffPage):
    """A page of all the reader's cities, or of the one in `?city=`; a foreign one does not exist."""

    @cached_property
    def city(self):
        slug = self.request.GET.get("city")
        return called(self.cities, slug) if slug else None

    @cached_property
    def desk(self):
        return Desk(self.request.user, self.request.clock, self.city)

    def show(self, status=200, **context):
        return super().show(status, **{"chosen_city": self.city, "desk": self.desk} | context)


class Work(OfCity):
    """All of one group."""

    template_name = "staff/work.html"

    @cached_property
    def group(self):
        group = GROUPS.get(self.kwargs["group"])
        if not group:
            raise Http404
        return group

    def get(self, request, group):
        pages = Paginator(self.desk.rows(self.group), PER_PAGE)
        pages.count = self.desk.count(self.group)
        page = pages.get_page(request.GET.get("page"))
        page.object_list = ready(page.object_list, self.desk)
        return self.show(group=self.group, page_obj=page, writes=self.desk.cities(WHO_WRITES))

    def breadcrumbs(self):
        return [start_crumb(), {"label": self.group.name}]


class Mend(VersionPage):
    """From what is public to the very form that changes it: in the draft there is, else in a new one."""

    asks = staticmethod(permissions.can_edit)
    http_method_names = ["post"]

    def post(self, request, pk):
        model = sections(type(self.version)).get(request.POST.get("part", ""))
        row = self.row(model)
        draft = self.versions.open().filter(entry=self.version.entry).first()
        if not draft:
            try:
                draft = take("revise", self.version, by=request.user)
            except Refused as refused:
                messages.error(request, " ".join(refused.messages))
                return redirect("staff-version", pk)
        elif draft.state != State.DRAFT:
            messages.error(request, _("A newer version is already submitted: it has to be decided on first."))
            return redirect("staff-version", draft.pk)
        return redirect(form_in(draft, request.POST.get("part"), model, row, request.POST.get("metric", "")))

    def row(self, model):
        key = self.request.POST.get("row", "")
        return rows_of(model, self.version).filter(pk=key).first() if model and is_key(key) else None


def form_in(draft, word, model, row, metric):
    """The row's copy; a new row of that metric; the section; or the page."""
    if not model:
        return reverse("staff-version", args=[draft.pk])
    if is_key(metric):
        return f"{reverse('staff-row-add', args=[draft.pk, word])}?metric={metric}"
    copies = rows_of(model, draft) if row else []
    for copy in copies:
        if says_the_same(row, copy):
            return reverse("staff-row", args=[draft.pk, word, copy.pk])
    return reverse("staff-section", args=[draft.pk, word])
