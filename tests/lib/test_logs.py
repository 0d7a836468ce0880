"""Log lines for machines."""

import json
import logging

import pytest

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


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/en/follow/Zk3x-9_aQwErTyUiOpAsDf12/stop/", "/en/follow/…/stop/"),
        ("/en/inquiry/Zk3x-9_aQwErTyUiOpAsDf12/", "/en/inquiry/…/"),
        ("/en/accounts/password/reset/1-c2x3v4-0123456789abcdef/", "/en/accounts/password/reset/…/"),
        ("/en/accounts/invitations/12:Zk3x-9aQwErTy/", "/en/accounts/invitations/…/"),
        ("/en/follow/stopped/", "/en/follow/stopped/"),
        ("/en/projects/zibo/a-very-long-name-of-a-project/", "/en/projects/zibo/a-very-long-name-of-a-project/"),
    ],
)
def test_no_line_keeps_an_address_that_is_a_secret(address, told):
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, "Gone: %s", (address,), None)
    assert json.loads(JsonLines().format(record))["message"] == f"Gone: {told}"
