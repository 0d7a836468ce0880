"""Prices, land, logistics and incentives: what holds is offered, what is over is history, what is missing is said."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.timezone import localdate

from clusters import findings
from clusters.conditions import SITE, Land, Offers, Prices, Ways
from clusters.models import (
    CityProfile,
    Cost,
    Incentive,
    LogisticsLink,
    ParkIndustry,
    ParkProfile,
    Plot,
    PolicyRecord,
)
from portal.cities.models import City
from portal.facts.doubts import doubts_in
from portal.lib.dates import UncertainDate
from portal.lib.text import Text
from projects.models import ProjectListing
from tests import make
from tests.reading import page

from .publications import cost, incentive, plot

TODAY = date(2026, 11, 22)
CITY = "/en/cities/zaozhuang/"


# What rows come to, without a database -------------------------------------------------------------------------------


def prices(*rows):
    return Prices([Cost(**row) for row in rows], TODAY, SITE, {})


POWER = {"category": "electricity", "price": Decimal("0.27"), "price_max": Decimal("1.2"), "unit": "CNY/kWh"}
LAND = {"category": "land", "price": Decimal(600_000), "unit": "CNY/mu"}
OVER = {"valid_until": "2026-11-21"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Land 600,000 RMB/mu and electricity 0.27–1.2 RMB/kWh"), ("zh-hans", "0.27–1.2元/千瓦时")],
)
def test_prices_are_headed_by_the_span_of_each_category(language, said):
    with translation.override(language):
        assert (
            said
            in prices(POWER, LAND | {"price": 600_000}, POWER | {"price": Decimal("0.5"), "price_max": None}).finding
        )


def test_expired_prices_are_no_finding_and_leave_their_category_missing():
    found = prices(POWER | OVER, LAND)
    assert found.finding == "Land 600,000 RMB/mu"
    assert "electricity" in found.missing
    assert "land" not in found.missing
    assert prices(POWER | OVER).finding == "The only price published has expired"
    assert prices().finding == ""


def test_what_begins_later_is_no_offer_yet():
    later = {"valid_from": "2099"}
    found = prices(POWER | later, LAND)
    assert (found.finding, len(found.coming), found.expired) == ("Land 600,000 RMB/mu", 1, [])
    assert "electricity" in found.missing
    assert prices(POWER | later, POWER | OVER).finding == ""
    plot = Plot(version_id=1, kind="land", area=Decimal(300), area_unit="mu", **later)
    land = Land([plot], TODAY, [ParkProfile(pk=1)])
    assert (land.on_offer, land.gone, plot.ended) == ([], [plot], False)
    tax = Incentive(version_id=1, kind="tax", name=Text("Tax"), **later)
    offers = Offers([tax], TODAY, [PolicyRecord(pk=1)])
    assert (offers.current, offers.coming) == ([], [tax])


def test_unit_of_an_area_is_named_in_the_readers_language():
    with translation.override("zh-hans"):
        assert Plot(area_unit="mu").get_area_unit_display() == "亩"


def test_end_of_a_range_without_its_beginning_is_no_price():
    with pytest.raises(ValidationError) as refused:
        Plot(price_max=Decimal(2)).clean()
    assert refused.value.message_dict == {"price": ["A price needs an amount and its unit."]}


def test_land_on_offer_is_added_up_in_one_unit_and_what_is_gone_left_out():
    park = ParkProfile(pk=1)
    plots = [
        {"kind": "land", "area": Decimal(300), "area_unit": "mu", "price": Decimal(200_000), "price_unit": "CNY/mu"},
        {"kind": "land", "area": Decimal(200_000), "area_unit": "m2"},
        {"kind": "building", "area": Decimal(12_000), "area_unit": "m2"},
        {"kind": "land", "area": Decimal(900), "area_unit": "mu", "status": "taken"},
        {"kind": "land", "area": Decimal(900), "area_unit": "mu", **OVER},
    ]
    land = Land([Plot(version_id=1, **row) for row in plots], TODAY, [park])
    assert land.finding == "600 mu of land and 12,000 m² of buildings available; land from 200,000 RMB/mu"
    assert [len(land.on_offer), len(land.gone)] == [3, 2]
    assert Land(land.gone, TODAY, [park]).finding == "Nothing published is available now"
    assert Land([], TODAY, []).finding == ""


def test_logistics_are_headed_by_the_nearest_of_each_kind_that_matters():
    rows = [
        {"destination": Text("Port of Qingdao"), "to": "port", "distance_km": Decimal(250)},
        {"destination": Text("Port of Rizhao"), "to": "port", "distance_km": Decimal(180), **OVER},
        {"destination": Text("Yaoqiang Airport"), "to": "airport", "distance_km": Decimal(62), "qualifier": "about"},
        {"destination": Text("Jinan"), "to": "city", "distance_km": Decimal(90)},
    ]
    links = [LogisticsLink(mode="road", **row) for row in rows]
    assert Ways(links, TODAY).finding == "Port of Qingdao 250 km and Yaoqiang Airport about 62 km"
    assert Ways(links[3:], TODAY).finding == "Jinan 90 km"
    assert Ways([LogisticsLink(mode="rail", destination=Text("Line"))], TODAY).finding == ""


def test_incentives_are_headed_by_how_many_hold_and_which_ends_first():
    policy = PolicyRecord(pk=1)
    tax = {"kind": "tax", "name": Text("Tax"), "valid_until": UncertainDate("2027"), "last_day": date(2027, 12, 31)}
    rent = {"kind": "rent", "name": Text("Rent")}
    offers = Offers([Incentive(version_id=1, **row) for row in (tax, rent, rent | OVER)], TODAY, [policy])
    assert offers.finding == "2 incentives in force (tax and rent); the first ends 2027"
    assert Offers(offers.expired, TODAY, [policy]).finding == "No incentive published is in force today"
    over = PolicyRecord(pk=1, in_force="2020/2021")
    assert not Offers(offers.rows, TODAY, [over]).current
    assert [str(row.held_until) for row in offers.rows] == ["2021", "2021", "21 November 2026"]
    assert findings.of_policy(PolicyRecord(in_force=UncertainDate("2020/2021")), TODAY) == (
        "No longer in force (2020 to 2021)"
    )
    assert findings.of_policy(PolicyRecord(in_force=UncertainDate("2020")), TODAY) == "In force: 2020"


# On pages -----------------------------------------------------------------------------------------------------------


def day(offset):
    return (localdate() + timedelta(days=offset)).isoformat()


@pytest.mark.django_db
def test_price_that_holds_only_from_a_later_day_is_said_to_and_found_by_no_filter(client):
    draft = make.draft(CityProfile)
    cost(draft, "0.5", valid_from="2099")
    make.approved(draft)
    said = page(client, CITY)
    assert "1 price that holds only from a later day" in said
    assert "from 2099" in said
    assert "Electricity 0.5" not in said
    assert not client.get("/en/cities/", {"power": "0.6"}).context["rows"]


@pytest.fixture
def everything(db):
    """A city with a park and its plots, a policy and its incentives, and a link."""
    park = make.draft(ParkProfile, slug="zone", title=Text("High-tech zone"))
    price = {"price": Decimal(180_000), "price_unit": "CNY/mu", "source": make.source("land", title=Text("Land list"))}
    plot(park, "Plot A", area=120, use=Text("industry"), term_years=50, min_investment=Decimal(1_500_000), **price)
    plot(park, "Plot B", status="taken")
    plot(park, "Plot C", valid_until=day(-1))
    make.write(park, ParkIndustry, industry=make.industry(), link=make.link())
    make.approved(park)
    policy = make.draft(PolicyRecord, slug="rules", nature="incentive", title=Text("Rules"), in_force="2020/..")
    law = {"kind": "tax", "source": make.source("law", title=Text("Law text"))}
    refund = {"amount": Text("half the local part"), "eligibility": Text("Above RMB 10 m")}
    incentive(policy, "Refund", valid_until="2099", **refund, **law)
    incentive(policy, "Old refund", valid_until=day(-1), **law)
    make.approved(policy)
    city = make.draft()
    link = {"mode": "road", "to": "port", "destination": Text("Port of Rizhao"), "distance_km": Decimal(180)}
    make.write(city, LogisticsLink, hours=Decimal("2.5"), **link)
    cost(city, 5000, category="wages", price_max=7000, unit="CNY/month")
    make.approved(city)


def test_city_offers_land_incentives_logistics_and_wages_with_their_sources(client, everything):
    said = page(client, CITY)
    for words in (
        "120 mu of land available; land from 180,000 RMB/mu",
        "Plot A land · industry High-tech zone 120 mu 180,000 RMB/mu at least 1,500,000 RMB/mu invested for 50 years",
        "1 incentive in force (tax); the first ends 2099",
        "Refund tax half the local part every industry Above RMB 10 m not published until 2099 Rules",
        "1 incentive has ended and is no offer",
        "Port of Rizhao road 180 km 2.5 hours [1] Not published: price and how often.",
        "Labour Wages 5,000–7,000 RMB a month Logistics Port of Rizhao 180 km Incentives 1 incentive",
        "Logistics : Port of Rizhao 180 km",
        "Wages 5,000–7,000 RMB a month",
        "Land list",  # the sources of park and policy stand at the foot of the city's page
        "Law text",
    ):
        assert words in said, words
    for words in ("Plot B", "Plot C", "Old refund"):
        assert words not in said, words


def test_park_and_policy_say_what_is_on_offer_and_for_whom(client, everything):
    park = page(client, "/en/parks/zaozhuang/zone/")
    assert "120 mu of land available" in park
    assert (
        park.index("Plot A")
        < park.index("2 pieces that are reserved, taken or not on offer today")
        < park.index("Plot B")
    )
    assert "Industries served Cells · Lithium Batteries [1]" in park
    policy = page(client, "/en/policies/zaozhuang/rules/")
    assert "1 incentive in force (tax)" in policy
    assert "In force: since 2020" in policy
    assert policy.index("Refund tax") < policy.index("1 incentive that has ended: history, not an offer")
    assert policy.index("history, not an offer") < policy.index("Old refund tax")


def test_what_is_not_published_is_said_with_a_way_to_ask(client, db):
    make.live()
    html = client.get(CITY).content.decode()
    for words in (
        "Land and buildings on offer, with area and price, are not published yet.",
        "Wages and social insurance are not published yet.",
        "How far ports, airports and railways are is not published yet.",
        "No incentive is published yet with its amount and its term.",
    ):
        assert words in html, words
    assert html.count('href="/en/inquiry/?about=city/zaozhuang/zaozhuang">Ask for it</a>') >= 5


def test_policies_of_the_province_hold_in_its_cities_and_nowhere_else(client, db):
    make.live()
    rules = make.live(PolicyRecord, slug="rules", at="zibo", nature="plan", title=Text("Rules of the province"))
    assert "Rules of the province" not in page(client, CITY)
    City.objects.filter(slug="zaozhuang").update(parent=rules.city)
    make.live(PolicyRecord, slug="own", nature="plan", title=Text("Rules of the city"))
    said = page(client, CITY)
    assert said.index("Rules of the city") < said.index("Rules of the province Zibo")


def test_city_shows_some_projects_and_leads_to_all(client, db):
    make.live()
    for number in range(7):
        make.live(ProjectListing, slug=f"plant-{number}", title=Text(f"Plant {number}"))
    html = client.get(CITY).content.decode()
    assert html.count("/en/projects/zaozhuang/plant-") == 6
    assert 'href="/en/projects/?city=zaozhuang">All 7 projects of this city</a>' in html


def test_api_gives_conditions_with_validity_and_source(client, everything):
    [link] = client.get("/api/cities/zaozhuang/").json()["logistics"]
    assert [link[name] for name in ("mode", "to", "distance_km", "hours")] == ["road", "port", "180.0", "2.50"]
    park = client.get("/api/parks/zaozhuang/zone/").json()
    assert [row["status"] for row in park["plots"]] == ["available", "taken", "available"]
    assert park["industries_served"][0]["link"]["slug"] == "cells"
    [refund, old] = client.get("/api/policies/zaozhuang/rules/").json()["incentives"]
    assert [refund["kind"], refund["industry"], refund["source"]["code"]] == ["tax", None, "law"]
    assert old["valid_until"] == day(-1)


# In the workspace -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "section", "said"),
    [
        (
            CityProfile,
            "logistics",
            {"mode": "rail", "destination_en": "Port", "qualifier": "about", "hours": "9"},
        ),
        (ParkProfile, "plots", {"kind": "land", "name_en": "A", "status": "available", "area": "9", "area_unit": "mu"}),
        (PolicyRecord, "incentives", {"kind": "tax", "name_en": "Refund", "valid_until": "2099"}),
    ],
)
def test_section_form_offers_it_to_the_editor(client, db, kind, section, said):
    draft = make.draft(kind, **({"nature": "incentive"} if kind is PolicyRecord else {}))
    client.force_login(make.user("ann"))
    data = {"seen": draft.edits, "source": make.source().pk, "order": 1} | said
    assert client.post(f"/en/staff/versions/{draft.pk}/{section}/add/", data).status_code == 302
    assert getattr(draft, section).count() == 1


@pytest.mark.parametrize(("until", "doubted"), [("2020", True), ("2099", False), ("", False)])
def test_offer_that_is_over_is_doubted(db, until, doubted):
    park = make.draft(ParkProfile)
    plot(park, "Plot A", valid_until=until)
    plot(park, "Plot B", status="taken", valid_until=until)
    found = [doubt for doubt in doubts_in(park) if doubt.code == "expired_offer"]
    assert ["Plot A" in doubt.says and "Plot B" not in doubt.says for doubt in found] == ([True] if doubted else [])
