"""The job with a real worker on a real broker, one of which is killed, refused or silent."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from portal.briefs.models import Brief
from portal.celery import app
from portal.lib.jobs import State, send
from portal.publishing.clock import database_now
from tests.conftest import wait_until

from . import asking

pytestmark = pytest.mark.django_db(transaction=True)


def done(count=1):
    """A look at the rows, after what beat does: a hint that there may be something to do."""
    send("briefs.make")
    time.sleep(0.5)
    return Brief.objects.filter(state=State.DONE).count() == count


def test_worker_makes_what_was_asked_for(client, worker):
    asking.city()
    client.post("/en/cities/zaozhuang/brief/", {"language": "en"})
    wait_until(lambda: Brief.objects.get().state == State.DONE, 30)
    assert Brief.objects.get().path.read_bytes().startswith(b"%PDF")


def test_killed_worker_loses_no_brief(start_worker, monkeypatch):
    monkeypatch.setenv("BRIEF_LEASE_SECONDS", "3")
    worker = start_worker()
    brief = asking.brief()
    wait_until(lambda: Brief.objects.get().state == State.WORKING, 20)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    killed = time.monotonic()
    assert Brief.objects.get().state == State.WORKING
    assert not brief.path.exists()
    start_worker()
    wait_until(done, 30)
    assert time.monotonic() - killed < 3 + 10 + 15  # lease, promise, start of the second worker
    assert Brief.objects.get().tries == 2
    assert [path.name for path in brief.path.parent.glob(f"*{brief.code}*")] == [brief.path.name]


def test_doubled_messages_make_one_file(start_worker):
    start_worker(concurrency=2)
    brief = asking.brief()
    for _message in range(20):
        send("briefs.make")
    wait_until(done, 30)
    time.sleep(1)
    assert Brief.objects.get().tries == 1
    assert brief.path.exists()


def test_flushed_queue_loses_no_brief(start_worker):
    city = asking.city()
    for number in range(2):
        asking.brief("en", of=city)
        asking.brief("zh-hans", of=city)
        asking.project(f"more-{number}")
    with app.connection_for_write() as broker:
        broker.default_channel.client.flushall()
    start_worker(concurrency=2)
    wait_until(lambda: done(4), 60)
    assert set(Brief.objects.values_list("tries", flat=True)) == {1}


def test_broken_broker_keeps_no_reader(broken_broker):
    asking.city()
    began = time.monotonic()
    answer = Client().post("/en/cities/zaozhuang/brief/", {"language": "en"})
    assert time.monotonic() - began < 10  # not the half minute for which the queue is waited for
    assert answer.status_code == 302
    assert Brief.objects.get().state == State.QUEUED


def test_two_who_ask_at_once_get_one_brief(client):
    city = asking.city()
    now, barrier = database_now(), threading.Barrier(4)

    def ask_at_once(_):
        from portal.briefs.asking import ask

        try:
            barrier.wait()
            return ask(city, "en", now).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        found = set(people.map(ask_at_once, range(4)))
    assert found == {Brief.objects.get().pk}
