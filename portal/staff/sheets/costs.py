"""What things cost in a city."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clusters.models import CityProfile, Cost
from portal.publishing.models import Entry
from portal.publishing.workflow import Refused

from .base import Sheet, newest_of, subject_key


class CostSheet(Sheet):
    word = "costs"
    label = pgettext_lazy("a table to import", "costs")
    help = gettext_lazy("What land, power, water and work cost; into a draft of the city's page.")

    @cached_property
    def readers(self):
        return {"cost": self.reader(Cost, version=CityProfile())}

    @cached_property
    def headings(self):
        return self.of_all("cost")

    @cached_property
    def city_page(self):
        return Entry.objects.select_related("city").filter(kind="city", city=self.city).first()

    def understand(self, row, typed):
        self.piece(row, "cost", self.cells(typed, "cost"))

    def keys(self, row):
        return [cost_key(row.made["cost"])]

    def known(self, rows):
        costs = Cost.objects.filter(version__in=newest_of([self.city_page] if self.city_page else []))
        return dict.fromkeys(map(cost_key, costs), _("already there"))

    def land(self, rows):
        if not self.city_page:
            raise Refused(_("The city has no page yet: begin it first."))
        return [self.add(self.city_page, Cost, [row.made["cost"] for row in rows])]

    def stored(self):
        page = [self.city_page] if self.city_page else []
        costs = Cost.objects.filter(version__in=newest_of(page)).select_related("source", "park__city")
        return map(self.line, costs.order_by("order", "pk"))

    def line(self, cost):
        return [self.cell(shown, cost) for shown in self.headings]


def cost_key(cost):
    return (
        cost.category, subject_key(cost.what), cost.price, cost.price_max, cost.unit, cost.tax,
        str(cost.valid_from), str(cost.valid_until), cost.park_id, cost.source_id,
    )  # fmt: skip
