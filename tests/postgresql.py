"""Runs a command on a PostgreSQL of its own, made for it and gone after it: `python -m tests.postgresql pytest`."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 60}


def find(program):
    """The newest PostgreSQL's `program`, or None."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]))
    return str(installed[-1]) if installed else shutil.which(program)


def as_postgres(*command):
    """PostgreSQL refuses to run as root: then Debian's own user for it does."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


@contextmanager
def server(options=FAST):
    """The address of a PostgreSQL of our own; None where PostgreSQL is not installed."""
    if not find("initdb"):
        yield None
        return
    folder = tempfile.mkdtemp(prefix="portal-postgresql-")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    control = [find("pg_ctl"), "--pgdata", f"{folder}/data", "--silent"]
    options = " ".join(
        [f"-c listen_addresses= -k {folder}", *(f"-c {name}={value}" for name, value in options.items())]
    )
    settings = {"cwd": folder, "stdin": subprocess.DEVNULL, "check": True}
    initdb = [find("initdb"), "--pgdata", f"{folder}/data", "--username", "portal", "--auth", "trust"]
    try:
        subprocess.run(
            as_postgres(*initdb, "--encoding", "UTF8", "--locale", "C"), stdout=subprocess.DEVNULL, **settings
        )
        subprocess.run(as_postgres(*control, "--log", f"{folder}/log", "--options", options, "start"), **settings)
        try:
            yield f"postgres://portal@{quote(folder, safe='')}/postgres"
        finally:
            subprocess.run(as_postgres(*control, "--mode", "immediate", "stop"), **settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a run cut short stops its server too
    with server() as address:
        if not address:
            return 0  # `make test` has said so
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
