"""Tables that people upload, XLSX or CSV, read as words: in a child process, within limits, refused with plain reasons.

Whatever a cell holds becomes what a person would have typed there: dates are "2023-05-12", 0.97 shown as a percentage
is "97%". A formula counts by the value it had when the file was saved.
"""

import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from . import children
from .spreadsheets import begins_a_formula

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_IN_CELL = 5_000
MOST_CHARACTERS = 8_000_000  # of all cells
MOST_BLANK = 15_000  # rows of nothing that are read over before more is refused
MOST_UNPACKED = 80_000_000
MOST_STRINGS = 30_000_000
SECONDS = 10
MEMORY = 150_000_000  # beside what the process holds already


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why, in the reader's language."""


class Wrong(NamedTuple):
    """A cell that cannot be read. `row` is the number a spreadsheet shows, `column` counts from nought."""

    row: int
    column: int
    says: str


class Table(NamedTuple):
    """The first row that says something is the header; the others stand with their numbers. Blank rows are left out."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    wrong: list[Wrong]


def letter(column: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def read(path: Path) -> Table:
    """The table in a file that a stranger may have made. Raises Unreadable."""
    try:
        memory = children.memory_held() + MEMORY
        said = children.in_child(lambda: as_json(path), seconds=SECONDS, memory=memory)
    except children.Failure as failure:
        raise Unreadable(why_not(str(failure))) from failure
    answer = json.loads(said)
    if "refused" in answer:
        raise Unreadable(answer["refused"])
    rows = [(number, cells) for number, cells in answer["rows"]]
    return Table(answer["header"], rows, [Wrong(*wrong) for wrong in answer["wrong"]])


def why_not(failure: str) -> str:
    if failure.startswith("slow"):
        return _("Reading the file took too long. Copy only the rows you need into the template.")
    if failure.startswith("memory"):
        return _("Reading the file takes too much memory. Copy only the rows you need into the template.")
    return _("The file is damaged or was not made by a spreadsheet program. Open it there and save it anew as .xlsx.")


def as_json(path: Path) -> str:
    """In the child."""
    try:
        return json.dumps(parsed(path)._asdict())
    except Unreadable as refused:
        return json.dumps({"refused": str(refused)})


def parsed(path: Path) -> Table:
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(too_large())
    content = path.read_bytes()
    refuse_other_kinds(content)
    rows = workbook_rows(content) if content.startswith(b"PK") else csv_rows(content)
    return gathered(rows)


def too_large() -> str:
    return _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024}


def refuse_other_kinds(content: bytes) -> None:
    """By what the file begins with, not by its name."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(_("The workbook is protected by a password. Save it without one."))
        raise Unreadable(_("This is the old Excel format (.xls). Open it and save it as .xlsx."))
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise Unreadable(_("This is a web page saved under another name. Open it in Excel and save it as .xlsx."))
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"%pdf", b"rar!", b"\x1f\x8b")):
        raise Unreadable(_("This is no table. Send a workbook (.xlsx) or a CSV file."))


# Rows ----------------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """A row as its file gives it: by column, the words, or why a cell cannot be read."""

    number: int
    cells: dict[int, str]
    wrong: dict[int, str]


def gathered(rows: Iterable[Said]) -> Table:
    """The rows within their limits; the first that says something is the header."""
    header: list[str] = []
    found: list[tuple[int, list[str]]] = []
    wrong: list[Wrong] = []
    characters = 0
    for row in rows:
        cells = {column: words for column, words in row.cells.items() if words}
        last = max([*cells, *row.wrong], default=-1)
        if last < 0:
            continue
        if last >= MOST_COLUMNS:
            raise Unreadable(
                _("Row %(row)d goes to column %(column)s; at most %(most)d columns can be read.")
                % {"row": row.number, "column": letter(last), "most": MOST_COLUMNS}
            )
        for column, words in cells.items():
            characters += len(words)
            if len(words) > MOST_IN_CELL:
                row.wrong[column] = _("more than %(most)d characters") % {"most": MOST_IN_CELL}
        if characters > MOST_CHARACTERS:
            raise Unreadable(_("The table holds too much text. Divide it into several files."))
        line = [cells.get(column, "")[:MOST_IN_CELL] for column in range(last + 1)]
        if not header:
            header = line
            continue
        if len(found) == MOST_ROWS:
            raise Unreadable(_("More than %(most)d rows. Divide the table into several files.") % {"most": MOST_ROWS})
        found.append((row.number, line))
        wrong += [Wrong(row.number, column, says) for column, says in sorted(row.wrong.items())]
    if not header:
        raise Unreadable(_("The file is empty."))
    return Table(header, found, wrong)


# CSV -----------------------------------------------------------------------------------------------------------------


def csv_rows(content: bytes) -> Iterator[Said]:
    words = decoded(content)
    first = words[: words.find("\n")] if "\n" in words else words
    csv.field_size_limit(MOST_BYTES)
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    number = 1
    try:
        for cells in lines:
            yield Said(number, {column: unharmed(tidy(cell)) for column, cell in enumerate(cells)}, {})
            number = lines.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            _("Row %(row)d is broken: a quotation mark is missing or in the wrong place.") % {"row": number}
        ) from error


def unharmed(words: str) -> str:
    """Without the apostrophe that kept it from being a formula."""
    return words[1:] if words.startswith("'") and begins_a_formula(words[1:]) else words


def decoded(content: bytes) -> str:
    """What office programs write: UTF-8 with or without its mark, UTF-16 with one, GB 18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(sign) < 32 and sign not in "\t\r\n\v\f" for sign in words):
            break  # no text: some program's own file
        return words
    raise Unreadable(_("This is no table. Send a workbook (.xlsx) or a CSV file."))


# Workbooks -----------------------------------------------------------------------------------------------------------


def workbook_rows(content: bytes) -> Iterator[Said]:
    """Those of the first sheet that is shown."""
    with open_archive(content) as archive:
        refuse_bombs(archive)
    from openpyxl import load_workbook  # half a second; only a child needs it

    warnings.simplefilter("ignore")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Unreadable(_("The workbook has no sheet to read."))
        yield from sheet_rows(sheets[0])
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise Unreadable(why_not("error")) from error


def open_archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(why_not("error")) from error


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """By what the archive says of itself; the module that unpacks it reads no byte more than that."""
    parts = {part.filename: part for part in archive.infolist()}
    if any(part.flag_bits & 1 for part in parts.values()):
        raise Unreadable(_("The workbook is protected by a password. Save it without one."))
    if "xl/workbook.xml" not in parts:
        raise Unreadable(_("This is no Excel workbook. Open it in a spreadsheet program and save it as .xlsx."))
    strings = parts.get("xl/sharedStrings.xml")
    unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MOST_UNPACKED or len(parts) > 1_000 or (strings and strings.file_size > MOST_STRINGS):
        raise Unreadable(_("Unpacked, the workbook is far too large. Copy only the rows you need into the template."))


def sheet_rows(sheet: Any) -> Iterator[Said]:
    """The cells that are there: what the sheet says of its own size is not believed."""
    from openpyxl.utils.cell import range_boundaries
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    formats = cell_formats(book)
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source, sheet._shared_strings, data_only=True, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        read_cell = parser.parse_cell
        parser.parse_cell = lambda element: parsed_cell(read_cell, element)
        before = number = 0
        for number, cells in parser.parse():
            if number <= before:
                raise Unreadable(_("Row %(row)d stands twice in the file. Save it anew.") % {"row": number})
            row = said_in(number, cells, formats)
            if row.cells or row.wrong:
                before = number
            elif number - before > MOST_BLANK:
                break
            yield row
        if number - before > MOST_BLANK:
            raise Unreadable(
                _("Below row %(row)d come very many empty rows. Delete those rows and save the file anew.")
                % {"row": before}
            )
        for merged in parser.merged_cells.mergeCell if parser.merged_cells else []:
            _left, top, _right, _bottom = range_boundaries(merged.ref)
            if top <= before:
                raise Unreadable(
                    _("Cells %(cells)s are merged. Undo that and fill each of them.") % {"cells": merged.ref}
                )


UNREAD = object()  # the value of a cell that the file's own reader cannot make out
UNCALCULATED = object()  # of a formula whose result was not saved


def parsed_cell(read_cell: Any, element: Any) -> dict[str, Any]:
    try:
        cell = read_cell(element)
    except (ValueError, IndexError, OverflowError, TypeError):
        at = re.fullmatch(r"([A-Z]{1,3})(\d+)", element.get("r") or "")
        if not at:
            raise
        from openpyxl.utils import column_index_from_string

        column = column_index_from_string(at[1])
        return {"row": int(at[2]), "column": column, "value": UNREAD, "data_type": "e", "style_id": 0}
    if cell["value"] is None and any(child.tag.endswith("}f") for child in element):
        cell["value"] = UNCALCULATED
    return cell


def cell_formats(book: Any) -> list[str]:
    """How numbers are shown, by style: "0%", "yyyy-mm"."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    def form(number: int) -> str:
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return BUILTIN_FORMATS.get(number, "")
        own = number - BUILTIN_FORMATS_MAX_SIZE
        return book._number_formats[own] if own < len(book._number_formats) else ""

    return [form(style.numFmtId) for style in book._cell_styles]


def said_in(number: int, cells: list[dict[str, Any]], formats: list[str]) -> Said:
    row = Said(number, {}, {})
    for cell in cells:
        value, column, style = cell["value"], cell["column"] - 1, cell["style_id"]
        if value is None or value == "":
            continue
        if value is UNCALCULATED:
            row.wrong[column] = _("a formula without a result: put its value in its place")
        elif value is UNREAD or cell["data_type"] == "e":
            shown = "" if value is UNREAD else tidy(str(value))
            row.wrong[column] = _("%(value)s is not a value") % {"value": shown or _("what is in the cell")}
        else:
            row.cells[column] = as_typed(value, formats[style] if style < len(formats) else "")
    return row


def as_typed(value: Any, form: str) -> str:
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime | date):
        return date_as_typed(value, re.sub(r'\[[^]]*\]|"[^"]*"|\\.', "", form).lower())
    if isinstance(value, int | float):
        exact = Decimal(f"{value:.15g}")  # as many digits as a spreadsheet shows: 0.1 + 0.2 is 0.3
        return f"{plain(exact * 100)}%" if "%" in form else plain(exact)
    return str(value) if isinstance(value, time) else tidy(str(value))


def plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number.is_finite() else str(number)


def date_as_typed(day: date, form: str) -> str:
    """As exactly as it is shown: a cell that shows "2023-05" speaks of a month."""
    precision = "%Y-%m-%d" if "d" in form or not form else "%Y-%m" if "m" in form else "%Y"
    return day.strftime(precision)


def tidy(words: str) -> str:
    """Without what nobody sees: spaces around, no-break and zero-width ones, line ends of other systems."""
    words = re.sub("[\u200b-\u200f\u2060\ufeff\0]", "", words.replace("\u00a0", " ").replace("\r\n", "\n"))
    return words.replace("\r", "\n").strip()
