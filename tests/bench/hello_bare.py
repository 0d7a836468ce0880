"""Settings of a process that answers "hello" and nothing else: no middleware, no apps that ask for theirs."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.hello"
MIDDLEWARE = []
INSTALLED_APPS = []
