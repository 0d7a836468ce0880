"""What every request and answer has in common, whatever view it meets."""

from django.conf import settings
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


def client_address(meta):
    """The address our own proxy saw: the last in the list, since the reader can write all those before it."""
    return meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or meta.get("REMOTE_ADDR", "")
