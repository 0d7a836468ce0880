"""What is said when a request cannot be read."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.shortcuts import render
from django.views import defaults


def bad_request(request, exception):
    """Text too long to be taken in at once is no riddle: its writer is told what to do."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(None, "413.html", status=413)
    return defaults.bad_request(request, exception)
