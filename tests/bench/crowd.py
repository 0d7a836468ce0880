"""What approving costs while eight people approve at once, each something else."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from portal.publishing.models import Version
from portal.publishing.workflow import take
from projects.models import ProjectListing

from . import content
from .figures import Figure, percentile

PEOPLE, EACH = 8, 12


def measure() -> list[Figure]:
    project = content.shown(ProjectListing)
    with transaction.atomic():
        waiting = [submitted(project, f"crowd-{number}") for number in range(PEOPLE * EACH)]
    with ThreadPoolExecutor(PEOPLE) as people:
        begun = time.perf_counter()
        spent = [one for several in people.map(approve_all, shares(waiting)) for one in several]
        lasted = time.perf_counter() - begun
    name = f"{connection.vendor} approve, {PEOPLE} at once"
    return [
        Figure(f"{name}: half within", percentile(spent, 0.5), "ms"),
        Figure(f"{name}: 95 of 100 within", percentile(spent, 0.95), "ms"),
        Figure(name, len(spent) / lasted, "a second"),
    ]


def submitted(project: Version, slug: str) -> Version:
    return content.submitted(content.twin(project, project.city, slug))


def shares(waiting: list[Version]) -> list[list[Version]]:
    return [waiting[first::PEOPLE] for first in range(PEOPLE)]


def approve_all(versions: list[Version]) -> list[float]:
    """Milliseconds for each, on a connection of this thread's own."""
    reviewer, spent = content.holder(versions[0].city, "reviewer"), []
    connection.ensure_connection()
    try:
        for version in versions:
            begun = time.perf_counter()
            take("approve", version, by=reviewer)
            spent.append(1000 * (time.perf_counter() - begun))
    finally:
        connection.close()
    return spent
