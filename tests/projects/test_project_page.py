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


def test_achieved_figures_stand_apart_from_promised_ones(client):
    draft = make.draft(ProjectListing)
    make.figure(draft, 11, basis="achieved")
    make.figure(draft, 22, basis="agreed")
    make.figure(draft, 33, basis="at_full_production")
    make.figure(draft, 44, basis="design", visibility="internal")
    make.approved(draft)
    done, promised = page(client).split("What is agreed, planned or expected", 1)
    assert "11 enterprises achieved" in done
    assert "22 enterprises agreed" in promised
    assert "33 enterprises at full production" in promised
    assert "44 enterprises" not in done + promised


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
    with django_assert_num_queries(19):
        assert len(client.get(ADDRESS).context["related"]) == count
