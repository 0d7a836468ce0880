"""Two to five things side by side, from an address alone."""

from decimal import Decimal

import pytest
from django.utils.http import urlencode

from clusters.models import (
    CityProfile,
    ClusterProfile,
    ClusterStage,
    LogisticsLink,
    ParkProfile,
    PolicyRecord,
)
from portal.lib.text import Text
from projects.models import ProjectListing
from tests import make
from tests.clusters.publications import cost, incentive, plot, put_below_zibo
from tests.reading import page, queries, table, words

pytestmark = pytest.mark.django_db

BOTH = "/en/compare/?city=zaozhuang&city=zibo"


def money(code="gdp", **said):
    return make.metric(code, name=Text(code.upper()), unit="CNY", kind="flow", better="more", **said)


def city(at, *figures, costs=()):
    """A public city with figures {value, metric, …} and costs."""
    draft = make.draft(CityProfile, at=at)
    for said in figures:
        make.figure(draft, **said)
    for said in costs:
        cost(draft, **said)
    return make.approved(draft)


def gdp(value, period="2024", **said):
    dated = {"metric": money(), "unit": "CNY", "basis": "reported_flow", "as_of": "", "period": period}
    return dated | {"value": value} | said


def row(client, code, address=BOTH):
    comparison = client.get(address).context["comparison"]
    return next(found for found in comparison.rows if found.code == code)


def test_the_same_metric_of_the_same_period_stands_side_by_side(client):
    city("zaozhuang", gdp(200))
    city("zibo", gdp(500))
    found = row(client, "gdp")
    assert [cell.is_beside for cell in found.cells] == [True, True]
    assert (found.best, [cell.is_best for cell in found.cells]) == ("highest", [False, True])
    assert found.cells[0].apart == "60% less"
    said = page(client, BOTH)
    assert "1 criterion of 1 in numbers stands side by side." in said
    assert "Zibo leads in 1." in said


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"period": "2023"}, "the periods differ"),
        ({"basis": "forecast"}, "the kinds of figure differ"),
        ({"unit": "USD"}, "the units differ"),
        ({"period": "XXXX-05"}, "its year is not stated"),
    ],
)
def test_what_is_not_alike_is_shown_with_the_reason(client, other, reason):
    city("zaozhuang", gdp(200))
    city("zibo", gdp(500, **other))
    found = row(client, "gdp")
    assert not any(cell.is_beside or cell.is_best for cell in found.cells)
    assert reason in [found.reason, *(cell.reason for cell in found.cells)]
    assert f"Not side by side: {reason}" in page(client, BOTH)


def test_an_older_value_is_taken_where_the_other_has_only_that(client):
    city("zaozhuang", gdp(200, "2023"), gdp(250, "2024"))
    city("zibo", gdp(500, "2023"))
    assert [cell.statements[0].words for cell in row(client, "gdp").cells] == ["RMB 200", "RMB 500"]


def test_no_order_is_told_where_more_than_leaves_it_open(client):
    city("zaozhuang", gdp(400, qualifier="more_than"))
    city("zibo", gdp(500))
    found = row(client, "gdp")
    assert found.is_beside
    assert not any(cell.is_best for cell in found.cells)
    assert "No sure order" in found.note


def test_what_one_city_does_not_publish_is_said_with_a_way_to_ask(client):
    money(compared=True)
    city("zaozhuang", gdp(200))
    city("zibo")
    answer = client.get(BOTH)
    assert 'href="/en/inquiry/?about=city/zibo/zibo"' in answer.content.decode()
    assert [cell.is_empty for cell in answer.context["comparison"].rows[0].cells] == [False, True]


def test_figures_that_are_not_public_or_about_a_part_are_not_compared(client):
    city("zaozhuang", gdp(987654, visibility="internal"), gdp(3, subject=Text("a district")))
    city("zibo", gdp(500))
    answer = client.get(BOTH)
    assert "987" not in words(answer)
    assert "a district" not in words(answer)
    assert answer.context["comparison"].numbers == []


def test_costs_are_compared_class_by_class_and_only_while_they_hold(client):
    peak, valley = Text({"en": "peak", "zh-hans": "峰"}), Text("valley")
    city("zaozhuang", costs=[{"what": peak, "price": Decimal("0.9")}, {"what": valley, "price": Decimal("0.3")}])
    city(
        "zibo",
        costs=[
            {"what": Text({"zh-hans": "峰"}), "price": Decimal("1.2")},
            {"what": valley, "price": Decimal("0.2"), "valid_until": "2020"},
        ],
    )
    comparison = client.get(BOTH).context["comparison"]
    [found] = [row for row in comparison.rows if row.code.startswith("cost-")]
    assert (str(found.detail), found.best, found.cells[0].is_best) == ("peak", "lowest", True)
    assert found.cells[1].apart == "33% more"
    assert "Land" in [str(name) for name in comparison.unpublished]


def test_clusters_are_compared_stage_by_stage(client):
    for at, wanted in (("zaozhuang", True), ("zibo", False)):
        draft = make.draft(ClusterProfile, at=at)
        make.write(draft, ClusterStage, link=make.link(), strength="gap", wanted=wanted, source=make.source())
        make.approved(draft)
    found = row(client, "stage-lithium-cells", "/en/compare/?cluster=zaozhuang/one&cluster=zibo/one")
    assert [[str(line.words) for line in cell.lines] for cell in found.cells] == [["gap", "investment wanted"], ["gap"]]
    assert found.differs


def test_projects_are_compared_by_how_far_they_are(client):
    for slug, stage in (("cells", 70), ("packs", 50)):
        draft = make.draft(ProjectListing, slug=slug)
        make.stage(draft, stage, when="2023-08-28")
        make.approved(draft)
    found = row(client, "stage", "/en/compare/?project=zaozhuang/cells&project=zaozhuang/packs")
    assert [str(cell.lines[0].words) for cell in found.cells] == ["in production", "construction started"]


def test_own_weights_make_an_order_that_says_how(client):
    jobs = {"metric": make.metric("jobs", better="more"), "as_of": "2024"}
    city("zaozhuang", gdp(200), jobs | {"value": 100})
    city("zibo", gdp(500), jobs | {"value": 20})
    assert client.get(BOTH).context["ranking"] is None
    ranking = client.get(f"{BOTH}&weight-gdp=1&weight-jobs=3").context["ranking"]
    assert [(str(place.thing.name), str(place.points)) for place in ranking.places] == [
        ("Zaozhuang", "85.0"),
        ("Zibo", "40.0"),
    ]
    assert [(place.place, place.best, place.worst) for place in ranking.places] == [(1, 1, 2), (2, 1, 2)]
    assert not ranking.is_steady


def test_the_address_without_one_of_them_keeps_the_others(client):
    city("zaozhuang")
    city("zibo")
    chosen = client.get(BOTH).context["chosen"]
    assert [one["without"] for one in chosen] == ["?city=zibo", "?city=zaozhuang"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_comparison_is_taken_along_as_a_table(client, form):
    city("zaozhuang", gdp(200))
    city("zibo", gdp(500, "2023"))
    answer = client.get(f"{BOTH}&export={form}")
    assert answer["Content-Disposition"] == f'attachment; filename="comparison.{form}"'
    nothing = "" if form == "csv" else None
    assert ["Other", "GDP", nothing, "RMB 200, reported for a period, 2024"] in [line[:4] for line in table(answer)]


def test_one_alone_or_nothing_leads_on(client):
    city("zaozhuang")
    city("zibo")
    assert "Zibo" in [str(offer["name"]) for offer in client.get("/en/compare/").context["alike"]]
    alone = client.get("/en/compare/?city=zaozhuang").context
    assert alone["comparison"] is None
    assert [offer["url"] for offer in alone["alike"]] == ["?city=zaozhuang&city=zibo"]
    found = client.get("/en/compare/?city=zaozhuang&q=zibo").context["found"]
    assert [offer["url"] for offer in found] == ["?city=zaozhuang&city=zibo"]


@pytest.mark.parametrize(
    "query",
    [
        "city=zaozhuang&city=nowhere",
        "city=zaozhuang&city=zaozhuang",
        "city=%00&city=%E6%9E%A3&city=../../etc&city=" + "x" * 3000,
        "project=zaozhuang&cluster=/&city=zaozhuang/one",
        "city=zaozhuang&q=%00%22%27",
        "weight-gdp=99&city=zaozhuang&city=zibo&weight-gdp=-1&export=exe",
        urlencode([("city", f"c{number}") for number in range(1000)]),
    ],
)
def test_any_address_gives_a_page(client, query):
    city("zaozhuang")
    assert client.get(f"/en/compare/?{query}").status_code == 200


def test_an_address_that_asks_too_much_says_what_was_left_out(client):
    city("zaozhuang")
    said = page(client, "/en/compare/?city=zaozhuang&city=a&city=b&city=c&city=d&city=e&cluster=zaozhuang/one")
    assert "The first five are compared. Left out: e." in said
    assert "no public page of “a, b, c, d”" in said
    assert "Only things of one kind can stand side by side." in said


def test_what_is_not_public_is_not_compared(client):
    city("zaozhuang")
    make.draft(CityProfile, at="zibo", title=Text("CANARY"))
    answer = client.get(BOTH)
    assert answer.context["comparison"] is None
    assert "CANARY" not in words(answer)


def test_land_ways_out_and_incentives_are_compared_while_they_hold(client):
    for at, price in (("zaozhuang", 300_000), ("zibo", 240_000)):
        draft = make.draft(CityProfile, at=at)
        way = {"mode": "road", "destination": Text("Qingdao"), "to": "port", "distance_km": price // 1000}
        make.write(draft, LogisticsLink, **way)
        make.approved(draft)
        land, no_land = {"price": price, "area": price // 30_000}, {"price": 1}
        park(at, land, land | {"price": price * 2}, no_land | {"status": "taken"}, no_land | {"valid_until": "2020"})
        policy(at, {"valid_until": "2020"}, {"amount": Text(f"{price}")})
        policy(at, {"amount": Text("over")}, slug="over", in_force="2020/2021")
    comparison = client.get(BOTH).context["comparison"]
    rows = {row.code: row for row in comparison.rows}
    land = rows["plots-land"].cells
    assert [cell.statements[0].words for cell in land] == ["20 mu in 2 offers", "16 mu in 2 offers"]
    assert land[1].apart == "20% less"
    assert [cell.value for cell in rows["plot-price-land"].cells] == [300_000, 240_000]
    assert [cell.is_best for cell in rows["way-port"].cells] == [False, True]
    assert [[str(line.note) for line in cell.lines] for cell in rows["incentive-cash"].cells] == [
        ["300000"],
        ["240000"],
    ]


def test_what_the_country_gives_is_given_everywhere(client):
    put_below_zibo("country")
    for at in ("zaozhuang", "zibo"):
        make.live(at=at)
    policy("zibo", {})
    assert [[str(line.words) for line in cell.lines] for cell in row(client, "incentive-cash").cells] == [["Grant"]] * 2


def test_cities_of_one_province_are_offered_to_compare_a_county_with(client):
    put_below_zibo("province")
    for at in ("zaozhuang", "zibo"):
        make.live(at=at)
    assert [str(one["name"]) for one in client.get("/en/compare/?city=zaozhuang").context["alike"]] == ["Zibo"]


def test_distance_is_said_with_its_qualifier(client):
    for at, qualifier in (("zaozhuang", "about"), ("zibo", "exact")):
        draft = make.draft(CityProfile, at=at)
        way = {
            "mode": "road",
            "destination": Text("Qingdao"),
            "to": "port",
            "distance_km": 300,
            "source": make.source(),
        }
        make.write(draft, LogisticsLink, qualifier=qualifier, **way)
        make.approved(draft)
    said = [cell.statements[0].words for cell in row(client, "way-port").cells]
    assert said == ["about 300 km", "300 km"]


def test_land_for_twenty_years_is_not_land_for_fifty(client):
    for at, years in (("zaozhuang", 20), ("zibo", 50)):
        make.live(at=at)
        park(at, {"price": 100_000, "term_years": years})
    [row] = [row for row in client.get(BOTH).context["comparison"].rows if row.code == "plot-price-land"]
    assert not row.is_beside
    assert row.reason == "the tariffs or classes differ"


def park(at, *plots):
    draft = make.draft(ParkProfile, at=at)
    for said in plots:
        plot(draft, price_unit="CNY/mu", **said)
    return make.approved(draft)


def policy(at, *incentives, **said):
    draft = make.draft(PolicyRecord, at=at, nature="incentive", **said)
    for said in incentives:
        incentive(draft, **said)
    return make.approved(draft)


@pytest.mark.parametrize("more", [1, 3])
def test_a_comparison_takes_a_constant_number_of_queries(client, more):
    for at in ("zaozhuang", "zibo"):
        figures = [gdp(number, str(2020 + number)) for number in range(1, more + 1)]
        city(at, *figures, costs=[{"what": Text(str(number)), "price": 1} for number in range(more)])
        park(at, *({"price": number + 1} for number in range(more)))
        policy(at, *({} for _number in range(more)))
        for number in range(more):
            make.project(f"project-{number}", at=at)
    assert queries(client, BOTH) == 20


def test_pages_offer_the_box_and_the_tray(client):
    city("zaozhuang")
    html = client.get("/en/cities/zaozhuang/").content.decode()
    assert '<input type="checkbox" form="compare-tray" name="city" value="zaozhuang">' in html
    assert '<form class="compare-tray" id="compare-tray" action="/en/compare/"' in html
    assert 'name="project" value="zaozhuang/one"' in client.get(make.project("one").get_absolute_url()).content.decode()
    assert 'form="compare-tray" name="project" value="zaozhuang/one"' in client.get("/en/projects/").content.decode()


def test_reasons_are_set_apart_by_the_marks_of_the_language(client):
    city("zaozhuang", gdp(200))
    city("zibo", gdp(500, "2023", basis="forecast"))
    chinese = BOTH.replace("/en/", "/zh-hans/")
    assert row(client, "gdp").reason == "the kinds of figure differ; the periods differ"
    assert row(client, "gdp", chinese).reason == "口径不一致；期间不一致"
    assert "500元，预测，2023年" in client.get(f"{chinese}&export=csv").content.decode()
    assert "“a、b”" in page(client, f"{chinese}&city=a&city=b")


@pytest.mark.parametrize("qualifier", ["more_than", "up_to"])
def test_what_leaves_open_how_much_it_is_cannot_be_weighed_and_it_says_so(client, qualifier):
    jobs = {"metric": make.metric("jobs", name=Text("Jobs"), better="more"), "as_of": "2024"}
    city("zaozhuang", gdp(400, qualifier=qualifier), jobs | {"value": 100})
    city("zibo", gdp(500), jobs | {"value": 20, "qualifier": "about"})
    answer = client.get(f"{BOTH}&weight-gdp=5&weight-jobs=1")
    assert answer.context["weights"] == {"jobs": 1}
    assert "Not to be weighed, since a value is only “more than” or “less than”: GDP" in words(answer)
