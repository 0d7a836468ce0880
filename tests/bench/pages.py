"""Queries and server time of every type of page, drawn anew each time, on the database the settings name."""

import time
from dataclasses import replace
from statistics import median

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.cities.models import City
from portal.publishing import filters
from portal.publishing.models import Version
from projects.models import ProjectListing

from . import content
from .figures import AT_MOST, SAME, Figure, percentile

TIMES, TIMES_GROWN = 15, 5
MOST_PUBLIC, MOST_STAFF = 60, 150  # milliseconds
QUESTIONS = ("lithium", "battery", "Zaozhuang", "zao zhuang", "litium", "锂电", "锂电池", "枣庄", "签约", "基地")


def measure() -> list[Figure]:
    settings.CLOCK_MEMO_SECONDS = 0  # every request asks for the clock, and pays for it
    clients = {False: Client(), True: Client()}
    clients[True].force_login(content.holder(City.objects.get(slug=content.CITY), "editor"))
    sample = addresses()
    queries = {name: count_queries(clients[is_staff(name)], address) for name, address in sample.items()}
    times = {name: median(milliseconds(clients[is_staff(name)], address)) for name, address in sample.items()}
    content.grow()
    grown = addresses()
    figures = []
    for name, address in grown.items():
        client, most = clients[is_staff(name)], MOST_STAFF if is_staff(name) else MOST_PUBLIC
        figures += [
            Figure(f"{name}: queries for 100", count_queries(client, address), "queries", SAME, queries[name]),
            Figure(f"{name}: time", times[name], "ms", AT_MOST, most),
            Figure(f"{name}: time for 100", median(milliseconds(client, address, TIMES_GROWN)), "ms"),
        ]
    figures.append(Figure("search: 95 of 100 within", percentile(searches(), 0.95), "ms"))
    return [replace(figure, name=f"{connection.vendor} {figure.name}") for figure in figures]


def is_staff(name: str) -> bool:
    return name.startswith("staff")


def addresses() -> dict[str, str]:
    """Each type of page, on the richest version of its kind."""
    found = {"home": reverse("home")}
    for word, kind in Version.kinds().items():
        if word != "city":
            found[f"{word} list"] = reverse(f"{word}-list")
        found[word] = content.shown(kind).get_absolute_url()
    project = content.shown(ProjectListing)
    draft = content.revised(project)
    return found | {
        "city list": reverse("city-list"),
        "search": reverse("search") + "?q=lithium",
        "API list": reverse("projects-list"),
        "API record": f"/api/projects/{project.city.slug}/{project.entry.slug}/",
        "staff start": reverse("staff-start"),
        "staff list": reverse("staff-list", args=["project"]),
        "staff version": reverse("staff-version", args=[draft.pk]),
        "staff preview": reverse("staff-preview", args=[draft.pk]),
        "staff section": reverse("staff-section", args=[draft.pk, "figures"]),
        "staff history": reverse("staff-history", args=[draft.entry_id]),
    }


def draw(client: Client, address: str, *, anew: bool = True) -> None:
    """`anew`: without the counts either that a process keeps until the next publication."""
    caches["pages"].clear()
    if anew:
        filters.forget()
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def count_queries(client: Client, address: str) -> int:
    draw(client, address)  # what a process does once is no page's
    with CaptureQueriesContext(connection) as captured:
        draw(client, address)
    return len(captured)


def milliseconds(client: Client, address: str, times: int = TIMES) -> list[float]:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        draw(client, address)
        spent.append(1000 * (time.perf_counter() - begun))
    return spent


def searches() -> list[float]:
    client, address = Client(), reverse("search")
    return [spent for words in QUESTIONS for spent in milliseconds(client, f"{address}?q={words}", 10)]
