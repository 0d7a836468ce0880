"""A comparison as a table for spreadsheet programs."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.facts.models import Figure
from portal.lib.templatetags.text import comma, semicolon
from portal.lib.text import bracketed

from .comparison import Comparison
from .lining import Cell, Row, Statement


def as_table(comparison: Comparison) -> tuple[list[str], Iterator[list[Any]]]:
    """A line a criterion: what each says, why some do not stand side by side, and the sources of it all."""
    names = [str(thing.name) for thing in comparison.things]
    columns = [_("Group"), _("Criterion"), _("Unit"), *names, _("Not side by side because"), _("Sources")]
    return columns, lines(comparison)


def lines(comparison: Comparison) -> Iterator[list[Any]]:
    for group in comparison.groups:
        for row in group.rows:
            label = " · ".join(str(words) for words in (row.label, row.detail) if words)
            unit = next((cell.statements[0].unit for cell in row.cells if cell.is_beside), "")
            cells = [said(cell) for cell in row.cells]
            yield [group.label, label, unit, *cells, why(comparison, row), sources(comparison, row)]
    for name in comparison.unpublished:
        nothing = [_("not published") for _thing in comparison.things]
        yield [_("Not published by any of them"), str(name), "", *nothing, "", ""]


def said(cell: Cell) -> Any:
    """The number where it stands side by side; else the words, with what sort of number it is and of when."""
    if cell.is_empty:
        return _("not published")
    if cell.lines:
        return semicolon().join(f"{line.words}{bracketed(line.note) if line.note else ''}" for line in cell.lines)
    if cell.is_beside and len(cell.statements) == 1 and cell.ends and cell.ends.low == cell.ends.high:
        return cell.value
    return semicolon().join(in_full(one) for one in cell.statements)


def in_full(statement: Statement) -> str:
    figure = statement.row if isinstance(statement.row, Figure) else None
    senses = [figure.get_basis_display(), figure.when.words] if figure else []
    return comma().join([statement.words, *senses])


def why(comparison: Comparison, row: Row) -> str:
    reasons = [
        _("%(name)s: %(reason)s") % {"name": thing.name, "reason": cell.reason}
        for thing, cell in zip(comparison.things, row.cells, strict=True)
        if cell.reason
    ]
    return semicolon().join([*filter(None, [row.reason]), *reasons])


def sources(comparison: Comparison, row: Row) -> str:
    return semicolon().join(
        _("%(name)s: %(reason)s") % {"name": thing.name, "reason": one.row.source}
        for thing, cell in zip(comparison.things, row.cells, strict=True)
        for one in cell.statements
        if one.row is not None
    )
