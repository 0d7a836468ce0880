"""The list of projects: its filters, facets, pages and file."""

import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now, timedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.lib.text import Text
from portal.publishing import lists as views
from portal.publishing.workflow import take
from projects.models import ProjectListing, ProjectParty, Stage
from tests import make
from tests.reading import facet, records, slugs

pytestmark = pytest.mark.django_db


def project(slug, *, stage=None, amount=None, at="zaozhuang", **said):
    draft = make.draft(ProjectListing, slug=slug, at=at, **said)
    if stage:
        make.stage(draft, stage)
    if amount:
        invest(draft, amount)
    return make.approved(draft)


def invest(draft, amount, **said):
    total = make.metric("total-investment", name=Text({"en": "Total investment"}), unit="CNY")
    return make.figure(draft, amount, **{"metric": total, "unit": "CNY", "basis": "agreed"} | said)


@pytest.fixture
def three():
    project("signed", stage=Stage.SIGNED, amount=50_000_000, industry=make.industry("alumina"), link=make.link("cells"))
    project("making", stage=Stage.PRODUCING, amount=2_000_000_000, cooperation="ppp")
    project("silent", at="zibo", title=Text({"zh-hans": "无声项目"}))


def get(client, query="", status=200, language="en"):
    response = client.get(f"/{language}/projects/?{query}")
    assert response.status_code == status
    return response


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["making", "signed", "silent"]),
        ("city=zibo", ["silent"]),
        ("city=zibo&city=zaozhuang", ["making", "signed", "silent"]),
        ("industry=alumina", ["signed"]),
        ("industry=unknown", ["making", "silent"]),
        ("link=lithium.cells", ["signed"]),
        ("stage=signed", ["signed"]),
        ("stage=unknown", ["silent"]),
        ("stage=unknown&stage=producing", ["making", "silent"]),
        ("stage=signed&city=zibo", []),
        ("cooperation=ppp", ["making"]),
        ("cooperation=unknown", ["signed", "silent"]),
        ("amount=small", ["signed"]),
        ("amount=large", ["making"]),
        ("amount=unknown", ["silent"]),
        ("q=title+MAKING", ["making"]),
        ("q=无声", ["silent"]),
        ("q=title+nowhere", []),
        ("q=%25", []),
        ("utm_source=mail", ["making", "signed", "silent"]),
    ],
)
def test_filter_finds(client, three, query, found):
    assert slugs(get(client, query)) == found


def test_words_are_sought_in_the_names_of_parties(client):
    draft = make.draft(ProjectListing, slug="joint")
    make.write(draft, ProjectParty, organisation=make.organisation("weiqiao"), role="investor", source=make.source())
    make.write(draft, ProjectParty, name=Text({"zh-hans": "开发区"}), role="partner", source=make.source())
    make.approved(draft)
    project("other")
    assert slugs(get(client, "q=weiqiao")) == ["joint"]
    assert slugs(get(client, "q=开发区+weiqiao")) == ["joint"]


def test_facets_count_what_each_choice_would_give(client, three):
    response = get(client, "city=zaozhuang")
    assert facet(response, "city") == {"zaozhuang": 2, "zibo": 1}
    assert facet(response, "stage") == {"signed": 1, "producing": 1}
    assert facet(response, "amount") == {"small": 1, "large": 1}
    assert facet(get(client), "stage") == {"signed": 1, "producing": 1, "unknown": 1}


def test_chosen_facet_without_results_stays_to_be_taken_off(client, three):
    response = get(client, "city=zibo&stage=signed")
    assert facet(response, "stage") == {"signed": 0, "unknown": 1}
    assert [item["url"] for item in response.context["chosen"]] == ["?city=zibo", "?stage=signed"]
    assert "Nothing published matches all of these filters" in response.content.decode()


def test_cancelled_project_is_found_as_cancelled_only(client):
    draft = make.draft(ProjectListing, slug="stopped")
    make.stage(draft, Stage.SIGNED)
    make.stage(draft, Stage.CANCELLED)
    make.approved(draft)
    assert slugs(get(client, "stage=cancelled")) == ["stopped"]
    assert slugs(get(client, "stage=signed")) == []


@pytest.mark.parametrize(
    ("order", "first"), [("newest", "silent"), ("investment", "making"), ("stage", "making"), ("", "silent")]
)
def test_order(client, three, order, first):
    assert get(client, f"sort={order}").context["rows"][0].entry.slug == first


def test_unpublished_amounts_come_last(client, three):
    assert [row.entry.slug for row in get(client, "sort=investment").context["rows"]] == ["making", "signed", "silent"]


@pytest.mark.parametrize("visibility", ["internal", "investor"])
def test_figure_not_public_neither_shows_nor_sorts_nor_counts(client, visibility):
    draft = make.draft(ProjectListing, slug="discreet")
    invest(draft, 7_770_000_000, visibility=visibility)
    make.approved(draft)
    response = get(client)
    assert facet(response, "amount") == {"unknown": 1}
    assert "7.77" not in response.content.decode()
    assert slugs(get(client, "amount=large")) == []
    assert "7770000000" not in client.get("/en/projects/projects.csv").content.decode()


def unpublished():
    """A draft, one sent to review, one scheduled and one withdrawn, each in an industry of its own."""
    make.draft(ProjectListing, slug="draft", title=Text("LEAK draft"), industry=make.industry("leak-draft"))
    review = make.draft(ProjectListing, slug="review", title=Text("LEAK review"), industry=make.industry("leak-review"))
    take("submit", review, by=make.user("ann"))
    scheduled = make.draft(
        ProjectListing, slug="scheduled", title=Text("LEAK scheduled"), industry=make.industry("leak-scheduled")
    )
    make.approved(scheduled, at=now() + timedelta(days=1))
    gone = project("gone", title=Text("LEAK gone"), industry=make.industry("leak-gone"))
    take("withdraw", gone, by=make.user("rob"), reason="wrong")
    return ["draft", "review", "scheduled", "gone"]


def test_what_is_not_public_is_on_no_surface_of_the_list(client):
    hidden = unpublished()
    project("public")
    response = get(client)
    assert slugs(response) == ["public"]
    assert facet(response, "industry") == {"unknown": 1}
    assert facet(response, "city") == {"zaozhuang": 1}
    assert "LEAK" not in response.content.decode()
    assert "LEAK" not in client.get("/en/projects/projects.csv").content.decode()
    assert slugs(get(client, "q=LEAK")) == []
    for slug in hidden:
        assert client.get(f"/en/projects/zaozhuang/{slug}/").status_code == 404
        assert slugs(get(client, f"industry=leak-{slug}")) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("city=nowhere", "“nowhere” is not among the choices."),
        ("city=zibo&city=%00", "is not among the choices."),
        ("stage=40", "“40” is not among the choices."),
        ("sort=random", "“random” is not among the choices."),
        ("q=%00", "These words contain a sign that cannot be searched for."),
        ("q=" + "x" * 201, "200"),
        ("page=x", "“x” is not the number of a page."),
        ("page=" + "9" * 5000, "is not the number of a page."),
        ("page=1.5", "“1.5” is not the number of a page."),
    ],
)
def test_unknown_value_is_refused_with_a_way_on(client, three, query, said):
    response = get(client, f"industry=alumina&{query}", status=400)
    page = response.content.decode()
    assert said in page
    assert 'href="?industry=alumina"' in page
    assert "Title signed" not in page


def test_refusal_is_said_in_the_language_of_the_reader(client, three, monkeypatch):
    words = get(client, "q=" + "x" * 201, status=400, language="zh-hans").context["errors"]
    assert all(re.search("[一-鿿]", error["said"]) for error in words)


@pytest.mark.parametrize(
    ("page", "status"), [("0", 404), ("-1", 404), ("4", 404), ("99999999999999999999", 404), ("", 200)]
)
def test_page_beyond_the_end_says_how_many_there_are(client, three, page, status, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    response = get(client, f"page={page}&sort=stage", status=status)
    if status == 404:
        assert "This list has 3 pages." in response.content.decode()
        assert response.context["way_on"] == "?sort=stage"


def test_pages_hold_each_project_once(client, three, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    assert sorted(slug for number in (1, 2, 3) for slug in slugs(get(client, f"page={number}"))) == [
        "making",
        "signed",
        "silent",
    ]


def test_paging_ends_at_the_cap_and_says_so(client, three, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    monkeypatch.setattr(views, "MOST_PAGES", 2)
    assert "Only the first 2 can be paged through" in get(client, "page=2").content.decode()
    get(client, "page=3", status=404)


def test_empty_portal_says_that_nothing_is_published(client):
    assert "Nothing is published here yet." in get(client).content.decode()


def rows_of(client, query="", language="en"):
    response = client.get(f"/{language}/projects/projects.csv?{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    return records(response)


def test_file_holds_the_filtered_list_over_all_pages(client, three, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 1)
    rows = rows_of(client, "city=zaozhuang&sort=investment&page=2")
    assert [(row["Title (English)"], row["Stage"], row["Total investment"], row["Basis"]) for row in rows] == [
        ("Title making", "in production", "2000000000", "agreed"),
        ("Title signed", "signed", "50000000", "agreed"),
    ]
    assert rows[0]["Title (简体中文)"] == "标题making"


def test_file_writes_in_the_language_of_the_reader(client, three):
    assert {row["City"] for row in rows_of(client, "city=zibo")} == {"Zibo"}
    chinese = client.get("/zh-hans/projects/projects.csv?city=zibo").content.decode()
    assert "淄博" in chinese
    assert "无声项目" in chinese


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc", '"=1'])
def test_file_holds_no_formula(client, title):
    project("bad", title=Text(title))
    cell = rows_of(client)[0]["Title (English)"]
    assert cell in (f"'{title}", title)
    assert not re.match(r"\s*[=+\-@|＝]", cell)


def test_file_of_an_unknown_filter_is_refused(client, three):
    response = client.get("/en/projects/projects.csv?city=nowhere")
    assert response.status_code == 400
    assert "not among the choices" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_as_often_for_one_as_for_three(client, settled_clock, count):
    for number in range(count):
        full_project(f"p{number}")
    settled_clock()
    with CaptureQueriesContext(connection) as captured:
        assert len(slugs(get(client, "stage=signed&q=title"))) == count
    reads = [query["sql"] for query in captured if query["sql"].startswith(("SELECT ", "WITH "))]
    assert len(reads) == 8, "\n\n".join(reads)  # beside them PostgreSQL is told how to plan


@pytest.mark.parametrize("count", [1, 3])
def test_file_asks_the_database_as_often_for_one_as_for_three(client, django_assert_num_queries, settled_clock, count):
    for number in range(count):
        full_project(f"p{number}")
    settled_clock()
    with django_assert_num_queries(5):
        assert len(rows_of(client)) == count


def full_project(slug):
    draft = make.draft(ProjectListing, slug=slug, industry=make.industry(slug), link=make.link(slug))
    make.stage(draft, Stage.SIGNED)
    invest(draft, Decimal("1.15e9"))
    make.write(draft, ProjectParty, organisation=make.organisation(slug), role="investor", source=make.source())
    return make.approved(draft)


NAMES = ["q", "city", "industry", "link", "stage", "cooperation", "amount", "sort", "page", "type"]
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["unknown", "zaozhuang", "signed", "small", "newest", "1", "0", "%", "_", "\0", "９" * 5, "1e9"]),
    st.integers().map(str),
)


@pytest.mark.parametrize("path", ["projects/", "projects/projects.csv", "ceremonies/"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6))
def test_no_question_breaks_the_list(client, three, path, pairs):
    response = client.get(f"/en/{path}?{urlencode(pairs)}")
    assert response.status_code in {200, 400, 404}


@given(raw=st.text(st.sampled_from("&=%;+?#0fFg é\0"), max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_the_list(client, raw):
    assert client.get("/en/projects/", QUERY_STRING=raw).status_code in {200, 400, 404}
