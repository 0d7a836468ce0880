"""Settings of a process that answers "hello" behind the portal's own middleware."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.hello"
