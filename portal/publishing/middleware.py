"""Finished public pages, kept by address and publication clock: always exact, nothing ever to invalidate."""

from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from .clock import Clock

KEPT_HEADERS = (
    "Content-Type",
    "Content-Language",
    "ETag",
    "Cache-Control",
    "Link",
    "X-Robots-Tag",
    "Content-Disposition",
)


class PublicPages:
    """Gives each request its `clock`, answers from memory what it can, keeps what a view marked `is_public_page`.

    A public page is a pure function of address, language (part of the address) and clock: it reads no cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.clock = clock = Clock.recent()  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key = sha256(f"{request.get_full_path()} {clock.count} {clock.at} {settings.RELEASE}".encode()).hexdigest()
        kept = caches["pages"].get(key)
        if kept is None:
            response = self.get_response(request)
            if not getattr(response, "is_public_page", False) or response.status_code != 200:
                return response
            response["ETag"] = f'"{key[:32]}"'
            response["Cache-Control"] = "public, max-age=0, s-maxage=1, must-revalidate"
            kept = bytes(response.content), {name: response[name] for name in KEPT_HEADERS if name in response}
            caches["pages"].set(key, kept)
        return answer(request, *kept)


def answer(request: HttpRequest, content: bytes, headers: dict[str, str]) -> HttpResponse:
    if headers["ETag"] in request.headers.get("If-None-Match", "").replace("W/", ""):
        return HttpResponseNotModified(headers={"ETag": headers["ETag"], "Cache-Control": headers["Cache-Control"]})
    return HttpResponse(content, headers=headers)
