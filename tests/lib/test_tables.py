"""Files of strangers: what they say is read as it was meant, or refused with a reason; never slow, never heavy."""

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime

import pytest
from django.conf import settings
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from portal.lib import tables
from portal.lib.tables import Unreadable, letter


def kept(tmp_path, content, name="table.xlsx"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def workbook(*rows, change=None):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_part(content, name, words):
    """The workbook with one of its parts replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, words if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, words)
    return changed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows, extra="", before=""):
    """A workbook whose sheet holds these words as its rows."""
    return with_part(
        workbook(["a"]),
        SHEET,
        f'<?xml version="1.0"?>{before}<worksheet {NAMESPACE}><dimension ref="A1:A1"/><sheetData>{rows}</sheetData>'
        f"{extra}</worksheet>",
    )


def text_cell(at, words="x"):
    return f'<c r="{at}" t="inlineStr"><is><t>{words}</t></is></c>'


def read(tmp_path, content):
    return tables.read(kept(tmp_path, content))


def refusal(tmp_path, content):
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, content)
    return str(refused.value)


# What is read ---------------------------------------------------------------------------------------------------------


def test_cells_are_read_as_a_person_would_type_them(tmp_path):
    def shown(sheet):
        sheet["C2"].number_format = "0%"
        sheet["E2"].number_format = "yyyy-mm"
        sheet["F2"].number_format = 'yyyy"年"'

    row = ["11.5亿元", 1150000000, 0.97, date(2023, 5, 12), date(2023, 5, 1), date(2023, 1, 1), 0.1 + 0.2, True, 1e15]
    table = read(tmp_path, workbook(["a"] * 9, row, change=shown))
    assert table.rows == [
        (2, ["11.5亿元", "1150000000", "97%", "2023-05-12", "2023-05", "2023", "0.3", "yes", "1000000000000000"])
    ]
    assert table.wrong == []


def test_rows_keep_their_numbers_and_blank_ones_are_left_out(tmp_path):
    table = read(tmp_path, workbook([], ["Title", "Amount"], [None], [" "], ["x", "1"], [None, None, " "], ["y"]))
    assert table.header == ["Title", "Amount"]
    assert table.rows == [(5, ["x", "1"]), (7, ["y"])]


def test_invisible_signs_and_spaces_are_no_part_of_a_word(tmp_path):
    assert read(tmp_path, workbook(["\ufeffTitle\u200b"], [" a\u00a0b \r\n"])).rows == [(2, ["a b"])]


def test_full_width_digits_stay_as_typed(tmp_path):
    assert read(tmp_path, workbook(["a"], ["１１．５亿元"])).rows == [(2, ["１１．５亿元"])]


def test_first_sheet_that_is_shown_is_the_table(tmp_path):
    book = Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Second").append(["shown"])
    saved = io.BytesIO()
    book.save(saved)
    assert read(tmp_path, saved.getvalue()).header == ["shown"]


def test_formula_counts_by_its_saved_value_and_without_one_is_named(tmp_path):
    rows = f'<row r="1">{text_cell("A1")}</row><row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
    rows += '<row r="3"><c r="A3"><f>1+1</f></c><c r="B3"><v>5</v></c></row>'
    table = read(tmp_path, sheet_of(rows))
    assert table.rows == [(2, ["2"]), (3, ["", "5"])]
    assert table.wrong == [(3, 0, "a formula without a result: put its value in its place")]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("<v>NaN</v>", "what is in the cell is not a value"),
        ("<v>INF</v>", "what is in the cell is not a value"),
        ("<v>1e999.5</v>", "what is in the cell is not a value"),
    ],
)
def test_numbers_that_are_none_are_named_with_row_and_column(tmp_path, cell, says):
    rows = f'<row r="1">{text_cell("A1")}{text_cell("B1")}</row><row r="7">{text_cell("A7")}<c r="B7">{cell}</c></row>'
    assert read(tmp_path, sheet_of(rows)).wrong == [(7, 1, says)]


def test_errors_of_the_spreadsheet_are_named(tmp_path):
    rows = f'<row r="1">{text_cell("A1")}</row><row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row>'
    assert read(tmp_path, sheet_of(rows)).wrong == [(2, 0, "#DIV/0! is not a value")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_csv_is_read_in_what_office_programs_write(tmp_path, encoding, between):
    words = f'名称{between}投资额\r\n"甲{between}乙"{between}"11.5""亿元""\n约"\r\n\r\n丙{between}１\r\n'
    table = tables.read(kept(tmp_path, words.encode(encoding), "table.csv"))
    assert table.header == ["名称", "投资额"]
    assert [cells for _number, cells in table.rows] == [[f"甲{between}乙", '11.5"亿元"\n约'], ["丙", "１"]]


def test_reasons_are_in_the_language_of_who_asked(tmp_path):
    with override("zh-hans"):
        assert refusal(tmp_path, b"") != "x"


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")])
def test_columns_have_their_letters(column, name):
    assert letter(column) == name


# What is refused ------------------------------------------------------------------------------------------------------


def encrypted():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def zip_with_password():
    content = bytearray(workbook(["a"]))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def entity_bomb():
    names = [f"e{number}" for number in range(10)]
    laughs = '<!ENTITY e0 "lol">'
    for name, inner in zip(names[1:], names, strict=False):
        laughs += f'<!ENTITY {name} "{f"&{inner};" * 10}">'
    return sheet_of(f'<row r="1">{text_cell("A1", "&e9;")}</row>', before=f"<!DOCTYPE x [{laughs}]>")


def zip_bomb():
    return with_part(workbook(["a"]), SHEET, b"<x>" + b" " * 500_000_000)


def million_rows():
    return sheet_of("<row><c><v>1</v></c></row>" * 1_048_576)


def million_blank_rows():
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 1_048_577))
    return sheet_of(f'<row r="1">{text_cell("A1")}</row>{rows}')


def wide():
    return sheet_of(f'<row r="1">{text_cell("A1")}</row><row r="2">{text_cell("BI2")}</row>')


def one_row_of_very_many_cells():
    return sheet_of('<row r="1">' + '<c r="A1"><v>1</v></c>' * 2_900_000 + "</row>")


def many_strings():
    strings = "".join(f"<si><t>{n}</t></si>" for n in range(1_600_000))
    return with_part(workbook(["a"]), "xl/sharedStrings.xml", f"<sst {NAMESPACE}>{strings}</sst>")


def deep():
    return sheet_of("<row>" * 300_000)


def merged():
    return workbook(["Title", "Amount"], ["x", 1], ["y", 2], change=lambda sheet: sheet.merge_cells("A2:A3"))


def much_text():
    row = "".join(text_cell(f"{letter(n)}2", "x" * 4_900) for n in range(60))
    return sheet_of(f'<row r="1">{text_cell("A1")}</row>' + row.join(["<row>", "</row>"]) * 40)


def repeated_rows():
    return sheet_of(
        f'<row r="1">{text_cell("A1")}</row><row r="3">{text_cell("A3")}</row><row r="2">{text_cell("A2")}</row>'
    )


HOSTILE = {
    "empty": (lambda: b"", "The file is empty."),
    "blank": (lambda: b"\xef\xbb\xbf \r\n", "The file is empty."),
    "no cells": (lambda: workbook(), "The file is empty."),
    "commas": (lambda: b",,,\r\n,,\r\n", "The file is empty."),
    "old xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "old Excel format (.xls)"),
    "password": (encrypted, "protected by a password"),
    "zip password": (zip_with_password, "protected by a password"),
    "html": (lambda: b"\n<html><table><tr><td>1</td></tr></table></html>", "a web page saved under another name"),
    "xml": (lambda: b'<?xml version="1.0"?><Workbook/>', "a web page saved under another name"),
    "image": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "This is no table."),
    "pdf": (lambda: b"%PDF-1.7\n", "This is no table."),
    "program": (lambda: b"\x7fELF" + bytes(range(256)), "This is no table."),
    "other zip": (lambda: with_part(b"PK\x05\x06" + bytes(18), "word/document.xml", "x"), "This is no Excel workbook."),
    "broken zip": (lambda: b"PK\x03\x04 and then nothing", "damaged"),
    "half a file": (lambda: workbook(["a"])[:-300], "damaged"),
    "no xml": (lambda: with_part(workbook(["a"]), SHEET, "no xml"), "damaged"),
    "12 MB": (lambda: b"a,b\n" * 3_000_000, "larger than 5 MB"),
    "broken csv": (lambda: b'a,b\n1,2\n"3,4', "Row 3 is broken"),
    "long csv": (lambda: b"a,b\n" + b"1,2\n" * 5_001, "More than 5000 rows"),
    "zip bomb": (zip_bomb, "Unpacked, the workbook is far too large"),
    "entity bomb": (entity_bomb, "damaged"),
    "1,048,576 rows": (million_rows, "More than 5000 rows"),
    "1,048,576 blank rows": (million_blank_rows, "Below row 1 come very many empty rows"),
    "61 columns": (wide, "Row 2 goes to column BI; at most 60 columns"),
    "a row of very many cells": (one_row_of_very_many_cells, "too"),
    "very many strings": (many_strings, "Unpacked, the workbook is far too large"),
    "deep": (deep, ""),
    "merged": (merged, "Cells A2:A3 are merged."),
    "much text": (much_text, "too much text"),
    "rows twice": (repeated_rows, "Row 2 stands twice"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_a_plain_reason(tmp_path, name):
    make, reason = HOSTILE[name]
    assert reason in refusal(tmp_path, make())


def test_text_of_one_cell_has_a_limit_and_its_row_and_column_are_named(tmp_path):
    assert read(tmp_path, workbook(["a", "b"], ["x", "y" * 5_001])).wrong == [(2, 1, "more than 5000 characters")]


MEASURED = """
import json, resource, sys, time
import django
django.setup()
from pathlib import Path
from portal.lib import tables
began = time.monotonic()
try:
    said = len(tables.read(Path(sys.argv[1])).rows)
except tables.Unreadable as refused:
    said = str(refused)
own = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])  # rusage counts who started us, too
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([said, time.monotonic() - began, child * 1024, own * 1024]))
"""


def full():
    """As much as is allowed: 5,000 rows of 60 columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(5_001):
        sheet.append([f"{row % 97} words of cell {column}" for column in range(60)])
    saved = io.BytesIO()
    book.save(saved)
    assert len(saved.getvalue()) < tables.MOST_BYTES
    return saved.getvalue()


HEAVY = {"full": full} | {
    name: HOSTILE[name][0]
    for name in (
        "zip bomb", "entity bomb", "1,048,576 rows", "1,048,576 blank rows", "a row of very many cells",
        "very many strings", "deep", "much text", "long csv",
    )
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_reading_takes_at_most_10_seconds_and_300_megabytes(tmp_path, name, record_property):
    path = kept(tmp_path, HEAVY[name]())
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", MEASURED, str(path)]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, check=True)
    said, seconds, child, parent = json.loads(done.stdout)
    print(f"{name}: {seconds:.1f} s, {child / 1e6:.0f} MB, asking process {parent / 1e6:.0f} MB: {said}")
    assert seconds < 10.5
    assert max(child, parent) < 300_000_000


def test_what_openpyxl_writes_it_reads(tmp_path):
    moment = datetime(2023, 5, 12, 14, 8)  # noqa: DTZ001  a workbook has no zones
    content = workbook(["when"], [moment])
    assert load_workbook(io.BytesIO(content)).active["A2"].value == moment
    assert read(tmp_path, content).rows == [(2, ["2023-05-12"])]
