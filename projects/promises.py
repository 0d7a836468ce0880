"""The public pages of the promise ledger: of all cities, and of one."""

from itertools import groupby

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.cities.models import City
from portal.lib.charts import Chart, Table
from portal.lib.spreadsheets import asked, file
from portal.lib.templatetags.ui import grouped
from portal.lib.text import bracketed
from portal.publishing.charts import ChartFile, at
from portal.publishing.models import Version
from portal.publishing.views import PublicPage, trail

from .ledger import REACHED, Pace, Row, by_city, finding, labels, ledger, ledger_by_city, pace, total

MOST_CITIES = 50  # on one page; all are in the file


class Ledger(PublicPage, TemplateView):
    """Of all cities: by year, then by city."""

    template_name = "projects/ledger.html"
    city: City | None = None

    def get(self, request, *args, **kwargs):
        if asked(request):
            return file(asked(request), "ledger", *as_table(self.rows, self.cities))
        return super().get(request, *args, **kwargs)

    @cached_property
    def rows(self):
        """By city and year."""
        return ledger_by_city(self.clock.at, self.today)

    @cached_property
    def cities(self):
        return City.objects.in_bulk({row.city for row in self.rows})

    def years(self):
        """They come in the order of their years."""
        return [total(rows) for _year, rows in groupby(self.rows, key=lambda row: row.year)]

    def by_city(self):
        """[(city, its row, the list of its projects)], those with most signings first."""
        found = sorted(by_city(self.rows).items(), key=lambda item: (-item[1].signed, item[0]))
        return [(self.cities[city], row, self.projects(city=self.cities[city].slug)) for city, row in found]

    def pace(self):
        return pace(self.clock.at)

    def chart_address(self):
        return at("chart-ledger")

    def get_context_data(self, **said):
        years, pace = self.years(), self.pace()
        everything = total(years)
        cities = [] if self.city else self.by_city()
        return super().get_context_data(
            place=self.city,
            address=self.projects(),
            years=[(row, self.projects(signed=row.signed_in)) for row in years],
            total=everything,
            finding=finding(everything),
            years_finding=years_finding(years),
            money_finding=money_finding(everything),
            pace_finding=pace_finding(pace),
            chart=funnel(everything, self.chart_address()) if everything.signed else None,
            rates=rates(everything),
            pace=pace,
            smallest=settings.LEDGER_SMALLEST_COHORT,
            start_months=settings.PROJECT_START_MONTHS,
            by_city=cities[:MOST_CITIES],
            city_count=len(cities),
            breadcrumbs=self.breadcrumbs(),
            **said,
        )

    def projects(self, **which):
        """The address of the list behind the numbers, ready for more filters."""
        return f"{reverse('project-list')}?" + "".join(f"{name}={value}&" for name, value in which.items())

    def breadcrumbs(self):
        return trail(_("Promise ledger"))


class CityLedger(Ledger):
    """Of one city of which something is public."""

    @cached_property
    def city(self):
        return get_object_or_404(City, slug=self.kwargs["city"])

    @cached_property
    def public_kinds(self):
        """Of what kinds something of this city is public."""
        public = Version.objects.live(self.clock.at).for_city(self.city).order_by()
        return set(public.values_list("entry__kind", flat=True).distinct())

    def get(self, request, *args, **kwargs):
        if not self.public_kinds:
            raise Http404
        return super().get(request, *args, **kwargs)

    @cached_property
    def rows(self):
        return ledger(self.clock.at, [self.city.pk], self.today)

    @property
    def cities(self):
        return {None: self.city}

    def pace(self):
        return pace(self.clock.at, [self.city.pk])

    def chart_address(self):
        return at("chart-ledger-city", self.city.slug)

    def projects(self, **which):
        return super().projects(city=self.city.slug, **which)

    def get_context_data(self, **said):
        has_page = "city" in self.public_kinds
        about = f"city/{self.city.slug}/{self.city.slug}" if has_page else ""
        return super().get_context_data(about=about, has_page=has_page, **said)

    def breadcrumbs(self):
        *above, here = super().breadcrumbs()
        return [*above, here | {"url": reverse("ledger")}, {"label": str(self.city.name)}]


class LedgerChart(ChartFile):
    """The funnel of all cities, or of one."""

    def chart(self, *, city: str = "") -> Chart | None:
        cities = City.objects.filter(slug=city).values("pk") if city else None
        row = total(ledger(self.clock.at, cities, self.today))
        return funnel(row) if row.signed else None


def years_finding(years: list[Row]) -> str:
    """What the latest cohort large enough to speak of has come to."""
    row = next((row for row in years if row.year and row.is_enough), None)
    if not row:
        return _("By year of signing: too few projects a year for rates")
    said = {"year": row.year, "share": row.reached("started")["rate"].shown}
    if not row.started:
        return _("Of the projects signed in %(year)s, none is reported to have started") % said
    return _("Of the projects signed in %(year)s, %(share)s have started") % said


def money_finding(row: Row) -> str:
    if not row.agreed_amount:
        return _("No agreed amount is published")
    begun = row.reached("started")["amount"]
    if not begun:
        return _("Of %(agreed)s agreed, none belongs to a project that has started") % {"agreed": row.agreed}
    said = {"begun": begun, "agreed": row.agreed}
    return _("Of %(agreed)s agreed, %(begun)s belongs to projects that have started") % said


def pace_finding(steps: list[Pace]) -> str:
    """The first step that can be spoken of; the start of construction before the others."""
    step = next((step for step in [steps[1], *steps] if step.days is not None), None)
    if not step:
        return _("How long the steps took: too few are dated for a median")
    return _("%(days)s days %(step)s, at the median") % {"days": grouped(step.days), "step": step.label}


def funnel(row: Row, address: str = "") -> Chart:
    """How many of the signed projects came how far, as bars that shorten."""
    stages = row.stages
    bars = [stage | {"said": beside(stage)} for stage in stages]
    return Chart(
        title=finding(row),
        description=_("Projects by the stage they reached or passed; the share is that of all signed."),
        option={
            "grid": {"top": 8, "left": 28, "right": 96},
            "xAxis": {"type": "value", "show": False, "max": row.signed},
            "yAxis": {"type": "category", "inverse": True, "data": [bar["label"] for bar in bars]},
            "series": [
                {
                    "type": "bar",
                    "label": {"show": True, "position": "right"},
                    "data": [{"value": bar["count"], "label": {"formatter": bar["said"]}} for bar in bars],
                }
            ],
        },
        table=Table(
            [_("Stage reached"), _("Projects"), _("Share of the signed")],
            [
                [stage["label"], grouped(stage["count"]), stage["rate"].shown or _("too few for a rate")]
                for stage in stages
            ],
        ),
        source=_("The projects published here, each with its source"),
        height=260,
        address=address,
    )


def beside(stage) -> str:
    share = stage["rate"].shown
    count = grouped(stage["count"])
    return f"{count}{bracketed(share)}" if share and stage["code"] != "signed" else count


def rates(row: Row):
    """The four rates by which offices are measured, as they are computed here."""
    by_code = {stage["code"]: stage for stage in row.stages}
    said = {
        "registered": (
            _("Performance rate"),
            "履约率",
            _("Signed projects whose company is registered, or that came further, out of all signed."),
        ),
        "started": (
            _("Start rate"),
            "开工率",
            _("Signed projects whose construction has started, or that came further, out of all signed."),
        ),
        "producing": (
            _("Production rate"),
            "投产率",
            _("Signed projects in production or at full capacity, out of all signed."),
        ),
    }
    counted = [
        {"name": name, "term": term, "definition": words, **by_code[code]} for code, (name, term, words) in said.items()
    ]
    paid_in = _("What is paid in so far, out of what was agreed: of those projects only that publish both sums.")
    return [*counted, {"name": _("Paid-in rate"), "term": "资金到位率", "definition": paid_in, "paid": row.paid}]


def as_table(rows, cities):
    """Headings and rows of the file: one for each city and year; amounts in yuan."""
    stages = labels()
    money = _("agreed investment, yuan: %(stage)s")
    columns = [
        _("City"),
        _("Signed in"),
        *stages.values(),
        _("cancelled"),
        _("overdue"),
        *(money % {"stage": label} for label in stages.values()),
        _("no agreed amount published"),
        _("projects that publish what is paid in"),
        _("paid in, yuan"),
        _("agreed by these, yuan"),
    ]
    return columns, [as_row(row, cities[row.city]) for row in rows]


def as_row(row: Row, city: City):
    return [
        city.name,
        row.label,
        *(getattr(row, code) for code in REACHED),
        row.cancelled,
        row.overdue,
        *(row.amount(code) for code in REACHED),
        row.unpriced,
        row.with_both,
        row.paid_amount,
        row.to_be_paid,
    ]
