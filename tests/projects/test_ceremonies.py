"""The list and the pages of ceremonies."""

import pytest
from django.utils.timezone import now, timedelta

from portal.lib.text import Text
from portal.publishing import lists as views
from portal.publishing.workflow import editing, take
from projects.models import AgendaItem, CeremonyRecord, Participation, ProjectListing, SignedProject, Stage
from tests import make

from .test_project_page import page

pytestmark = pytest.mark.django_db
ADDRESS = "/en/ceremonies/zaozhuang/one/"


def ceremony(slug, when="2020-06-29?", **said):
    return make.live(CeremonyRecord, slug=slug, when=when, **said)


def declare(record, amount, **said):
    total = make.metric("total-investment", unit="CNY")
    return make.figure(record, amount, **{"metric": total, "unit": "CNY", "basis": "agreed"} | said)


def groups(response):
    return [(group["label"], [record.entry.slug for record in group["records"]]) for group in response.context["rows"]]


@pytest.fixture
def sequence():
    ceremony("june", "2020-06-29?")
    ceremony("spring", "2023-04-mid")
    ceremony("second-quarter", "2020-Q2")
    ceremony("august", "XXXX-08-26")
    ceremony("never", "")


def test_list_goes_back_in_time_with_the_undated_apart(client, sequence):
    assert groups(client.get("/en/ceremonies/")) == [
        ("2023", ["spring"]),
        ("2020", ["second-quarter", "june"]),
        ("Year not stated", ["never", "august"]),
    ]


def test_list_says_each_date_with_its_doubts(client, sequence):
    ceremony("large", "2020", declared_count=10_000)
    words = page(client, "/en/ceremonies/")
    assert "10,000 projects declared" in words
    for date in ("29 June 2020 (year inferred)", "mid-April 2023", "26 August, year not stated", "date not stated"):
        assert date in words


def test_list_narrows_by_city_type_and_words(client, sequence):
    ceremony("meeting", "2022", at="zibo", type="meeting", title=Text({"zh-hans": "重点会议"}))
    for query in ("type=meeting", "q=会议"):
        assert groups(client.get(f"/en/ceremonies/?{query}")) == [("2022", ["meeting"])]
    response = client.get("/en/ceremonies/?city=zibo")
    assert groups(response) == [("2022", ["meeting"])]
    assert [(o.value, o.count) for f in response.context["facets"] for o in f["options"]] == [
        ("zaozhuang", 5),
        ("zibo", 1),
        ("meeting", 1),
    ]


def test_list_pages_keep_the_order(client, sequence, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    assert groups(client.get("/en/ceremonies/?page=2")) == [
        ("2020", ["june"]),
        ("Year not stated", ["never"]),
    ]
    assert client.get("/en/ceremonies/?page=4").status_code == 404


def test_what_is_not_public_is_on_no_surface(client):
    ceremony("public")
    make.draft(CeremonyRecord, slug="draft", title=Text("LEAK draft"), type="roadshow")
    make.approved(make.draft(CeremonyRecord, slug="later", title=Text("LEAK later")), at=now() + timedelta(days=1))
    take("withdraw", ceremony("gone", title=Text("LEAK gone")), by=make.user("rob"), reason="wrong")
    response = client.get("/en/ceremonies/")
    assert groups(response) == [("2020", ["public"])]
    assert "LEAK" not in response.content.decode()
    assert "roadshow" not in page(client, "/en/ceremonies/")
    shown = client.get("/en/ceremonies/zaozhuang/public/").context
    assert (shown["previous"], shown["next"]) == (None, None)
    assert [client.get(f"/en/ceremonies/zaozhuang/{slug}/").status_code for slug in ("draft", "later", "gone")] == [
        404
    ] * 3


def test_page_reconciles_what_was_declared_with_what_is_listed(client):
    record = make.draft(CeremonyRecord, declared_count=10)
    declare(record, 1_150_000_000)
    for amount in (310_000_000, 310_000_000, None, None):
        make.write(record, SignedProject, title=Text("Item"), amount=amount, source=make.source())
    make.approved(record)
    assert (
        "4 of 10 projects are itemised. Their amounts make up RMB 620 m of RMB 1.15 bn. "
        "For 2 of those listed no amount is published."
    ) in page(client, ADDRESS)


def test_page_says_when_no_amount_is_itemised(client):
    record = make.draft(CeremonyRecord, declared_count=10)
    declare(record, 1_150_000_000)
    make.write(record, SignedProject, title=Text("Item"), source=make.source())
    make.approved(record)
    assert "1 of 10 projects are itemised. Of the RMB 1.15 bn declared, no amount is itemised." in page(client, ADDRESS)


def test_page_says_when_more_is_listed_than_was_declared(client):
    record = make.draft(CeremonyRecord, declared_count=1)
    declare(record, 100_000_000)
    for amount in (80_000_000, 40_000_000):
        make.write(record, SignedProject, title=Text("Item"), amount=amount, source=make.source())
    make.approved(record)
    words = page(client, ADDRESS)
    assert "2 projects are listed, more than the 1 declared." in words
    assert "Their amounts add up to RMB 120 m, more than the RMB 100 m declared." in words


def test_declared_total_that_is_not_public_is_not_told(client):
    record = make.draft(CeremonyRecord, declared_count=10)
    declare(record, 1_150_000_000, visibility="internal")
    make.approved(record)
    words = page(client, ADDRESS)
    assert "0 of 10 projects are itemised." in words
    assert "1.15" not in words


def test_page_tells_what_became_of_the_projects(client):
    making = make.draft(ProjectListing, slug="making")
    make.stage(making, Stage.PRODUCING, when="2022")
    make.approved(making)
    secret = make.draft(ProjectListing, slug="secret", title=Text("LEAK"))
    make.stage(secret, Stage.FULL)
    record = make.draft(CeremonyRecord)
    for title, entry in (("Making", making.entry), ("Secret", secret.entry), ("Nameless", None)):
        make.write(record, SignedProject, title=Text(title), project=entry, source=make.source())
    make.approved(record)
    words = page(client, ADDRESS)
    assert "Of 1 project followed here: 1 started, 1 producing" in words
    assert "Making not published in production 2022 [1]" in words
    assert "Secret not published no page on this project is published [1]" in words
    assert "Nameless not published no page on this project is published [1]" in words
    content = client.get(ADDRESS).content.decode()
    assert "projects/zaozhuang/making/" in content
    assert "projects/zaozhuang/secret" not in content
    assert "full capacity" not in words


def test_a_stopped_project_counts_by_what_it_had_reached(client):
    listing = make.draft(ProjectListing, slug="stopped")
    make.stage(listing, Stage.PRODUCING, when="2022")
    make.stage(listing, Stage.CANCELLED, when="2024")
    make.approved(listing)
    record = make.draft(CeremonyRecord, when="2021")
    make.write(record, SignedProject, title=Text("It"), project=listing.entry, source=make.source())
    make.approved(record)
    assert "Of 1 project followed here: 1 started, 1 producing" in page(client, ADDRESS)
    assert "1 project named here; the number declared is not published · reported started: 1, producing: 1" in page(
        client, "/en/"
    )


def test_guests_stand_by_side_in_the_order_of_protocol(client):
    record = make.draft(CeremonyRecord)
    for order, (name, side) in enumerate([("Cao", "government"), ("Zhao", "association"), ("Pi", "government")]):
        said = {"name": Text(name), "position": Text(f"post of {name}"), "order": order, "roles": ["attend", "speak"]}
        make.write(
            record, Participation, side=side, source=make.source(), body=Text("a bureau"), body_inferred=True, **said
        )
    make.approved(record)
    sides = client.get(ADDRESS).context["sides"]
    assert [(str(side["label"]), [(str(g), g.place) for g in side["people"]]) for side in sides] == [
        ("government", [("Cao", 1), ("Pi", 3)]),
        ("associations", [("Zhao", 2)]),
    ]
    assert "Cao attended spoke [1] post of Cao · a bureau (inferred from context)" in page(client, ADDRESS)


def test_agenda_names_who_did_what(client):
    record = make.draft(CeremonyRecord)
    guest = make.write(record, Participation, name=Text("Cao Yubin"), roles=["speak"], source=make.source())
    with editing(record, by=make.user("ann")) as locked:
        AgendaItem.objects.create(version=locked, kind="speech", by=guest, source=make.source())
    make.approved(record)
    assert "speech · Cao Yubin [1]" in page(client, ADDRESS)


def test_neighbours_follow_the_dates_within_the_city(client, sequence):
    ceremony("elsewhere", "2021", at="zibo")
    shown = client.get("/en/ceremonies/zaozhuang/second-quarter/").context
    assert (shown["previous"].entry.slug, shown["next"].entry.slug) == ("june", "spring")


def test_ends_of_the_sequence_are_said(client, sequence):
    assert "No earlier ceremony of this city is published." in page(client, "/en/ceremonies/zaozhuang/june/")
    assert "No later ceremony of this city is published." in page(client, "/en/ceremonies/zaozhuang/spring/")
    assert "Its year is not stated" in page(client, "/en/ceremonies/zaozhuang/august/")


def test_part_of_day_and_place_stand_with_the_date(client):
    make.live(CeremonyRecord, when="XXXX-08-26", part_of_day="morning", place=Text("the zone"))
    assert "Date 26 August, year not stated, morning [1] Place the zone Host not stated" in page(client, ADDRESS)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_as_often_for_one_as_for_three(client, django_assert_num_queries, settled_clock, count):
    for number in range(count):
        ceremony(f"c{number}")
    settled_clock()
    with django_assert_num_queries(4):
        client.get("/en/ceremonies/")


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_database_as_often_for_one_as_for_three(client, django_assert_num_queries, settled_clock, count):
    record = make.draft(CeremonyRecord, when="2021")
    for number in range(count):
        ceremony(f"c{number}")
        listing = make.project(f"p{number}")
        make.write(record, SignedProject, title=Text("It"), project=listing.entry, source=make.source())
        make.write(record, Participation, name=Text("Cao"), roles=["attend"], source=make.source())
        declare(record, 5)
    make.approved(record)
    settled_clock()
    with django_assert_num_queries(13):
        assert len(client.get(ADDRESS).context["outcomes"]) == count
