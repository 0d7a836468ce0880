"""What a reader sees of an answer, and how often the database was asked for it."""

import csv
import html
import io
import re
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from openpyxl import load_workbook


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


def slugs(response) -> list[str]:
    """What a list shows, by the names in its addresses."""
    return sorted(row.entry.slug for row in response.context["rows"])


def facet(response, name: str) -> dict[str, int]:
    """How much each choice of a list's facet would give."""
    options = next(one["options"] for one in response.context["facets"] if one["name"] == name)
    return {option.value: option.count for option in options}


def content(response) -> bytes:
    """Also of an answer that is streamed."""
    return b"".join(response)


def sheet(response) -> Any:
    return load_workbook(io.BytesIO(content(response))).worksheets[0]


def table(response) -> list[list[Any]]:
    """The lines of a file, CSV or Excel, the headings first."""
    if "csv" in response.headers["Content-Type"]:
        return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))
    return [list(row) for row in sheet(response).iter_rows(values_only=True)]


def records(response) -> list[dict[str, Any]]:
    """The lines of a file by their headings."""
    headings, *lines = table(response)
    return [dict(zip(headings, line, strict=True)) for line in lines]
