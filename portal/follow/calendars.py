"""Ceremonies as iCalendar (RFC 5545): a list of them, to be subscribed to, or one."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic.base import View

from portal.lib.context import absolute
from portal.lib.templatetags.text import html_lang
from portal.lib.text import Text, printable
from portal.publishing.views import PublicPage
from projects.models import CeremonyRecord

from .subjects import Subject
from .views import OfSubject

MOST = 1000
LONGEST_LINE = 75  # octets
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Calendar(PublicPage, OfSubject):
    """The list of ceremonies as the address narrows it, without those whose day nobody states."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.copy()
        asked["kind"] = CeremonyRecord.kind
        subject = Subject(asked, self.clock)
        dated = subject.filters.rows().filter(day__isnull=False).order_by("-day", "-pk")
        with subject.read():
            records = list(dated.with_entry().select_related("source")[:MOST])
        placed = [record for record in records if record.when.days]
        return calendar("ceremonies.ics", f"{subject.label} · {Text(settings.SITE_NAME)}", placed)


class Event(PublicPage, View):
    def get(self, request: HttpRequest, city: str, slug: str) -> HttpResponse:
        record = self.live(CeremonyRecord).with_entry().at_address(city, slug).first()
        if not record or not record.when.days:
            raise Http404
        return calendar(f"{slug}.ics", str(record.title), [record])


def calendar(name: str, title: str, records: Iterable[CeremonyRecord]) -> HttpResponse:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{host()}//Ceremonies//{(get_language() or settings.LANGUAGE_CODE).upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
        *(line for record in records for line in event(record)),
        "END:VCALENDAR",
    ]
    body = "".join(f"{folded(line)}\r\n" for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def event(record: CeremonyRecord) -> Iterator[str]:
    """All day: sources name no hours. The same in every language, newer as its page is."""
    address = absolute(record.get_absolute_url())
    first, last = record.when.days
    doubtful = record.when.approximate or record.when.inferred
    language = f";LANGUAGE={html_lang(record.title.language())}"
    yield "BEGIN:VEVENT"
    yield f"UID:ceremony-{record.city.slug}-{record.entry.slug}@{host()}"
    yield f"DTSTAMP:{moment(record.live_from)}"
    yield f"LAST-MODIFIED:{moment(record.live_from)}"
    yield f"SEQUENCE:{record.number - 1}"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY{language}:{escaped(record.title)}"
    yield f"LOCATION:{escaped(record.place or record.city.name)}"
    yield f"DESCRIPTION:{escaped(described(record, address))}"
    yield f"CATEGORIES:{escaped(record.get_type_display())}"
    yield f"URL:{address}"
    yield f"STATUS:{'TENTATIVE' if doubtful else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def described(record: CeremonyRecord, address: str) -> str:
    when = " · ".join(filter(None, [record.when.words, str(record.get_part_of_day_display())]))
    source = _("Source: %(source)s") % {"source": record.source}
    return "\n".join(filter(None, [when, str(record.summary), source, address]))


def host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(words: object) -> str:
    lines = str(words).splitlines()
    return "\n".join(printable(line, most=None) for line in lines).translate(ESCAPED)


def folded(line: str) -> str:
    """No line longer than 75 octets, and no character cut in two."""
    pieces, room = [""], LONGEST_LINE
    for sign in line:
        size = len(sign.encode())
        if size > room:
            pieces.append("")
            room = LONGEST_LINE - 1  # the blank that marks a line as going on
        pieces[-1] += sign
        room -= size
    return "\r\n ".join(pieces)
