"""Log lines for machines."""

import json
import logging

from portal.lib.logs import JsonLines


def test_a_line_says_what_happened_and_not_who():
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, "Not Found: %s", ("/en/",), None)
    record.status_code = 404
    record.request = "a request with an address, cookies and a form"
    line = json.loads(JsonLines().format(record))
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "warning", "logger": "django.request", "message": "Not Found: /en/", "status": 404}


def test_an_error_brings_its_trace():
    try:
        raise ValueError("wrong")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, error.__traceback__)
        )
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["trace"].endswith("ValueError: wrong")
