"""Atom feeds: what was published last of a subject, for programs that look for themselves."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.lib.context import absolute
from portal.lib.templatetags.text import html_lang
from portal.lib.text import Text, printable
from portal.publishing.models import Version
from portal.publishing.views import PublicPage

from .subjects import Subject
from .views import OfSubject

MOST = 50
#: Fit for XML, which may not hold every sign.
line = partial(printable, most=None, instead=" ")


class AtomFeed(Atom1Feed):
    """Marks an entry that is there in another language only."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}


class Feed(PublicPage, OfSubject):
    def get(self, request: HttpRequest) -> HttpResponse:
        clock = self.clock
        subject = Subject(request.GET, clock)
        site = str(Text(settings.SITE_NAME))
        feed = AtomFeed(
            title=line(f"{subject.label} · {site}"),
            link=absolute(subject.get_absolute_url()),
            description="",
            subtitle=_("What is published and what changes, the newest first."),
            language=html_lang(get_language() or settings.LANGUAGE_CODE),
            author_name=site,
            feed_url=absolute(f"{request.path}{subject.query and '?'}{subject.query}"),
        )
        feed.latest_post_date = lambda: clock.at  # type: ignore[method-assign]
        for version in subject.newest(MOST):
            feed.add_item(**entry(version))
        return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def entry(version: Version) -> dict[str, Any]:
    """One version: a newer one of the same page is another entry, so that readers show what changed."""
    address = absolute(version.get_absolute_url())
    return {
        "title": line(version.title),
        "link": address,
        "unique_id": f"{address}#version-{version.number}",
        "description": escape(line(version.news)),  # the generator calls it HTML
        "categories": [version.kind_name, line(version.city.name)],
        "updateddate": version.live_from,
        "pubdate": version.live_from if version.number == 1 else None,
        "language": html_lang(version.title.language()),
    }
