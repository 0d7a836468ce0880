"""The page on which a reader enters what a plant needs and sees what it would cost in each city."""

import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView

from portal.facts.validity import in_force
from portal.lib import spreadsheets, units
from portal.lib.context import absolute
from portal.publishing.views import PublicPage, trail

from .costing import ASSUMPTIONS, HOURS, INSURANCE, ITEMS, SWING, YEARS, Bill, Line, Needs, Span, finding
from .models import CityProfile, Cost

MOST_CITIES = 5
MOST = Decimal(10) ** 12
OWN = "own_"
#: A plant nobody has planned, to try the page with.
EXAMPLE = "land=50&peak=3000000&flat=4000000&valley=3000000&gas=500000&water=60000&sewage=48000&staff=200"


class Amount(forms.DecimalField):
    """1,000,000 and １００ are numbers too."""

    def __init__(self, **said: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            required=False, min_value=0, max_value=MOST, max_digits=18, decimal_places=6, widget=widget, **said
        )

    def to_python(self, value: Any) -> Decimal | None:
        typed = unicodedata.normalize("NFKC", value or "")
        return super().to_python("".join(typed.replace(",", "").split()))


class NeedsForm(forms.Form):
    years = Amount(label=gettext_lazy("Years over which the land's price is spread"))
    hours = Amount(label=gettext_lazy("Hours of work a year, where a wage is by the hour"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in [*ITEMS, INSURANCE]:
            if item is not INSURANCE:
                self.fields[item.code] = Amount(label=str(item.label))
            price = _("%(what)s: your own price") % {"what": item.label}
            self.fields[OWN + item.code] = Amount(label=price)

    def clean(self) -> dict[str, Any]:
        for name in (YEARS, HOURS):
            if self.cleaned_data.get(name) == 0:
                self.add_error(name, _("Enter more than nothing."))
        return self.cleaned_data

    @property
    def needs(self) -> Needs:
        said = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return Needs(
            of={item: said[item.code] for item in ITEMS if said.get(item.code)},  # what is not needed costs nothing
            own={name.removeprefix(OWN): value for name, value in said.items() if name.startswith(OWN)},
            assumed={name: said.get(name, usual) for name, usual in ASSUMPTIONS.items()},
        )

    def groups(self) -> list[dict[str, Any]]:
        """The boxes as the page lays them out: for each item how much, and the reader's own price."""
        rows = [(item, self[item.code] if item is not INSURANCE else None) for item in ITEMS]
        staff = next(place for place, (item, _box) in enumerate(rows) if item.code == "staff")
        rows.insert(staff + 1, (INSURANCE, None))
        return [
            {
                "label": label,
                "rows": [
                    {"item": item, "need": need, "own": self[OWN + item.code], "unit": units.label(item.unit)}
                    for item, need in found
                ],
            }
            for label, found in groupby(rows, key=lambda row: row[0].group)
        ]


class CostModel(PublicPage, TemplateView):
    """?city=…&land=50&flat=8000000…: its address holds all that is entered."""

    template_name = "clusters/cost_model.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=400)
        export = spreadsheets.asked(request)
        if export and self.bills:
            return spreadsheets.file(export, "costs", *as_table(self.bills))
        return self.render_to_response(self.get_context_data())

    @cached_property
    def form(self) -> NeedsForm:
        return NeedsForm({name: self.request.GET[name] for name in self.request.GET})

    @cached_property
    def asked(self) -> list[str]:
        return [slug for slug in dict.fromkeys(self.request.GET.getlist("city")) if slug.strip()]

    @cached_property
    def profiles(self) -> list[CityProfile]:
        """The first five of those asked for that are public."""
        found = self.live(CityProfile).with_entry().filter(entry__city__slug__in=self.asked[:50])
        by_slug = {profile.city.slug: profile for profile in found.prefetch_related(Cost.prefetch())}
        return [by_slug[slug] for slug in self.asked if slug in by_slug][:MOST_CITIES]

    @cached_property
    def bills(self) -> list[tuple[CityProfile, Bill]]:
        if not self.form.is_valid() or not self.form.needs.of:
            return []
        return [(profile, Bill(profile.costs.all(), self.form.needs, self.today)) for profile in self.profiles]  # type: ignore[attr-defined]

    def get_context_data(self, **said: Any) -> dict[str, Any]:
        chosen = {profile.city.slug for profile in self.profiles}
        bills = self.bills
        return super().get_context_data(
            form=self.form,
            chosen=self.profiles,
            unknown=[slug[:60] for slug in self.asked[:50] if slug not in chosen][:MOST_CITIES],
            others=[city for city in self.cities() if city["slug"] not in chosen],
            is_full=len(chosen) >= MOST_CITIES,
            most=MOST_CITIES,
            bills=bills,
            rows=across(bills),
            finding=finding([(profile.city.name, bill) for profile, bill in bills]) if bills else "",
            mixes_taxes=len(set().union(*(bill.taxes for _profile, bill in bills))) > 1,
            assumed=in_words(self.form.needs.assumed if self.form.is_valid() else ASSUMPTIONS),
            usual=in_words(ASSUMPTIONS),
            example=EXAMPLE,
            own_query=self.own_query(),
            breadcrumbs=trail(_("Cost model")),
            **said,
        )

    def cities(self) -> list[dict[str, Any]]:
        """What may be added, with how many prices each has published."""
        rows = self.live(CityProfile).order_by("entry__city__code")
        prices = Count("costs", filter=in_force(self.today, "costs__"))
        found = rows.values_list("entry__city__slug", "entry__city__name").annotate(prices=prices)
        return [{"slug": slug, "name": name, "prices": prices} for slug, name, prices in found]

    def own_query(self) -> str:
        """What is entered, without empty boxes."""
        query = self.request.GET.copy()
        for name in list(query):
            kept = [value for value in query.getlist(name) if value.strip()]
            query.setlist(name, kept) if kept and (name == "city" or name in self.form.fields) else query.pop(name)
        return query.urlencode()


def in_words(assumed: dict[str, Decimal]) -> dict[str, str]:
    return {name: units.number(value) for name, value in assumed.items()}


def across(bills: list[tuple[CityProfile, Bill]]) -> list[dict[str, Any]]:
    """A row for each need, with the line of each city."""
    if not bills:
        return []
    lines = zip(*(bill.lines for _profile, bill in bills), strict=True)
    return [{"item": row[0].item, "need": row[0], "cells": list(zip(bills, row, strict=True))} for row in lines]


def as_table(bills: list[tuple[CityProfile, Bill]]) -> tuple[list[str], Iterator[list[Any]]]:
    """A row for each need in each city, and one for what they come to."""
    columns = [
        *(_("City"), _("Cost"), _("Needed"), _("Measure"), _("Basis"), _("Prices"), _("Valid"), _("Source")),
        *(_("RMB a year, least"), _("RMB a year, most"), _("a tenth less"), _("a tenth more"), _("Address")),
    ]
    return columns, (row for profile, bill in bills for row in of_city(profile, bill))


def of_city(profile: CityProfile, bill: Bill) -> Iterator[list[Any]]:
    name, address = str(profile.city.name), absolute(profile.get_absolute_url())
    for line in bill.lines:
        yield [
            name,
            str(line.item.label),
            line.need,
            str(line.item.measure),
            *evidence(line),
            *ends(line.cost),
            address,
        ]
    basis = _("total") if bill.is_whole else _("sum of what is priced, not a total")
    yield [name, pgettext("sum", "All"), None, "", basis, "", "", "", *ends(bill.sum), address]


def evidence(line: Line) -> list[str]:
    """On what the line rests."""
    if line.own is not None:
        return [_("your own price"), line.own_words, "", ""]
    if line.cost is None:
        return [_("not published"), "", "", ""]
    prices = "; ".join(" ".join(filter(None, (row.amount, str(row.what)))) for row in line.rows)
    valid = (row.validity or _("not stated how long") for row in line.rows)
    return [pgettext("a price", "published"), prices, each_once(valid), each_once(row.source for row in line.rows)]


def each_once(words: Iterable[Any]) -> str:
    return "; ".join(dict.fromkeys(map(str, words)))


def ends(cost: Span | None) -> list[Decimal | None]:
    if cost is None:
        return [None] * 4
    return [round(value, 2) for value in (cost.low, cost.high, cost.low * (1 - SWING), cost.high * (1 + SWING))]
