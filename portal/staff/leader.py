"""The office at a glance, for those who lead it: one page to print, every number with what is behind it."""

from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.facts.models import DONE, Figure, Metric
from portal.inquiries.models import Inquiry, Mail
from portal.inquiries.promise import in_time
from portal.lib.spreadsheets import csv_file
from portal.lib.text import language_codes
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Translation, Version
from projects.ledger import ledger, progress, total

from .access import StaffPage, called, start_crumb
from .work import DUE_WITHIN, kept

INQUIRIES_OF = timedelta(days=365)
OLD, VERY_OLD = timedelta(days=7), timedelta(days=30)
SHOWN = 5


class Clock(NamedTuple):
    """What is recorded of the inquiries of a year. `typical`: the median of days from receipt to answer."""

    received: int
    acknowledged: int
    answered: int
    kept: int
    late: int
    typical: float | None


def inquiry_clock(cities, now):
    acknowledgement = Mail.objects.filter(
        inquiry=OuterRef("pk"), purpose=Mail.Purpose.ACKNOWLEDGEMENT, sent_at__isnull=False
    )
    of_year = Inquiry.objects.filter(city__in=cities, received_at__gt=now - INQUIRIES_OF)
    rows = list(
        of_year.annotate(acknowledged=Exists(acknowledgement), zone=F("city__time_zone"))
        .order_by()
        .values("received_at", "answered_at", "reply_by", "acknowledged", "zone")
    )
    answered = [row for row in rows if row["answered_at"]]
    days = [(row["answered_at"] - row["received_at"]) / timedelta(days=1) for row in answered]
    return Clock(
        received=len(rows),
        acknowledged=sum(row["acknowledged"] for row in rows),
        answered=len(answered),
        kept=sum(in_time(day(row["answered_at"], row), row["reply_by"]) for row in answered),
        late=sum(not in_time(day(now, row), row["reply_by"]) for row in rows if not row["answered_at"]),
        typical=round(median(days), 1) if days else None,
    )


def day(moment, row):
    """There."""
    return moment.astimezone(ZoneInfo(row["zone"])).date()


class Freshness(NamedTuple):
    """Public counts of a day, by whether it is time to look at them again."""

    total: int
    stale: int
    due: int

    @property
    def fresh(self):
        return self.total - self.stale


def freshness(live, today):
    figures = Figure.objects.filter(version__in=live)
    counted = figures.filter(basis__in=DONE, metric__kind=Metric.Kind.STOCK, day__isnull=False).uncontinued().count()
    stale, soon = figures.stale(today).count(), figures.stale(today + DUE_WITHIN).count()
    return Freshness(counted, stale, soon - stale)


class Languages(NamedTuple):
    """Public pages, those that speak all languages, and where their translations come from."""

    total: int
    whole: int
    human: int
    reviewed: int
    machine: int
    behind: int


def languages(live):
    speaks_all = Q(*(Q(title__has_key=code) for code in language_codes()))
    pages = live.order_by().aggregate(total=Count("pk"), whole=Count("pk", speaks_all))
    translations = Translation.objects.filter(version__in=live).aggregate(
        **{origin: Count("pk", Q(origin=origin)) for origin in ("human", "reviewed", "machine")},
        behind=Count("pk", Q(behind=True)),
    )
    return Languages(**pages, **translations)


def public_numbers(clock, cities):
    """All that is counted from what is public."""
    live = Version.objects.live(clock.at).filter(entry__city__in=cities)
    return {
        "ledger": ledger(clock.at, cities, clock.today),
        "freshness": freshness(live, clock.today),
        "languages": languages(live),
    }


def open_work(cities, now):
    """[(state, how many, [of a week, of a month, older])]."""
    age = {
        "new": Q(created_at__gt=now - OLD),
        "old": Q(created_at__lte=now - OLD, created_at__gt=now - VERY_OLD),
        "very_old": Q(created_at__lte=now - VERY_OLD),
    }
    rows = Version.objects.open().filter(entry__city__in=cities).order_by().values("state")
    found = {
        row.pop("state"): row
        for row in rows.annotate(total=Count("pk"), **{name: Count("pk", when) for name, when in age.items()})
    }
    return [(state.label, found[state.value]) for state in Version.State if state.value in found]


class Leader(StaffPage):
    """All of it, of the cities led or of the one in `?city=`. Who leads none has no such page."""

    template_name = "staff/leader.html"

    @cached_property
    def led(self):
        led = list(permissions.led_by(self.request.user))
        if not led:
            raise Http404
        return led

    @cached_property
    def city(self):
        slug = self.request.GET.get("city")
        led = permissions.led_by(self.request.user)
        return called(led, slug) if slug else self.led[0] if len(self.led) == 1 else None

    def get(self, request):
        return self.show(**self.glance(), led=self.led, chosen_city=self.city)

    def glance(self):
        cities, now = [city.pk for city in ([self.city] if self.city else self.led)], database_now()
        clock = self.request.clock
        public = kept(clock, "glance", cities, lambda: public_numbers(clock, cities))
        rows = public["ledger"]
        late = progress(clock.at, cities).late(clock.today)
        return public | {
            "now": now,
            "ledger": [(row, self.behind(row)) for row in rows],
            "total": total(rows),
            "clock": inquiry_clock(cities, now),
            "open_work": open_work(cities, now),
            "late": late.select_related("version__entry__city").order_by("due", "pk")[:SHOWN],
            "here": self.address("staff-stages"),
            "of_city": f"?{urlencode(self.query)}" if self.query else "",
        }

    @property
    def query(self):
        return {"city": self.city.slug} if self.city else {}

    def address(self, name, **more):
        query = self.query | more
        return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)

    def behind(self, row):
        """Where the projects of each number of the ledger's row stand."""
        year = row.year or "none"
        columns = ("signed", "started", "producing", "cancelled")
        return {column: self.address("staff-stages", year=year, reached=column) for column in columns}

    def breadcrumbs(self):
        return [start_crumb(), {"label": _("At a glance")}]


class LeaderFile(Leader):
    """The same numbers as a table."""

    def get(self, request):
        columns = [_("Section"), _("What"), _("Number")]
        return csv_file("at-a-glance.csv", columns, as_table(self.glance(), self.city))


def as_table(said: dict[str, Any], city) -> list[list[Any]]:
    """Rows (section, what, number)."""
    promises, clock, facts, texts = _("Promise ledger"), _("Inquiries"), _("Freshness"), _("Languages")
    work = _("Work in progress")
    return [
        [_("As of"), city or _("all cities"), f"{timezone.localtime(said['now']):%Y-%m-%d %H:%M}"],
        *([promises, f"{row.label}: {what}", number] for row, _links in said["ledger"] for what, number in cells(row)),
        [clock, _("received"), said["clock"].received],
        [clock, _("acknowledged"), said["clock"].acknowledged],
        [clock, _("answered"), said["clock"].answered],
        [clock, _("answered by the promised day"), said["clock"].kept],
        [clock, _("past the promised day, unanswered"), said["clock"].late],
        [clock, _("median days to the answer"), said["clock"].typical],
        [facts, _("figures counted on a day"), said["freshness"].total],
        [facts, _("within their freshness"), said["freshness"].fresh],
        [facts, _("due within 30 days"), said["freshness"].due],
        [facts, _("past their freshness"), said["freshness"].stale],
        [texts, _("public pages"), said["languages"].total],
        [texts, _("in all languages"), said["languages"].whole],
        [texts, _("human translations"), said["languages"].human],
        [texts, _("machine translations, reviewed"), said["languages"].reviewed],
        [texts, _("machine translations, not reviewed"), said["languages"].machine],
        [texts, _("behind the original"), said["languages"].behind],
        *([work, state, row["total"]] for state, row in said["open_work"]),
        [pgettext("section", "Projects"), _("overdue"), said["total"].overdue],
    ]


def cells(row):
    return [
        (_("signed"), row.signed),
        (_("started"), row.started),
        (_("producing"), row.producing),
        (_("cancelled"), row.cancelled),
        (_("agreed investment, yuan"), f"{row.agreed_amount:f}"),
        (_("no agreed amount published"), row.unpriced),
    ]
