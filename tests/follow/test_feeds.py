"""Atom feeds, calendars of ceremonies and QR codes: what is public, in the reader's language, for programs."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils.timezone import localdate

from clusters.models import CityProfile, ClusterProfile
from portal.follow.calendars import folded
from portal.lib.dates import UncertainDate
from portal.publishing.clock import Clock
from portal.publishing.workflow import take
from projects.models import CeremonyRecord, ProjectListing
from tests import make
from tests.clusters import publications
from tests.reading import queries, words

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(client, query="", language="en"):
    answer = client.get(f"/{language}/feed.atom{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return ElementTree.fromstring(answer.content).findall("a:entry", ATOM)


def titles(client, query="", **said):
    return {entry.find("a:title", ATOM).text for entry in entries(client, query, **said)}


def test_a_feed_has_what_is_public_of_its_subject_and_nothing_else(client):
    make.live()
    make.live(at="zibo")
    make.project("mine", industry=make.industry(), link=make.link())
    cluster = make.draft(ClusterProfile)
    publications.stage(cluster, "cells")
    make.approved(cluster)
    make.draft(ProjectListing, slug="secret")
    one = str(cluster.title)
    assert titles(client) == {"Title zaozhuang", "Title zibo", "Title mine", one}
    assert titles(client, "?city=zaozhuang") == {"Title zaozhuang", "Title mine", one}
    assert titles(client, "?kind=project") == titles(client, "?kind=project&stage=unknown") == {"Title mine"}
    assert titles(client, "?kind=project&stage=signed") == set()
    assert titles(client, "?chain=lithium") == {"Title mine", one}
    assert titles(client, "?q=zibo") == {"Title zibo"}
    assert titles(client, "?q=%E6%A0%87%E9%A2%98mine", language="zh-hans") == {"标题mine"}


def test_a_feed_of_a_list_is_of_the_day_of_its_page(client, monkeypatch):
    city = make.draft()
    publications.cost(city, 1, valid_until=str(localdate()))
    title = str(make.approved(city).title)
    assert titles(client, "?kind=city&power_is=yes") == {title}
    tomorrow = Clock.read()._replace(today=localdate() + timedelta(days=1))
    monkeypatch.setattr(Clock, "recent", lambda: tomorrow)
    assert titles(client, "?kind=city&power_is=yes") == set()


def test_a_change_is_an_entry_of_its_own_and_says_what_changed(client, settings):
    settings.BASE_URL = "https://invest.example.org"
    make.live()
    [first] = entries(client)
    revised(note=make.Text("New prices of power."))
    [second] = entries(client)
    address = "https://invest.example.org/en/cities/zaozhuang/"
    assert first.find("a:id", ATOM).text == f"{address}#version-1"
    assert second.find("a:id", ATOM).text == f"{address}#version-2"
    assert second.find("a:summary", ATOM).text == "New prices of power."
    assert second.find("a:link", ATOM).get("href") == address
    take("withdraw", make.Version.objects.get(number=2), by=make.user("rob"), reason="wrong")
    assert entries(client) == []


def revised(**said):
    """The city's next version, public now."""
    return make.approved(make.revised(CityProfile.objects.live().get(), **said))


def test_awkward_words_stay_xml_and_are_marked_with_their_language(client):
    make.live(title=make.Text({"zh-hans": "枣庄 <b>&\x0b\u2028锂电"}), summary=make.Text("<script>alert(1)</script>"))
    [entry] = entries(client)
    assert entry.find("a:summary", ATOM).get("type") == "html"
    assert entry.find("a:summary", ATOM).text == "&lt;script&gt;alert(1)&lt;/script&gt;"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    assert entry.find("a:title", ATOM).text == "枣庄 <b>&  锂电"


@pytest.mark.parametrize(
    "query",
    ["?city=nowhere", "?chain=nothing", "?kind=secret", "?q=%00", f"?q={'x' * 600}"],
)
def test_what_cannot_be_found_is_no_feed(client, query):
    assert client.get(f"/en/feed.atom{query}").status_code == 404


@pytest.mark.parametrize(
    ("address", "way_on"),
    [
        ("feed.atom?kind=project&stage=x&q=cells", "projects/?q=cells"),
        ("follow/?kind=project&stage=x&city=nowhere", "projects/"),
        ("ceremonies/calendar.ics?city=x", "ceremonies/"),
    ],
)
def test_what_a_list_would_refuse_is_refused_with_the_list_as_the_way_on(client, address, way_on):
    answer = client.get(f"/en/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "“x” is not among the choices." in words(answer)
    assert f'href="/en/{way_on}"' in answer.content.decode()
    assert client.get(f"/en/{way_on}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_feed_asks_as_often_for_one_as_for_three(client, count):
    for number in range(count):
        make.project(f"p{number}")
    assert queries(client, "/en/feed.atom?city=zaozhuang&kind=park") == queries(client, "/en/feed.atom?city=zaozhuang")
    assert queries(client, "/en/feed.atom?city=zaozhuang") == 5
    assert queries(client, "/en/feed.atom?kind=project") == 4


def ceremony(slug, when, **said):
    return make.live(CeremonyRecord, slug=slug, when=when, **said)


@pytest.mark.parametrize("count", [1, 3])
def test_a_calendar_asks_as_often_for_one_as_for_three(client, count):
    for number in range(count):
        ceremony(f"c{number}", "2023-05-12", source=make.source(f"s{number}"))
    assert queries(client, "/en/ceremonies/calendar.ics") == 4


def test_the_calendar_has_the_ceremonies_whose_day_is_known(client, settings):
    settings.BASE_URL = "https://invest.example.org"
    ceremony("day", "2023-04-15", title=make.Text("Signing; twelve, projects\\"), place=make.Text("Hall 1"))
    ceremony("month", "2023-04")
    ceremony("no-year", "XXXX-08-26")
    ceremony("days", "2024-05-30/2024-06-01?")
    answer = client.get("/en/ceremonies/calendar.ics")
    said = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert re.findall("(?m)^DT(?:START|END).*?:(.*)\r$", said) == ["20240530", "20240602", "20230415", "20230416"]
    assert "SUMMARY;LANGUAGE=en:Signing\\; twelve\\, projects\\\\\r\n" in said
    assert "LOCATION:Hall 1\r\n" in said
    assert "UID:ceremony-zaozhuang-day@invest.example.org\r\n" in said
    assert re.findall("STATUS:(.*)\r", said) == ["TENTATIVE", "CONFIRMED"]
    assert all(len(line.encode()) <= 75 for line in said.split("\r\n"))
    assert client.get("/en/ceremonies/calendar.ics?city=zibo").content.count(b"BEGIN:VEVENT") == 0
    assert client.get("/en/ceremonies/zaozhuang/day/event.ics").content.count(b"BEGIN:VEVENT") == 1
    assert client.get("/en/ceremonies/zaozhuang/month/event.ics").status_code == 404
    for slug, offered in (("day", True), ("days", True), ("month", False), ("no-year", False)):
        page = client.get(f"/en/ceremonies/zaozhuang/{slug}/").content.decode()
        assert (f"/en/ceremonies/zaozhuang/{slug}/event.ics" in page) is offered


@pytest.mark.parametrize("when", ["2023", "2023-04", "2023-04-mid", "2003/..", "XXXX-08-26", "2023-04/2023-05-01"])
def test_a_date_that_names_no_day_has_no_place_in_a_calendar(when):
    assert UncertainDate(when).days is None


def test_long_lines_are_folded_between_characters():
    line = "SUMMARY:" + "锂电产业" * 20
    pieces = folded(line).split("\r\n ")
    assert "".join(pieces) == line
    assert max(len(f" {piece}".encode()) for piece in pieces) <= 76


def test_a_qr_code_is_of_a_public_page_only(client):
    make.live()
    make.draft(ProjectListing, slug="secret")
    answer = client.get("/en/qr/city/zaozhuang/zaozhuang.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.content).tag.endswith("svg")
    assert client.get("/en/qr/project/zaozhuang/secret.svg").status_code == 404
