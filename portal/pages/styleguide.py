"""Every component with awkward data, in both languages. Shown in debug only; nothing here is published."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clusters.chain import Stop
from clusters.models import ChainLink, CityProfile, ClusterCompany, ClusterStage, Organisation
from portal.cities.models import City
from portal.facts.evidence import Cited
from portal.facts.models import Basis, Claim, Figure, Metric, Source
from portal.lib import brand
from portal.lib.charts import Chart, Table
from portal.lib.dates import UncertainDate
from portal.lib.text import Text, TranslatedFormField
from portal.publishing.models import Entry

SOURCE = Source(
    title=Text({"en": "A press release with a rather long title about signing, building and producing"}),
    publisher=Text({"en": "A news agency", "zh-hans": "某通讯社"}),
    issuer=Text({"en": "a city’s publicity department", "zh-hans": "某市委宣传部"}),
    published=UncertainDate("2023-05-13"),
    url="https://example.com/a/very/long/address/that/does/not/break/anywhere/at/all/index.html",
    language="en",
    translated="unknown",
    promotional=True,
)


def figure(number: int, name: str, zh: str, value: str, unit: str, basis: str, **more) -> Figure:
    metric = Metric(name=Text({"en": name, "zh-hans": zh}), unit=unit)
    dated = more.pop("when", "2023-05")
    return Figure(
        pk=number,
        metric=metric,
        source=SOURCE,
        value_min=Decimal(value),
        unit=unit,
        basis=basis,
        **{"as_of": UncertainDate(dated), "period": UncertainDate(), **more},
    )


def figures() -> list[Figure]:
    return [
        figure(
            1,
            "Lithium battery enterprises",
            "锂电企业",
            "100",
            "enterprise",
            Basis.ACHIEVED,
            qualifier="more_than",
            quote="more than 100 lithium battery enterprises",
            locator="paragraph 2",
        ),
        figure(
            2,
            "Investment agreed",
            "协议投资",
            "1150000000",
            "CNY",
            Basis.AGREED,
            quote="1.15 billion yuan",
            converted=Decimal("159000000"),
            converted_unit="USD",
        ),
        figure(3, "Annual output value", "年产值", "250000000000", "CNY", Basis.FULL, qualifier="about", when="2025~"),
        figure(4, "Output forecast", "预计产值", "12345678901234.56", "CNY", Basis.FORECAST, when="2030"),
        figure(5, "Capacity", "产能", "600000", "t/a", Basis.DESIGN, note=Text({"zh-hans": "仅有中文说明"})),
        figure(
            6, "Construction time", "建设周期", "12", "hour", Basis.PLANNED, qualifier="range", value_max=Decimal(18)
        ),
        figure(
            7,
            "Foreign trade",
            "进出口额",
            "80000000",
            "CNY",
            Basis.REPORTED,
            yoy=Decimal("54.3"),
            period=UncertainDate("2024-Q1"),
            as_of=UncertainDate(),
        ),
        figure(8, "Share of the province", "占全省比重", "14.2", "percent", Basis.DERIVED, verification="disputed"),
        figure(9, "Jobs", "就业", "3000", "person", Basis.TARGET, when="2026"),
        figure(10, "Foreign investment", "实际使用外资", "11070000", "USD", Basis.PAID_IN, verification="checked"),
    ]


def chart() -> Chart:
    years, agreed, producing = ["2021", "2022", "2023"], [9.2, 12.6, 7.1], [5.1, 3.9, 0.3]
    option = {
        "legend": {},
        "grid": {"top": 40},
        "xAxis": {"type": "category", "data": years},
        "yAxis": {"type": "value"},
        "series": [
            {"type": "bar", "name": _("agreed"), "data": agreed, "label": {"show": True, "position": "top"}},
            {"type": "bar", "name": _("producing"), "data": producing, "label": {"show": True, "position": "top"}},
        ],
    }
    rows = [[year, str(a), str(p)] for year, a, p in zip(years, agreed, producing, strict=True)]
    return Chart(
        _("A third of what was agreed in 2022 is producing"),
        _("Agreed and producing investment by year of signing, bn yuan; made-up numbers."),
        option,
        Table([_("Year"), _("agreed"), _("producing")], rows),
        _("this style guide"),
    )


def stop(name: str, strength: str, company: str = "", **more) -> Stop:
    link = ChainLink(name=Text({"en": name}))
    there = [ClusterCompany(organisation=Organisation(name=Text({"en": company})), role="anchor")] if company else []
    return Stop(link, ClusterStage(link=link, strength=strength, **more) if strength else None, there)


class Awkward(forms.Form):
    name = forms.CharField(label="Name of the company", help_text="As registered.", max_length=10)
    money = forms.DecimalField(
        label="Planned investment", required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    when = forms.ChoiceField(label="When", choices=[("1", "This year"), ("2", "Next year")], widget=forms.RadioSelect)
    title = TranslatedFormField(label="Title", required=False)
    question = forms.CharField(label="Your question", widget=forms.Textarea)
    consent = forms.BooleanField(label="I agree that the city may use these details to answer me.")


STAGES = [
    {"label": "Signed", "when": UncertainDate("2020-06-29")},
    {"label": "Registered, filed and given its land", "when": UncertainDate("2020-09")},
    {"label": "Started", "when": UncertainDate("XXXX-08-26"), "state": "now", "note": "evidence: permit"},
    {"label": "In production", "when": "", "state": "expected"},
]
CHAIN = [
    stop("Mining and processing", "reported"),
    stop("Cathode, electrolyte", "strong", "FinDreams"),
    stop("Cells 电芯", "present", "A company whose registered name runs to forty letters Co., Ltd."),
    stop("Inspection, testing", ""),
    stop("Terminal application", "reported", wanted=True, products=Text({"en": "storage, two-wheelers"})),
    stop("Recycling", "gap"),
]
LEDGER = [
    {"label": "2021", "signed": 14, "started": 12, "producing": 8, "agreed": "RMB 9.2 bn"},
    {"label": "2022", "signed": 19, "started": 14, "producing": 6, "agreed": "RMB 12.6 bn"},
    {"label": "2023", "signed": 11, "started": 4, "producing": 0, "agreed": ""},
]
FACETS = [
    {
        "name": "stage",
        "label": "Stage",
        "options": [
            {"value": "signed", "label": "Signed 签约", "count": 12, "chosen": True},
            {"value": "started", "label": "Started and a label too long for one line", "count": 1_204},
        ],
    },
]
CARDS = [
    {
        "title": "枣庄",
        "url": "#",
        "kicker": "City",
        "summary": "A coal city that rebuilt itself round batteries.",
        "badges": [{"said": "in Chinese only"}],
        "foot": "4 clusters",
    },
    {
        "title": "A project with a name of exactly forty-four signs",
        "url": "#",
        "badges": [{"said": "wanted", "tone": "wanted"}],
    },
    {"title": "Third", "url": "#", "summary": "Short."},
]


SHEETS = [f"css/components/{name}.css" for name in ("chain", "ledger", "compare_tray", "home", "styleguide")]
HEADINGS = [{"heading": "Electricity 电价", "is_number": True}, {"heading": "Port 港口"}]
CELLS = [{"column": HEADINGS[0], "said": "0.62 RMB/kWh", "url": "#costs"}, {"column": HEADINGS[1], "said": ""}]
ANCHORS = "colours type buttons figures claims chain ledger stages tables cards heads lists notices forms prose"
TALLY = [("cities 城市", 337), ("projects 项目", 100_019), ("parks 园区", 0)]


def tokens() -> list[dict[str, str]]:
    """The colours in both schemes, with their contrast to the paper where they are words."""
    light, dark = settings.BRAND.palette(), settings.BRAND.palette(dark=True)
    return [
        {
            "name": name,
            "light": value,
            "on_paper": shown_contrast(value, light["paper"]),
            "dark": dark.get(name, ""),
            "on_dark": shown_contrast(dark[name], dark["paper"]) if name in dark else "",
        }
        for name, value in light.items()
        if not name.endswith("-print")
    ]


def shown_contrast(colour: str, paper: str) -> str:
    return f"{brand.contrast(colour, paper):.1f}"


def claim() -> Claim:
    return Claim(
        kind="superlative",
        text=Text({"en": "Capital of Lithium Battery in Northern China", "zh-hans": "北方锂电之都"}),
        attributed_to=Text({"en": "the city’s publicity department", "zh-hans": "市委宣传部"}),
        scope=Text({"en": "Northern China"}),
        as_of=UncertainDate("2023-05-12"),
        source=SOURCE,
        quote="Capital of Lithium Battery in Northern China",
    )


def neighbour() -> CityProfile:
    city = City(slug="zibo", name=Text({"en": "Zibo", "zh-hans": "淄博"}))
    return CityProfile(title=Text({"en": "Zibo"}), entry=Entry(kind="city", slug="zibo", city=city))


def styleguide(request: HttpRequest) -> HttpResponse:
    context = {
        "breadcrumbs": [{"label": _("Home"), "url": "/"}, {"label": "Style guide"}],
        "figures": figures(),
        "sheets": SHEETS,
        "tokens": tokens(),
        "tally": TALLY,
        "tones": ["good", "note", "warning", "claim", "wanted"],
        "anchors": ANCHORS.split(),
        "claim": claim(),
        "cited": Cited([]),
        "neighbour": neighbour(),
        "headings": HEADINGS,
        "list_rows": [{"version": neighbour(), "cells": list(CELLS)}],
        "chart": chart(),
        "form": Awkward({"name": "A name far too long", "money": "eleven", "title_0": "Kept"}),
        "jobs": [{"state": state} for state in ("queued", "working", "ready", "failed")],
        "page_obj": Paginator(range(200), 10).get_page(7),
        "stages": STAGES,
        "chain": CHAIN,
        "ledger": LEDGER,
        "facets": FACETS,
        "cards": CARDS,
        "chosen": [{"label": "Signed 签约", "url": "?"}],
    }
    return render(request, "pages/styleguide.html", context)
