"""What a load balancer asks: does this process answer, and can it do its work?"""

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError


@never_cache
@require_safe
def healthz(request):
    """200 as long as the process answers; a database that is down is no reason to restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request):
    """200 when database and broker answer, else 503 naming what does not."""
    answers = {"database": database_answers(), "broker": broker_answers()}
    silent = [name for name, answered in answers.items() if not answered]
    body = f"not answering: {', '.join(silent)}\n" if silent else "ok\n"
    return HttpResponse(body, status=503 if silent else 200, content_type="text/plain")


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
