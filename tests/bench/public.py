"""The public pages over 337 cities and 100,000 projects: server time of each, drawn anew, and queries with fewer."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from random import Random
from statistics import median
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from clusters.models import ChainLink, CityProfile, ClusterProfile, ParkProfile, PolicyRecord
from portal.publishing import filters
from portal.publishing.clock import Clock
from portal.publishing.filters import FILTERS, Facet
from projects.models import CeremonyRecord, ProjectListing

from .content import CITY
from .figures import AT_MOST, SAME, Figure, percentile
from .pages import MOST_PUBLIC, count_queries, draw, milliseconds

CITIES, PROJECTS = 337, 100_000
MOST_LIST, MOST_COMPARE = 80, 100  # milliseconds
LISTS = 100  # filtered otherwise each
QUESTIONS = (
    "lithium", "battery", "litium", "batery", "graphene", "anode", "cathode", "aluminium", "aluminum", "steel",
    "packaging", "recycling", "inspection and testing", "casting", "textile", "medical", "hemp", "solar",
    "load project", "maker 3", "Load city 12", "Zaozhuang", "zao zhuang", "zaozhuang lithium", "Binzhou", "bin zhou",
    "li dian", "dian chi", "cai liao", "zheng ji", "shi yan", "xiangmu", "zz", "ldc",
    "锂电", "锂电池", "电池", "材料", "正极材料", "负极", "枣庄", "枣庄锂电", "滨州", "铝", "检测", "回收", "项目",
    "測試", "鋰電池", "测试城市12", "公司3", "基地", "签约", "理电", "高端装备", "石墨", "医疗",
    "纺织", "新材料", "no such thing at all", "毫无此物",
)  # fmt: skip
BEGUN = (
    "l",
    "li",
    "lith",
    "lithium",
    "load",
    "mak",
    "zao",
    "bin",
    "ca",
    "dianc",
    "电",
    "锂",
    "锂电",
    "枣",
    "测试",
    "公司",
)


def measure() -> list[Figure]:
    """In the database as the stage before left it, then in ten times as much."""
    settings.CLOCK_MEMO_SECONDS = 0
    client, found = Client(), addresses()
    few = {name: count_queries(client, address) for name, (address, _most) in found.items()}
    grow()
    figures = []
    for name, (address, most) in found.items():
        queries, times = count_queries(client, address), milliseconds(client, address)
        figures += [
            Figure(f"{name}: queries", queries, "queries", SAME, few[name]),
            Figure(f"{name}: time", median(times), "ms", AT_MOST, most),
        ]
    for name, several in {"faceted list": lists(), "search": searches(), "suggestions": suggestions()}.items():
        times = in_turn(client, several)
        figures += [
            Figure(f"{name}: half within", median(times), "ms"),
            Figure(f"{name}: 95 of 100 within", percentile(times, 0.95), "ms", AT_MOST, MOST_LIST),
        ]
    return [replace(figure, name=f"country: {figure.name}") for figure in figures]


def grow() -> None:
    more = {
        "cities": CITIES - CityProfile.objects.live().count(),
        "projects": PROJECTS - ProjectListing.objects.live().count(),
    }
    call_command("generate_load", versions=1, figures=5, searchable=True, **more)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def in_turn(client: Client, several: list[str]) -> list[float]:
    """Milliseconds of each address, asked for in turn after a publication; PostgreSQL has read their rows before.

    The first counts the whole list; the others find that kept, as all but the first reader after a publication do.
    """
    for address in several:
        draw(client, address)
    filters.forget()
    spent = []
    for address in several:
        begun = time.perf_counter()
        draw(client, address, anew=False)
        spent.append(1000 * (time.perf_counter() - begun))
    return spent


def addresses() -> dict[str, tuple[str, float]]:
    """{what is measured: (its address, at most so many milliseconds)}."""
    cities, clusters, projects = (list(islice(made(kind), 5)) for kind in (CityProfile, ClusterProfile, ProjectListing))
    stage = ChainLink.objects.select_related("chain").order_by("pk")[0]
    pages = {
        "home": reverse("home"),
        "city": reverse("city-detail", args=[CITY]),
        "city, made up": cities[0].get_absolute_url(),
        "cluster": next(live(ClusterProfile, CITY)).get_absolute_url(),
        "cluster, made up": clusters[0].get_absolute_url(),
        "park, made up": next(made(ParkProfile)).get_absolute_url(),
        "policy, made up": next(made(PolicyRecord)).get_absolute_url(),
        "project, made up": projects[0].get_absolute_url(),
        "ceremony, made up": next(made(CeremonyRecord)).get_absolute_url(),
        "chain": reverse("chain-detail", args=[stage.chain.slug]),
        "stage of a chain": reverse("chain-stage", args=[stage.chain.slug, stage.slug]),
        "chains": reverse("chain-list"),
        "ledger": reverse("ledger"),
        "ledger of a city": reverse("ledger-city", args=[cities[0].city.slug]),
        "organisations": reverse("organisation-list"),
        "organisation": reverse("organisation-detail", args=[f"{cities[0].city.slug}-0"]),
        "costs, 5 cities": f"{reverse('costs')}?{several(cities)}&land=50&flat=4000000&gas=500000&staff=200",
        "feed": f"{reverse('feed')}?kind=project",
    }
    pages |= {f"{kind} list": reverse(f"{kind}-list") for kind in FILTERS}
    compared = {
        "compare 2 cities": several(cities[:2]),
        "compare 5 cities": several(cities),
        "compare 5 clusters": several(clusters),
        "compare 5 projects": several(projects),
    }
    most = {name: MOST_LIST if name.endswith("list") else MOST_PUBLIC for name in pages}
    return {name: (address, most[name]) for name, address in pages.items()} | {
        name: (f"{reverse('compare')}?{asked}", MOST_COMPARE) for name, asked in compared.items()
    }


def live(kind: type, city: str) -> Iterator:
    return kind.objects.live().with_entry().filter(entry__city__slug__startswith=city).order_by("pk").iterator()


def made(kind: type) -> Iterator:
    """The first that generate_load made."""
    return live(kind, "load-")


def several(versions: list) -> str:
    """What a comparison's address names them by."""
    return urlencode(
        [(row.kind, row.city.slug if row.kind == "city" else f"{row.city.slug}/{row.entry.slug}") for row in versions]
    )


def lists() -> list[str]:
    """Addresses of the list of projects, each other than all before: one to four filters of one or two choices,
    some with words; and pages far into the whole list in each order."""
    random, found = Random(1), []
    offered = FILTERS["project"](QueryDict(), Clock.read()).filters
    facets = {name: sorted(one.known) for name, one in offered.items() if isinstance(one, Facet)}
    orders = sorted(offered["sort"].known)
    for number in range(LISTS):
        names = random.sample(sorted(facets), random.randrange(1, 5))
        asked = [(name, value) for name in names for value in random.sample(facets[name], random.randrange(1, 3))]
        asked += [("sort", random.choice(orders))] if number % 3 == 0 else []
        asked += [("q", random.choice(QUESTIONS))] if number % 8 == 0 else []
        found.append(urlencode(asked))
    found += [urlencode({"sort": order, "page": page}) for order in orders for page in (2, 5, 9, 14, 20)]
    return [f"{reverse('project-list')}?{asked}" for asked in found]


def searches() -> list[str]:
    found = [f"{reverse('search')}?{urlencode({'q': words})}" for words in QUESTIONS]
    return found + [f"{address}&kind=project" for address in found[:20]]


def suggestions() -> list[str]:
    return [f"{reverse('search-suggestions')}?{urlencode({'q': words})}" for words in BEGUN]
