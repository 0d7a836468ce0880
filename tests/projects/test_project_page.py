"""The page of one project: stages, parties, figures, and only what is public."""

import html
import re

import pytest
from django.utils.timezone import now, timedelta

from clusters.models import ParkProfile, Related
from portal.facts.models import Claim
from portal.lib.text import Text
from portal.publishing.workflow import take
from projects.models import CeremonyRecord, Component, ProjectListing, ProjectParty, SignedProject, Stage
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/en/projects/zaozhuang/one/"


def page(client, address=ADDRESS):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode().split("</header>")[1])).split())


def ceremony_signing(entry, slug="c", **said):
    record = make.draft(CeremonyRecord, slug=slug, **said)
    make.write(record, SignedProject, project=entry, title=Text("It"), source=make.source())
    return record


def stages_of(client):
    return [(stage["label"], stage["state"]) for stage in client.get(ADDRESS).context["stages"]]


def test_stage_line_tells_what_is_reached_and_what_is_not_reported(client):
    draft = make.draft(ProjectListing)
    make.stage(draft, Stage.STARTED, when="2021-Q3", evidence=Text("A photograph"))
    make.stage(draft, Stage.SIGNED, when="2020-06-29?")
    make.approved(draft)
    assert stages_of(client) == [
        ("signed", "done"),
        ("construction started", "now"),
        ("in production", "expected"),
        ("at full capacity", "expected"),
    ]
    words = page(client)
    assert "signed 29 June 2020 (year inferred)" in words
    assert "construction started third quarter of 2021 A photograph [1]" in words
    assert "in production not reported" in words


def test_cancelled_project_has_no_stage_to_come(client):
    draft = make.draft(ProjectListing)
    make.stage(draft, Stage.CANCELLED)
    make.stage(draft, Stage.SIGNED)
    make.approved(draft)
    assert stages_of(client) == [("signed", "done"), ("cancelled", "cancelled")]


def test_project_without_stages_says_so(client):
    make.live(ProjectListing)
    assert "No stage of this project is published." in page(client)


def test_parties_without_name_are_counted_and_shares_not_given_are_said(client):
    draft = make.draft(ProjectListing)
    make.write(draft, ProjectParty, count=6, role="partner", source=make.source())
    make.write(draft, ProjectParty, organisation=make.organisation("weiqiao"), role="investor", source=make.source())
    make.write(draft, ProjectParty, name=Text("The zone"), share="33.50", role="shareholder", source=make.source())
    make.write(draft, Component, kind="line", name=Text("recycling line"), quantity=3, source=make.source())
    make.approved(draft)
    words = page(client)
    assert "6 parties, not named partner not published [1]" in words
    assert "Weiqiao investor not published [1]" in words
    assert "The zone shareholder 33.50% [1]" in words
    assert "recycling line × 3 (production line) [1]" in words


def test_what_is_expected_stands_beside_what_is_reached(client):
    draft = make.draft(ProjectListing)
    for value, basis in ((11, "achieved"), (22, "agreed"), (33, "at_full_production")):
        make.figure(draft, value, basis=basis)
    make.figure(draft, 55, basis="planned", metric=make.metric("lines", unit="line"), unit="line")
    make.figure(draft, 44, basis="design", visibility="internal")
    make.approved(draft)
    content = client.get(ADDRESS).content.decode()
    table = content.split("beside what has been reached", 1)[1].split("</table>", 1)[0]
    enterprises, lines = (
        [re.findall(r'class="number">(\d+)', cell) for cell in row.split("<td ")[1:]] for row in table.split("<tr>")[2:]
    )
    assert enterprises == [["22", "33"], ["11"]]
    assert lines == [["55"], []]
    words = page(client)
    assert "2 figures agreed or expected, a result reported for 1" in words
    assert "not reported" in html.unescape(table)
    assert "44 enterprises" not in words


def test_heading_says_how_far_it_is_how_long_it_took_and_what_was_missed(client):
    draft = make.draft(ProjectListing, start_by="2022-06", finish_by="2024")
    make.stage(draft, Stage.SIGNED, when="2021-12-14")
    make.stage(draft, Stage.STARTED, when="2022-02-25")
    make.approved(draft)
    words = page(client)
    finding = "Construction started: 25 February 2022, 2 months after the signing"
    assert f"{finding}; its completion, agreed for 2024, is not reported" in words
    assert "construction started 25 February 2022 2 months later" in words
    assert "in production not reported agreed for 2024: overdue" in words


def test_a_day_agreed_for_a_project_that_nobody_signed_is_not_overdue(client):
    draft = make.draft(ProjectListing, start_by="2022-06")
    make.stage(draft, Stage.PLANNED, when="2021")
    make.approved(draft)
    words = page(client)
    assert ("agreed for June 2022" in words, "overdue" in words) == (True, False)


def test_what_the_ledger_calls_overdue_says_why(client):
    draft = make.draft(ProjectListing)
    make.stage(draft, Stage.SIGNED, when="2024-05")
    make.approved(draft)
    assert "Signed: May 2024; no start is reported 12 months after the signing" in page(client)


def test_other_projects_share_a_stage_a_park_or_a_ceremony(client):
    park = make.live(ParkProfile, slug="zone").entry
    draft = make.draft(ProjectListing, park=park, link=make.link())
    for slug, said in (("near", {"park": park}), ("alike", {"link": make.link(), "at": "zibo"}), ("far", {})):
        make.project(slug, **said)
    make.draft(ProjectListing, slug="hidden", park=park)
    record = ceremony_signing(draft.entry)
    make.write(record, SignedProject, project=make.project("also").entry, title=Text("It"), source=make.source())
    make.approved(record)
    make.approved(draft)
    groups = client.get(ADDRESS).context["alike"]
    assert [(label, [row.entry.slug for row in found]) for label, found in groups] == [
        ("Of the same ceremony", ["also"]),
        ("At the same stage of the chain", ["alike"]),
        ("In the same park", ["near"]),
    ]


def test_neighbours_are_those_signed_before_and_after_in_the_city(client):
    for slug, when in (
        ("b", "2021"),
        ("one", "2022-03"),
        ("a", "2022-03-31"),
        ("undated", "XXXX-03"),
        ("zibo", "2022"),
    ):
        draft = make.draft(ProjectListing, slug=slug, at="zibo" if slug == "zibo" else "zaozhuang")
        make.stage(draft, Stage.SIGNED, when=when)
        make.approved(draft)
    shown = client.get(ADDRESS).context
    assert [shown[way].entry.slug for way in ("previous", "next")] == ["b", "a"]
    assert "This is the last of the city’s projects by day of signing." in page(client, "/en/projects/zaozhuang/a/")
    first = client.get("/en/projects/zaozhuang/undated/").context
    assert (first["previous"], first["next"].entry.slug) == (None, "b")


def test_page_names_its_place_and_the_way_to_ask(client):
    make.live(ProjectListing)
    content = client.get(ADDRESS).content.decode()
    assert "?about=project/zaozhuang/one" in content
    assert 'href="/en/projects/?city=zaozhuang"' in content
    assert '<link rel="alternate" hreflang="zh-Hans"' in content
    assert '<link rel="canonical"' in content
    assert "Version 1" in content


def test_page_in_chinese_says_what_exists_in_english_only(client):
    draft = make.draft(ProjectListing)
    claim = {"kind": "goal", "text": Text("To be first"), "attributed_to": Text("the city")}
    make.write(draft, Claim, source=make.source(), **claim)
    make.approved(draft)
    content = client.get("/zh-hans/projects/zaozhuang/one/").content.decode()
    assert '<span lang="en">To be first</span>' in content
    assert "标题zaozhuang" in content


def test_only_live_ceremonies_and_parks_are_linked(client):
    shown, scheduled = make.live(ParkProfile, slug="shown"), make.draft(ParkProfile, slug="scheduled")
    draft = make.draft(ProjectListing, park=shown.entry)
    for entry in (scheduled.entry, make.draft(ParkProfile, slug="unborn").entry):
        make.write(draft, Related, entry=entry)
    make.approved(draft)
    make.approved(scheduled, at=now() + timedelta(days=1))
    make.approved(ceremony_signing(draft.entry, "public", title=Text("The public signing")))
    ceremony_signing(draft.entry, "hidden", title=Text("LEAK draft"))
    gone = make.approved(ceremony_signing(draft.entry, "gone", title=Text("LEAK gone")))
    take("withdraw", gone, by=make.user("rob"), reason="wrong")
    response = client.get(ADDRESS)
    assert response.context["park"].entry == shown.entry
    assert response.context["related"] == []
    assert [record.entry.slug for record in response.context["ceremonies"]] == ["public"]
    assert "LEAK" not in response.content.decode()
    take("withdraw", shown, by=make.user("rob"), reason="closed")
    assert "parks/zaozhuang/shown" not in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_database_as_often_for_one_as_for_three(client, django_assert_num_queries, settled_clock, count):
    draft = make.draft(ProjectListing)
    for number in range(count):
        make.stage(draft, Stage.SIGNED)
        make.figure(draft, number)
        organisation = make.organisation(f"o{number}")
        make.write(draft, ProjectParty, organisation=organisation, role="investor", source=make.source(f"s{number}"))
        make.write(draft, Component, kind="line", name=Text("line"), source=make.source())
        make.write(draft, Related, entry=make.live(ParkProfile, slug=f"park{number}").entry)
        make.approved(ceremony_signing(draft.entry, f"c{number}"))
    make.approved(draft)
    settled_clock()
    with django_assert_num_queries(16):
        assert len(client.get(ADDRESS).context["related"]) == count
