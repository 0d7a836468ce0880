"""The first page: what the cities offer now, and how a question is answered."""

import pytest

from clusters.models import CityProfile
from portal.lib.text import Text
from projects.models import CeremonyRecord, ProjectListing, SignedProject, Stage
from tests import make
from tests.clusters.publications import draft, stage
from tests.inquiries.asking import open_city
from tests.reading import page, queries

pytestmark = pytest.mark.django_db


def test_home_offers_search_cities_briefs_and_the_inquiry(client):
    make.live(CityProfile, title=Text("Zaozhuang"), summary=Text("Lithium instead of coal."))
    html = client.get("/en/").content.decode()
    assert 'action="/en/search/"' in html
    assert 'href="/en/cities/zaozhuang/"' in html
    assert "Lithium instead of coal." in html
    assert 'href="/en/cities/zaozhuang/brief/"' in html
    assert 'href="/en/inquiry/"' in html


def test_home_promises_what_the_settings_promise(client, settings):
    settings.INQUIRY_REPLY_WORKING_DAYS = 7
    assert "A first reply is promised within 7 working days." in page(client, "/en/")


def test_home_shows_a_number_with_its_date_in_the_readers_signs(client):
    city = draft("city")
    make.figure(city, 3, as_of="2023-05", key=True)
    make.approved(city)
    make.live(CityProfile, at="zibo")
    assert "enterprises, May 2023" in page(client, "/en/")
    assert "，2023年5月" in page(client, "/zh-hans/")


def test_home_without_content_says_so(client):
    said = page(client, "/en/")
    assert "No city has published its profile yet." in said
    assert "No city has published what it looks for yet." in said
    assert "No ceremony with projects is published yet." in said


def test_home_links_to_what_is_wanted_and_not_to_what_is_there(client):
    cluster = draft("cluster")
    stage(cluster, "cells")
    stage(cluster, "storage", wanted=True)
    make.approved(cluster)
    said = page(client, "/en/")
    wanted = said[said.index("Where investment is wanted") : said.index("Latest signings")]
    assert "Storage – Title zaozhuang" in wanted
    assert "Cells" not in wanted
    assert 'href="/en/clusters/zaozhuang/one/#chain"' in client.get("/en/").content.decode()


def project_at(slug, reached):
    listing = make.draft(ProjectListing, slug=slug)
    make.stage(listing, reached)
    return make.approved(listing)


def ceremony(slug, when, projects, **said):
    record = make.draft(CeremonyRecord, slug=slug, when=when, title=Text(f"Ceremony {slug}"), **said)
    for number, project in enumerate(projects):
        entry = project.entry if project else None
        make.write(record, SignedProject, title=Text(f"Project {number}"), project=entry, source=make.source())
    return make.approved(record)


def test_home_says_what_has_become_of_a_ceremony_s_projects(client):
    projects = [project_at("a", Stage.SIGNED), project_at("b", Stage.STARTED), project_at("c", Stage.PRODUCING)]
    ceremony("big", "2020-06-29", [*projects, None], declared_count=10)
    said = page(client, "/en/")
    assert "4 of 10 projects named here · reported started: 2, producing: 1" in said


def test_home_counts_no_project_that_is_not_public(client):
    hidden = make.draft(ProjectListing, slug="hidden")
    make.stage(hidden, Stage.PRODUCING)
    ceremony("big", "2020-06-29", [hidden])
    said = page(client, "/en/")
    assert "1 project named here; the number declared is not published · reported started: 0, producing: 0" in said


def test_home_shows_the_latest_ceremonies_by_their_day(client):
    for slug, when in (("old", "1999"), ("b", "2021-05"), ("undated", "XXXX-08-26"), ("a", "2022-01-01")):
        ceremony(slug, when, [None])
    for slug in ("c", "d"):
        ceremony(slug, "2020", [], declared_count=3)
    ceremony("meeting", "2023", [])
    said = page(client, "/en/")
    assert said.index("Ceremony a") < said.index("Ceremony b") < said.index("Ceremony c")
    assert "Ceremony old" not in said
    assert "Ceremony undated" not in said
    assert "Ceremony meeting" not in said


def test_home_measures_a_ceremony_by_what_it_declared_not_by_what_is_named(client):
    ceremony("big", "2020-06-29", [project_at("a", Stage.PRODUCING)], declared_count=10)
    html = client.get("/en/").content.decode()
    assert 'aria-label="1 of 10 started, 1 producing"' in html


def test_home_counts_what_is_published_and_what_became_of_it(client):
    open_city()
    for slug, reached in (("a", Stage.SIGNED), ("b", Stage.STARTED), ("c", Stage.INTENT)):
        project_at(slug, reached)
    said = page(client, "/en/")
    assert "3 projects" in said
    assert "Of 2 signed projects published here: 1 reported started, 0 producing." in said


def test_home_says_that_too_few_inquiries_were_measured(client):
    assert "Measured over the last 12 months: not enough inquiries yet to say." in page(client, "/en/")


def test_one_city_alone_has_the_first_page_as_its_front_door(client):
    city = draft("city", title=Text({"en": "Zaozhuang", "zh-hans": "枣庄"}), summary=Text("Lithium instead of coal."))
    make.figure(city, 5, metric=make.metric("m", name=Text("Output")), source=make.source(), key=True)
    make.approved(city)
    html, said = client.get("/en/").content.decode(), page(client, "/en/")
    assert "<h1>Zaozhuang" in html
    assert "Lithium instead of coal." in said
    assert "Output" in said
    assert "Everything published about" in said
    assert 'href="/en/cities/zaozhuang/brief/"' in html
    assert 'href="/en/inquiry/?about=city/zaozhuang/zaozhuang"' in html
    assert "Where to invest, with the evidence" not in said


def test_many_cities_stand_by_province_below_the_latest(client, monkeypatch):
    monkeypatch.setattr("portal.pages.views.MOST_CARDS", 1)
    monkeypatch.setattr("portal.pages.views.LATEST_CITIES", 1)
    for slug in ("zaozhuang", "zibo"):
        make.live(CityProfile, at=slug, title=Text(f"Profile of {slug}"))
    html = client.get("/en/").content.decode()
    assert [html.count(f"Profile of {slug}</a>") for slug in ("zaozhuang", "zibo")] == [0, 1]
    directory = html[html.index('class="directory"') :]
    assert directory.count('href="/en/cities/zaozhuang/"') == directory.count('href="/en/cities/zibo/"') == 1


@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_the_database_as_often_for_one_as_for_three(client, count):
    city = draft("city")
    for number in range(count):
        make.figure(city, number, metric=make.metric(f"m{number}"), source=make.source(f"s{number}"), key=True)
    make.approved(city)
    if count > 1:
        make.live(CityProfile, at="zibo")
    for number in range(count):
        cluster = draft("cluster", slug=f"c{number}")
        stage(cluster, f"link-{number}", wanted=True)
        make.approved(cluster)
        ceremony(f"e{number}", "2020", [project_at(f"p{number}", Stage.STARTED)])
    assert queries(client, "/en/") == 15
