"""A table from the browser's form to drafts, by a real worker on a real broker, one of which is killed."""

import os
import signal

import pytest
from django.test import Client
from django.urls import reverse

from portal.lib.jobs import State, send
from portal.lib.text import Text
from portal.publishing.models import Entry
from portal.staff.importing import TASK
from portal.staff.models import Import
from tests import make
from tests.conftest import wait_until
from tests.staff.test_import import PROJECTS, named

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ann():
    make.source("release", title=Text({"en": "A release", "zh-hans": "一份新闻稿"}))
    make.metric("total-investment", unit="CNY", name=Text("total investment"))
    client = Client()
    client.force_login(make.user("ann"))
    return client


def send_table(client):
    address = reverse("staff-import-new", args=["zaozhuang"])
    return client.post(address, {"what": "projects", "file": named("t.csv", PROJECTS)}).headers["Location"]


def is_done(**said):
    return Import.objects.filter(state=State.DONE, **said).exists()


def test_worker_checks_a_table_and_imports_it_when_told(ann, worker):
    page = send_table(ann)
    wait_until(lambda: is_done(dry_run=True), 30)
    assert "Import 2 rows" in ann.get(page).content.decode()
    assert not Entry.objects.exists()
    ann.post(f"{page}confirm/")
    wait_until(lambda: is_done(dry_run=False), 30)
    assert Entry.objects.count() == 2
    assert "2 rows were imported" in ann.get(page).content.decode()
    assert Import.objects.get().tries == 1


def test_killed_worker_loses_no_import_and_doubles_none(ann, start_worker, monkeypatch):
    monkeypatch.setenv("IMPORT_LEASE_SECONDS", "3")
    worker = start_worker()
    page = send_table(ann)
    wait_until(lambda: not Import.objects.filter(state=State.QUEUED).exists(), 20)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    start_worker()
    wait_until(lambda: send(TASK) or is_done(dry_run=True), 40)
    ann.post(f"{page}confirm/")
    wait_until(lambda: send(TASK) or is_done(dry_run=False), 40)
    assert Entry.objects.count() == 2


def test_broken_broker_keeps_nobody_waiting(ann, broken_broker):
    page = send_table(ann)
    assert "Waiting for its turn." in ann.get(page).content.decode()
    assert Import.objects.get().state == State.QUEUED
