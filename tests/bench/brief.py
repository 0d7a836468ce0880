"""Seconds and memory for one brief, against chromium printing the same HTML: both warm, in turns."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from portal.briefs import drawing
from portal.briefs.asking import ask
from portal.briefs.models import Brief
from portal.cities.models import City
from portal.publishing.clock import Clock
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

from .content import CITY
from .figures import AT_MOST, Figure
from .memory import peak_of

ROUNDS, ROUNDS_OF_MEMORY = 5, 2
LANGUAGE = "zh-hans"
STYLE = Path(settings.BASE_DIR) / "static/css/brief.css"


def measure() -> list[Figure]:
    brief = ask(City.objects.get(slug=CITY), LANGUAGE, Clock.read().at)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = Path(folder) / "brief.html"
        page.write_text(styled(drawing.html(brief)))
        works = {"brief": lambda: draw(brief), "chromium": lambda: print_page(browser, page)}
        for work in works.values():
            work()
        seconds = [{name: timed(work) for name, work in works.items()} for _ in range(ROUNDS)]
        memory = [{name: peak_of(work)[name] for name, work in works.items()} for _ in range(ROUNDS_OF_MEMORY)]
    return [
        *compared("time", "s", seconds),
        *compared("memory at most", "MB", memory),
    ]


def compared(what: str, unit: str, rounds: list[dict[str, float]]) -> list[Figure]:
    ratio = median(one["brief"] / one["chromium"] for one in rounds)
    return [
        Figure(f"brief: {what}", median(one["brief"] for one in rounds), unit),
        Figure(f"brief, printed by chromium: {what}", median(one["chromium"] for one in rounds), unit),
        Figure(f"brief: {what}, ratio", ratio, "of chromium", AT_MOST, 1),
    ]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def styled(document: str) -> str:
    """The document with the style sheet that the brief is drawn with."""
    return document.replace("</head>", f'<link rel="stylesheet" href="{STYLE.as_uri()}"></head>', 1)


def draw(brief: Brief) -> None:
    drawing.write(brief)


def print_page(browser: Browser, path: Path) -> None:
    page = browser.new_page()
    page.goto(path.as_uri())
    page.pdf(path=path.with_suffix(".pdf"), prefer_css_page_size=True, print_background=True, tagged=True)
    page.close()


def timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
