"""Maps of where cities are, each with its list."""

import pytest

from clusters.models import ClusterProfile, ClusterStage
from portal.cities.models import City
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cities():
    """Two with a page, one of them with coordinates; and one without a page."""
    make.live()
    make.live(at="zibo")
    City.objects.filter(slug="zaozhuang").update(latitude="34.8", longitude="117.3")
    City.objects.create(
        slug="hidden", code="999999", level="prefecture", name={"en": "Hidden"}, latitude=30, longitude=100
    )


def points(client, address):
    return [point["name"] for point in client.get(address).json()["option"]["series"][0]["data"]]


def test_map_has_the_cities_that_publish_and_lists_those_it_cannot_place(client, cities):
    assert points(client, "/en/charts/map/cities.json") == ["Zaozhuang"]
    table = client.get("/en/charts/map/cities.csv").content.decode()
    assert ("Zaozhuang" in table, "Zibo" in table, "Hidden" in table) == (True, True, False)
    assert b"<svg" in client.get("/en/charts/map/cities.svg").content
    assert client.get("/en/charts/boundaries.json").json()["type"] == "FeatureCollection"


def test_without_outlines_there_is_no_map(client, cities, settings):
    settings.MAP_BOUNDARIES = ""
    assert client.get("/en/charts/map/cities.svg").status_code == 404
    assert "/charts/map/" not in client.get("/en/").content.decode()
    assert client.get("/en/charts/boundaries.json").status_code == 404


def test_map_of_a_city_marks_it_among_the_others(client, cities):
    (point,) = client.get("/en/charts/map/cities/zaozhuang.json").json()["option"]["series"][0]["data"]
    assert (point["name"], point["itemStyle"]["color"]) == ("Zaozhuang", "#b63a22")
    assert client.get("/en/charts/map/cities/zibo.svg").status_code == 404  # no coordinates
    assert client.get("/en/charts/map/cities/hidden.svg").status_code == 404  # no page


def test_map_of_a_chain_marks_who_wants_investment(client, cities):
    draft = make.draft(ClusterProfile)
    link = make.link()
    make.write(draft, ClusterStage, link=link, strength="gap", wanted=True, source=make.source())
    make.approved(draft)
    said = client.get(f"/en/charts/map/chains/{link.chain.slug}.json").json()["option"]["series"][0]["data"]
    assert [(point["name"], point["itemStyle"]["color"]) for point in said] == [("Zaozhuang", "#b63a22")]
    assert client.get(f"/en/chains/{link.chain.slug}/").content.decode().count("/charts/map/chains/") >= 1
