"""What robots read: the sitemap, robots.txt, the icon; and the pages about the portal."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from portal.pages import sitemaps
from portal.publishing.workflow import take
from tests import make
from tests.clusters.publications import KINDS, live
from tests.reading import page, queries

pytestmark = pytest.mark.django_db


def entries(client):
    """Each address of the sitemap with what else is said of it."""
    xml = client.get("/sitemap.xml").content.decode()
    return {re.search("<loc>(.*?)</loc>", entry)[1]: entry for entry in re.findall("(?s)<url>.*?</url>", xml)}


def test_sitemap_lists_every_public_page_in_each_language_and_only_those(client, settings):
    settings.BASE_URL = "https://invest.example.org"
    for kind in KINDS:
        live(kind)
    expected = {
        "",
        "about/",
        "privacy/",
        "open-data/",
        "ledger/",
        "costs/",
        "chains/",
        "organisations/",
        "suppliers/",
        "organisations/institute/",
        "cities/zaozhuang/",
    }
    expected |= {
        f"{name}/" for name in ("cities", "clusters", "parks", "policies", "rankings", "projects", "ceremonies")
    }
    expected |= {
        f"{name}/zaozhuang/one/" for name in ("clusters", "parks", "policies", "rankings", "projects", "ceremonies")
    }
    found = entries(client)
    assert set(found) == {
        f"https://invest.example.org/{language}/{path}" for language in ("en", "zh-hans") for path in expected
    }
    for address in found:
        assert client.get(address.removeprefix("https://invest.example.org")).status_code == 200


def test_sitemap_names_the_other_language_and_the_day_of_the_last_change(client, settings):
    settings.BASE_URL = "https://invest.example.org"
    city = live("city")
    entry = entries(client)["https://invest.example.org/zh-hans/cities/zaozhuang/"]
    alternates = dict(re.findall(r'hreflang="(.*?)" href="(.*?)"', entry))
    assert alternates == {
        "en": "https://invest.example.org/en/cities/zaozhuang/",
        "zh-hans": "https://invest.example.org/zh-hans/cities/zaozhuang/",
        "x-default": "https://invest.example.org/en/cities/zaozhuang/",
    }
    assert re.search("<lastmod>(.*?)</lastmod>", entry)[1] == timezone.localtime(city.live_from).date().isoformat()


def test_sitemap_forgets_what_is_withdrawn_at_once(client, settings):
    city = live("city")
    assert f"{settings.BASE_URL}/en/cities/zaozhuang/" in entries(client)
    take("withdraw", city, by=make.user("rob"), reason="wrong")
    assert f"{settings.BASE_URL}/en/cities/zaozhuang/" not in entries(client)


@pytest.mark.parametrize("count", [1, 3])
def test_sitemap_asks_the_database_as_often_for_one_as_for_three(client, count):
    for number in range(count):
        live("park", slug=f"p{number}")
    assert queries(client, "/sitemap.xml") == 16


def test_sitemap_too_large_for_one_file_is_an_index_of_its_parts(client, settings, monkeypatch):
    monkeypatch.setattr(sitemaps, "FITS", 0)
    live("city")
    live("park")
    xml = client.get("/sitemap.xml").content.decode()
    parts = [address.removeprefix(settings.BASE_URL) for address in re.findall("<loc>(.*?)</loc>", xml)]
    assert "/sitemap-park.xml" in parts
    found = "".join(client.get(part).content.decode() for part in parts)
    assert {"/en/cities/zaozhuang/<", "/en/parks/zaozhuang/one/<"} <= set(re.findall("/en/[^/]+s/zaozhuang.*?<", found))
    assert client.get("/sitemap-secret.xml").status_code == 404


def test_security_txt_names_whom_to_tell_or_is_not_there(client, settings):
    settings.SECURITY_CONTACT, settings.CONTACT_EMAIL = "", ""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "security@example.org"
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == "mailto:security@example.org"
    assert timezone.now() < datetime.fromisoformat(lines["Expires"]) < timezone.now() + timedelta(days=365)


def test_robots_are_told_where_the_sitemap_is_and_what_is_no_page(client, settings):
    settings.BASE_URL = "https://invest.example.org"
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: https://invest.example.org/sitemap.xml" in lines
    assert "Disallow: /en/staff/" in lines
    assert "Disallow: /zh-hans/search/" in lines


def test_icon_is_found_where_browsers_look(client):
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/img/seal.svg")


def test_about_defines_every_metric_or_says_that_no_source_does(client):
    make.metric("integration-rate", name={"en": "Integration rate"})
    make.metric("trade", name={"en": "Trade"}, definition={"en": "Imports and exports."})
    said = page(client, "/en/about/")
    assert "Integration rate not given by the sources" in said
    assert "Trade Imports and exports." in said


def test_sample_content_says_what_it_is(client, settings):
    settings.SAMPLE_MODE = True
    assert "It is not an official site" in page(client, "/en/about/")
    settings.SAMPLE_MODE = False
    assert "official site" not in page(client, "/en/about/?again")


def test_privacy_says_what_the_inquiry_asks_agreement_to(client, settings):
    from portal.inquiries.consent import terms

    settings.CONTACT_EMAIL = "privacy@example.org"
    said = page(client, "/en/privacy/")
    for heading, words in terms():
        assert f"{heading} {words}" in said
    assert "privacy@example.org" in said
