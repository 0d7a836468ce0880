"""Lists narrowed by their address: pages, files, and what is said where the address asks what there is not."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.lib import spreadsheets
from portal.lib.context import absolute
from portal.lib.templatetags.ui import grouped
from portal.lib.text import language_codes, printable

from .filters import LONGEST, FacetedFilter
from .models import Version
from .views import PublicPage, trail

PAGE_SIZE = 20
MOST_PAGES = 50
MOST_IN_FILE = 5_000  # rows: whoever wants more asks the API, page by page
VIEWS = {"cards": gettext_lazy("Cards"), "table": gettext_lazy("Table")}


class CappedPaginator(Paginator):
    """No reader turns a thousand pages; a program takes the file."""

    def __init__(self, rows: Any, count: int) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.count = count  # type: ignore[misc]  # the facets have counted already

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, MOST_PAGES)


def turned_to(paginator: Paginator, number: str) -> tuple[int, Any, str]:
    """The status, the page, and where there is none, what is said instead."""
    try:
        return 200, paginator.page(number), ""
    except PageNotAnInteger:
        return 400, None, _("“%(value)s” is not the number of a page.") % {"value": printable(number)}
    except EmptyPage:
        count = paginator.num_pages
        said = ngettext("This list has %(count)d page.", "This list has %(count)d pages.", count) % {"count": count}
        return 404, None, said


class Column(NamedTuple):
    """A column of a list's file: its heading, and what a version says there.

    `told`: it stands in the table on the page too; `at`: the place on the version's own page that its cells lead to.
    """

    heading: Any
    cell: Callable[[Any], Any]
    told: bool = False
    at: str = ""
    is_number: bool = False


def titles() -> list[Column]:
    """Each language's."""
    return [
        Column(
            _("Title (%(language)s)") % {"language": get_language_info(code)["name_local"]},
            lambda version, code=code: version.title.get(code),  # type: ignore[misc]
        )
        for code in language_codes()
    ]


def address(version: Version) -> str:
    return absolute(version.get_absolute_url())


def picked(versions: Any, keys: Iterable[int]) -> list[Any]:
    """Those of these keys, in their order."""
    rows = versions.in_bulk(list(keys))
    return [rows[key] for key in keys if key in rows]


def complaints(filters: FacetedFilter) -> list[dict[str, Any]]:
    """What an address asks and the list cannot give."""
    form = filters.form
    return [{"label": form.fields[name].label, "said": said} for name, found in form.errors.items() for said in found]


class FilteredList(PublicPage, TemplateView):
    """A list narrowed by its address. What the address asks and we cannot give is said, with a way on."""

    model: type[Version]
    filter_class: type[FacetedFilter]
    title: Any
    lede: Any
    views: tuple[str, ...] = ("cards", "table")

    def get(self, request, *args, **kwargs):
        if not self.filters.form.is_valid():
            return self.refused()
        form = spreadsheets.asked(request)
        if form:
            return self.file(form)
        return self.turned_to(request.GET.get("page") or "1")

    @cached_property
    def filters(self) -> FacetedFilter:
        return self.filter_class(self.request.GET, self.clock)

    def arranged(self, keys: Any) -> Any:
        """The keys of all rows that are found, in the order of the list."""
        return keys

    def versions(self) -> Any:
        """The live versions with what a card or a line of the table prints of each."""
        return self.live(self.model).with_entry()

    def in_file(self) -> Any:
        """The same with what a line of the file says."""
        return self.versions()

    def columns(self) -> list[Column]:
        """Of the file."""
        return [*titles(), Column(_("Address"), address)]

    def file(self, form: str) -> Any:
        keys = self.arranged(self.filters.rows().values_list("pk", flat=True))[:MOST_IN_FILE]
        columns = self.columns()
        with self.filters.read():
            versions = picked(self.in_file(), keys)
        rows = ([column.cell(version) for column in columns] for version in self.told(versions))
        return spreadsheets.file(form, f"{self.model.kind}-list", [column.heading for column in columns], rows)

    def refused(self):
        return self.answer(400, errors=complaints(self.filters), way_on=self.filters.address_without_errors())

    def turned_to(self, number):
        filters = self.filters
        keys = self.arranged(filters.rows().values_list("pk", flat=True))
        status, page, said = turned_to(CappedPaginator(keys, filters.count), number)
        if page is None:
            return self.answer(status, errors=[{"said": said}], way_on=filters.address())
        with filters.read():
            versions = picked(self.versions(), page.object_list) if filters.count else []
        out_of_reach = not page.has_next() and page.number * PAGE_SIZE < filters.count
        return self.answer(
            200,
            page_obj=page,
            rows=self.grouped(self.told(versions)) if versions else [],
            capped_at=page.number * PAGE_SIZE if out_of_reach else None,
            file_capped_at=MOST_IN_FILE if filters.count > MOST_IN_FILE else None,
            loosened=[] if filters.count else filters.loosened(),
            heading=self.how_many(filters.count),
            sorts=filters.sorts() if "sort" in filters.filters else [],
        )

    def grouped(self, versions: list[Any]) -> Any:
        """As the template goes through them."""
        return self.table(versions) if self.view == "table" else versions

    def told(self, versions: list[Any]) -> list[Any]:
        """With what is asked for all of them at once and stands beside each."""
        return versions

    def headings(self) -> list[Column]:
        """The columns of the table on the page, after the title."""
        return [column for column in self.columns() if column.told]

    def table(self, versions: list[Any]) -> list[dict[str, Any]]:
        """What components/list_table.html draws."""
        columns = self.headings()
        return [
            {
                "version": version,
                "cells": [
                    {"column": column, "said": column.cell(version), "url": f"#{column.at}" if column.at else ""}
                    for column in columns
                ],
            }
            for version in versions
        ]

    def how_many(self, count: int) -> str:
        """ "12 cities": the heading of the results."""
        return ngettext("%(count)s entry", "%(count)s entries", count) % {"count": grouped(count)}

    def answer(self, status, **said):
        return self.render_to_response(self.get_context_data(**said), status=status)

    @property
    def view(self) -> str:
        """How the rows are laid out; an unknown word is no reason to refuse the list."""
        asked = self.request.GET.get("view", "")
        return asked if asked in self.views else self.views[0]

    def get_context_data(self, **said):
        query, filters = self.request.GET, self.filters
        return super().get_context_data(
            kind=self.model.kind,
            title=self.title,
            lede=self.lede,
            facets=filters.facets(),
            chosen=filters.chosen(),
            words=printable(query.get("q", ""), LONGEST),
            kept=filters.kept(),
            view=self.view,
            headings=self.headings(),
            layouts=[
                {"label": VIEWS[name], "url": filters.address(view=name), "chosen": name == self.view}
                for name in self.views
            ],
            breadcrumbs=trail(self.title),
            **said,
        )
