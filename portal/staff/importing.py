"""Reading a table that was sent, saying what is in it, and, once its sender says so, making drafts of it."""

import logging
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.cities.models import City, User
from portal.lib import tables
from portal.lib.jobs import State, wake
from portal.publishing.clock import database_now
from portal.publishing.models import Entry

from .models import Import
from .sheets import SHEETS
from .sheets.base import Sheet, Understood

logger = logging.getLogger(__name__)
TASK = "staff.imports"
MOST_LISTED = 200  # errors, and doubts, that a report lists
MOST_SHOWN = 100  # rows of which a report says how they were understood
STRIDE = 50  # rows between two notes of progress


class Taken(Exception):
    """Another worker has this import by now: nothing of ours may stay."""


# Asking --------------------------------------------------------------------------------------------------------------


def ask(*, city: City, what: str, by: User, language: str, file: Any, entry: Entry | None = None) -> Import:
    """The table is kept and a worker will look at it."""
    now = database_now()
    name = Path(str(file.name)).name[:120]
    table = Import(city=city, what=what, entry=entry, by=by, language=language, name=name, asked_at=now, next_try=now)
    table.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with table.path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        with transaction.atomic():
            table.save(force_insert=True)
            wake(TASK)
    except BaseException:
        table.path.unlink(missing_ok=True)
        raise
    return table


@transaction.atomic
def confirm(table: Import) -> bool:
    """Its sender has read the report: now it is to be imported. False when that was said before."""
    waiting = Import.objects.filter(pk=table.pk, state=State.DONE, dry_run=True)
    fresh = {"dry_run": False, "state": State.QUEUED, "tries": 0, "next_try": database_now(), "rows_done": 0}
    if not waiting.update(**fresh):
        return False
    wake(TASK)
    return True


# Doing ----------------------------------------------------------------------------------------------------------------


def do_next() -> bool:
    """Do the import that has waited longest. Whether more are due."""
    if table := Import.objects.claim_next(database_now()):
        do(table)
    return Import.objects.due(database_now()).exists()


def do(table: Import) -> None:
    with translation.override(table.language):
        try:
            work(table)
        except Taken:
            logger.warning("import %s is another worker's by now", table.pk)
        except Exception as error:
            logger.exception("import %s failed (try %d)", table.pk, table.tries)
            table.fail(f"error: {type(error).__name__}", database_now())


def work(table: Import) -> None:
    try:
        read = tables.read(table.path)
    except tables.Unreadable as refused:
        table.finish(dry_run=True, report={"refused": str(refused)})
        return
    except FileNotFoundError:
        table.finish(dry_run=True, report={"refused": _("The file is gone. Send it again.")})
        return
    sheet = SHEETS[table.what](user=table.by, city=table.city, entry=table.entry)
    header, problems = sheet.found(read.header)
    if len(read.rows) > sheet.most:
        said = _("The table has %(count)d rows; at most %(most)d of this kind can be imported at a time.")
        problems.append(said % {"count": len(read.rows), "most": sheet.most})
    if problems:
        table.finish(dry_run=True, report={"problems": problems})
        return
    rows = understood(table, sheet, header, read)
    if table.dry_run:
        sheet.mark_known(rows)
        table.finish(report=report(rows), rows_done=len(rows))
    else:
        land(table, sheet, rows)


def understood(table: Import, sheet: Sheet, header: list[Any], read: tables.Table) -> list[Understood]:
    table.note(rows_total=len(read.rows), rows_done=0)
    wrong: dict[int, list[tables.Wrong]] = {}
    for cell in read.wrong:
        wrong.setdefault(cell.row, []).append(cell)
    rows = []
    for done, (number, cells) in enumerate(read.rows, 1):
        typed = {shown: words for shown, words in zip(header, cells, strict=False) if shown and words}
        row = sheet.read_row(number, typed)
        for cell in wrong.get(number, ()):
            shown = header[cell.column] if cell.column < len(header) else None
            row.wrong(shown.label if shown else tables.letter(cell.column), cell.says)
        if any(words for shown, words in zip(header, cells, strict=False) if not shown) or len(cells) > len(header):
            row.wrong("", _("A cell stands in a column without a heading."))
        rows.append(row)
        if done % STRIDE == 0:
            table.note(rows_done=done)
    return rows


def report(rows: list[Understood]) -> dict[str, Any]:
    """What is said of the rows: see `Import.report`."""
    errors = [[row.number, label, says] for row in rows for label, says in row.errors]
    doubts = [[row.number, label, says] for row in rows for label, says in row.doubts]
    return {
        "rows": len(rows),
        "new": sum(not row.errors and not row.there for row in rows),
        "there": sum(not row.errors and bool(row.there) for row in rows),
        "wrong": sum(bool(row.errors) for row in rows),
        "errors": errors[:MOST_LISTED],
        "more_errors": max(0, len(errors) - MOST_LISTED),
        "doubts": doubts[:MOST_LISTED],
        "more_doubts": max(0, len(doubts) - MOST_LISTED),
        "understood": [
            {"row": row.number, "there": row.there, "wrong": bool(row.errors), "lines": row.lines}
            for row in rows[:MOST_SHOWN]
        ],
    }


def land(table: Import, sheet: Sheet, rows: list[Understood]) -> None:
    """All that is new, or nothing. What has changed since the check is found again."""
    try:
        with transaction.atomic():
            City.objects.select_for_update(no_key=True).get(pk=table.city_id)  # imports of a city, one after another
            sheet.mark_known(rows)
            said = report(rows)
            if said["wrong"]:
                table.finish(dry_run=True, report=said)
                return
            drafts = sheet.land([row for row in rows if not row.there])
            table.drafts.set(drafts)
            if not table.finish(report=said, rows_done=len(rows)):
                raise Taken
    except PermissionDenied as refused:
        table.finish(dry_run=True, report={"refused": str(refused)})
    except ValidationError as refused:
        table.finish(dry_run=True, report={"problems": refused.messages})
    else:
        table.path.unlink(missing_ok=True)


def clear_old() -> None:
    """Neither the files nor what was said of them is kept longer than it is of use."""
    for table in Import.objects.old(database_now()):
        table.path.unlink(missing_ok=True)
        table.delete()
