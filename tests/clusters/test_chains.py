"""Value chains across cities, what fits a stage that is wanted, and what is said of an organisation."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from clusters.models import (
    Designation,
    Organisation,
    ParkIndustry,
    SupportOffer,
    ValueChain,
)
from portal.lib.text import Text
from portal.pages import organisations
from projects.models import ProjectListing, ProjectParty, Stage
from tests import make
from tests.reading import page, queries, table

from .publications import company, draft, incentive, plot, put_below_zibo, stage

pytestmark = pytest.mark.django_db

CHAIN = "/en/chains/lithium/"
WANTED = f"{CHAIN}storage/"


@pytest.fixture
def chain():
    """Four stages in order, of the industry "Lithium Batteries", which belongs to the group "New Three"."""
    group, industry = make.industry("new-three"), make.industry()
    industry.parent = group
    industry.save()
    links = [make.link(slug) for slug in ("mining", "cells", "storage", "recycling")]
    for order, link in enumerate(links, 1):
        link.order = order
        link.save()
    ValueChain.objects.update(industry=industry)


def cluster(at="zaozhuang", **said):
    """Strong in cells, and it asks for storage, which it lacks."""
    found = draft("cluster", at=at, title=Text(f"{at.title()} cluster"), **said)
    cells = stage(found, "cells", strength="strong")
    stage(found, "storage", wanted=True, strength="gap")
    company(found, f"{at}-cells", stage=cells, role="anchor")
    make.write(found, SupportOffer, kind="energy", text=Text(f"Power from {at}"))
    return make.approved(found)


def park(slug, *, at="zaozhuang", industry="lithium-batteries", link=None, plots=None):
    found = draft("park", slug=slug, at=at)
    make.write(found, ParkIndustry, industry=make.industry(industry), link=link)
    for name, said in (plots or {}).items():
        plot(found, name, **said)
    return make.approved(found)


def policy(slug, *, at="zaozhuang", **said):
    found = draft("policy", slug=slug, at=at)
    incentive(found, f"Grant {slug}", **said)
    return make.approved(found)


def test_chain_is_one_table_of_cities_by_stage(client, chain):
    cluster()
    cluster("zibo")
    other = draft("cluster", slug="other", at="zibo", title=Text("Other cluster"))
    stage(other, "cells", strength="reported")
    make.approved(other)
    said = page(client, CHAIN)
    assert "Companies are named on 1 of 4 stages. Investment is wanted in: storage." in said
    assert "Cells 2 companies · 2 cities" in said
    assert "Storage gap wanted in 2 clusters" in said
    assert "3 clusters publish what they have of this chain" in said
    assert "Zibo Zibo cluster nothing published 1 strong gap wanted nothing published" in said
    assert said.index("Zaozhuang cluster") < said.index("Other cluster")


def test_chain_without_any_cluster_says_so(client, chain):
    said = page(client, CHAIN)
    assert "No company is named yet on any stage of the chain." in said
    assert "No cluster publishes a stage of this chain yet." in said
    assert "No cluster has published that it lacks this stage or asks for it." in page(client, WANTED)
    for gone in ("/en/chains/none/", f"{CHAIN}none/", f"{CHAIN}?page=2", f"{WANTED}?page=x"):
        assert client.get(gone).status_code == 404


def test_chain_as_a_file_has_a_line_a_company_and_no_formula(client, chain):
    cluster()
    Organisation.objects.filter(slug="zaozhuang-cells").update(name=Text("=cmd()"))
    for address, width in ((f"{CHAIN}?export=csv", 9), ("/en/clusters/zaozhuang/one/?export=csv", 9)):
        rows = table(client.get(address))
        assert {len(row) for row in rows} == {width}
        assert [row for row in rows if "'=cmd()" in row]
    assert [row[1] for row in rows[1:]] == ["Mining", "Cells", "Storage", "Recycling"]


def test_wanted_stage_shows_what_fits_it_there_and_how_closely(client, chain):
    cluster()
    today = localdate()
    park("exact", link=make.link("storage"), plots={"Plot 7": {}, "Gone": {"status": "taken"}})
    park("broad", industry="new-three", plots={"Over": {"valid_until": "2020"}})
    park("elsewhere", link=make.link("cells"))
    park("unfit", industry="coal")
    park("far", at="zibo")
    policy("open")
    policy("ours", industry=make.industry(), valid_until=(today + timedelta(days=1)).isoformat())
    policy("over", valid_until=(today - timedelta(days=1)).isoformat())
    ended = draft("policy", slug="ended", in_force="2020/2021")
    incentive(ended, "Grant ended", kind="tax")
    make.approved(ended)
    for slug, reached in (("planned", Stage.PLANNED), ("signed", Stage.SIGNED)):
        project = make.draft(ProjectListing, slug=slug, link=make.link("storage"), title=Text(f"Project {slug}"))
        make.stage(project, reached)
        make.approved(project)
    for address in (WANTED, "/en/clusters/zaozhuang/one/"):
        said = page(client, address)
        opening = said[said.index("investment wanted gap") if "investment wanted gap" in said else 0 :]
        for words in (
            "Title exact for this stage Plot 7",
            "Title broad for the industry plots on offer not published",
            "Grant ours grant · for the industry",
            "Grant open grant · for every industry",
            "Energy",
            "Projects planned or in talks Project planned",
        ):
            assert words in opening, (address, words)
        fitting = opening[: opening.index("Ask Zaozhuang about this stage")]
        for words in ("Gone", "Over", "elsewhere", "unfit", "Title far", "Grant over", "Grant ended", "Project signed"):
            assert words not in fitting, (address, words)


@pytest.mark.parametrize("level", ["province", "country"])
def test_policy_from_above_fits_too_and_says_so(client, chain, level):
    put_below_zibo(level)
    cluster()
    policy("above", at="zibo")
    make.live()
    assert "Grant above" in page(client, WANTED)
    assert "Grant above" in page(client, "/en/clusters/zaozhuang/one/")
    assert "Grant above" in page(client, "/en/cities/zaozhuang/")
    assert "Zaozhuang cluster" in page(client, "/en/policies/zibo/above/")


def test_park_is_for_clusters_of_its_own_city_from_both_sides(client, chain):
    put_below_zibo("province")
    cluster()
    park("above", at="zibo", link=make.link("storage"))
    assert "Title above" not in page(client, "/en/clusters/zaozhuang/one/")
    assert "Zaozhuang cluster" not in page(client, "/en/parks/zibo/above/")


def test_park_and_policy_say_which_wanted_stages_they_fit(client, chain):
    cluster()
    park("exact", link=make.link("storage"))
    park("unfit", industry="coal")
    policy("open")
    assert "Zaozhuang cluster" in page(client, "/en/parks/zaozhuang/exact/")
    assert "Storage" in page(client, "/en/parks/zaozhuang/exact/")
    assert "Zaozhuang cluster" not in page(client, "/en/parks/zaozhuang/unfit/")
    assert "Storage" in page(client, "/en/policies/zaozhuang/open/")


def test_stage_names_who_is_before_and_after_it(client, chain):
    cluster()
    said = page(client, f"{CHAIN}mining/")
    assert "The chain begins here." in said
    after = said[said.index("Further along the chain: who may buy") :]
    assert "Cells Zaozhuang-Cells Zaozhuang" in after
    assert "Before it in the chain: who may supply" not in said
    said = page(client, f"{CHAIN}recycling/")
    assert "The chain ends here." in said
    assert "Zaozhuang-Cells" in said[said.index("Before it in the chain: who may supply") :]


def test_supplier_sees_who_may_buy_and_who_asks(client, chain):
    found = draft("cluster")
    cells, recycling = stage(found, "cells"), stage(found, "recycling")
    stage(found, "mining", wanted=True, strength="gap")
    for row in (cells, recycling):
        company(found, "one", stage=row)
    make.approved(found)
    said = page(client, "/en/suppliers/")
    assert "Mining 1 none named 1" in said  # one company, on two later stages
    assert "Cells 1 1 none published" in said
    assert "Recycling last stage of the chain 1" in said


def test_organisation_page_gathers_what_public_pages_say(client, chain):
    cluster()
    parent = make.organisation("group")
    sunwoda = make.organisation("zaozhuang-cells")
    sunwoda.parent, sunwoda.aliases = parent, ["Sunny"]
    sunwoda.save()
    project = make.draft(ProjectListing, slug="plant", title=Text("Cell plant"))
    make.write(project, ProjectParty, organisation=sunwoda, role="investor", share=51)
    make.stage(project, Stage.SIGNED)
    make.approved(project)
    city = draft("city")
    make.write(city, Designation, title=Text("Green factory"), holder=sunwoda, source=make.source("list"))
    make.approved(city)
    said = page(client, "/en/organisations/zaozhuang-cells/")
    for words in (
        "Named in 1 cluster, 1 project and 1 title.",
        "Other names Sunny",
        "Zaozhuang cluster Cells anchor not published [1]",
        "Cell plant Zaozhuang investor 51% signed [1]",
        "Green factory [2]",
    ):
        assert words in said, words
    assert "Group" not in said  # no public page names the parent
    assert "Zaozhuang-Cells" in page(client, "/en/organisations/?q=CELLS&kind=company")
    assert "No organisation of this name" in page(client, "/en/organisations/?kind=media")


def test_organisation_named_more_often_than_is_shown_is_counted_whole(client, monkeypatch):
    monkeypatch.setattr(organisations, "MOST_ROWS", 2)
    for number in range(3):
        found = draft("cluster", slug=f"c{number}")
        company(found, "cells")
        make.approved(found)
    said = page(client, "/en/organisations/cells/")
    assert "Named in 3 clusters." in said
    assert "The first 2 are shown." in said


def test_organisation_that_nothing_public_names_has_no_page(client):
    hidden = draft("cluster")
    company(hidden, "secret")
    make.organisation("unnamed")
    for slug in ("secret", "unnamed", "none"):
        assert client.get(f"/en/organisations/{slug}/").status_code == 404
    assert "Nothing is published here yet." in page(client, "/en/organisations/")
    make.approved(hidden)
    assert client.get("/en/organisations/secret/").status_code == 200


def fill(count):
    for number in range(count):
        found = draft("cluster", slug=f"c{number}")
        for slug in ("mining", "cells"):
            company(found, f"{slug}-{number}", stage=stage(found, slug))
        stage(found, "storage", wanted=True, strength="gap")
        make.write(found, SupportOffer, kind="energy", provider=make.organisation("one"))
        make.approved(found)
        park(f"p{number}", link=make.link("storage"), plots={"A": {}})
        policy(f"i{number}")


ASKED = {
    "/en/chains/": 6,
    CHAIN: 11,
    WANTED: 20,
    "/en/suppliers/": 7,
    "/en/organisations/": 5,
    "/en/organisations/one/": 11,
    f"{CHAIN}?export=csv": 13,
    "/en/clusters/zaozhuang/c0/": 21,
}


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_three_as_for_one(client, chain, count):
    fill(count)
    assert {address: queries(client, address) for address in ASKED} == ASKED
