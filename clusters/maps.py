"""Where the cities are that publish here, and those along a chain."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.cities.models import City
from portal.lib.charts import Chart
from portal.lib.maps import Place, located
from portal.publishing.charts import ChartFile, at

from .models import CityProfile, ClusterProfile, ClusterStage, ValueChain

Profiles = Any  # live versions of cities or clusters, loaded with their entries


def place_of(city: City, *, marked: bool = False) -> Place:
    return Place(str(city.name), city.longitude, city.latitude, reverse("city-detail", args=[city.slug]), marked)


def province(city: City) -> str:
    return str(city.province.name) if city.province else ""


def of_cities(profiles: Profiles) -> Chart | None:
    """All cities with a published page."""
    cities = [profile.entry.city for profile in profiles]
    provinces = len({province(city) for city in cities})
    said = ngettext("%(count)d city", "%(count)d cities", len(cities)) % {"count": len(cities)}
    where = ngettext("in %(count)d province", "in %(count)d provinces", provinces) % {"count": provinces}
    return located(
        _("%(cities)s %(where)s") % {"cities": said, "where": where},
        map(place_of, cities),
        columns=[_("City"), _("Province")],
        rows=[[str(city.name), province(city)] for city in cities],
        address=at("chart-map-cities"),
    )


def of_chain(chain: ValueChain, profiles: Profiles) -> Chart | None:
    """The cities whose clusters say something of a chain; marked are those that want investment in it."""
    rows = [(profile.entry.city, profile) for profile in profiles]
    wanting = {city.pk for city, profile in rows if profile.wants}
    names = {"chain": chain.name, "count": len({city.pk for city, _profile in rows})}
    return located(
        ngettext("%(chain)s: %(count)d city", "%(chain)s: %(count)d cities", names["count"]) % names,
        [place_of(city, marked=city.pk in wanting) for city in {city.pk: city for city, _profile in rows}.values()],
        columns=[_("City"), _("Cluster"), _("Investment")],
        rows=[[str(city.name), str(row.title), _("wanted") if row.wants else ""] for city, row in rows],
        description=_("Red where investment in a stage of the chain is wanted.") if wanting else "",
        address=at("chart-map-chain", chain.slug),
    )


def along(chain: ValueChain, live: Any) -> Any:
    """The clusters among `live` that say something of the chain, each knowing whether it `wants` investment there."""
    said = ClusterStage.objects.filter(version=OuterRef("pk"), link__chain=chain)
    found = live.filter(Exists(said)).annotate(wants=Exists(said.filter(wanted=True)))
    return found.with_entry().order_by("entry__city__code", "entry__slug")


def of_city(city: City, neighbours: Profiles) -> Chart | None:
    """Where one city is, among the others that publish."""
    others = [place_of(profile.entry.city) for profile in neighbours if profile.entry.city_id != city.pk]
    here = place_of(city, marked=True)
    lies = [str(place.name) for place in city.lineage]
    return located(
        _("Where %(city)s lies") % {"city": city.name},
        [*others, here],
        columns=[_("City"), _("Latitude"), _("Longitude")],
        rows=[[pgettext("between names", ", ").join(reversed(lies)), str(city.latitude), str(city.longitude)]],
        near=here,
        address=at("chart-map-city", city.slug),
    )


class CitiesMap(ChartFile):
    def chart(self, **_where: Any) -> Chart | None:
        return of_cities(self.live(CityProfile).with_lineage().order_by("entry__city__code"))


class ChainMap(ChartFile):
    def chart(self, **where: Any) -> Chart | None:
        chain = ValueChain.objects.filter(slug=where["slug"]).first()
        return of_chain(chain, along(chain, self.live(ClusterProfile))) if chain else None


class CityMap(ChartFile):
    def chart(self, **where: Any) -> Chart | None:
        profiles = list(self.live(CityProfile).with_lineage().order_by("entry__city__code"))
        city = next((profile.entry.city for profile in profiles if profile.entry.city.slug == where["slug"]), None)
        return of_city(city, profiles) if city else None
