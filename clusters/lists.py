"""The public lists of cities, clusters, parks, policies and rankings, and their files."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal.lib.templatetags.ui import amount, grouped
from portal.lib.text import listed
from portal.publishing.lists import Column, FilteredList, address, titles

from .filters import (
    CityFilter,
    ClusterFilter,
    ParkFilter,
    PolicyFilter,
    RankingFilter,
    incentives_in_city,
    stages_wanted_in_city,
    with_facts,
    with_plots,
)
from .models import ChainLink, CityProfile, ClusterProfile, Incentive, ParkProfile, PolicyRecord, RankingEdition


def city_name(version):
    return version.city.name


def province_name(version):
    return version.city.province and version.city.province.name


def fact(name, unit):
    """What the row was annotated with, in words."""
    return lambda version: amount(getattr(version, name), unit)


class Listing(FilteredList):
    """The table of one kind. Its template has the card; what stands beside a row comes with `versions`."""

    def get_template_names(self):
        return [f"clusters/{self.model.kind}_list.html"]


class CityList(Listing):
    model = CityProfile
    filter_class = CityFilter
    title = gettext_lazy("Cities")
    lede = gettext_lazy(
        "Cities with a published profile. Strike out by what must hold; what a city does not publish is no reason to."
    )

    def versions(self):
        return with_facts(super().versions().with_lineage(), self.clock)

    def told(self, versions):
        """With what each city asks for and offers, in three queries."""
        by_city = {version.entry.city_id: version for version in versions}
        for version in versions:
            version.wanted, version.offers = [], []
        wanted = stages_wanted_in_city(self.clock).filter(row__in=by_city).values_list("row", "code")
        links = ChainLink.objects.in_bulk({link for _city, link in wanted})
        for city, link in dict.fromkeys(wanted):
            by_city[city].wanted.append(links[link].name)
        for city, kind in incentives_in_city(self.clock).filter(row__in=by_city).values_list("row", "code").distinct():
            by_city[city].offers.append(Incentive.Kind(kind).label)
        return versions

    def columns(self):
        return [
            *titles(),
            Column(_("Province"), province_name, told=True),
            Column(_("Type of city"), lambda city: city.get_city_type_display()),
            Column(_("Lowest price of electricity"), fact("power", "CNY/kWh"), True, "costs", True),
            Column(_("Lowest price of land"), fact("land", "CNY/mu"), True, "costs", True),
            Column(_("Land available in parks"), fact("free", "mu"), True, "land", True),
            Column(_("Distance to a port"), fact("port", "km"), True, "logistics", True),
            Column(_("Lowest price of gas"), fact("gas", "CNY/m3")),
            Column(_("Lowest wage"), fact("wages", "CNY/month")),
            Column(_("Incentives in force"), lambda city: listed(city.offers), True, "incentives"),
            Column(_("Investment wanted at the stage"), lambda city: listed(city.wanted), True, "clusters"),
            Column(_("Address"), address),
        ]

    def how_many(self, count):
        return ngettext("%(count)s city", "%(count)s cities", count) % {"count": grouped(count)}


class ClusterList(Listing):
    model = ClusterProfile
    filter_class = ClusterFilter
    title = gettext_lazy("Clusters")
    lede = gettext_lazy(
        "Industrial clusters by city: the stages of the chain, who is there, and where investment is wanted."
    )

    def versions(self):
        return super().versions().select_related("industry").prefetch_related("stages__link", "companies__organisation")

    def columns(self):
        def stages(shown):
            return lambda cluster: listed([row.link.name for row in cluster.stages.all() if shown(row)])

        def companies(cluster):
            return listed([row.organisation.name for row in cluster.companies.all()], most=3)

        return [
            *titles(),
            Column(_("City"), city_name, True),
            Column(_("Industry"), lambda cluster: cluster.industry, True),
            Column(_("Stages present"), stages(lambda row: row.strength != row.Strength.GAP), True, "chain"),
            Column(_("Stages missing"), stages(lambda row: row.strength == row.Strength.GAP), True, "chain"),
            Column(_("Investment wanted"), stages(lambda row: row.wanted), True, "wanted"),
            Column(_("Companies named"), companies, True, "chain"),
            Column(_("Address"), address),
        ]

    def how_many(self, count):
        return ngettext("%(count)s cluster", "%(count)s clusters", count) % {"count": grouped(count)}


class ParkList(Listing):
    model = ParkProfile
    filter_class = ParkFilter
    title = gettext_lazy("Parks")
    lede = gettext_lazy(
        "Development zones and industrial parks: what they are laid out for, and what they have to let."
    )

    def versions(self):
        return with_plots(super().versions(), self.clock).prefetch_related("industries_served__industry")

    def columns(self):
        def served(park):
            rows = park.industries_served.all()
            return listed(dict.fromkeys(row.industry.name for row in rows)) or park.industries

        return [
            *titles(),
            Column(_("City"), city_name, True),
            Column(pgettext("of a park", "Level"), lambda park: park.get_level_display(), True),
            Column(_("Laid out for"), served, True),
            Column(_("Land available"), fact("free", "mu"), True, "land", True),
            Column(_("Price of land"), fact("land", "CNY/mu"), True, "land", True),
            Column(_("Buildings available"), fact("floor", "m2"), True, "land", True),
            Column(_("Address"), address),
        ]

    def how_many(self, count):
        return ngettext("%(count)s park", "%(count)s parks", count) % {"count": grouped(count)}


class PolicyList(Listing):
    model = PolicyRecord
    filter_class = PolicyFilter
    title = gettext_lazy("Policies")
    lede = gettext_lazy("Laws, plans and incentives, with who issued them and how long they hold.")

    def versions(self):
        return super().versions().prefetch_related("incentives")

    def columns(self):
        def in_force(policy):
            given = (row for row in policy.incentives.all() if row.holds(self.clock.today))
            return listed(dict.fromkeys(Incentive.Kind(row.kind).label for row in given))

        return [
            *titles(),
            Column(_("City"), city_name, True),
            Column(_("Kind of policy"), lambda policy: policy.get_nature_display(), True),
            Column(_("Issued by"), lambda policy: policy.issuer, True),
            Column(_("Document number"), lambda policy: policy.document_number),
            Column(_("Issued"), lambda policy: policy.issued.words, True),
            Column(_("In force"), lambda policy: policy.in_force.words, True),
            Column(_("Incentives in force"), in_force, True, "incentives"),
            Column(_("Address"), address),
        ]

    def how_many(self, count):
        return ngettext("%(count)s policy", "%(count)s policies", count) % {"count": grouped(count)}


class RankingList(Listing):
    model = RankingEdition
    filter_class = RankingFilter
    title = gettext_lazy("Rankings")
    lede = gettext_lazy("Rankings published by others, each place with what it is a place among.")

    def versions(self):
        return super().versions().select_related("publisher")

    def columns(self):
        return [
            *titles(),
            Column(_("Publisher"), lambda ranking: ranking.publisher.name, True),
            Column(_("Edition"), lambda ranking: ranking.edition, True),
            Column(_("What is ranked"), lambda ranking: ranking.get_subject_display(), True),
            Column(_("How many there are"), lambda ranking: ranking.universe, True, "", True),
            Column(_("Places published"), lambda ranking: ranking.listed, True, "", True),
            Column(_("Address"), address),
        ]

    def how_many(self, count):
        return ngettext("%(count)s ranking", "%(count)s rankings", count) % {"count": grouped(count)}
