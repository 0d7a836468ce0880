"""The deployment's own colours and seal."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views import View


class BrandFile(View):
    """Named by its content, so that it may be kept for ever."""

    def get(self, _request: HttpRequest, name: str) -> HttpResponse:
        file = settings.BRAND.files.get(name)
        if not file:
            raise Http404
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return HttpResponse(file.content, content_type=file.type, headers=headers)
