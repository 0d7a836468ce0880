"""The clock of each request, and finished public pages kept until it moves: exact, with nothing to invalidate."""

import gzip
import re
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from .clock import Clock

Handler = Callable[[HttpRequest], HttpResponse]


class PublicationClock:
    """Gives each request its `clock`, read before any content is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.clock = Clock.recent()  # type: ignore[attr-defined]
        return self.get_response(request)


class Kept(NamedTuple):
    """A finished page with all its headers, and the clock it is for."""

    clock: Clock
    content: bytes
    headers: dict[str, str]

    def answer(self, request: HttpRequest) -> HttpResponse:
        if self.headers["ETag"] in request.META.get("HTTP_IF_NONE_MATCH", "").replace("W/", ""):
            about_content = ("Content-Length", "Content-Type", "Content-Disposition", "Content-Encoding")
            headers = {name: value for name, value in self.headers.items() if name not in about_content}
            return HttpResponseNotModified(headers=headers)
        return HttpResponse(self.content, headers=self.headers)


class PublicPages:
    """Answers from memory what it can, keeps what a view marks `public_at` a clock. Outside of all that adds headers.

    A public page is a pure function of address, language (part of the address) and clock: it reads no cookie. It is
    kept twice, as it is and compressed, so that a page is compressed once a publication and not once a reader.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        # The host as it was sent: under a name that is not ours nothing was ever kept.
        address = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}{request.get_full_path()}"
        address = sha256(address.encode()).hexdigest()  # caches want short keys, readers may write long addresses
        form = GZIP if accepts_gzip(request) else PLAIN
        kept = caches["pages"].get(form + address)
        if kept and kept.clock == Clock.recent():
            return kept.answer(request)
        response = self.get_response(request)
        if not is_everybodys(response):
            return response
        return keep(address, response.public_at, response)[form].answer(request)  # type: ignore[attr-defined]


PLAIN, GZIP = "", "gzip-"
REFUSED_OR_ASKED = re.compile(r"(?:^|[\s,])gzip\s*(?:;\s*q=(?P<weight>[\d.]+))?", re.IGNORECASE)
COMPRESSED = re.compile(r"text/|image/svg|application/(?:json|xml|atom)|\+xml")
WORTH_COMPRESSING = 1000  # bytes


def accepts_gzip(request: HttpRequest) -> bool:
    asked = REFUSED_OR_ASKED.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    return bool(asked) and (asked["weight"] or "1").strip("0.") != ""  # type: ignore[index]


def is_everybodys(response: HttpResponse) -> bool:
    """Files are not kept: they may be large, and few ask for the same."""
    is_file = response.streaming or "Content-Disposition" in response
    is_public = bool(getattr(response, "public_at", None)) and not is_file
    return is_public and response.status_code == 200 and not response.cookies


def keep(address: str, clock: Clock, response: HttpResponse) -> dict[str, Kept]:
    """By form. What is not worth compressing is kept under both names as it is."""
    tag = sha256(f"{address} {clock.ticks} {clock.at} {clock.today} {settings.RELEASE}".encode()).hexdigest()[:32]
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = "public, max-age=0, s-maxage=1, must-revalidate"
    patch_vary_headers(response, ["Accept-Encoding"])
    plain = Kept(clock, bytes(response.content), dict(response.headers))
    forms = {PLAIN: plain, GZIP: compressed(plain, tag) if is_worth_compressing(response) else plain}
    caches["pages"].set_many({form + address: kept for form, kept in forms.items()})
    return forms


def is_worth_compressing(response: HttpResponse) -> bool:
    return bool(COMPRESSED.search(response["Content-Type"])) and len(response.content) >= WORTH_COMPRESSING


def compressed(plain: Kept, tag: str) -> Kept:
    content = gzip.compress(plain.content, 6, mtime=0)
    own = {"Content-Encoding": "gzip", "Content-Length": str(len(content)), "ETag": f'"{tag}-gzip"'}
    return Kept(plain.clock, content, plain.headers | own)
