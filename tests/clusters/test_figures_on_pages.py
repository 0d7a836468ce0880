"""Every figure opens to its source: what its card says, and that it needs no script."""

import re
from decimal import Decimal

import pytest

from portal.lib.text import Text
from tests import make
from tests.reading import page, words

from .publications import cite

pytestmark = pytest.mark.django_db


def test_card_tells_where_a_figure_stands_and_in_what_sense(client):
    city = make.draft()
    source = make.source(
        "news",
        title=Text("New three"),
        publisher=Text("China Daily"),
        distributor=Text("PR Newswire"),
        published="2024-05-20",
        url="https://example.org/news",
        language="zh-hans",
        translated="machine",
        engine="Tencent",
        promotional=True,
    )
    whole = make.figure(
        city,
        80_000_000,
        unit="CNY",
        metric=make.metric("exports", name=Text("Exports"), unit="CNY"),
        basis="reported_flow",
        as_of="",
        period="2024-Q1",
        yoy=Decimal("931.2"),
        converted=11_070_000,
        converted_unit="USD",
        quote="80 million yuan ($11.07 million)",
        locator="paragraph 3",
        source=source,
        statistics_by=Text("official statistics"),
        note=Text("The statistics are not named."),
    )
    make.figure(city, 70_000_000, unit="CNY", as_of="", period="2024-Q1", basis="reported_flow", part_of=whole)
    cite(whole, make.source("second", title=Text("Second paper")))
    make.approved(city)
    said = page(client, "/en/cities/zaozhuang/")
    for told in (
        "80 million yuan ($11.07 million)",
        "reported for a period",
        "first quarter of 2024",
        "+931.2% on the year before",
        "from about RMB 7.76 m, worked out",
        "US$11.07 m (implies RMB 7.2267 for US$1",
        "official statistics",
        "The statistics are not named.",
        "not given by the source",
        "New three , China Daily, 20 May 2024",
        "read in a machine translation (Tencent)",
        "published by the one it praises",
        "Also stated in Second paper",
        "Exports: RMB 80 m (87.5%)",
        "passed on by PR Newswire",
    ):
        assert told in said, told


def test_card_opens_without_a_script(client):
    city = make.draft()
    make.figure(city, 100, quote="a hundred", key=True)
    make.approved(city)
    html = client.get("/en/cities/zaozhuang/").content.decode()
    card = re.search(r"(?s)<details class=\"figure.*?</details>", html)[0]
    assert "<summary>" in card
    assert "a hundred" in card


def test_forecast_for_a_period_that_is_over_is_marked(client):
    city = make.draft()
    make.figure(city, 1000, basis="forecast", as_of="2023-10", period="2024")
    make.figure(city, 2000, basis="forecast", as_of="2023-10", period="2999", metric=make.metric("later"))
    make.approved(city)
    html = client.get("/en/cities/zaozhuang/").content.decode()
    rows = re.findall(r"(?s)<tr>.*?</tr>", html)
    marked = ["its period is over" in row for row in rows if "1,000 enterprises" in row or "2,000 enterprises" in row]
    assert marked == [True, False]


def test_what_is_promised_never_stands_under_what_has_happened(client):
    city = make.draft()
    make.figure(city, 111)
    make.figure(city, 222, basis="agreed", metric=make.metric("agreed"))
    make.approved(city)
    said = page(client, "/en/cities/zaozhuang/")
    said = said[said.index("What has happened") :]  # below the headings, which say some of it
    happened, promised = said.index("What has happened"), said.index("What is agreed, planned or expected")
    assert happened < said.index("111 enterprises") < promised < said.index("222 enterprises")


def test_each_citation_leads_to_its_source_at_the_foot(client):
    city = make.draft()
    make.figure(city, 1, source=make.source("one"))
    make.figure(city, 2, source=make.source("two"), metric=make.metric("two"))
    make.approved(city)
    html = client.get("/en/cities/zaozhuang/").content.decode()
    assert (
        set(re.findall(r'href="#(source-\d+)"', html))
        == {"source-1", "source-2"}
        == set(re.findall(r'id="(source-\d+)"', html))
    )


def test_ids_on_a_page_are_unique_and_its_anchors_lead_somewhere(client):
    city = make.draft()
    for value, day in ((100, "2023-05"), (57, "2022-09")):
        make.figure(city, value, as_of=day, key=value == 100)
    make.approved(city)
    html = client.get("/en/cities/zaozhuang/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_words_of_people_are_printed_as_words(client):
    city = make.draft(title=Text("<script>alert(1)</script>"))
    make.figure(city, 1, quote="<b>bold</b>", note=Text("<i>note</i>"), subject=Text("<u>subject</u>"))
    make.approved(city)
    html = client.get("/en/cities/zaozhuang/").content.decode()
    for tag in ("<script>alert", "<b>bold", "<i>note", "<u>subject"):
        assert tag not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "alert(1)" in words(client.get("/en/cities/"))
