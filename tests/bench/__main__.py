"""`make bench`: prints what the portal's speed is made of, a line a figure, and writes the same to var/bench.json.

It measures the sample content in databases of its own and ends with 0 however slow that is; with 1 when a figure could
not be measured.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import postgresql

from . import front, serving
from .figures import HEADINGS, Figure, dump, line, load

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "var" / "bench.json"
PREPARATION = (["migrate", "-v0"], ["createcachetable"], ["load_samples"])


def environment(data_dir: str) -> dict[str, str]:
    """Of an install with sample content only, whatever this machine's own settings say."""
    return os.environ | {
        "PORTAL_ENV": "development",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "DATA_DIR": data_dir,
        "DATABASE_URL": f"sqlite:///{data_dir}/portal.sqlite3",
        "REDIS_URL": "",
        "DEBUG": "false",
        "BEHIND_PROXY": "false",
        "SECURE_SSL_REDIRECT": "false",
        "LOG_LEVEL": "ERROR",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


def stages(folder: str) -> Iterator[Callable[[], list[Figure]]]:
    """What is measured, in order. The sample content grows last."""
    sqlite = environment(folder)
    prepare(sqlite)
    yield lambda: serving.measure(sqlite)
    yield lambda: front.measure(sqlite)
    yield lambda: measured("brief", sqlite)
    yield lambda: measured("pages", sqlite)
    with postgresql.server({}) as address:  # as it comes: with every commit on the disk
        if not address:
            raise RuntimeError("PostgreSQL is not installed")
        own = sqlite | {"DATABASE_URL": address}
        prepare(own)
        yield lambda: measured("crowd", own)
        yield lambda: measured("pages", own)
    with postgresql.server({}) as address:
        province = sqlite | {"DATABASE_URL": address}
        prepare(province)
        yield lambda: measured("province", province)
        yield lambda: measured("public", province)


def prepare(environment: dict[str, str]) -> None:
    for command in PREPARATION:
        call([sys.executable, "manage.py", *command], environment)


def measured(stage: str, environment: dict[str, str]) -> list[Figure]:
    """In a process of its own, since a process has one database."""
    return load(call([sys.executable, "-m", "tests.bench.stage", stage], environment).splitlines()[-1])


def call(command: list[str], environment: dict[str, str]) -> str:
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{ended.stderr or ended.stdout}")
    return ended.stdout


def main() -> int:
    figures: list[Figure] = []
    failed = False
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a run cut short stops its servers too
    print(line(HEADINGS), flush=True)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        found = stages(folder)
        while True:
            try:
                new = next(found)()
            except StopIteration:
                break
            except RuntimeError as error:
                failed = True
                print(f"NOT MEASURED: {error}", file=sys.stderr, flush=True)
                continue
            figures += new
            print(*(line(figure.cells) for figure in new), sep="\n", flush=True)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(dump(figures) + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
