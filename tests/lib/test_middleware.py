"""What every answer carries, and what no request gets past."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from portal.lib.middleware import Doorway


def seen_address(settings, behind_proxy, **meta):
    settings.BEHIND_PROXY = behind_proxy
    seen = []
    Doorway(lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse())(
        RequestFactory().get("/", **meta)
    )
    return seen[0]


@pytest.mark.parametrize("path", ["/healthz", "/static/img/seal.svg"])
def test_headers_of_every_answer(client, path):
    headers = client.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Permissions-Policy"].startswith("camera=(), geolocation=()")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_unknown_methods_are_refused(client, method):
    assert client.generic(method, "/healthz").status_code == 405


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [("203.0.113.7", "203.0.113.7"), ("198.51.100.1, 203.0.113.7", "203.0.113.7"), ("", "127.0.0.1")],
)
def test_behind_the_proxy_the_address_is_what_the_proxy_saw(settings, forwarded, address):
    assert seen_address(settings, True, HTTP_X_FORWARDED_FOR=forwarded) == address


def test_without_a_proxy_the_header_is_ignored(settings):
    assert seen_address(settings, False, HTTP_X_FORWARDED_FOR="203.0.113.7") == "127.0.0.1"
