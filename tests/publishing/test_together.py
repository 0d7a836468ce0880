"""Several people at once, on real connections; with a control that shows the race when the lock is off."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections

from clusters.models import CityProfile
from portal.publishing import workflow
from portal.publishing.models import Event, Version
from portal.publishing.workflow import Conflict, Refused, editing, take
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def together(act, times):
    """What `act` returned or raised in each of so many threads."""

    def one(number):
        try:
            return act(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_of_ten_who_save_one_form_one_wins():
    draft, ann = make.draft(), make.user("ann")

    def save(number):
        with editing(draft, by=ann, seen=0) as locked:
            locked.title = make.Text(f"By {number}")
            locked.save()
        return locked

    outcomes = together(save, 10)
    assert kinds(outcomes) == ["CityProfile"] + ["Conflict"] * 9
    draft.refresh_from_db()
    assert draft.edits == 1


def test_without_the_lock_more_than_one_wins(monkeypatch):
    """The control: the same, but nobody waits. PostgreSQL only; SQLite lets one write at a time whatever we do."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's own lock covers the whole transaction")
    import time

    draft, ann = make.draft(), make.user("ann")
    monkeypatch.setattr(workflow, "lock", lambda entry: Version.objects.filter(entry=entry))

    def save(number):
        with editing(draft, by=ann, seen=0) as seen:
            time.sleep(0.05)
        return seen

    assert kinds(together(save, 5)).count("CityProfile") > 1


def test_of_eight_who_approve_one_version_one_does():
    draft, rob = make.draft(), make.user("rob")
    take("submit", draft, by=make.user("ann"))
    outcomes = together(lambda _number: take("approve", draft, by=rob), 8)
    assert sum(isinstance(outcome, Version) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Version | Refused | PermissionDenied) for outcome in outcomes)
    assert CityProfile.objects.live().count() == 1
    assert Event.objects.filter(action="approve").count() == 1


def test_of_five_who_revise_one_gets_the_draft():
    version, ann = make.live(), make.user("ann")
    outcomes = together(lambda _number: take("revise", version, by=ann), 5)
    assert kinds(outcomes) == ["CityProfile"] + ["Refused"] * 4
    assert not isinstance(outcomes[0], Conflict)
