"""What a reader sees of an answer, and how often the database was asked for it."""

import html
import re

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags


def words(response) -> str:
    """The text of the page, one space between words."""
    body = re.sub(r"(?s)<head>.*?</head>", "", response.content.decode())
    return " ".join(html.unescape(strip_tags(re.sub(r"<(?=[a-z/])", " <", body))).split()).replace("\xa0", " ")


def page(client, path: str) -> str:
    """The words of a page that must be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return words(response)


def queries(client, path: str) -> int:
    """How often the page asks the database when nothing is kept; not the time, which only PostgreSQL is asked for."""
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return sum("clock_timestamp" not in query["sql"] for query in asked.captured_queries)
