"""What the portal needs from the operating system: `machine.py pango`, `machine.py --optional postgresql chromium`.

Standard library only: it runs before anything is installed.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path


def has_libraries(*names):
    try:
        return all(ctypes.CDLL(name) for name in names)
    except OSError:
        return False


def has_postgresql():
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def has_chromium():
    return bool(os.environ.get("CHROMIUM") or shutil.which("chromium"))


NEEDS = {  # name: (is it there?, Debian packages, Homebrew packages, what it is for)
    "pango": (
        lambda: (
            has_libraries("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
            or has_libraries("libpango-1.0.dylib")
        ),
        "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "pango",
        "the PDF briefs",
    ),
    "postgresql": (has_postgresql, "postgresql", "postgresql", "the tests on PostgreSQL"),
    "chromium": (has_chromium, "chromium", "--cask chromium", "the tests in a browser"),
    "gettext": (lambda: shutil.which("xgettext"), "gettext", "gettext", "the tests of the catalogues"),
    "wrk": (lambda: shutil.which("wrk"), "wrk", "wrk", "the benchmark of the web server"),
    "nginx": (lambda: shutil.which("nginx"), "nginx-light", "nginx", "the benchmark of the web server"),
    "venv": (lambda: has_module("ensurepip"), "python3-venv", "python", "the virtual environment"),
}


def has_module(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def install(packages):
    """Install Debian packages; True when apt-get says so. The package lists are fetched only if the first try fails."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages.split()]
    quiet = {"env": environment, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    if not subprocess.run(command, **quiet, stderr=subprocess.DEVNULL).returncode:
        return True
    subprocess.run(["apt-get", "update", "--quiet"], **quiet)
    return not subprocess.run(command, **quiet).returncode


def provide(name):
    """True when `name` is there, if need be after installing it; else say what to type."""
    is_there, debian, homebrew, purpose = NEEDS[name]
    if is_there():
        return True
    is_debian = bool(shutil.which("apt-get"))
    if is_debian and os.geteuid() == 0:
        print(f"Installing {debian}: {purpose} need{'s' * (name == 'venv')} it.", flush=True)
        if install(debian) and is_there():
            return True
    command = f"sudo apt-get install {debian}" if is_debian else f"brew install {homebrew}"
    print(f"{name} is missing, which {purpose} need{'s' * (name == 'venv')}. Type:  {command}", flush=True)
    return False


def main(arguments):
    optional = "--optional" in arguments
    missing = [name for name in arguments if name != "--optional" and not provide(name)]
    for name in missing * optional:
        print(f"NOT RUN: {NEEDS[name][3]}, because {name} is not installed.", flush=True)
    return 1 if missing and not optional else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
