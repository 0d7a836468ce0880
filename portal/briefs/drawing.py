"""From what a brief says to its file: HTML, then a tagged PDF, drawn in a process that may die."""

import base64
import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.lib import children
from portal.lib.children import Failure
from portal.lib.files import put
from portal.lib.templatetags.text import html_lang

from .models import Brief

STATIC = Path(settings.BASE_DIR) / "static"
# Drawn once before the first brief: every face in it is then loaded for good.
SPECIMEN = (
    '<html lang="zh-Hans"><title>-</title><h1>枣 <i lang="en">h</i></h1><p>庄 <b lang="en">b</b> <i lang="en">i</i>'
)
FONTS = (STATIC / "fonts").as_uri() + "/"


def html(brief: Brief) -> str:
    """The whole brief as one document without a link to anything but our own pages."""
    said = brief.snapshot
    with translation.override(brief.language):
        address = said["site"]["address"] + reverse("brief-status", args=[brief.code])
        context = said | {
            "code": brief.printed_code,
            "fingerprint": brief.fingerprint,
            "address": address,
            "bare_address": address.partition("//")[2],
            "qr": segno.make(address, error="m", micro=False).svg_data_uri(border=0),
            "picture": picture(said["chart"]) if said["chart"] else "",
            "html_lang": html_lang(brief.language),
            "LANGUAGE_CODE": brief.language,
        }
        return render_to_string(said.get("template", "briefs/brief.html"), context)


def picture(chart: dict[str, Any]) -> str:
    """The chart as the address of an SVG: bars so few that a template draws them in a fraction of an engine's time."""
    most = max(count for _name, count in chart["rows"])
    bars = [
        {"name": name, "count": count, "y": 22 * number, "length": 300 * count // most}
        for number, (name, count) in enumerate(chart["rows"])
    ]
    svg = render_to_string(
        "briefs/bars.svg", {"bars": bars, "height": 22 * len(bars), "colours": settings.BRAND.palette()}
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@cache
def renderer() -> Any:
    """WeasyPrint, with what all briefs share: the fetcher that fetches nothing else, the fonts, the style sheet."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    for chatty in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.ERROR)

    class OwnFilesOnly(URLFetcher):
        """Our fonts and what the document itself carries: whatever else a text names is not fetched."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:") or (url.startswith(FONTS) and ".." not in url and "%" not in url):
                return super().fetch(url, headers)
            raise ValueError(f"not fetched: {url[:80]}")

    fetcher, fonts = OwnFilesOnly(allowed_protocols=["data", "file"], allow_redirects=False), FontConfiguration()
    sheets = [
        weasyprint.CSS(filename=STATIC / "css/brief.css", url_fetcher=fetcher, font_config=fonts),
        weasyprint.CSS(string=f":root {{ {settings.BRAND.tokens()} }}"),
    ]

    def render(document: str) -> bytes:
        pages = weasyprint.HTML(string=document, url_fetcher=fetcher)
        # Without an identifier: its checksum would have every part of the file put together and compressed twice.
        return pages.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")

    render(SPECIMEN)
    return render


def pdf(document: str) -> bytes:
    """The same document gives the same bytes."""
    return renderer()(document)


def write(brief: Brief) -> str:
    """Draw the brief and put its file in place, whole or not at all. Returns the file's SHA-256; raises Failure."""
    try:
        document = html(brief)
    except Exception as error:
        raise Failure(f"error: {type(error).__name__}: {error}") from error
    renderer()  # before the fork, so that every child begins with fonts and libraries loaded
    return in_child(lambda: put(brief.path, pdf(document)))


def in_child(work: Callable[[], str]) -> str:
    return children.in_child(work, seconds=settings.BRIEF_SECONDS, memory=settings.BRIEF_MEMORY)
