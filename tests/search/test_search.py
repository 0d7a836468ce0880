"""What a search finds, in both languages, and what it must never find."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from clusters.models import ClusterProfile
from portal.facts.models import Passage
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Version
from portal.publishing.workflow import take
from portal.search.models import IndexText, IndexWord
from portal.search.words import asked, indexed
from tests import make

pytestmark = pytest.mark.django_db


def found(query, at=None):
    return [str(row.version.title) for row in IndexText.objects.live(at).saying(query)]


@pytest.fixture
def cluster():
    title = Text({"en": "Lithium batteries of Zaozhuang", "zh-hans": "枣庄锂电池产业集群"})
    draft = make.draft(
        ClusterProfile, title=title, summary=Text({"en": "Cells and cathodes", "zh-hans": "电芯、正极材料"})
    )
    make.write(draft, Passage, topic="history", text=Text("Coal and cement came first."), source=make.source())
    return make.approved(draft)


@pytest.mark.parametrize(
    "query",
    ["锂电", "锂电池", "锂", "lithium", "Battery", "batteries", "lith", "枣庄 电芯", "zaozhuang", "zao zhuang",
     "cement", "锂离子电池", "ＬＩＴＨＩＵＭ", "li ion battery"],
)  # fmt: skip
def test_search_finds(cluster, query):
    assert found(query) == [str(cluster.title)]


@pytest.mark.parametrize(
    "query", ["电锂", "steel", "池电", "", " ", "'", '"', "a & b", "NEAR(", "lithium steel", "\u200b"]
)
def test_search_does_not_find(cluster, query):
    assert found(query) == []


def test_title_counts_more_than_text():
    make.project("other", title=Text("Steel works"), summary=Text("Not about graphite alone"))
    make.project("graphite", title=Text("Graphite works"))
    assert found("graphite") == ["Graphite works", "Steel works"]


def test_only_what_is_live_is_found(cluster):
    revision = take("revise", cluster, by=make.user("ann"))
    make.write(revision, Passage, topic="trend", text=Text("Sodium is next."), source=make.source())
    assert found("sodium") == []
    begins = database_now() + timedelta(hours=1)
    make.approved(revision, at=begins)
    assert found("sodium") == []
    assert found("sodium", begins) == [str(cluster.title)]
    take("withdraw", cluster, by=make.user("rob"), reason="x")
    assert found("lithium") == found("sodium", begins) == []


def test_every_live_version_has_its_row_and_no_draft_has(cluster):
    make.draft()
    rows = set(IndexText.objects.values_list("version", flat=True))
    assert rows == set(Version.objects.live().values_list("pk", flat=True))


def test_figures_not_public_are_not_indexed():
    draft = make.draft()
    make.figure(draft, note=Text("Confidential kryptonite"), visibility="internal")
    make.approved(draft)
    assert found("kryptonite") == []


def test_mistyped_word_is_read_as_the_nearest_known(cluster):
    assert IndexWord.nearest("litium batery") == "lithium battery"
    assert IndexWord.nearest("lithium") == ""


def test_rebuilding_changes_nothing(cluster):
    before = list(IndexText.objects.values())
    call_command("rebuild_search")
    assert list(IndexText.objects.values()) == before


def test_words_of_a_run_are_pairs_and_its_last_character():
    assert indexed("锂电池 Batteries") == "锂电 电池 池 battery"
    assert asked("锂电池") == [["锂电", "电池"]]


# The page


def test_page_lists_hits_in_the_readers_language(client, cluster):
    assert "Lithium batteries of Zaozhuang" in client.get("/en/search/?q=锂电").content.decode()
    assert "枣庄锂电池产业集群" in client.get("/zh-hans/search/?q=lithium").content.decode()


def test_page_says_what_it_searched_instead(client, cluster):
    page = client.get("/en/search/?q=litium").content.decode()
    assert "Lithium batteries of Zaozhuang" in page
    assert "litium" in page


def test_page_offers_ways_on_when_nothing_is_found(client, cluster):
    page = client.get("/en/search/?q=qqqqqq")
    assert page.status_code == 200
    assert "/en/projects/" in page.content.decode()


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "a" * 5000, "q=lithium&page=999", "q=lithium&page=x", "q=lithium&kind=x", "page=-1", "q=%FF%FE"],
)
def test_page_survives_any_question(client, cluster, query):
    assert client.get(f"/en/search/?{query}").status_code == 200


def test_page_escapes_the_question(client):
    assert "<script>" not in client.get("/en/search/?q=<script>alert(1)</script>").content.decode().split("</head>")[1]


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_database_as_often_for_one_as_for_three(client, django_assert_num_queries, count):
    for number in range(count):
        make.project(f"graphite-{number}", title=Text(f"Graphite {number}"))
    client.get("/en/")
    with django_assert_num_queries(6):
        client.get("/en/search/?q=graphite")
