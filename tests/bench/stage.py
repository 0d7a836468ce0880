"""Measures one part on the data the environment names: `python -m tests.bench.stage pages`. Its last line: figures."""

import sys
from importlib import import_module

from .figures import dump

if __name__ == "__main__":
    import_module("portal.wsgi")  # as the web server loads it
    print(dump(import_module(f"tests.bench.{sys.argv[1]}").measure()))
