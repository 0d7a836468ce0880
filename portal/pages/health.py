"""What a load balancer asks: does this process answer, and can it do its work?"""

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseNotAllowed
from kombu.exceptions import OperationalError


class HealthChecks:
    """Answers the two addresses in front of sessions, pages and host names: a probe needs none of them to be well."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.checks = {"/healthz": healthz, "/readyz": readyz}

    def __call__(self, request):
        check = self.checks.get(request.path_info)
        if not check:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return check()


def healthz():
    """200 as long as the process answers; a database that is down is no reason to restart it."""
    return plain("ok")


def readyz():
    """200 when database and broker answer, else 503 naming what does not."""
    answers = {"database": database_answers(), "broker": broker_answers()}
    silent = [name for name, answered in answers.items() if not answered]
    return plain(f"not answering: {', '.join(silent)}", status=503) if silent else plain("ok")


def plain(text, status=200):
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


def database_answers():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers():
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (OperationalError, OSError):
        return False
    return True
