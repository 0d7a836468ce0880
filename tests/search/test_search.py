"""What a search finds, in both languages, and what it must never find."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import ClusterCompany, ClusterProfile, Contact
from portal.facts.models import Passage
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Version
from portal.publishing.past import at_its_beginning
from portal.publishing.workflow import editing, take
from portal.search.finding import Search
from portal.search.models import IndexName, IndexText, IndexWord
from portal.search.questions import asked, pairs_asked
from portal.search.words import indexed
from tests import make
from tests.clusters.publications import cite, cost
from tests.reading import table

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


FINDS = [
    "锂电", "锂电池", "锂", "lithium", "Battery", "batteries", "lith", "枣庄 电芯", "zaozhuang", "zao zhuang", "cement",
    "锂离子电池", "ＬＩＴＨＩＵＭ", "li ion battery", "鋰電池", "棗莊", "枣庄市", "枣庄的锂电池", "lidianchi",
    "Líthium", "zaozhuang lidian", "the batteries of Zaozhuang",
]  # fmt: skip
FINDS_NOT = [
    "电锂", "steel", "kindcluster", "kind", "metric", "source", "city", "zz", "y", "tl", "ƿ", "ƿkindcluster",
    "池电", "", " ", "'", '"', "a & b c", "NEAR(", "lithium steel", "\u200b", "\\",
    "a:b*c",
]  # fmt: skip


def test_search_finds_in_either_script_by_sound_and_by_synonym(cluster):
    assert [query for query in FINDS if found(query) != [str(cluster.title)]] == []


def test_search_does_not_find_what_is_not_said(cluster):
    assert [query for query in FINDS_NOT if found(query)] == []


def test_title_counts_more_than_text():
    make.project("other", title=Text("Steel works"), summary=Text("Not about graphite alone"))
    make.project("graphite", title=Text("Graphite works"))
    assert found("graphite") == ["Graphite works", "Steel works"]


def test_only_what_is_live_is_found(cluster):
    revision = make.revised(cluster)
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


def test_what_is_chosen_from_a_list_is_found_by_its_name():
    draft = make.draft()
    cost(draft, 1)
    make.approved(draft)
    assert [len(found(query)) for query in ("electricity price", "电价", "electricity cost", "gas price")] == [
        1,
        1,
        1,
        0,
    ]


def test_figures_not_public_are_not_indexed():
    draft = make.draft()
    make.figure(draft, note=Text("Confidential kryptonite"), visibility="internal")
    make.approved(draft)
    assert found("kryptonite") == []


def test_documents_of_figures_not_public_have_no_name_in_a_search(client):
    draft = make.draft()
    figure = make.figure(draft, visibility="investor", source=make.source("own", title=Text("Kryptonite memo")))
    cite(figure, make.source("further", title=Text("Kryptonite letter")))
    make.approved(draft)
    assert not IndexName.objects.filter(kind="source")
    assert client.get("/en/search/suggestions/?q=kryptonite").json()["items"] == []


def test_persons_to_contact_are_not_found_on_a_day_in_the_past(client):
    draft = make.draft()
    make.write(draft, Contact, purpose=Text("Land"), name=Text("Kal El"), phone="12345")
    first = make.approved(draft)
    second = make.revised(first)
    with editing(second, by=make.user("ann")) as locked:
        locked.contacts.all().delete()
    make.approved(second)
    moment = at_its_beginning(first)
    assert hits(client, f"/en/search/?q=zaozhuang&at={moment}") == [str(first.title)]
    assert hits(client, f"/en/search/?q=kal&at={moment}") == hits(client, f"/en/search/?q=land&at={moment}") == []


def test_mistyped_word_is_read_as_the_nearest_known(cluster):
    assert IndexWord.nearest("litium batery") == "lithium battery"
    assert IndexWord.nearest("lithium") == ""


def test_rebuilding_changes_nothing(cluster):
    before = list(IndexText.objects.values())
    call_command("rebuild_search")
    assert list(IndexText.objects.values()) == before


def test_words_of_a_run_are_pairs_and_its_last_character():
    assert indexed("锂电池 Batteries") == "锂电 电池 池 battery"
    assert pairs_asked("锂电池") == ["锂电", "电池"]


# The page


def hits(client, address):
    """The titles on the page, without the marks in them."""
    return titles(client.get(address).content.decode())


def titles(page):
    return [unescape(re.sub("<[^>]+>", "", title)).strip() for title in re.findall(r"<h3>(.*?)</h3>", page, re.DOTALL)]


@pytest.mark.parametrize("initials", ["nd", "ndu", "ity"])
def test_initials_find_no_mark_of_the_index(cluster, initials):
    assert not Search(database_now()).answer(initials)


def test_page_lists_hits_in_the_readers_language(client, cluster):
    assert hits(client, "/en/search/?q=锂电") == ["Lithium batteries of Zaozhuang"]
    assert hits(client, "/zh-hans/search/?q=lithium") == ["枣庄锂电池产业集群"]


def test_page_marks_what_was_found(client, cluster):
    page = client.get("/en/search/?q=cathode").content.decode()
    assert "Cells and <mark>cathodes</mark>" in page
    assert "<mark>电芯</mark>、正极材料" in client.get("/en/search/?q=电芯").content.decode()


@pytest.mark.parametrize(
    ("one", "many"),
    [("city", "cities"), ("enterprise", "enterprises"), ("gas", "gases"), ("tax", "taxes"), ("house", "houses")],
)
def test_singular_and_plural_are_found_and_marked_alike(client, one, many):
    make.project("one", title=Text(f"Good {one} here"))
    make.project("many", title=Text(f"Good {many} here"))
    for query in (one, many):
        page = client.get(f"/en/search/?q={query}").content.decode()
        for word in (one, many):
            assert f"Good <mark>{word}</mark> here" in page, (query, word)


def test_page_escapes_what_it_marks(client):
    make.project("one", title=Text("<b>Graphite</b> & coke"))
    assert (
        "&lt;b&gt;<mark>Graphite</mark>&lt;/b&gt; &amp; coke" in client.get("/en/search/?q=graphite").content.decode()
    )


@pytest.mark.parametrize(
    ("query", "said"),
    {
        "litium": "These are the results for “lithium”",
        "理电池": "These sound like it",
        "zzld": "These sound like it",
        "lithium submarines": "These say part of it",
    }.items(),
)
def test_page_says_what_it_searched_instead(client, cluster, query, said):
    page = client.get(f"/en/search/?q={query}").content.decode()
    assert titles(page) == ["Lithium batteries of Zaozhuang"]
    assert said in page


def test_page_offers_ways_on_when_nothing_is_found(client, cluster):
    page = client.get("/en/search/?q=qqqqqq")
    assert page.status_code == 200
    assert "/en/projects/" in page.content.decode()


ANYTHING = {
    "q=%00": 200, "q=" + "a" * 5000: 200, "q=lithium&kind=cluster&page=999": 404, "q=lithium&kind=cluster&page=x": 400,
    "q=lithium&kind=x": 200, "page=-1": 200, "q=%FF%FE": 200, "q=lithium&city=%00": 200, "names=source99": 200,
    "names=x": 200, "q=(((&chain=nowhere": 200, "export=csv": 200, "q=%E9%94%82&export=exe": 200,
    "q=" + "锂" * 300: 200, "q=" + "li" * 100: 200, "q=lithium&kind=cluster&page=²": 400,
    "names=source" + "9" * 18: 200,
}  # fmt: skip


def test_page_survives_any_question(client, cluster):
    answers = {query: client.get(f"/en/search/?{query}").status_code for query in ANYTHING}
    assert answers == ANYTHING
    assert {client.get(f"/en/search/suggestions/?{query}").status_code for query in ANYTHING} == {200}


def test_page_escapes_the_question(client):
    assert "<script>" not in client.get("/en/search/?q=<script>alert(1)</script>").content.decode().split("</head>")[1]


def test_page_shows_the_best_of_each_kind_and_all_of_one(client, cluster):
    for number in range(4):
        make.project(f"lithium-{number}", title=Text(f"Lithium works {number}"))
    shown = hits(client, "/en/search/?q=lithium")
    assert shown[0] == "Lithium batteries of Zaozhuang"
    assert len(shown) == 1 + 3
    assert "All 4 projects" in client.get("/en/search/?q=lithium").content.decode()
    assert len(hits(client, "/en/search/?q=lithium&kind=project")) == 4


def test_page_is_narrowed_to_a_city_and_a_chain(client, cluster):
    make.project("far", at="zibo", title=Text("Lithium of Zibo"), link=make.link())
    assert hits(client, "/en/search/?q=lithium&city=zibo") == ["Lithium of Zibo"]
    assert hits(client, "/en/search/?q=lithium&chain=lithium") == ["Lithium of Zibo"]
    page = client.get("/en/search/?q=cement&city=zibo").content.decode()
    assert 'href="?q=cement">Look everywhere' in page


def test_page_names_organisations_only_while_something_public_names_them(client, cluster):
    draft = make.draft(ClusterProfile, slug="two", at="zibo")
    company = make.organisation("bosen-energy")
    make.write(draft, ClusterCompany, organisation=company, source=make.source(), by=make.user("eve"))
    secret = make.draft(ClusterProfile, slug="three", at="zibo")
    make.write(
        secret,
        ClusterCompany,
        organisation=make.organisation("bosen-secret"),
        source=make.source(),
        by=make.user("eve"),
    )
    published = make.approved(draft)
    page = client.get("/en/search/?q=bosen").content.decode()
    assert "Bosen-Energy" in page
    assert "Bosen-Secret" not in page
    [mark] = IndexName.objects.filter(kind="organisation", key=company.pk)
    assert hits(client, f"/en/search/?names={mark.mark}") == [str(published.title)]
    take("withdraw", published, by=make.user("zoe"), reason="x")
    for address in ("/en/search/?q=bosen", f"/en/search/?names={mark.mark}"):
        assert "Bosen-Energy" not in client.get(address).content.decode()


def test_search_as_of_a_day_finds_what_was_said_then(cluster):
    before = database_now()
    revision = make.revised(cluster)
    make.write(revision, Passage, topic="trend", text=Text("Sodium is next."), source=make.source())
    make.approved(revision)
    now = database_now()
    assert [len(Search(at).answer("lithium").of("cluster")) for at in (before, now)] == [1, 1]
    assert [bool(Search(at).find(asked("sodium"))) for at in (before, now)] == [False, True]


def test_results_come_as_a_table(client, cluster):
    address = "http://testserver/en/clusters/zaozhuang/one/"
    assert table(client.get("/en/search/?q=lithium&export=csv")) == [
        ["kind", "title", "city", "address"],
        ["cluster", "Lithium batteries of Zaozhuang", "Zaozhuang", address],
    ]


def test_suggestions_are_titles_and_names(client, cluster):
    def suggested(query):
        return [item["label"] for item in client.get(f"/en/search/suggestions/?q={query}").json()["items"]]

    assert suggested("lith")[0] == "Lithium batteries of Zaozhuang"
    assert suggested("lidianchi") == ["Lithium batteries of Zaozhuang"]
    assert "Lithium-Batteries" in [label.replace(" ", "-") for label in suggested("lith")]  # the industry
    assert suggested("cement") == suggested("") == []


def test_a_suggestion_is_marked_with_the_language_it_is_in(client):
    make.live(title=Text({"zh-hans": "淄博锂电"}))
    [item] = client.get("/en/search/suggestions/?q=锂电").json()["items"]
    assert item["lang"] == "zh-Hans"


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_database_as_often_for_one_as_for_three(client, count):
    for number in range(count):
        make.project(f"graphite-{number}", title=Text(f"Graphite {number}"))
    client.get("/en/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/en/search/?q=graphite")
    asked_for = [query["sql"] for query in captured if query["sql"].startswith('SELECT "') or "MAX(" in query["sql"]]
    assert len(asked_for) == 11
