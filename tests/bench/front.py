"""nginx before the portal, as deploy/nginx.conf says: how near kept pages come to a file, how soon news shows.

The configuration is the one we ship. Only what belongs to a machine is changed: names, paths, certificates; and the
limits a visitor has, since all the load comes from one address.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from deploy.run import free_port

from .figures import AT_LEAST, AT_MOST, Figure
from .serving import ROOT, ROUNDS, load, on_core, serving, wait_for

LEAST_RATIO, LATEST = 0.8, 2.0
PAGES = {"home": "/en/", "city": "/en/cities/zaozhuang/"}
GZIP = ("-H", "Accept-Encoding: gzip")
APPROVAL = """
from clusters.models import CityProfile
from portal.publishing.models import Version
from portal.publishing.workflow import editing
from tests.bench.content import CITY, published, revised
draft = revised(CityProfile.objects.live().get(entry__slug=CITY))
with editing(draft, by=draft.created_by) as locked:
    locked.title = {code: words + " MARK" for code, words in locked.title.items()}
    locked.save()
published(locked)
print(Version.objects.get(pk=draft.pk).live_from.timestamp())
"""


def measure(environment: dict[str, str]) -> list[Figure]:
    for program in ("nginx", "wrk"):
        if not shutil.which(program):
            raise RuntimeError(f"{program} is not installed")
    with contextlib.ExitStack() as stack:
        portal = stack.enter_context(serving("portal.settings", environment | {"BEHIND_PROXY": "false"}))
        front = stack.enter_context(nginx(portal, {name: fetched(portal + path) for name, path in PAGES.items()}))
        return [*rates(front), shown_after(front, environment)]


def rates(front: str) -> list[Figure]:
    rounds = []
    for _ in range(ROUNDS):
        files = {name: load(f"{front}/static/bench-{name}.html", *GZIP) for name in PAGES}
        rounds.append({name: (load(front + path, *GZIP), files[name]) for name, path in PAGES.items()})
    found = []
    for name in PAGES:
        page, file = (median(each[name][which] for each in rounds) for which in (0, 1))
        ratio = median(each[name][0] / each[name][1] for each in rounds)
        found += [
            Figure(f"nginx, {name} as a file", file, "requests/s"),
            Figure(f"nginx, {name} kept", page, "requests/s"),
        ]
        found += [Figure(f"nginx, {name} kept: ratio", ratio, "of the file", AT_LEAST, LEAST_RATIO)]
    return found


def shown_after(front: str, environment: dict[str, str]) -> Figure:
    """Seconds from the approval until nginx serves the new page, which somebody asks for all the time."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", APPROVAL]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as program:
        try:
            for _ in range(1200):
                if b"MARK" in fetched(front + PAGES["city"], ""):
                    shown = time.time()
                    approved = float(program.communicate()[0].split()[-1])
                    return Figure("approval shown by nginx after", shown - approved, "s", AT_MOST, LATEST)
                if program.poll():
                    raise RuntimeError(f"the approval failed: {program.communicate()[1].decode()[-500:]}")
                time.sleep(0.05)
            raise RuntimeError("the approval is not shown")
        finally:
            program.kill()


@contextlib.contextmanager
def nginx(portal: str, files: dict[str, bytes]):
    """The address of nginx before that portal, with these files (already compressed) under /static/."""
    port = free_port(8750)
    with tempfile.TemporaryDirectory(prefix="portal-nginx-") as folder:
        static = Path(folder) / "static"
        static.mkdir()
        for name, content in files.items():
            (static / f"bench-{name}.html.gz").write_bytes(content)
            (static / f"bench-{name}.html").write_text("for those who take no gzip")
        configuration = Path(folder) / "nginx.conf"
        configuration.write_text(
            ours((ROOT / "deploy/nginx.conf").read_text(), folder, port, portal.removeprefix("http://"))
        )
        os.chmod(folder, 0o755)  # its worker is another user
        server = subprocess.Popen([*on_core(0).split(), "nginx", "-p", folder, "-c", str(configuration)])
        try:
            wait_for(f"http://127.0.0.1:{port}/en/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def ours(shipped: str, folder: str, port: int, portal: str) -> str:
    """The shipped configuration on this machine."""
    changes = [
        (r"(?ms)^server \{\s*listen 80;.*?^\}\n", ""),  # the way from http to https
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"listen \[::\]:443 ssl http2;", ""),
        (r"(?m)^\s*ssl_.*?;\n", ""),
        (r"(?m)^\s*limit_(?:req|conn)(?:_status)? .*?;.*\n", ""),
        (r"/srv/portal/staticfiles/", f"{folder}/static/"),
        (r"/srv/portal/deploy/", f"{ROOT}/deploy/"),
        (r"/var/cache/nginx/portal", f"{folder}/cache"),
        (r"access_log /var/log/nginx/portal.log portal;", "access_log off;"),
        (r"server 127\.0\.0\.1:8000;", f"server {portal};"),
    ]
    for what, instead in changes:
        shipped, count = re.subn(what, instead, shipped)
        if not count:
            raise RuntimeError(f"deploy/nginx.conf has no {what}")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""worker_processes 1; daemon off; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types; default_type application/octet-stream; sendfile on; tcp_nopush on;
    {temporary}
    {shipped}
}}
"""


def fetched(address: str, encoding: str = "gzip") -> bytes:
    with urlopen(Request(address, headers={"Accept-Encoding": encoding})) as answer:
        return answer.read()
