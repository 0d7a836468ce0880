"""What programs are told before they read: robots.txt and security.txt (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate

CLOSED = ("staff", "accounts", "search", "inquiry", "briefs", "follow")
GOOD_FOR = timedelta(days=180)  # a security.txt must end within a year


def robots(_request: HttpRequest) -> HttpResponse:
    """Everything public may be found; forms, searches, the workspace and pages of the past are no pages to index."""
    lines = ["User-agent: *", "Disallow: /*?at="]
    lines += [f"Disallow: /{code}/{area}/" for code, _name in settings.LANGUAGES for area in CLOSED]
    return plain([*lines, f"Sitemap: {settings.BASE_URL}/sitemap.xml"])


def security(_request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness; where no address is set there is nobody to tell."""
    contact = settings.SECURITY_CONTACT or settings.CONTACT_EMAIL
    if not contact:
        raise Http404
    ends = datetime.combine(localdate() + GOOD_FOR, time(), UTC)
    return plain([
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code.split('-')[0] for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ])  # fmt: skip


def plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
