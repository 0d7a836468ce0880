"""The rows of land, incentives and ways out: what the parks offer, what policies give, how far the next port is."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.conditions import together
from clusters.models import Incentive, LogisticsLink, ParkProfile, Plot, PolicyRecord
from portal.lib import units

from .figures import ends_of
from .lining import Ends, Line, Row, Sense, Statement, cut, line_up, shared_keys, words_row
from .things import Thing

# Land -----------------------------------------------------------------------------------------------------------------


def parks_of(things: Sequence[Thing], at: datetime) -> list[ParkProfile]:
    cities = [thing.city.pk for thing in things]
    parks = ParkProfile.objects.live(at).filter(entry__city__in=cities).select_related("entry__city")
    return list(parks.prefetch_related("plots__source").order_by("entry__slug"))


def land_rows(things: Sequence[Thing], parks: Sequence[ParkProfile], today: date) -> list[Row]:
    own = [[park for park in parks if park.entry.city_id == thing.city.pk] for thing in things]
    plots = [[plot for park in parks for plot in park.plots.all() if plot.is_on_offer(today)] for parks in own]
    named = [cut([Line(park.title, url=park.get_absolute_url()) for park in parks]) for parks in own]
    return [
        words_row("parks", _("Parks"), named),
        area_row("land", _("Land on offer"), "mu", things, plots),
        price_row("land", _("Price of land on offer"), plots),
        least_row(_("Least investment asked for"), plots),
        area_row("building", _("Buildings on offer"), "m2", things, plots),
        price_row("building", _("Price of buildings on offer"), plots),
    ]


def area_row(kind: str, label: str, unit: str, things: Sequence[Thing], plots: Sequence[Sequence[Plot]]) -> Row:
    """The sum of what is on offer, in one unit."""
    said = []
    for thing, own in zip(things, plots, strict=True):
        of_kind = [plot for plot in own if plot.kind == kind]
        area = together(of_kind, unit)
        words = ngettext("%(area)s in %(count)d offer", "%(area)s in %(count)d offers", len(of_kind))
        words %= {"area": units.quantity(area, unit), "count": len(of_kind)}
        url = f"{reverse('park-list')}?city={thing.city.slug}"
        said.append([Statement(area, unit, {}, Ends(area, area), said=words, url=url)] if of_kind else [])
    return line_up(f"plots-{kind}", label, said, better="more", key=())


def price_row(kind: str, label: str, plots: Sequence[Sequence[Plot]]) -> Row:
    said = [[price_of(plot) for plot in own if plot.kind == kind and plot.price is not None] for own in plots]
    return cheapest(f"plot-price-{kind}", label, said)


def price_of(plot: Plot) -> Statement:
    ends = Ends(plot.price, plot.highest)
    senses = {"unit": Sense(plot.price_unit), "what": Sense(plot.term_years or "unstated")}
    return Statement(plot.price, plot.price_unit, senses, ends, row=plot, said=plot.price_words)


def least_row(label: str, plots: Sequence[Sequence[Plot]]) -> Row:
    said = [[least_of(plot) for plot in own if plot.min_investment is not None] for own in plots]
    return cheapest("plot-least", label, said)


def least_of(plot: Plot) -> Statement:
    least, ends = plot.min_investment, Ends(plot.min_investment, plot.min_investment)
    return Statement(least, "CNY/mu", {"unit": Sense("CNY/mu")}, ends, row=plot, said=plot.least_investment)


def cheapest(code: str, label: str, said: Sequence[Sequence[Statement]]) -> Row:
    """Of each city the lowest, in the unit (and for the term) that most of them use."""
    key = next(iter(shared_keys(said)), None)
    lowest = [sorted((one for one in own if key is None or one.key == key), key=value)[:1] or own[:1] for own in said]
    return line_up(code, label, lowest, better="less", key=key, detail=_("the lowest of each"))


def value(statement: Statement) -> Decimal:
    return statement.value


# Ways out -------------------------------------------------------------------------------------------------------------


def logistics_rows(things: Sequence[Thing], today: date) -> list[Row]:
    """How far the nearest port, airport, station and border crossing are, whichever they are."""
    labels = {
        "port": _("To the nearest port"),
        "airport": _("To the nearest airport"),
        "station": _("To the nearest railway station"),
        "border": _("To the nearest border crossing"),
    }
    return [
        line_up(f"way-{to}", label, [nearest(thing, to, today) for thing in things], better="less", key=())
        for to, label in labels.items()
    ]


def nearest(thing: Thing, to: str, today: date) -> list[Statement]:
    ways = [
        way
        for way in thing.version.logistics.all()
        if way.to == to and way.distance_km is not None and way.holds(today)
    ]
    return sorted(map(distance, ways), key=value)[:1]


def distance(way: LogisticsLink) -> Statement:
    return Statement(way.distance_km, "km", {}, ends_of(way.distance_km, way.qualifier), row=way, said=way.distance)


# Incentives -----------------------------------------------------------------------------------------------------------


def policies_of(things: Sequence[Thing], at: datetime) -> list[PolicyRecord]:
    """Those that give something."""
    giving = {place.pk for thing in things for place in thing.city.jurisdictions}
    policies = PolicyRecord.objects.live(at).filter(entry__city__in=giving)
    giving = policies.filter(Exists(Incentive.objects.filter(version=OuterRef("pk"))))
    return list(giving.with_entry().prefetch_related(Incentive.prefetch()).order_by("entry__slug"))


def incentive_rows(things: Sequence[Thing], policies: Sequence[PolicyRecord], today: date) -> list[Row]:
    """What is given now, kind by kind."""
    given = [row for policy in policies for row in policy.incentives.all() if row.holds(today)]
    own = [
        [row for row in given if row.version.city in places]
        for places in [thing.city.jurisdictions for thing in things]
    ]
    return [
        words_row(f"incentive-{kind}", capfirst(str(label)), [lines_of(rows, kind) for rows in own])
        for kind, label in Incentive.Kind.choices
    ]


def lines_of(rows: Iterable[Incentive], kind: str) -> list[Line]:
    return cut([Line(row.name, row.version.get_absolute_url(), row.amount) for row in rows if row.kind == kind])
