"""The workspace of a province: 100 cities, 10,000 projects, 40,000 versions, 400,000 figures."""

from dataclasses import replace
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.cities.models import User
from portal.publishing.models import Version

from .figures import AT_MOST, SAME, Figure
from .pages import MOST_STAFF, count_queries, milliseconds

#: An editor of one city, and the leader of all.
READERS = ("load-editor", "load-leader")


def measure() -> list[Figure]:
    """Queries with little content and with all of it, and the time with all of it."""
    call_command("generate_load", cities=3, projects=1_500)
    clients = {name: logged_in(name) for name in READERS}
    few = {name: queries(client, addresses(name)) for name, client in clients.items()}
    call_command("generate_load", cities=97, projects=8_500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures = []
    for name, client in clients.items():
        for page, where in addresses(name).items():
            times = milliseconds(client, where)
            figures += [
                Figure(f"{name} {page}: queries", count_queries(client, where), "queries", SAME, few[name][page]),
                Figure(f"{name} {page}: time", median(times), "ms", AT_MOST, MOST_STAFF),
            ]
    return [replace(figure, name=f"{connection.vendor} {figure.name}") for figure in figures]


def queries(client: Client, pages: dict[str, str]) -> dict[str, int]:
    return {page: count_queries(client, where) for page, where in pages.items()}


def logged_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def addresses(name: str) -> dict[str, str]:
    """The pages staff live in, on the same kinds of rows however many there are; those that leaders read, for one."""
    mine = Version.objects.for_staff(User.objects.get(username=name)).of_kind("project").order_by("pk")
    draft, waiting = mine.filter(state="draft").last(), mine.filter(state="in_review").last()
    found = {
        "worklist": reverse("staff-start"),
        "list": reverse("staff-list", args=["project"]),
        "stages": reverse("staff-stages"),
        "dossier": reverse("staff-version", args=[draft.pk]),
        "doubts": reverse("staff-doubts", args=[draft.pk]),
        "review": reverse("staff-review", args=[waiting.pk]),
        "history": reverse("staff-history", args=[waiting.entry_id]),
    }
    return found | ({"glance": reverse("staff-leader"), "trail": reverse("staff-trail")} if "leader" in name else {})
