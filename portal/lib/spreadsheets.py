"""Tables for spreadsheet programs."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

# A cell that begins so is a formula to Excel, LibreOffice or their Asian editions.
FORMULA_SIGNS = "=+-@|%＝＋－＠"


def harmless(cell: Any) -> str:
    """The cell as words; one a spreadsheet would calculate gets an apostrophe in front."""
    words = "" if cell is None else str(cell).replace("\0", "")
    begins_badly = words.lstrip()[:1] in tuple(FORMULA_SIGNS) or words[:1] in ("\t", "\r", "\n")
    return f"'{words}" if begins_badly else words


def csv_file(name: str, columns: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A download that spreadsheet programs open right: UTF-8 with its mark, no formulas."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerows([harmless(cell) for cell in row] for row in [columns, *rows])
    return response
