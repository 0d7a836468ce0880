"""A chart by itself: a drawing that pages show as a picture, and the files that readers take along."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic.base import View

from portal.lib.charts import Chart, boundaries_file, recoloured
from portal.lib.spreadsheets import csv_file
from portal.lib.text import Text

from .views import PublicPage

FORMS = ("svg", "png", "csv", "json")


class ChartFile(PublicPage, View):
    """`/charts/…/<name>.svg` (with `?narrow` for telephones, `?dark` for dark pages), `.png`, `.csv`, `.json`.

    A subclass finds the chart, or None where nothing is drawn any more. `.json` is what the browser draws from.
    """

    def chart(self, **where: Any) -> Chart | None:
        raise NotImplementedError

    def get(self, request: HttpRequest, form: str, **where: Any) -> HttpResponse:
        chart = self.chart(**where) if form in FORMS else None
        if chart is None:
            raise Http404
        return getattr(self, form)(chart)

    def svg(self, chart: Chart) -> HttpResponse:
        asked = self.request.GET
        if "sheet" in asked:
            drawing = chart.sheet(self.foot())
        else:
            drawing = faced(chart.narrow if "narrow" in asked else chart.svg)
        palette = settings.BRAND.palette(dark="dark" in asked)
        return HttpResponse(recoloured(drawing, palette), content_type="image/svg+xml")

    def png(self, chart: Chart) -> HttpResponse:
        return HttpResponse(chart.png(self.foot()), content_type="image/png")

    def csv(self, chart: Chart) -> HttpResponse:
        return csv_file("chart.csv", chart.table.columns, chart.table.rows)

    def json(self, chart: Chart) -> HttpResponse:
        map_at = reverse("boundaries") if "geo" in chart.option else ""
        return JsonResponse({"option": chart.option, "label": chart.label, "map": map_at})

    def foot(self) -> str:
        """Who published it, as of when."""
        day = date_format(localtime(self.clock.at), "DATE_FORMAT")
        return _("%(site)s, published data as of %(day)s") % {"site": Text(settings.SITE_NAME), "day": day}


class Boundaries(PublicPage, View):
    """The outlines from which the browser draws maps."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        found = boundaries_file()
        if not found:
            raise Http404
        return HttpResponse(found, content_type="application/json")


#: A picture inherits no font from the page it stands in.
SCREEN_FACES = "system-ui, PingFang SC, Microsoft YaHei, Noto Sans SC, sans-serif"


def faced(svg: str) -> str:
    return svg.replace("<svg ", f'<svg font-family="{SCREEN_FACES}" ', 1)


def at(name: str, *where: str) -> str:
    """The address of a chart without its ending."""
    return reverse(name, args=[*where, "svg"]).removesuffix(".svg")
