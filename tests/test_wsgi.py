"""What the web server serves, before Django has read anything."""

from io import BytesIO

import pytest

from portal.wsgi import application, in_utf8


def status(served, content_type):
    said = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/robots.txt",
        "QUERY_STRING": "q=a%2B2AA-%5Cud800",
        "CONTENT_TYPE": content_type,
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    served(environ, lambda line, _headers: said.append(int(line[:3])))
    return said[0]


@pytest.mark.parametrize(
    "odd",
    ["charset=hex", "charset=undefined", "charset=utf-7", "Charset=UTF-16", "charset*=utf-8''hex", "x*=nonsense''%ff"],
)
def test_an_address_is_read_as_utf8_or_not_at_all(odd):
    assert status(application, f"text/plain; {odd}") == 415


@pytest.mark.parametrize("usual", ["", "text/plain", "text/plain; charset=UTF-8", 'text/plain; charset="utf8"'])
def test_a_usual_request_is_passed_on(usual):
    served = in_utf8(lambda _environ, start_response: start_response("204 No Content", []))
    assert status(served, usual) == 204
