"""Requests a second: kept pages against a view that says "hello", each from one process of the web server.

The server runs as in the Procfile, with one worker on one core; the load generator has another. Runs alternate, so that
what else the machine does meets all of them; a ratio is the median of the ratios within one round.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.request import urlopen

from deploy.run import free_port, read_procfile

from .figures import AT_LEAST, Figure

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, SECONDS, CONNECTIONS = 5, 2, 8
LEAST_RATIO = 0.6
SERVERS = ("portal.settings", "tests.bench.hello_bare", "tests.bench.hello_stack")
BARE = "hello, bare"
TARGETS = {
    BARE: ("tests.bench.hello_bare", "/hello/"),
    "hello, same middleware": ("tests.bench.hello_stack", "/hello/"),
    "home, kept": ("portal.settings", "/en/"),
    "city, kept": ("portal.settings", "/en/cities/zaozhuang/"),
}


def measure(environment: dict[str, str]) -> list[Figure]:
    if not shutil.which("wrk"):
        raise RuntimeError("wrk, the load generator, is not installed")
    with contextlib.ExitStack() as stack:
        hosts = {settings: stack.enter_context(serving(settings, environment)) for settings in SERVERS}
        addresses = {name: hosts[settings] + path for name, (settings, path) in TARGETS.items()}
        for address in addresses.values():
            load(address, seconds=1)
        rounds = [{name: load(address) for name, address in addresses.items()} for _ in range(ROUNDS)]
    rates = [Figure(name, median(rates[name] for rates in rounds), "requests/s") for name in TARGETS]
    ratios = [
        Figure(
            f"{name}: ratio", median(rates[name] / rates[BARE] for rates in rounds), "of bare", AT_LEAST, LEAST_RATIO
        )
        for name in TARGETS
        if name.endswith("kept")
    ]
    return rates + ratios


@contextlib.contextmanager
def serving(settings: str, environment: dict[str, str]):
    """The address of a web server of these settings."""
    port = free_port(8700)
    environment = environment | {
        "DJANGO_SETTINGS_MODULE": settings,
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "WEB_PROCESSES": "1",
    }
    command = f"exec {on_core(0)} {read_procfile()['web']}"
    server = subprocess.Popen(command, shell=True, cwd=ROOT, env=environment, start_new_session=True)
    host = f"http://127.0.0.1:{port}"
    path = next(path for of, path in TARGETS.values() if of == settings)
    try:
        wait_for(host + path, server)
        yield host
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(150):
        if server.poll() is not None:
            break
        try:
            with urlopen(address, timeout=20):
                return
        except HTTPError as error:
            raise RuntimeError(f"{address} answers {error.code}") from error
        except OSError:
            pass  # not yet
        time.sleep(0.2)
    raise RuntimeError(f"no server answers at {address}")


def on_core(number: int) -> str:
    """The beginning of a command that keeps it to one core, where there are cores to choose from."""
    return f"taskset -c {number}" if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else ""


def load(address: str, *options: str, seconds: int = SECONDS) -> float:
    command = [*on_core(1).split(), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *options, address]
    return rate_in(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def rate_in(said: str) -> float:
    """Requests a second; RuntimeError when a request failed."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not rate or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"the load generator met errors:\n{said}")
    return float(rate[1])
