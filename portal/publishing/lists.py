"""Lists narrowed by their address: pages, files, and what is said where the address asks what there is not."""

from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from .filters import FacetedFilter, printable
from .models import Version
from .views import PublicPage

PAGE_SIZE = 20
MOST_PAGES = 50


class CappedPaginator(Paginator):
    """No reader turns a thousand pages; a program takes the file."""

    @cached_property
    def num_pages(self):
        return min(super().num_pages, MOST_PAGES)


class FilteredList(PublicPage, TemplateView):
    """A list narrowed by its address. What the address asks and we cannot give is said, with a way on."""

    model: type[Version]
    filter_class: type[FacetedFilter]
    title: Any

    def get(self, request, *args, **kwargs):
        if not self.filters.form.is_valid():
            return self.refused()
        return self.turned_to(request.GET.get("page") or "1")

    @cached_property
    def filters(self):
        return self.filter_class(self.request.GET, self.get_queryset(), request=self.request)

    def get_queryset(self):
        return self.live(self.model).with_entry()

    def arranged(self, rows):
        """The rows, or their keys, in the order of the list."""
        return rows

    def shown(self, rows):
        """What the template prints of those on this page."""
        return rows

    def refused(self):
        errors = [
            {"label": self.filters.form.fields[name].label, "said": said}
            for name, found in self.filters.form.errors.items()
            for said in found
        ]
        return self.answer(400, errors=errors, way_on=self.filters.address_without_errors())

    def turned_to(self, number):
        paginator = CappedPaginator(self.arranged(self.filters.rows()), PAGE_SIZE)
        try:
            page = paginator.page(number)
        except PageNotAnInteger:
            said = _("“%(value)s” is not the number of a page.") % {"value": printable(number)}
            return self.answer(400, errors=[{"said": said}], way_on=self.filters.address("page"))
        except EmptyPage:
            count = paginator.num_pages
            said = ngettext("This list has %(count)d page.", "This list has %(count)d pages.", count) % {"count": count}
            return self.answer(404, errors=[{"said": said}], way_on=self.filters.address("page"))
        out_of_reach = not page.has_next() and page.number * PAGE_SIZE < paginator.count
        capped_at = page.number * PAGE_SIZE if out_of_reach else None
        return self.answer(200, page_obj=page, rows=self.shown(page.object_list), capped_at=capped_at)

    def answer(self, status, **said):
        return self.render_to_response(self.get_context_data(**said), status=status)

    def get_context_data(self, **said):
        query = self.request.GET
        return super().get_context_data(
            facets=self.filters.facets(),
            chosen=self.filters.chosen(),
            words="".join(filter(str.isprintable, query.get("q", ""))),
            breadcrumbs=[{"label": _("Home"), "url": reverse("home")}, {"label": self.title}],
            data_as_of=self.request.clock.at,  # type: ignore[attr-defined]
            **said,
        )
