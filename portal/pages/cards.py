"""The pictures beside links to our pages (Open Graph): drawn from what is public, in the language of the address."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic.base import View

from portal.facts.models import Figure, Visibility
from portal.lib import cards
from portal.lib.text import Text
from portal.publishing.models import Version
from portal.publishing.views import PublicPage

MOST_NUMBERS = 3


class Card(PublicPage, View):
    """Of the page of a live version."""

    def get(self, request: HttpRequest, kind: str, city: str, slug: str) -> HttpResponse:
        version = self.live(Version).of_kind(kind).at_address(city, slug).with_entry().first()
        if not version:
            raise Http404
        places = version.city.regions if version.entry.kind == "city" else version.city.lineage
        return self.answer(
            [*(str(place.name) for place in places), version.kind_name], str(version.title), numbers(version)
        )

    def answer(self, kicker: list[str], title: str, figures: list[cards.Number]) -> HttpResponse:
        content = cards.drawn(
            site=str(Text(settings.SITE_NAME)), kicker=" · ".join(kicker), title=title, numbers=figures,
            foot=foot(self.clock.at), palette=settings.BRAND.palette(),
        )  # fmt: skip
        return HttpResponse(content, content_type="image/png")


class SiteCard(Card):
    """Of every other page."""

    def get(self, request: HttpRequest) -> HttpResponse:  # type: ignore[override]
        return self.answer([], _("Where to invest, with the evidence"), [])


def numbers(version: Version) -> list[cards.Number]:
    key = Figure.objects.filter(version=version.pk, key=True, visibility=Visibility.PUBLIC)
    rows = key.select_related("metric").order_by("order", "pk")[:MOST_NUMBERS]
    return [
        cards.Number(row.amount, str(row.subject or row.metric.name), f"{row.get_basis_display()} · {row.dated}")
        for row in rows
    ]


def foot(at):
    day = date_format(localtime(at), "DATE_FORMAT")
    return _("Published data as of %(day)s · every figure with its source") % {"day": day}
