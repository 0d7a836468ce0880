"""QR codes of public pages: from paper back to the page."""

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic.base import View

from portal.lib.context import absolute
from portal.publishing.models import Version
from portal.publishing.views import PublicPage


class Code(PublicPage, View):
    """Of the page of a live version, in the language of this address."""

    def get(self, request: HttpRequest, kind: str, city: str, slug: str) -> HttpResponse:
        live = self.live(Version).of_kind(kind).at_address(city, slug)
        version = live.select_related("entry__city").first()
        if not version:
            raise Http404
        return HttpResponse(drawn(absolute(version.get_absolute_url())), content_type="image/svg+xml")


def drawn(address: str) -> bytes:
    """Black on white whatever the page's colours: cameras want it so."""
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", light="#fff", omitsize=True)
    return picture.getvalue()
