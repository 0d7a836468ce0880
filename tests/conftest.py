"""Real parts for the tests that need them: a Valkey, a Celery worker, a browser."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.celery import app
from portal.publishing.filters import forget

ROOT = Path(settings.BASE_DIR)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def wait_until(condition, seconds=20):
    """The first true value `condition()` gives; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not true within {seconds} s: {condition}"
        time.sleep(0.05)
    return value


def pytest_collection_modifyitems(items):
    """One process for all tests with a worker and one for all with a browser: each starts only once."""
    for item in items:
        for name in ("browser", "worker"):
            if item.get_closest_marker(name) or name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(name))
                break


def start_process(*arguments, **environment):
    """Another Python process on the data of these tests."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | environment
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True)


def stop_process(process):
    process.terminate()
    try:
        process.wait(20)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # children of a process that a test killed


@pytest.fixture(autouse=True)
def _in_english():
    """A request in Chinese leaves its language to the tests after it."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def no_kept_pages():
    """Each test begins with a publication clock of its own; pages kept under another test's would be wrong."""
    caches["pages"].clear()
    forget()


def pytest_unconfigure():
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture
def django_assert_num_queries():
    """As pytest-django's, but PostgreSQL may be asked for the time: SQLite is not, and one number fits both."""

    @contextlib.contextmanager
    def check(number):
        with CaptureQueriesContext(connection) as captured:
            yield captured
        asked = [query["sql"] for query in captured if query["sql"] != "SELECT clock_timestamp()"]
        assert len(asked) == number, "\n\n".join(asked)

    return check


@pytest.fixture(scope="session")
def valkey():
    """A real Valkey where the settings look for one. Tests without this fixture live with a broker that is down."""
    server = start_process("deploy/broker.py")
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=100, interval_start=0.1, interval_step=0)
        yield server
    finally:
        stop_process(server)


@pytest.fixture(params=["refuses", "never answers"])
def broken_broker(request, monkeypatch):
    """A broker that is down, or takes every connection and says nothing to anybody for half a minute."""
    with socket.socket() as broker:
        broker.bind(("127.0.0.1", 0))
        if request.param == "never answers":
            broker.listen()
        monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{broker.getsockname()[1]}/0")
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        monkeypatch.setitem(app.conf.broker_transport_options, "socket_timeout", 30)
        yield request.param


@pytest.fixture
def start_worker(valkey, transactional_db):
    """A function that starts a real Celery worker on the test database and returns its process, ready for jobs."""
    started = []

    def start(concurrency=1):
        with app.connection_for_write() as broker:
            broker.default_channel.client.flushall()  # what earlier tests asked for and nobody did
        command = ["-m", "celery", "-A", "portal", "worker", "--loglevel", "WARNING", "--concurrency", str(concurrency)]
        process = start_process(*command, "--without-gossip", "--without-mingle", DATABASE_URL=database_url())
        started.append(process)
        wait_until(lambda: process.poll() is not None or app.control.ping(timeout=0.3), 30)
        assert process.poll() is None, "the worker did not start"
        return process

    yield start
    for process in started:
        stop_process(process)


@pytest.fixture
def worker(start_worker):
    """A real Celery worker, ready for jobs."""
    return start_worker()


def database_url():
    """The address of the test database, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def chromium():
    """A real browser; each test opens its own context in it."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    # Playwright runs an event loop in this thread, where Django would refuse its own, synchronous, queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def is_error(said):
    """What the console says of a refused address is told by the answer itself."""
    return said.type == "error" and "the server responded with a status of" not in said.text


def is_missing_part(answer):
    """Not the page itself, which may well be a 404."""
    return answer.status >= 400 and not answer.request.is_navigation_request()


@pytest.fixture
def open_page(chromium, live_server):
    """A function that opens a page for somebody with a browser of their own.

    Script errors, breaches of the content security policy, missing files and requests to other sites fail the test.
    """
    contexts, wrong = [], []

    def is_ours(address):
        return address.startswith((live_server.url, "data:"))

    def watch(context):
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", lambda said: is_error(said) and wrong.append(said.text))
        context.on("request", lambda sent: is_ours(sent.url) or wrong.append(f"asked for {sent.url}"))
        context.on("response", lambda got: is_missing_part(got) and wrong.append(f"{got.status} {got.url}"))

    def open_in(**options):
        context = chromium.new_context(
            **{"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}} | options
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        watch(context)
        return context.new_page()

    yield open_in
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def page(open_page):
    return open_page()
