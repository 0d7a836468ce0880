"""What every page of a city, cluster, park, policy or ranking says of itself, and of what is not published."""

import re

import pytest
from django.urls import reverse

from clusters.models import (
    CityIndustry,
    Contact,
    Designation,
    LogisticsLink,
    ParkIndustry,
    PolicyTarget,
    RankingDimension,
    RankingEntry,
    SisterCity,
    SupportOffer,
)
from portal.facts.models import Claim, Passage
from portal.lib.text import Text
from portal.publishing.models import Translation
from portal.publishing.workflow import editing
from projects.models import ProjectListing
from tests import make
from tests.reading import page, queries, table

from .publications import company, cost, draft, incentive, live, plot, stage

pytestmark = pytest.mark.django_db

PLACES = {
    "city": "cities/zaozhuang/",
    "cluster": "clusters/zaozhuang/one/",
    "park": "parks/zaozhuang/one/",
    "policy": "policies/zaozhuang/one/",
    "ranking": "rankings/zaozhuang/one/",
}
LISTS = {kind: f"{place.split('/')[0]}/" for kind, place in PLACES.items()}


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_names_itself_in_each_language_and_points_to_the_other(client, settings, kind, language):
    live(kind)
    html = client.get(f"/{language}/{PLACES[kind]}").content.decode()
    site = settings.BASE_URL
    assert f'<link rel="canonical" href="{site}/{language}/{PLACES[kind]}">' in html
    alternates = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html))
    assert alternates == {
        "en": f"{site}/en/{PLACES[kind]}",
        "zh-Hans": f"{site}/zh-hans/{PLACES[kind]}",
        "x-default": f"{site}/en/{PLACES[kind]}",
    }
    assert ("Title" if language == "en" else "标题") in re.search(r"<title>(.*?)</title>", html)[1]
    assert re.search(r'<meta name="description" content="[^"]+">', html)


@pytest.mark.parametrize("kind", PLACES)
def test_page_leads_back_up_on_and_to_the_inquiry(client, kind):
    live("city")
    if kind != "city":
        live(kind)
    html = client.get(f"/en/{PLACES[kind]}").content.decode()
    crumbs = re.search(r"(?s)<nav class=\"breadcrumbs\".*?</nav>", html)[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/en/", f"/en/{LISTS[kind]}"]
    slug = "zaozhuang" if kind == "city" else "one"
    assert f'href="/en/inquiry/?about={kind}/zaozhuang/{slug}"' in html
    assert 'href="/en/cities/zaozhuang/brief/"' in html


def test_city_without_a_public_profile_offers_no_brief(client):
    live("cluster")
    assert "/brief/" not in client.get("/en/clusters/zaozhuang/one/").content.decode()


@pytest.mark.parametrize("kind", PLACES)
def test_page_sets_no_cookie_and_is_the_same_for_staff(client, kind):
    live(kind)
    anonymous = client.get(f"/en/{PLACES[kind]}")
    assert not anonymous.cookies
    assert "Cookie" not in anonymous.headers.get("Vary", "")
    client.force_login(make.user("ann"))
    assert client.get(f"/en/{PLACES[kind]}").content == anonymous.content


def test_neighbours_have_explicit_ends(client):
    for slug in ("a", "b", "c"):
        live("park", slug=slug)
    first, middle, last = (client.get(f"/en/parks/zaozhuang/{slug}/").content.decode() for slug in "abc")
    assert "This is the first in the list." in first
    assert 'href="/en/parks/zaozhuang/b/" rel="next"' in first
    assert 'href="/en/parks/zaozhuang/a/" rel="prev"' in middle
    assert 'href="/en/parks/zaozhuang/c/" rel="next"' in middle
    assert "This is the last in the list." in last


def test_neighbours_follow_the_cities_of_the_list(client):
    live("park", slug="a")
    live("park", slug="z", at="zibo")  # 370300 comes before 370400
    assert 'href="/en/parks/zibo/z/" rel="prev"' in client.get("/en/parks/zaozhuang/a/").content.decode()
    said = page(client, "/en/parks/")
    assert said.index("Title z") < said.index("Title a")


def test_page_says_which_version_it_is_and_what_changed(client):
    city = live("city")
    assert "Version 1, published" in page(client, "/en/cities/zaozhuang/")
    assert "first version" in page(client, "/en/cities/zaozhuang/")
    newer = make.revised(city)
    with editing(newer, by=make.user("ann")) as locked:
        locked.note = Text("Corrects the number of enterprises.")
        locked.save()
    make.figure(newer, 117, as_of="2023-08-15")
    make.approved(newer)
    said = page(client, "/en/cities/zaozhuang/")
    assert "Version 2, published" in said
    assert "Corrects the number of enterprises." in said
    assert "Data as of 15 August 2023" in said


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("human", "human translation"),
        ("machine", "machine translation, not reviewed"),
        ("", "origin of this translation not stated"),
    ],
)
def test_page_says_how_its_language_came_about(client, origin, said):
    city = draft("city")
    if origin:
        make.write(city, Translation, language="en", origin=origin)
    make.approved(city)
    assert said in page(client, "/en/cities/zaozhuang/")


def test_translation_that_fell_behind_is_marked(client):
    city = draft("city")
    make.write(city, Translation, language="en", origin="human")
    make.approved(city)
    assert "older than the original" not in page(client, "/en/cities/zaozhuang/")
    newer = make.revised(city)
    with editing(newer, by=make.user("ann")) as locked:
        locked.title = Text({"en": "Zaozhuang", "zh-hans": "枣庄市"})
        locked.save()
    make.approved(newer)
    assert "translation older than the original" in page(client, "/en/cities/zaozhuang/")


def test_text_in_another_language_is_shown_and_marked(client):
    make.approved(make.draft(title=Text({"zh-hans": "枣庄"}), summary=Text({"zh-hans": "一座城市"})))
    html = client.get("/en/cities/zaozhuang/").content.decode()
    assert "no translation into this language yet" in html
    assert '<span lang="zh-Hans">枣庄</span> <span class="only-in">in Chinese only</span>' in html
    assert '<div lang="zh-Hans"><p>一座城市</p></div>' in html


def test_city_says_what_is_not_published(client):
    live("city")
    said = page(client, "/en/cities/zaozhuang/")
    for sentence in (
        "No named contact is published yet.",
        "The industries of this city are not published yet.",
        "No cluster of this city is published yet.",
        "No park of this city is published yet.",
        "No policy of this city is published yet.",
        "No project of this city is published yet.",
        "No ceremony of this city is published yet.",
        "No figures are published yet.",
        "No source is cited on this page.",
    ):
        assert sentence in said, sentence


def test_city_tells_its_story_with_sources_and_claims_apart(client):
    city = draft("city")
    source = make.source()
    make.write(city, CityIndustry, industry=make.industry("coal"), role="former", source=source)
    make.write(city, SisterCity, name=Text("Songpa"), country=Text("Korea"), since="2003", source=source)
    make.write(city, Designation, title=Text("Demonstration city"), level="national", source=source)
    make.write(city, Contact, purpose=Text("Batteries"), name=Text("Li Lei"), phone="+86 632 1234567")
    make.write(city, Passage, topic="strategy", text=Text("Lithium first."), source=source)
    make.write(city, Passage, topic="history", text=Text("Coal came first."), when="2003/..", source=source)
    make.write(
        city,
        Claim,
        kind="slogan",
        text=Text("Capital of Lithium"),
        attributed_to=Text("the city government"),
        scope=Text("Northern China"),
        source=source,
    )
    make.approved(city)
    said = page(client, "/en/cities/zaozhuang/")
    assert "former pillar Coal" in said
    assert "Songpa, Korea (since 2003) [1]" in said
    assert "Demonstration city" in said
    assert "Li Lei" in said
    assert "+86 632 1234567" in said
    assert "No named contact" not in said
    assert said.index("History since 2003 Coal came first.") < said.index("Strategy Lithium first.")
    claims = said[said.index("What the city and others say of it") :]
    assert "Capital of Lithium” slogan" in claims.replace("Lithium slogan", "Lithium” slogan")
    assert "said by the city government" in claims
    assert "scope Northern China" in claims
    assert "not verified independently" in claims


def test_designation_without_grantor_or_year_says_so(client):
    city = draft("city")
    make.write(city, Designation, title=Text("Demonstration city"), level="national", source=make.source())
    make.approved(city)
    assert "Demonstration city Zaozhuang national not published not published [1]" in page(
        client, "/en/cities/zaozhuang/"
    )


def test_city_shows_what_it_has_published_and_no_other_city_s(client):
    live("city")
    for kind in ("cluster", "project", "ceremony", "park", "policy"):
        live(kind, title=Text(f"Our {kind}"))
        live(kind, at="zibo", title=Text(f"Their {kind}"))
    said = page(client, "/en/cities/zaozhuang/")
    for kind in ("cluster", "project", "ceremony", "park", "policy"):
        assert f"Our {kind}" in said
        assert f"Their {kind}" not in said


def test_city_shows_its_latest_ceremony_first_and_the_undated_last(client):
    live("city")
    for slug, when in (("old", "2019"), ("undated", "XXXX-08-26"), ("new", "2021-05")):
        live("ceremony", slug=slug, when=when)
    said = page(client, "/en/cities/zaozhuang/")
    assert said.index("Title new") < said.index("Title old") < said.index("Title undated")


@pytest.mark.parametrize("kind", PLACES)
def test_draft_is_previewed_as_its_page_will_be(client, kind):
    version = draft(kind, title=Text("Not yet"))
    client.force_login(make.user("ann"))
    said = page(client, reverse("staff-preview", args=[version.pk]))
    assert "Not yet" in said
    assert "Version 1, not published" in said
    assert client.get(f"/en/{PLACES[kind]}").status_code == 404


def test_place_in_a_ranking_is_never_shown_alone(client):
    live("city")
    full = draft("ranking", slug="full", universe=1337, assessed=80, listed=20)
    thin = draft("ranking", slug="thin")
    for edition, place in ((full, 3), (thin, 7)):
        make.write(edition, RankingEntry, place=place, name=Text("Zaozhuang"), city=make.city(), source=make.source())
        make.approved(edition)
    said = page(client, "/en/cities/zaozhuang/")
    assert "rank 3 of 80 assessed (1,337)" in said
    assert "rank 7; number assessed not published" in said
    assert "rank 3 of 80 assessed (1,337)" in page(client, "/en/rankings/zaozhuang/full/")


def test_ranking_says_how_it_was_made_and_what_it_leaves_out(client):
    ranking = draft("ranking", universe=337, assessed=80)
    make.write(ranking, RankingDimension, name=Text("Green level"), source=make.source())
    make.write(ranking, RankingDimension, name=Text("Industry"), weight=40, source=make.source())
    make.write(ranking, RankingEntry, name=Text("Ningde"), place=1, score=100, source=make.source())
    make.write(ranking, RankingEntry, name=Text("Suining"), positioning=Text("policy support"), source=make.source())
    make.approved(ranking)
    said = page(client, "/en/rankings/zaozhuang/one/")
    assert "Green level: weight not published" in said
    assert "Industry: 40%" in said
    assert "Ningde rank 1 of 80 assessed (337) 100 not published" in said
    assert "Suining named without a place not published policy support" in said
    assert "Not published: Core advantage." in said  # once for all, not in each row
    assert "How many places are published not published" in said
    assert "Ningde stands in front" in said
    assert table(client.get("/en/rankings/zaozhuang/one/?export=csv"))[1][:3] == ["1", "Ningde", "100"]


def cluster_with_a_chain():
    cluster = draft("cluster")
    make.link("recycling")
    cells = stage(cluster, "cells", strength="strong")
    stage(cluster, "storage", wanted=True, strength="gap")
    company(cluster, "sunwoda", stage=cells, role="anchor", since="2021")
    company(cluster, "elsewhere")
    make.write(cluster, SupportOffer, kind="energy", provider=make.organisation("weiqiao"), source=make.source())
    return make.approved(cluster)


def test_cluster_draws_its_chain_with_what_is_strong_wanted_and_unknown(client):
    cluster_with_a_chain()
    html = client.get("/en/clusters/zaozhuang/one/").content.decode()
    drawn = re.search(r"(?s)<ol class=\"chain\">.*?</ol>", html)[0]
    stops = re.findall(
        r'(?s)<li class="([\w -]+)">\s*<h3><a href="([^"]+)">(.*?)</a></h3>\s*<div><p class="state">(.*?)</p>', drawn
    )
    assert sorted(stops) == [
        ("is-gap is-wanted", "/en/chains/lithium/storage/", "Storage", "gap"),
        ("is-strong", "/en/chains/lithium/cells/", "Cells", "1 company · strong"),
        ("is-unknown", "/en/chains/lithium/recycling/", "Recycling", "nothing published"),
    ]
    assert drawn.count("investment wanted") == 1
    assert "Sunwoda" in drawn
    assert "Elsewhere" not in drawn


def test_cluster_says_the_same_as_a_table_with_sources_and_what_newcomers_get(client):
    cluster_with_a_chain()
    said = page(client, "/en/clusters/zaozhuang/one/")
    assert "Cells strong not published Sunwoda anchor company (since 2021) [1] [1]" in said
    assert "whose stage no source states Elsewhere [1]" in said
    assert "Companies are named on 1 of 3 stages. Investment is wanted in: storage." in said
    assert "energy given by Weiqiao [1]" in said


def test_policy_and_park_say_what_is_known_of_them(client):
    policy = draft("policy", issuer=Text("City government"), issued="2023", in_force="2023/2025")
    make.write(
        policy, PolicyTarget, industry=make.industry("nev"), named_as=Text("1 of 20 key chains"), source=make.source()
    )
    make.approved(policy)
    live("park", level="national", platform=Text("New energy platform"))
    make.live(ProjectListing, slug="plant", park=live("park", slug="two").entry, title=Text("Cell plant"))
    said = page(client, "/en/policies/zaozhuang/one/")
    assert "Nev – 1 of 20 key chains [1]" in said
    assert "In force 2023 to 2025" in said
    assert "Document number not published" in said
    assert "Platform New energy platform Leading industries not published" in page(client, "/en/parks/zaozhuang/one/")
    assert "Cell plant" in page(client, "/en/parks/zaozhuang/two/")
    assert "Cell plant" not in page(client, "/en/parks/zaozhuang/one/")


@pytest.mark.parametrize("kind", LISTS)
def test_empty_list_says_so_and_a_page_beyond_the_end_is_none(client, kind):
    assert "Nothing is published here yet." in page(client, f"/en/{LISTS[kind]}")
    for number, status in {"2": 404, "0": 404, "x": 400}.items():
        assert client.get(f"/en/{LISTS[kind]}?page={number}").status_code == status


def test_long_list_is_turned_page_by_page(client):
    for number in range(25):
        live("park", slug=f"park-{number:02}")
    assert "Title park-24" not in page(client, "/en/parks/")
    assert "Title park-24" in page(client, "/en/parks/?page=2")
    assert 'href="?page=2"' in client.get("/en/parks/").content.decode()


def fill(kind, count):
    """One entry of a kind with `count` of everything that can hang on it or stand beside it."""
    version = draft(kind)
    for number in range(count):
        make.figure(version, number + 1, as_of=f"{2010 + number}", source=make.source(f"s{number}"), key=number == 0)
        make.write(version, Passage, topic="history", text=Text("Words"), source=make.source())
        make.write(version, Claim, kind="goal", text=Text("Aim"), attributed_to=Text("x"), source=make.source())
        make.write(
            version, Designation, title=Text("Title"), holder=make.organisation(f"o{number}"), source=make.source()
        )
        if kind == "city":
            make.write(version, CityIndustry, industry=make.industry(f"i{number}"), role="pillar", source=make.source())
            park = live("park", slug=f"priced-{number}").entry
            water = {"category": "water", "unit": "CNY/m3", "park": park}
            cost(version, number + 1, **water, source=make.source(f"c{number}"))
            link = {"mode": "road", "destination": Text("Port"), "distance_km": number + 1}
            make.write(version, LogisticsLink, **link, source=make.source(f"l{number}"))
        if kind == "park":
            plot(version, area=number + 1, source=make.source(f"p{number}"))
            make.write(version, ParkIndustry, industry=make.industry(f"i{number}"), source=make.source())
        if kind == "cluster":
            at = stage(version, f"link-{number}", wanted=True)
            company(version, f"company-{number}", stage=at)
        if kind == "policy":
            make.write(
                version, PolicyTarget, industry=make.industry(f"i{number}"), named_as=Text("1"), source=make.source()
            )
            incentive(version, source=make.source(f"t{number}"))
        if kind == "ranking":
            for cls, said in ((RankingDimension, {}), (RankingEntry, {"city": make.city(), "place": number + 1})):
                make.write(version, cls, name=Text(f"n{number}"), source=make.source(), **said)
    make.approved(version)
    for number in range(count):
        beside = {"industry": make.industry()} | ({"park": version.entry} if kind == "park" else {})
        project = make.draft(ProjectListing, slug=f"beside-{number}", **beside)
        make.stage(project, 40, when="2021")
        make.approved(project)
        for other in {"cluster", "ceremony", "park", "policy"} - {kind}:
            live(other, slug=f"beside-{number}")
    return version


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("kind", "asked"), [("city", 30), ("cluster", 24), ("park", 22), ("policy", 18), ("ranking", 20)]
)
def test_page_asks_the_database_as_often_for_one_as_for_three(client, kind, asked, count):
    fill(kind, count)
    assert queries(client, f"/en/{PLACES[kind]}") == asked


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("kind", "asked"), [("city", 19), ("cluster", 19), ("park", 15), ("policy", 14), ("ranking", 9)]
)
def test_list_asks_the_database_as_often_for_one_as_for_three(client, kind, asked, count):
    cities = ["zaozhuang", "zibo"]
    for number in range(count if kind != "city" else min(count, 2)):
        version = draft(kind, at=cities[number % 2], slug="" if kind == "city" else f"n{number}")
        if kind == "cluster":
            stage(version, f"link-{number}", wanted=True) if version.city.slug == "zaozhuang" else None
        make.approved(version)
    assert queries(client, f"/en/{LISTS[kind]}") == asked


@pytest.mark.parametrize(("level", "words"), [("prefecture", "Ask the city"), ("province", "Ask about this page")])
def test_nobody_calls_a_province_or_the_country_a_city(client, level, words):
    city = make.city()
    city.level = level
    city.save()
    live("ranking")
    assert f">{words}</a>" in client.get(f"/en/{PLACES['ranking']}").content.decode()


def test_key_figures_of_a_cluster_stand_under_a_heading(client):
    draft_of_one = draft("cluster")
    make.figure(draft_of_one, key=True)
    make.approved(draft_of_one)
    said = client.get(f"/en/{PLACES['cluster']}").content.decode()
    assert "<h2>Key figures</h2>" in said
    assert said.count('id="figures"') == 1  # there is no table to follow, so no second section
