"""The lists of cities, clusters, parks, policies and rankings: hard facts that hold, do not, or are not published."""

import re

import pytest
from django.utils.timezone import localdate, timedelta

from clusters.models import (
    CityProfile,
    ClusterProfile,
    LogisticsLink,
    ParkIndustry,
    ParkProfile,
    PolicyRecord,
    RankingEdition,
)
from portal.lib.text import Text
from tests import make
from tests.reading import facet, records, slugs

from .publications import cost, incentive, plot, put_below_zibo, stage

pytestmark = pytest.mark.django_db
YESTERDAY = (localdate() - timedelta(days=1)).isoformat()


def city(at, *, power=None, until="", port=None, land=None):
    draft = make.draft(CityProfile, at=at)
    if power:
        cost(draft, power, valid_until=until)
    if land:
        cost(draft, land[0], category="land", unit=land[1])
    if port:
        make.write(draft, LogisticsLink, mode="road", to="port", destination=Text("Port"), distance_km=port)
    return make.approved(draft)


@pytest.fixture
def two():
    city("zaozhuang", power="0.62", port=250, land=(450, "CNY/m2"))
    city("zibo", power="0.40", until=YESTERDAY)


def get(client, path, status=200):
    response = client.get(f"/en/{path}")
    assert response.status_code == status
    return response


def found(client, path):
    return slugs(get(client, path))


def test_limit_of_nought_is_a_limit_and_the_whole_list_stays_whole(client, two):
    for query, count in (("free=0&free_is=no", 0), ("free=0", 0), ("", 2), ("power=0&power_is=no", 1), ("power=0", 0)):
        response = get(client, f"cities/?{query}")
        assert len(response.context["rows"]) == count, query
        assert response.context["heading"].startswith(f"{count} "), query
        assert sum(facet(response, "type").values()) == count, query


@pytest.mark.parametrize(
    ("query", "cities"),
    [
        ("power=0.62", ["zaozhuang"]),
        ("power=0.61", []),
        ("power=0.61&power_is=no", ["zaozhuang"]),
        ("power=0.61&power_is=unknown", ["zibo"]),  # its price has expired: that is no offer
        ("power=0.61&power_is=no&power_is=unknown", ["zaozhuang", "zibo"]),
        ("power_is=yes", ["zaozhuang"]),
        ("land=299990", []),
        ("land=300010", ["zaozhuang"]),  # 450 the square metre
        ("port=300", ["zaozhuang"]),
        ("port=200&port_is=unknown", ["zibo"]),
        ("free_is=unknown", ["zaozhuang", "zibo"]),
        ("sort=power", ["zaozhuang", "zibo"]),
        ("province=unknown&type=unknown", ["zaozhuang", "zibo"]),
    ],
)
def test_cities_are_struck_out_by_what_they_publish(client, two, query, cities):
    assert found(client, f"cities/?{query}") == cities


def test_province_is_the_one_a_county_lies_in_and_a_provinces_own(client, two):
    put_below_zibo("province")
    response = get(client, "cities/?province=zibo")
    assert facet(response, "province") == {"zibo": 2}
    assert re.findall(r'class="meta">\s*([^<]*?)\s*</p>\s*<h3>', response.content.decode()) == [
        "province",
        "Zibo › Prefecture",
    ]
    assert [line["Province"] for line in records(get(client, "cities/?export=csv"))] == ["Zibo", "Zibo"]


def test_fact_is_counted_in_three_ways_and_an_empty_list_leads_on(client, two):
    response = get(client, "cities/?power=0.5")
    assert facet(response, "power_is") == {"yes": 0, "no": 1, "unknown": 1}
    assert [chip["label"] for chip in response.context["chosen"]] == ["Lowest price of electricity: up to 0.5 RMB/kWh"]
    assert response.context["chosen"][0]["url"] == "?"
    assert [(way["url"], way["count"]) for way in response.context["loosened"]] == [
        ("?", 2),
        ("?power=0.5&power_is=unknown", 1),
    ]


@pytest.mark.parametrize("typed", ["x", "NaN", "-1", "1e99", "0.123456", "\0", "１"])
def test_limit_that_is_no_number_is_refused_with_a_way_on(client, two, typed):
    response = client.get("/en/cities/", {"power": typed, "type": "unknown"})
    assert response.status_code in ({200} if typed == "１" else {400})
    if response.status_code == 400:
        assert response.context["way_on"] == "?type=unknown"


def test_city_is_found_by_what_its_clusters_policies_and_parks_say(client, two):
    cluster = make.draft(ClusterProfile, slug="lithium")
    stage(cluster, "cells", strength="gap", wanted=True)
    make.approved(cluster)
    policy = make.draft(PolicyRecord, slug="aid", at="zibo", nature="incentive")
    incentive(policy)
    incentive(policy, "Relief", kind="tax", valid_until=YESTERDAY)
    make.approved(policy)
    park = make.draft(ParkProfile, slug="zone", at="zibo", level="national")
    plot(park, "A", area=300)
    plot(park, "B", area=10_000, area_unit="m2")
    plot(park, "C", area=999, status="taken")
    make.approved(park)
    assert found(client, "cities/?wanted=lithium.cells") == ["zaozhuang"]
    assert found(client, "cities/?industry=lithium-batteries") == ["zaozhuang"]
    assert found(client, "cities/?industry=unknown") == ["zibo"]
    assert found(client, "cities/?incentive=cash") == ["zibo"]
    assert found(client, "cities/?incentive=tax") == []
    assert found(client, "cities/?incentive=unknown") == ["zaozhuang"]
    assert found(client, "cities/?park=national&free=315") == ["zibo"]
    assert found(client, "cities/?free=316&free_is=no") == ["zibo"]
    assert found(client, "parks/?free=315&level=national") == ["zone"]
    assert found(client, "parks/?land_is=unknown&industry=unknown") == ["zone"]
    assert found(client, "policies/?offers=yes&incentive=cash") == ["aid"]
    assert found(client, "policies/?offers=no") == []
    assert found(client, "clusters/?wanted=lithium.cells&gap=lithium.cells&city=zaozhuang") == ["lithium"]
    assert found(client, "clusters/?stage=unknown") == ["lithium"]


def test_incentive_is_over_with_its_policy(client, two):
    policy = make.draft(PolicyRecord, slug="aid", nature="incentive", in_force="2020/2021")
    incentive(policy)
    make.approved(policy)
    assert found(client, "cities/?incentive=cash") == []
    assert found(client, "policies/?incentive=cash") == []
    assert found(client, "policies/?offers=no") == ["aid"]
    assert [row["Incentives in force"] for row in records(get(client, "policies/?export=csv"))] == [""]


def test_publisher_of_a_draft_alone_is_no_choice(client):
    make.draft(RankingEdition, publisher=make.organisation("secret-institute"), edition="2025")
    assert client.get("/en/rankings/?publisher=secret-institute").status_code == 400


def test_park_serves_several_industries_and_counts_for_each(client):
    park = make.draft(ParkProfile, slug="zone")
    for slug in ("alumina", "nev"):
        make.write(park, ParkIndustry, industry=make.industry(slug))
    make.approved(park)
    make.live(ParkProfile, slug="bare")
    assert facet(get(client, "parks/"), "industry") == {"alumina": 1, "nev": 1, "unknown": 1}
    assert facet(get(client, "parks/?industry=nev"), "industry") == {"alumina": 1, "nev": 1, "unknown": 1}
    assert found(client, "parks/?industry=nev&industry=unknown") == ["bare", "zone"]


def test_table_says_what_is_not_published_and_leads_to_the_evidence(client, two):
    page = get(client, "cities/?view=table&sort=power").content.decode()
    assert '<a href="/en/cities/zaozhuang/#costs">0.62 RMB/kWh</a>' in page
    assert page.count('<span class="meta">not published</span>') > 5
    assert 'name="view" value="table"' in page


def test_park_of_a_draft_alone_counts_nowhere(client, two):
    draft = make.draft(ParkProfile, slug="secret", at="zibo", level="national")
    plot(draft, area=300)
    assert found(client, "cities/?park=national") == []
    assert facet(get(client, "cities/"), "free_is") == {"yes": 0, "unknown": 2}


def test_file_says_the_facts_and_what_is_wanted(client, two):
    rows = records(get(client, "cities/?export=csv&power_is=yes"))
    assert [(row["Lowest price of electricity"], row["Distance to a port"]) for row in rows] == [
        ("0.62 RMB/kWh", "250 km")
    ]
    excel = client.get("/zh-hans/cities/?export=xlsx&power_is=yes")
    assert [row["最低电价"] for row in records(excel)] == ["0.62元/千瓦时"]
    assert client.get("/zh-hans/parks/?export=xlsx").status_code == 200
