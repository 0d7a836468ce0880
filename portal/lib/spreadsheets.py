"""Tables for spreadsheet programs: CSV and XLSX, in which nothing is ever calculated."""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.encoding import iri_to_uri

# A cell that begins so is a formula to Excel, LibreOffice or their Asian editions.
FORMULA_SIGNS = "=+-@|%＝＋－＠"
FORMATS = ("xlsx", "csv")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNSPOKEN = dict.fromkeys(set(range(32)) - {9, 10, 13})  # signs that no XML may hold
WIDEST, NARROWEST = 48, 10
MOST_IN_CELL = 32_767
DIGITS = 15  # that a spreadsheet keeps of a number; a longer one is words


def begins_a_formula(words: str) -> bool:
    return words.lstrip()[:1] in tuple(FORMULA_SIGNS) or words[:1] in ("\t", "\r", "\n")


def harmless(cell: Any) -> str:
    """The cell as words; one a spreadsheet would calculate gets an apostrophe in front. A number is no formula."""
    words = "" if cell is None else str(plain(cell)).replace("\0", "")
    is_number = isinstance(cell, int | float | Decimal)
    return f"'{words}" if begins_a_formula(words) and not is_number else words


def plain(cell: Any) -> Any:
    """1150000000 and not 1150000000.000000 or 1.15E+9; a moment in the reader's zone, without it."""
    if isinstance(cell, Decimal) and cell.is_finite():
        return f"{cell.normalize():f}"
    if isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        return local.replace(tzinfo=None, microsecond=0)
    return cell


def asked(request: HttpRequest) -> str:
    """The format in which a list is asked for by ?export=…; "" when it is asked for as a page."""
    wanted = request.GET.get("export", "")
    return wanted if wanted in FORMATS else ""


def file(form: str, name: str, columns: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponseBase:
    """A download; `name` without its ending."""
    return csv_file(f"{name}.csv", columns, rows) if form == "csv" else xlsx_file(f"{name}.xlsx", columns, rows)


def csv_file(name: str, columns: Iterable[Any], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """A download that spreadsheet programs open right: UTF-8 with its mark, no formulas."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{iri_to_uri(name)}"'},
    )
    writer = csv.writer(response)
    writer.writerows([harmless(cell) for cell in row] for row in [columns, *rows])
    return response


class Choice(NamedTuple):
    """A column in which a spreadsheet offers these words."""

    column: int
    words: Sequence[str]


def xlsx_file(
    name: str,
    columns: Iterable[Any],
    rows: Iterable[Iterable[Any]],
    *,
    choices: Iterable[Choice] = (),
    sheets: Iterable[tuple[str, Iterable[Iterable[Any]]]] = (),
    title: str = "",
) -> FileResponse:
    """A workbook written row by row. Numbers and dates are such; words are words, whatever they begin with.

    `sheets`: further ones to be read beside it. What may be chosen stands in a hidden one.
    """
    from openpyxl import Workbook  # half a second that most processes need not spend

    book = Workbook(write_only=True)
    write_sheet(book.create_sheet(title or name.rpartition(".")[0][:31]), columns, rows)
    for heading, lines in sheets:
        write_sheet(book.create_sheet(heading[:31]), [], lines, widths=[28, 90])
    offer(book, list(choices))
    kept = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the response
    book.save(kept)
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename=name, content_type=XLSX)


def write_sheet(sheet: Any, columns: Iterable[Any], rows: Iterable[Iterable[Any]], widths: Sequence[int] = ()) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    headings = [str(column) for column in columns]
    if headings:
        sheet.freeze_panes = "A2"
    for place, width in enumerate(widths or [2 * len(words) + 2 for words in headings], 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(
            NARROWEST, min(WIDEST, width) if headings else width
        )
    if headings:
        sheet.append([cell(sheet, words, font=Font(bold=True)) for words in headings])
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])


def cell(sheet: Any, value: Any, **style: Any) -> Any:
    """Never a formula: openpyxl makes one of any text that begins with "="."""
    from openpyxl.cell import WriteOnlyCell

    is_exact = isinstance(value, Decimal) and value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS
    value = value.normalize() if is_exact else plain(value)
    if value is None or value == "":
        return None
    if not isinstance(value, int | float | Decimal | date):
        value = str(value).translate(UNSPOKEN)[:MOST_IN_CELL]
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        made.data_type = "s"
        made.quotePrefix = begins_a_formula(value)
    for name, said in style.items():
        setattr(made, name, said)
    return made


def offer(book: Any, choices: Sequence[Choice]) -> None:
    """Lists of words that the first sheet's columns offer; other words remain possible."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not choices:
        return
    first, hidden = book.worksheets[0], book.create_sheet("choices")
    hidden.sheet_state = "hidden"
    longest = max(len(choice.words) for choice in choices)
    for place in range(longest):
        line = [choice.words[place] if place < len(choice.words) else None for choice in choices]
        hidden.append([cell(hidden, words) for words in line])
    for place, choice in enumerate(choices, 1):
        letter, column = get_column_letter(place), get_column_letter(choice.column + 1)
        rule = DataValidation(
            "list", formula1=f"choices!${letter}$1:${letter}${len(choice.words)}", showErrorMessage=False
        )
        rule.add(f"{column}2:{column}5001")
        first.data_validations.append(rule)
