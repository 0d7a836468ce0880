"""Runs the whole portal on this machine (`make run`): prepares the data, then keeps the Procfile's processes up.

A runner of our own: the usual ones stop everything when one process ends, this one starts a killed worker again.
"""

import contextlib
import ctypes
import fcntl
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PATIENCE = 10  # seconds a process has to end by itself; then it is killed


def free_port(first):
    """The first port from `first` on that nobody listens on."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port from {first} to {first + 99}.")


def only_one(data_dir):
    """Refuse to start twice on the same data. The returned file holds the lock until this process ends."""
    lock = (data_dir / "run.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"The portal is already running on {data_dir}. Stop that one first (Ctrl-C).") from None
    return lock


def prepare():
    """Bring the database and, in sample mode, the sample content up to date. Returns the sample log-ins."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("rebuild_search", if_stale=True)
    call_command("createcachetable", verbosity=0)
    said = io.StringIO()
    if settings.SAMPLE_MODE:
        call_command("load_samples", stdout=said)
    return said.getvalue()


def read_procfile():
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(re.match(r"(\w+):\s*(.+)", line).groups() for line in lines if line.strip())


def end_with_parent():
    """In the child, on Linux: be told to stop even when this runner is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Runner:
    """Processes by name, each with its descendants in a group of its own."""

    def __init__(self, commands):
        self.commands, self.running = commands, {}

    def start(self, name):
        self.running[name] = subprocess.Popen(
            f"exec {self.commands[name]}", shell=True, cwd=ROOT, start_new_session=True, preexec_fn=end_with_parent
        )

    def signal(self, name, number):
        with contextlib.suppress(ProcessLookupError):  # the whole group has ended
            os.killpg(self.running[name].pid, number)

    def ended(self):
        return [name for name, process in self.running.items() if process.poll() is not None]

    def start_all(self, is_ready):
        """Start all and wait for `is_ready()`. A process that ends before that cannot work at all."""
        for name in self.commands:
            self.start(name)
        while not is_ready():
            if ended := self.ended():
                raise SystemExit(f"{' and '.join(ended)} did not start; the lines above say why.")
            time.sleep(0.2)

    def keep(self):
        """Start again, for ever, whatever ends."""
        while True:
            time.sleep(1)
            for name in self.ended():
                print(f"{name} ended and is started again.", flush=True)
                self.signal(name, signal.SIGKILL)  # what is left of its group
                self.start(name)

    def stop(self, names):
        for name in names:
            self.signal(name, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not set(names) <= set(self.ended()):
            time.sleep(0.1)
        for name in names:
            self.signal(name, signal.SIGKILL)
            self.running[name].wait()

    def stop_all(self):
        """The broker last, so that a worker can hand back what it holds."""
        self.stop([name for name in self.running if name != "valkey"])
        self.stop([name for name in self.running if name == "valkey"])


def answers(address):
    try:
        with urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def main():
    port = free_port(int(os.environ.get("PORT", 8000)))
    here = f"http://localhost:{port}"  # a passkey is bound to a name and never to an address
    os.environ["PORT"] = str(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    sys.path.insert(0, str(ROOT))

    import django
    from celery import current_app
    from django.conf import settings

    django.setup()
    lock = only_one(settings.DATA_DIR)
    print("Preparing the database …", flush=True)
    log_ins = prepare()
    commands = read_procfile()
    if settings.REDIS_URL:
        del commands["valkey"]
    runner = Runner(commands)
    # An exception and not a flag, so that a signal ends every wait; those that follow must not cut the stopping short.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        runner.start_all(lambda: answers(f"{here}/readyz") and current_app.control.ping(timeout=0.5))
        print(f"\n{log_ins}\nThe portal runs at {here}/  (stop: Ctrl-C)", flush=True)
        runner.keep()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        print("\nStopping …", flush=True)
        runner.stop_all()
        lock.close()


if __name__ == "__main__":
    main()
