"""What every request and answer has in common, whatever view it meets."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseNotAllowed

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]


class Doorway:
    """The outermost middleware: known methods only, the reader's true address in, our headers out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if settings.BEHIND_PROXY:
            request.META["REMOTE_ADDR"] = client_address(request.META)
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def process_view(self, request, view, args, kwargs):
        """Before anything reads what was sent: a large body goes to views that say `most_bytes`, from who is logged in.

        Without a stated length nothing is read at all.
        """
        length = request.META.get("CONTENT_LENGTH") or "0"
        sent = int(length) if length.isascii() and length.isdigit() else 0
        if sent <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return
        most = getattr(getattr(view, "view_class", None), "most_bytes", 0)
        if sent <= most and request.user.is_authenticated:
            return
        raise RequestDataTooBig


def client_address(meta):
    """The address our own proxy saw: the last in the list, since the reader can write all those before it."""
    return meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or meta.get("REMOTE_ADDR", "")
