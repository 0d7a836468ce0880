"""What a year would cost: published prices only, ranges where there are several, no total where one is missing."""

from decimal import Decimal

import pytest

from clusters.models import CityProfile
from tests import make
from tests.reading import page, queries, table, words

from .publications import cost

pytestmark = pytest.mark.django_db
PRICES = {
    "zaozhuang": [
        ("electricity", {"zh-hans": "高峰，110千伏"}, "1.0", None, "CNY/kWh"),
        ("electricity", {"zh-hans": "平时段"}, "0.6", "0.7", "CNY/kWh"),
        ("gas", {}, "3.5", None, "CNY/m3"),
        ("wages", {"en": "Workers"}, "5000", None, "CNY/month"),
        ("wages", {"en": "Engineers"}, "9000", None, "CNY/month"),
        ("insurance", {}, "26", None, "percent"),
        ("land", {}, "300", None, "CNY/m2"),
    ],
    "zibo": [("electricity", {}, "0.8", None, "CNY/kWh"), ("gas", {}, "3", None, "CNY/m3")],
}


def city(slug="zaozhuang", prices=None, **said):
    draft = make.draft(CityProfile, at=slug)
    for category, what, price, most, unit in PRICES[slug] if prices is None else prices:
        row = {"category": category, "what": what, "price_max": most and Decimal(most), "unit": unit}
        cost(draft, price, **row | said)
    return make.approved(draft)


def bills(client, query):
    return [bill for _profile, bill in client.get(f"/en/costs/?{query}").context["bills"]]


def costs(bill):
    return {line.item.code: line.cost and (int(line.cost.low), int(line.cost.high)) for line in bill.lines}


def test_each_need_is_priced_by_what_answers_it(client):
    city()
    city("zibo")
    both = bills(client, "city=zaozhuang&city=zibo&peak=1000&flat=1,000&valley=1000&gas=100&land=15&staff=2")
    assert costs(both[0]) == {
        "land": (60000, 60000),  # 15 mu are 10,000 m²; 3 million over 50 years
        "peak": (1000, 1000),
        "flat": (600, 700),
        "valley": None,
        "gas": (350, 350),
        "staff": (120000, 216000),
        "insurance": (31200, 56160),
    }
    assert costs(both[1]) == {
        "land": None, "peak": (800, 800), "flat": (800, 800), "valley": (800, 800), "gas": (300, 300),
        "staff": None, "insurance": None,
    }  # fmt: skip
    assert [bill.is_whole for bill in both] == [False, False]


def test_several_rates_of_insurance_are_no_choice_between_them(client):
    rates = [("insurance", {"en": name}, rate, None, "percent") for name, rate in (("Pension", "16"), ("Health", "8"))]
    city(prices=[("wages", {}, "5000", None, "CNY/month"), *rates])
    [bill] = bills(client, "city=zaozhuang&staff=1")
    assert costs(bill) == {"staff": (60000, 60000), "insurance": (9600, 14400)}


def test_without_a_price_there_is_no_total_but_what_is_priced_is_said(client):
    city("zibo")
    said = page(client, "/en/costs/?city=zibo&gas=100000&water=10")
    assert "No total can be given" in said
    assert "not published Ask for it" in said
    assert "no total 1 price is missing. What is priced comes to RMB 300,000." in said


def test_a_price_of_ones_own_fills_the_gap_and_no_other(client):
    city("zibo")
    [bill] = bills(client, "city=zibo&gas=100&water=10&own_water=4&own_gas=99")
    assert costs(bill) == {"gas": (300, 300), "water": (40, 40)}
    said = page(client, "/en/costs/?city=zibo&gas=100&water=10&own_water=4")
    assert "Zibo: RMB 340 a year" in said
    assert "RMB 40 ±RMB 4 your own price 4 RMB/m³" in said
    assert "all prices ±10 %: RMB 306–374" in said


def test_a_price_of_nought_is_a_price(client):
    city("zibo")
    [bill] = bills(client, "city=zibo&gas=100&water=10&own_water=0")
    assert costs(bill) == {"gas": (300, 300), "water": (0, 0)}
    assert bill.is_whole


def test_the_cheapest_is_named_only_where_the_totals_do_not_overlap(client):
    city()
    city("zibo")
    assert "Zibo costs least: RMB 300 a year. Next: Zaozhuang, RMB 350." in page(
        client, "/en/costs/?city=zaozhuang&city=zibo&gas=100"
    )
    assert "The totals overlap" in page(client, "/en/costs/?city=zaozhuang&city=zibo&peak=1000&flat=1000")


@pytest.mark.parametrize(
    ("said", "cost"), [({"valid_until": "2020"}, None), ({"valid_from": "2099"}, None), ({"valid_until": "2099"}, 3)]
)
def test_only_prices_in_force_count(client, said, cost):
    city("zibo", [("gas", {}, "3", None, "CNY/m3")], **said)
    [bill] = bills(client, "city=zibo&gas=1")
    assert costs(bill) == {"gas": cost and (cost, cost)}


def test_a_price_by_another_measure_is_named_and_not_reckoned_with(client):
    city("zibo", [("gas", {}, "60", None, "CNY/piece")])
    assert "published by another measure only: 60 RMB each" in page(client, "/en/costs/?city=zibo&gas=1")


@pytest.mark.parametrize(
    "query", ["land=x", "gas=-1", "peak=1e400", "years=0&gas=1", "staff=" + "9" * 40, "gas=NaN", "own_gas=%00"]
)
def test_what_cannot_be_read_is_said(client, query):
    city("zibo")
    answer = client.get(f"/en/costs/?city=zibo&{query}")
    assert answer.status_code == 400
    assert "There is a problem" in words(answer)


def test_five_cities_at_most_and_unknown_ones_are_named(client):
    city("zibo")
    said = page(client, "/en/costs/?city=nowhere&city=zibo&city=zibo&gas=1&" + "city=x&" * 100)
    assert "There is no public page of “nowhere, x” here" in said


def test_the_file_says_what_the_page_says(client):
    city()
    rows = table(client.get("/en/costs/?city=zaozhuang&gas=100&water=1&export=csv"))
    assert rows[1][:6] == ["Zaozhuang", "Gas", "100", "m³ a year", "published", "3.5 RMB/m³"]
    assert rows[1][8:12] == ["350", "350", "315", "385"]
    assert rows[2][4] == "not published"
    assert rows[3][4] == "sum of what is priced, not a total"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_price_as_for_three(client, count):
    city("zibo", PRICES["zaozhuang"][:count])
    assert queries(client, "/en/costs/?city=zibo&peak=1&flat=1&gas=1") == 6


def test_an_empty_portal_names_no_city_and_no_day_of_publication(client):
    said = page(client, "/en/costs/")
    assert "No city has published its profile yet." in said
    assert "Published data as of" not in said
