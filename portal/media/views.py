"""Serving a library's files: to everybody while something public shows them, else to the city's office only."""

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.generic.base import View

from .models import Document, Image

TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "pdf": "application/pdf"}


class KeptFile(View):
    """Named by its digest, so that it never changes; asked for anew each time, so that it can be withdrawn."""

    model: Any
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, digest: str, name: str = "") -> Any:
        rows = self.model.objects.filter(digest=digest)
        shown = rows.shown(request.clock.at).first()  # type: ignore[attr-defined]
        found = shown or rows.for_staff(request.user).first()
        if not found:
            raise Http404
        path, tag = self.path(found, name), f'"{digest[:32]}-{name}"'
        response: Any = get_conditional_response(request, etag=tag) or self.file(found, path)
        response["ETag"] = tag
        response["Cache-Control"] = "public, no-cache" if shown else "private, no-store"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def path(self, found: Any, name: str) -> Path:
        raise NotImplementedError

    def file(self, found: Any, path: Path) -> HttpResponse:
        try:
            return FileResponse(path.open("rb"), content_type=TYPES[path.suffix[1:]], **self.disposition(found))
        except FileNotFoundError:
            raise Http404 from None

    def disposition(self, found: Any) -> dict[str, Any]:
        return {}


class ImageFile(KeptFile):
    model = Image

    def path(self, found: Any, name: str) -> Path:
        if name not in found.names:
            raise Http404
        return Image.folder(found.digest) / name


class DocumentFile(KeptFile):
    model = Document

    def path(self, found: Any, name: str) -> Path:
        return Document.path(found.digest)

    def disposition(self, found: Any) -> dict[str, Any]:
        return {"as_attachment": True, "filename": found.file_name}
