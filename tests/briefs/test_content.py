"""What a brief says, and when two briefs are the same."""

import json

import pytest

from clusters.models import (
    CityProfile,
    LogisticsLink,
    ParkProfile,
    PolicyRecord,
    RankingEdition,
    RankingEntry,
)
from portal.briefs import content
from portal.briefs.models import Brief
from portal.facts.models import Citation
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.workflow import take
from projects.models import ProjectListing
from tests import make
from tests.clusters.publications import cost, incentive, plot, put_below_zibo

from . import asking

pytestmark = pytest.mark.django_db


def snapshot(city, language="en"):
    return content.snapshot(city, language, database_now())


def test_a_snapshot_holds_every_kind():
    said = snapshot(asking.city())
    counts = {"signed": 1, "started": 1, "producing": 1, "cancelled": 0, "unpriced": 0}
    assert [one["amount"] for one in said["key_figures"]] == ["117 enterprises", "800 enterprises"]
    assert [one["basis"] for one in said["key_figures"]] == ["achieved", "target"]
    assert [str(stage["name"]) for stage in said["clusters"][0]["stages"]] == ["Cells"]
    assert said["clusters"][0]["stages"][0]["state"] == "wanted"
    assert [one["is_anchor"] for one in said["clusters"][0]["companies"]] == [True]
    assert [len(said[kind]) for kind in ("parks", "policies", "projects", "ceremonies")] == [1, 1, 1, 1]
    assert [stage["name"] for stage in said["projects"][0]["stages"]] == ["signed", "in production"]
    assert said["ceremonies"][0]["reconciliation"]["declared_count"] == 10
    assert said["ceremonies"][0]["reconciliation"]["itemised"] == "RMB 5 bn"
    assert said["ledger"] == [counts | {"label": "2021", "agreed": "RMB 20 bn"}]
    assert [str(one["text"]) for one in said["claims"]] == ["Capital of lithium"]
    assert len(said["versions"]) == 6
    assert said["not_published"][0] == "land price"


def test_a_snapshot_is_in_one_language():
    said = snapshot(asking.city(), "zh-hans")
    assert said["key_figures"][0]["amount"] == "117家"
    assert said["city"]["name"] == "枣庄"
    assert said["city"]["other_names"] == [{"language": "en", "words": "Zaozhuang"}]
    assert said["claims"][0]["text"] == Text({"zh-hans": "锂电之都"})


def test_a_text_without_this_language_keeps_its_own():
    said = snapshot(make.live(title=Text({"zh-hans": "枣庄概况"})).city)
    assert said["city"]["title"] == Text({"zh-hans": "枣庄概况"})


def test_statements_are_numbered_by_their_sources():
    profile = make.draft()
    first, second = make.source("first"), make.source("second")
    figure = make.figure(profile, 1, source=second)
    make.write(profile, Citation, figure=figure, source=first)
    said = snapshot(make.approved(profile).city)
    assert said["profile"]["figures"][0]["notes"] == [1, 2]
    assert len(said["sources"]) == 2


def test_every_figure_is_printed_once_with_its_history():
    profile = make.draft()
    for value, day in ((19, "2021-10-22"), (57, "2022-08-15"), (117, "2023-08-15")):
        make.figure(profile, value, as_of=day, key=True)
    make.figure(profile, 800, basis="target", key=True)
    figures = snapshot(make.approved(profile).city)["profile"]["figures"]
    assert [(one["amount"], [earlier["amount"] for earlier in one["earlier"]]) for one in figures] == [
        ("117 enterprises", ["57 enterprises", "19 enterprises"]),
        ("800 enterprises", []),
    ]


def test_what_is_not_public_is_nowhere_in_it():
    profile = make.draft()
    secret = make.source("secret", title=Text("CANARY-SOURCE"))
    whole = make.figure(profile, 987654, visibility="internal", quote="CANARY-QUOTE", source=secret)
    figure = make.figure(profile, 3, visibility="investor", metric=make.metric("secret", name=Text("CANARY-METRIC")))
    make.figure(profile, 10, part_of=whole)
    make.write(profile, Citation, figure=figure, source=secret)
    profile = make.approved(profile)
    make.draft(ProjectListing, slug="draft", title=Text("CANARY-DRAFT"))
    make.live(ProjectListing, at="zibo", title=Text("CANARY-OTHER-CITY"))
    said = json.dumps(snapshot(profile.city), ensure_ascii=False)
    assert "10 enterprises" in said
    assert "CANARY" not in said
    assert "987" not in said


def test_a_city_that_is_not_public_has_no_brief():
    city = make.draft().city
    make.project("one")
    with pytest.raises(CityProfile.DoesNotExist):
        snapshot(city)


@pytest.mark.parametrize("level", ["province", "country"])
def test_policies_from_above_and_rankings_that_name_the_city_are_in_it(level):
    put_below_zibo(level)
    city = make.live().city
    make.live(PolicyRecord, at="zibo", slug="plan", nature="plan")
    for slug, named in (("named", city), ("not-named", None)):
        ranking = make.draft(RankingEdition, at="zibo", slug=slug, publisher=make.organisation(), edition="2025")
        make.write(ranking, RankingEntry, name=Text("Zaozhuang"), city=named, place=20, source=make.source())
        make.approved(ranking)
    said = snapshot(city)
    assert [str(one["title"]) for one in said["policies"]] == ["Title plan"]
    assert [(str(one["title"]), one["places"][0]["place"]) for one in said["rankings"]] == [("Title named", 20)]


def test_the_same_content_is_one_brief():
    city = asking.city()
    first = asking.brief(of=city)
    assert asking.brief(of=city) == first
    assert asking.brief("zh-hans", of=city) != first
    assert Brief.objects.count() == 2


def test_new_content_is_a_new_brief():
    city = asking.city()
    first = asking.brief(of=city)
    asking.project("more")
    assert asking.brief(of=city) != first


def test_a_snapshot_comes_back_from_the_database_as_it_was():
    brief = asking.brief()
    stored = Brief.objects.get()
    assert content.fingerprint(stored.snapshot) == brief.fingerprint == stored.fingerprint
    assert isinstance(stored.snapshot["claims"][0]["text"], Text)


@pytest.mark.parametrize("more", [1, 4])
def test_a_snapshot_takes_a_constant_number_of_queries(more, django_assert_num_queries):
    city = asking.city()
    for number in range(more):
        asking.project(f"more-{number}")
    with django_assert_num_queries(83):
        snapshot(city)


def test_withdrawn_and_superseded_versions_are_told_apart():
    brief = asking.brief()
    park = brief.versions.get(entry__kind="park")
    make.revised(park)
    make.approved(park.entry.versions.order_by("number").last().specific)
    assert not brief.is_withdrawn(database_now())
    take("withdraw", park.entry.versions.order_by("number").last(), by=make.user("rob"), reason="wrong")
    assert brief.is_withdrawn(database_now())


def test_prices_land_ways_and_incentives_are_in_it_with_how_long_they_hold():
    profile = make.draft()
    cost(profile, 1, valid_until="2020", what=Text("peak"))
    cost(profile, 2, valid_from="2026", what=Text("peak"))
    make.write(profile, LogisticsLink, mode="road", destination=Text("Qingdao"), to="port", distance_km=320)
    profile = make.approved(profile)
    park, policy = make.draft(ParkProfile), make.draft(PolicyRecord, nature="incentive")
    plot(park, price=300, price_unit="CNY/mu")
    incentive(policy, amount=Text("5 %"))
    make.approved(park)
    make.approved(policy)
    said = snapshot(profile.city)
    assert [(one["amount"], one["is_over"]) for one in said["profile"]["costs"]] == [
        ("1 RMB/kWh", True),
        ("2 RMB/kWh", False),
    ]
    assert said["profile"]["ways"][0]["distance"] == "320 km"
    assert said["parks"][0]["plots"][0]["price"] == "300 RMB/mu"
    assert str(said["policies"][0]["incentives"][0]["amount"]) == "5 %"
    assert said["not_published"] == ["water and gas prices", "wages", "days a permit takes"]


@pytest.mark.parametrize(
    ("price", "land"),
    [({"valid_from": "2099"}, {"status": "taken"}), ({"valid_until": "2020"}, {"valid_from": "2099"})],
)
def test_price_that_does_not_hold_and_land_that_is_taken_answer_no_question(price, land):
    profile, park = make.draft(), make.draft(ParkProfile)
    cost(profile, 1, **price)
    plot(park, price=300, price_unit="CNY/mu", **land)
    make.approved(park)
    assert snapshot(make.approved(profile).city)["not_published"][:2] == ["land price", "electricity price"]
