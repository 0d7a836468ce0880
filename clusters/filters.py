"""How lists of cities, clusters, parks, policies and rankings are narrowed."""

from django.db.models import (
    Case,
    Exists,
    F,
    Min,
    OuterRef,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from portal.cities.models import City
from portal.lib import units
from portal.lib.text import bracketed
from portal.publishing.clock import Clock
from portal.publishing.filters import (
    FILTERS,
    NO,
    NUMBER,
    UNKNOWN,
    YES,
    Choice,
    Facet,
    FacetedFilter,
    Fact,
    Limit,
    Many,
    Sorting,
    WordsFilter,
    cities,
    kept,
    names_of,
)

from .models import (
    ChainLink,
    CityProfile,
    ClusterProfile,
    ClusterStage,
    Cost,
    Incentive,
    Industry,
    LogisticsLink,
    Organisation,
    ParkIndustry,
    ParkProfile,
    Plot,
    PolicyRecord,
    PolicyTarget,
    RankingEdition,
    RankingEntry,
)

NONE = "0"  # what stands for a key where a row has none
BY_CITY = (F("entry__city__code"), F("entry__slug"), F("pk"))
CITY = "entry__city_id"


# Choices --------------------------------------------------------------------------------------------------------------


def industries():
    return [*names_of(Industry), Choice(UNKNOWN, _("industry not stated"), NONE)]


def industries_said():
    return [*names_of(Industry), Choice(UNKNOWN, _("industry not stated"))]


def industries_of_clusters():
    return [*names_of(Industry), Choice(UNKNOWN, _("no cluster published"))]


def chain_links():
    return [*links(), Choice(UNKNOWN, _("place in a chain not stated"), NONE)]


def chain_links_said():
    return [*links(), Choice(UNKNOWN, _("place in a chain not stated"))]


def links():
    rows = ChainLink.objects.select_related("chain").order_by("chain__slug", "order")
    return [
        Choice(f"{row.chain.slug}.{row.slug}", f"{row.name}{bracketed(row.chain.name)}", str(row.pk)) for row in rows
    ]


def provinces():
    found = City.objects.filter(level=City.Level.PROVINCE).only("slug", "name")
    rows = [Choice(row.slug, str(row.name), str(row.pk)) for row in found]
    return [*sorted(rows, key=lambda one: one.label), Choice(UNKNOWN, _("province not stated"), NONE)]


def city_types():
    return [*CityProfile.Type.choices, (UNKNOWN, _("type of city not stated"))]


def park_levels():
    return [*ParkProfile.Level.choices, (UNKNOWN, _("level not stated"))]


def kinds_of_incentive():
    return [*Incentive.Kind.choices, (UNKNOWN, _("none published that is in force"))]


def publishers():
    said = RankingEdition.objects.live().order_by().values("publisher")
    named = Organisation.objects.filter(pk__in=said)
    return [Choice(row.slug, str(row.name), str(row.pk)) for row in named.order_by("slug").only("slug", "name")]


def offers_now():
    return [
        Choice(YES, pgettext("incentives", "in force"), "1"),
        Choice(NO, pgettext("incentives", "all expired"), "0"),
        Choice(UNKNOWN, _("none published"), "-1"),
    ]


# Facts of a place -----------------------------------------------------------------------------------------------------


def lowest_price(category: str, unit: str, clock: Clock) -> Subquery:
    """Of the prices in force that a city publishes in that unit; of land, those by the square metre too."""
    costs = Cost.objects.in_force(clock.today).filter(version=OuterRef("pk"), category=category)
    if unit == "CNY/mu":
        costs = costs.filter(unit__in=["CNY/mu", "CNY/m2"]).annotate(by_unit=per_mu("price", "unit"))
    else:
        costs = costs.filter(unit=unit).annotate(by_unit=F("price"))
    return lowest(costs, "by_unit")


def per_mu(price: str, unit: str) -> Case:
    by_mu = F(price) * Value(units.SQUARE_METRES["mu"], NUMBER)
    return Case(When(**{unit: "CNY/m2"}, then=by_mu), default=F(price), output_field=NUMBER)


def lowest(rows: QuerySet, field: str) -> Subquery:
    found = rows.order_by().values("version").annotate(least=Min(field)).values("least")
    return Subquery(found, output_field=NUMBER)


def nearest_port(clock: Clock) -> Subquery:
    ports = LogisticsLink.objects.in_force(clock.today).filter(version=OuterRef("pk"), to=LogisticsLink.To.PORT)
    return lowest(ports, "distance_km")


def area(plots: QuerySet, by: str, unit: str) -> Subquery:
    """Their area together, in mu or square metres, of each that has the same `by`."""
    shares = {code: Value(size / units.SQUARE_METRES[unit], NUMBER) for code, size in units.SQUARE_METRES.items()}
    size = Case(*(When(area_unit=code, then=F("area") * share) for code, share in shares.items()), output_field=NUMBER)
    whole = plots.order_by().values(by).annotate(whole=Sum(size)).values("whole")
    return Subquery(whole, output_field=NUMBER)


def land_of_city(clock: Clock) -> Subquery:
    parks = ParkProfile.objects.live(clock.at).values("pk")
    here = {"version__entry__kind": ParkProfile.kind, "version__entry__city": OuterRef(CITY)}  # the two of an index
    land = Plot.objects.on_offer(clock.today).filter(kind=Plot.Kind.LAND, version__in=parks, **here)
    return area(land, "version__entry__city", "mu")


def with_facts(profiles: QuerySet, clock: Clock) -> QuerySet:
    """City profiles with what investors strike cities out by; None where nothing is published."""
    return profiles.annotate(
        power=lowest_price(Cost.Category.ELECTRICITY, "CNY/kWh", clock),
        land=lowest_price(Cost.Category.LAND, "CNY/mu", clock),
        gas=lowest_price(Cost.Category.GAS, "CNY/m3", clock),
        wages=lowest_price(Cost.Category.WAGES, "CNY/month", clock),
        port=nearest_port(clock),
        free=land_of_city(clock),
    )


def with_plots(parks: QuerySet, clock: Clock) -> QuerySet:
    """Park profiles with what they have to let."""
    of_park = Plot.objects.on_offer(clock.today).filter(version=OuterRef("pk"))
    land, buildings = (of_park.filter(kind=kind) for kind in (Plot.Kind.LAND, Plot.Kind.BUILDING))
    priced = land.filter(price_unit__in=["CNY/mu", "CNY/m2"]).annotate(by_mu=per_mu("price", "price_unit"))
    return parks.annotate(
        free=area(land, "version", "mu"), floor=area(buildings, "version", "m2"), land=lowest(priced, "by_mu")
    )


# What rows say several of ---------------------------------------------------------------------------------------------


def said_in(rows: QuerySet, kind, clock: Clock, *, code: str, row: str = "version") -> QuerySet:
    """Rows of live versions of a kind, by what they say; of the version, or of its city."""
    live = kind.objects.live(clock.at).order_by().values("pk")
    return rows.filter(version__in=live).annotate(row=F(row), code=F(code)).order_by()


OF_CITY = "version__entry__city"


def stages_wanted_in_city(clock):
    return said_in(ClusterStage.objects.filter(wanted=True), ClusterProfile, clock, code="link", row=OF_CITY)


def industries_of_city(clock):
    live = ClusterProfile.objects.live(clock.at)
    return live.annotate(row=F("entry__city"), code=F("industry")).order_by()


def incentives_now(clock: Clock) -> QuerySet:
    """Those in force: an incentive ends with its policy, if not before."""
    return Incentive.objects.in_force(clock.today).exclude(version__in=policies_over(clock))


def policies_over(clock: Clock) -> list[int]:
    """Of the few whose period has an end."""

    def found() -> list[int]:
        ended = PolicyRecord.objects.live(clock.at).filter(in_force__contains="/").exclude(in_force__endswith="..")
        return [policy.pk for policy in ended.only("in_force").order_by() if policy.is_over(clock.today)]

    return kept(clock, "policies over", found)


def incentives_in_city(clock):
    return said_in(incentives_now(clock), PolicyRecord, clock, code="kind", row=OF_CITY)


def park_levels_in_city(clock):
    live = ParkProfile.objects.live(clock.at).exclude(level="")
    return live.annotate(row=F("entry__city"), code=F("level")).order_by()


def stages_wanted(clock):
    return said_in(ClusterStage.objects.filter(wanted=True), ClusterProfile, clock, code="link")


def stages_there(clock):
    there = ClusterStage.objects.exclude(strength=ClusterStage.Strength.GAP)
    return said_in(there, ClusterProfile, clock, code="link")


def stages_missing(clock):
    missing = ClusterStage.objects.filter(strength=ClusterStage.Strength.GAP)
    return said_in(missing, ClusterProfile, clock, code="link")


def industries_of_park(clock):
    return said_in(ParkIndustry.objects.all(), ParkProfile, clock, code="industry")


def stages_of_park(clock):
    return said_in(ParkIndustry.objects.exclude(link=None), ParkProfile, clock, code="link")


def incentives_of_policy(clock):
    return said_in(incentives_now(clock), PolicyRecord, clock, code="kind")


def industries_of_policy(clock):
    return said_in(PolicyTarget.objects.all(), PolicyRecord, clock, code="industry")


def cities_ranked(clock):
    return said_in(RankingEntry.objects.exclude(city=None), RankingEdition, clock, code="city")


PROVINCE = Case(
    *(
        When(**{f"{place}__level": City.Level.PROVINCE}, then=F(f"{place}__pk"))
        for place in ("entry__city", "entry__city__parent", "entry__city__parent__parent")
    ),
    default=Value(0),
)


def or_unknown(field: str) -> Coalesce:
    return Coalesce(NullIf(field, Value("")), Value(UNKNOWN))


# The lists ------------------------------------------------------------------------------------------------------------


class CityFilter(FacetedFilter):
    q = WordsFilter()
    power = Limit(unit="CNY/kWh", label=gettext_lazy("no more than"))
    land = Limit(unit="CNY/mu", label=gettext_lazy("no more than"))
    port = Limit(unit="km", label=gettext_lazy("no farther than"))
    free = Limit(unit="mu", label=gettext_lazy("no less than"))
    gas = Limit(unit="CNY/m3", label=gettext_lazy("no more than"))
    wages = Limit(unit="CNY/month", label=gettext_lazy("no more than"))
    wanted = Many(stages_wanted_in_city, links, key=CITY, label=gettext_lazy("Investment wanted at the stage"))
    industry = Many(industries_of_city, industries_of_clusters, key=CITY, label=gettext_lazy("Cluster of the industry"))
    incentive = Many(incentives_in_city, kinds_of_incentive, key=CITY, label=gettext_lazy("Incentives in force"))
    power_is = Fact("power", "power", label=gettext_lazy("Lowest price of electricity"))
    land_is = Fact("land", "land", label=gettext_lazy("Lowest price of land"))
    free_is = Fact("free", "free", most=False, label=gettext_lazy("Land available in parks"))
    port_is = Fact("port", "port", label=gettext_lazy("Distance to a port"))
    gas_is = Fact("gas", "gas", folded=True, label=gettext_lazy("Lowest price of gas"))
    wages_is = Fact("wages", "wages", folded=True, label=gettext_lazy("Lowest wage"))
    park = Many(park_levels_in_city, park_levels, key=CITY, folded=True, label=gettext_lazy("Level of its parks"))
    province = Facet(PROVINCE, provinces, folded=True, label=gettext_lazy("Province"))
    type = Facet(or_unknown("city_type"), city_types, folded=True, label=gettext_lazy("Type of city"))
    sort = Sorting(
        place=(gettext_lazy("by place"), *BY_CITY),
        power=(gettext_lazy("cheapest electricity first"), F("power").asc(nulls_last=True), *BY_CITY),
        land=(gettext_lazy("cheapest land first"), F("land").asc(nulls_last=True), *BY_CITY),
        port=(gettext_lazy("nearest to a port first"), F("port").asc(nulls_last=True), *BY_CITY),
    )

    def everything(self, clock):
        return with_facts(CityProfile.objects.live(clock.at), clock)


class ClusterFilter(FacetedFilter):
    q = WordsFilter()
    wanted = Many(stages_wanted, links, label=gettext_lazy("Investment wanted at the stage"))
    stage = Many(stages_there, chain_links_said, label=gettext_lazy("Stage present"))
    gap = Many(stages_missing, links, folded=True, label=gettext_lazy("Stage missing"))
    industry = Facet(F("industry_id"), lambda: names_of(Industry), label=gettext_lazy("Industry"))
    city = Facet(F(CITY), cities, label=gettext_lazy("City"))
    province = Facet(PROVINCE, provinces, folded=True, label=gettext_lazy("Province"))
    sort = Sorting(
        place=(gettext_lazy("by place"), *BY_CITY),
        newest=(gettext_lazy("newest first"), F("live_from").desc(), F("pk").desc()),
    )

    def everything(self, clock):
        return ClusterProfile.objects.live(clock.at)


class ParkFilter(FacetedFilter):
    q = WordsFilter()
    free = Limit(unit="mu", label=gettext_lazy("no less than"))
    floor = Limit(unit="m2", label=gettext_lazy("no less than"))
    land = Limit(unit="CNY/mu", label=gettext_lazy("no more than"))
    free_is = Fact("free", "free", most=False, label=gettext_lazy("Land available"))
    land_is = Fact("land", "land", label=gettext_lazy("Price of land"))
    floor_is = Fact("floor", "floor", most=False, label=gettext_lazy("Buildings available"))
    level = Facet(or_unknown("level"), park_levels, label=pgettext_lazy("of a park", "Level"))
    industry = Many(industries_of_park, industries_said, label=gettext_lazy("Laid out for the industry"))
    link = Many(stages_of_park, chain_links_said, folded=True, label=gettext_lazy("Laid out for the stage"))
    city = Facet(F(CITY), cities, label=gettext_lazy("City"))
    province = Facet(PROVINCE, provinces, folded=True, label=gettext_lazy("Province"))
    sort = Sorting(
        place=(gettext_lazy("by place"), *BY_CITY),
        land=(gettext_lazy("cheapest land first"), F("land").asc(nulls_last=True), *BY_CITY),
        free=(gettext_lazy("most land first"), F("free").desc(nulls_last=True), *BY_CITY),
    )

    def everything(self, clock):
        return with_plots(ParkProfile.objects.live(clock.at), clock)


class PolicyFilter(FacetedFilter):
    q = WordsFilter()
    offers = Facet(F("offers_now"), offers_now, label=gettext_lazy("Incentives"))
    incentive = Many(incentives_of_policy, kinds_of_incentive, label=gettext_lazy("Kind of incentive in force"))
    nature = Facet(F("nature"), lambda: PolicyRecord.Nature.choices, label=gettext_lazy("Kind of policy"))
    industry = Many(industries_of_policy, industries_said, label=gettext_lazy("Industry named"))
    city = Facet(F(CITY), cities, label=gettext_lazy("City"))
    sort = Sorting(
        place=(gettext_lazy("by place"), *BY_CITY),
        newest=(gettext_lazy("latest issued first"), F("issued").desc(), *BY_CITY),
    )

    def everything(self, clock):
        of_policy = {"version": OuterRef("pk")}
        now = Case(
            When(Exists(incentives_now(clock).filter(**of_policy)), then=Value(1)),
            When(Exists(Incentive.objects.filter(**of_policy)), then=Value(0)),
            default=Value(-1),
            output_field=SmallIntegerField(),
        )
        return PolicyRecord.objects.live(clock.at).annotate(offers_now=now)


class RankingFilter(FacetedFilter):
    q = WordsFilter()
    subject = Facet(F("subject"), lambda: RankingEdition.Subject.choices, label=gettext_lazy("What is ranked"))
    publisher = Facet(F("publisher_id"), publishers, label=gettext_lazy("Publisher"))
    city = Many(cities_ranked, cities, label=gettext_lazy("City ranked"))
    sort = Sorting(
        newest=(gettext_lazy("latest edition first"), F("edition").desc(), *BY_CITY),
        place=(gettext_lazy("by place"), *BY_CITY),
    )

    def everything(self, clock):
        return RankingEdition.objects.live(clock.at)


FILTERS |= {
    "city": CityFilter,
    "cluster": ClusterFilter,
    "park": ParkFilter,
    "policy": PolicyFilter,
    "ranking": RankingFilter,
}
