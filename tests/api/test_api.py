"""The read API: what is live and public, all of it, and nothing else."""

import pytest
from django.core.management import call_command

from clusters.models import ClusterProfile, ParkProfile, PolicyRecord, RankingEdition
from portal.facts.models import Citation
from portal.lib.text import Text
from portal.publishing.workflow import take
from projects.models import CeremonyRecord, Stage
from tests import make
from tests.reading import words

pytestmark = pytest.mark.django_db

SAID = {
    "cities": {},
    "clusters": {"kind": ClusterProfile},
    "parks": {"kind": ParkProfile},
    "policies": {"kind": PolicyRecord, "nature": "plan"},
    "rankings": {"kind": RankingEdition, "edition": "2025"},
    "projects": {"kind": make.ProjectListing},
    "ceremonies": {"kind": CeremonyRecord},
}


def one_of(plural, **said):
    said = SAID[plural] | said
    if plural == "rankings":
        said["publisher"] = make.organisation("institute")
    return make.draft(**said)


@pytest.fixture(params=SAID)
def plural(request):
    return request.param


def test_record_has_its_statements_with_their_sources(client, plural):
    draft = one_of(plural)
    make.figure(draft, 250, qualifier="more_than")
    version = make.approved(draft)
    listed = client.get(f"/api/{plural}/").json()["results"]
    assert [row["title"] for row in listed] == [dict(version.title)]
    record = client.get(listed[0]["url"]).json()
    figure = record["figures"][0]
    assert (figure["value_min"], figure["qualifier"], figure["source"]["publisher"]) == (
        "250.000000",
        "more_than",
        {"en": "A publisher"},
    )


def test_what_is_not_live_is_not_there(client, plural):
    draft = one_of(plural)
    assert client.get(f"/api/{plural}/").json()["results"] == []
    version = make.approved(draft)
    url = client.get(f"/api/{plural}/").json()["results"][0]["url"]
    take("withdraw", version, by=make.user("rob"), reason="x")
    assert client.get(f"/api/{plural}/").json()["results"] == []
    assert client.get(url).status_code == 404


def test_figures_not_public_are_left_out(client):
    draft = make.draft()
    make.figure(draft, 1)
    make.figure(draft, 2, visibility="internal")
    make.figure(draft, 3, visibility="investor")
    make.approved(draft)
    assert [row["value_min"] for row in client.get("/api/cities/zaozhuang/").json()["figures"]] == ["1.000000"]


def test_documents_in_which_only_hidden_figures_stand_are_left_out(client):
    draft = make.draft()
    open_one, hidden = make.figure(draft, 1), make.figure(draft, 2, visibility="internal")
    make.write(draft, Citation, figure=open_one, source=make.source("open"), quote="one")
    make.write(draft, Citation, figure=hidden, source=make.source("secret"), quote="two, but tell nobody")
    make.approved(draft)
    answer = client.get("/api/cities/zaozhuang/")
    assert [row["quote"] for row in answer.json()["citations"]] == ["one"]
    assert "secret" not in answer.content.decode()


def test_what_one_reader_is_told_depends_on_no_other_readers_language(client):
    make.live()
    chinese = client.get("/api/cities/", headers={"Accept-Language": "zh-hans"}).content
    assert client.get("/api/cities/", headers={"Accept-Language": "en"}).content == chinese
    assert b"/en/cities/zaozhuang/" in chinese


def test_workflow_and_people_stay_inside(client):
    make.live()
    record = client.get("/api/cities/zaozhuang/").json()
    assert not {"state", "approved_by", "created_by", "edits", "hands"} & set(record)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_as_often_for_one_as_for_three(client, django_assert_num_queries, count):
    for number in range(count):
        make.project(f"p-{number}")
    with django_assert_num_queries(5):
        assert client.get("/api/projects/").json()["count"] == count


@pytest.mark.parametrize("count", [1, 3])
def test_record_asks_the_database_as_often_for_one_row_as_for_three(client, django_assert_num_queries, count):
    draft = make.draft()
    for number in range(count):
        make.figure(draft, number)
    make.approved(draft)
    with django_assert_num_queries(18):
        assert len(client.get("/api/cities/zaozhuang/").json()["figures"]) == count


def test_projects_filter_by_city_and_stage(client):
    draft = make.draft(make.ProjectListing, slug="signed")
    make.stage(draft, Stage.SIGNED)
    make.approved(draft)
    make.project("silent")
    make.project("elsewhere", at="zibo")
    slugs = lambda query: sorted(row["slug"] for row in client.get(f"/api/projects/?{query}").json()["results"])  # noqa: E731
    assert slugs("city=zaozhuang") == ["signed", "silent"]
    assert slugs("stage=40") == ["signed"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("stage=x", 400), ("page=99", 404), ("page=x", 404), ("page_size=1000000", 200), ("changed_since=x", 400),
     ("changed_since=0001-01-01T00:00:00%2B08:00", 400), ("changed_since=9999-12-31T23:59:59-08:00", 400),
     ("changed_since=0001-01-01", 400), ("changed_since=2023-01-01T00:00:00Z", 200),
     ("city=%00", 400), ("industry=" + "a" * 3000, 200), ("page=" + "9" * 400, 404)],
)  # fmt: skip
def test_any_question_has_an_answer(client, query, status):
    make.project("one")
    assert client.get(f"/api/projects/?{query}").status_code == status


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, method):
    make.project("one")
    for path in ("/api/projects/", "/api/projects/zaozhuang/one/"):
        assert getattr(client, method)(path, "[" * 100_000, content_type="application/json").status_code == 405


def test_page_size_has_a_cap(client):
    from portal.publishing.api import Pages

    assert Pages.max_page_size == 100


def test_schema_is_drawn_without_a_doubt(tmp_path):
    call_command("spectacular", file=tmp_path / "schema.yaml", validate=True, fail_on_warn=True)


def test_schema_names_every_endpoint(client):
    schema = client.get("/api/schema/?format=json").json()
    for plural in SAID:
        assert f"/api/{plural}/" in schema["paths"]


def test_error_is_in_the_readers_language(client):
    answer = client.get("/api/projects/?stage=x", headers={"Accept-Language": "zh-hans"}).json()
    assert answer != client.get("/api/projects/?stage=x").json()


def test_text_is_in_all_its_languages(client):
    make.live(title=Text({"en": "Zaozhuang", "zh-hans": "枣庄"}))
    assert client.get("/api/cities/zaozhuang/").json()["title"] == {"en": "Zaozhuang", "zh-hans": "枣庄"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_bare_address_leads_to_the_documentation(client, language):
    page = client.get("/api/", headers={"accept-language": language}, follow=True)
    assert page.redirect_chain == [(f"/{language}/open-data/", 302)]
    assert page.status_code == 200


def test_the_documentation_says_each_parameter_in_the_readers_language(client):
    said = words(client.get("/zh-hans/open-data/"))
    assert "city 城市的网址代号；" in said
    assert "public since" not in said
    assert "。；" not in said
