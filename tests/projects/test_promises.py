"""The public pages of the promise ledger."""

import pytest
from django.utils import timezone

from projects.ledger import NO_YEAR, pace
from projects.models import Stage
from tests import make
from tests.reading import page, queries, table, words

from .test_ledger import listing
from .test_project_list import invest

pytestmark = pytest.mark.django_db
SIGNED, STARTED, PRODUCING = Stage.SIGNED, Stage.STARTED, Stage.PRODUCING


@pytest.fixture
def five(settings):
    """Five of one year in Zaozhuang, four of them started; one in Zibo, cancelled."""
    settings.LEDGER_SMALLEST_COHORT = 5
    for number in range(5):
        stages = [(SIGNED, "2022-01-10"), *([(STARTED, f"2022-02-{10 + number}")] if number else [])]
        draft = listing(f"p{number}", *stages, amount=100)
        if number == 4:
            make.stage(draft, PRODUCING, when="2023-03-01")
            invest(draft, 40, basis="paid_in")
        make.approved(draft)
    make.approved(listing("lost", (SIGNED, "2021-05"), (Stage.CANCELLED, "2022"), at="zibo"))


def test_page_tells_how_many_came_how_far_with_rates_of_large_cohorts_only(client, five):
    said = page(client, "/en/ledger/")
    assert "6 projects signed: 4 started, 1 producing" in said
    assert "Of the projects signed in 2022, 80% have started" in said
    assert "2022 5 4 80% 4 80% 1 20% 0 0% 0 1" in said
    assert "2021 too few for a rate 1 0 0 0 0 1 0" in said
    assert "all years 6 4 67% 4 67% 1 17% 0 0% 1 1" in said
    assert "Of RMB 500 agreed, RMB 400 belongs to projects that have started" in said
    assert "Start rate 开工率 Signed projects whose construction has started" in said
    assert "out of all signed. 67% 4 / 6 80% RMB 400 / RMB 500" in said
    assert "too few for a rate: 1 project publishes both sums" in said
    assert "From signing to the start of construction too few for a median 4" in said
    assert "2 cities with signed projects" in said
    assert "Zaozhuang 5 4 1 1 RMB 500 Zibo 1 0 0 0 –" in said


def test_every_number_opens_to_the_projects_behind_it(client, five):
    content = client.get("/en/ledger/").content.decode()
    for query in (
        "signed=2022&amp;reached=started",
        "city=zibo&amp;reached=signed",
        "reached=overdue",
        "reached=unpriced",
    ):
        assert f'href="/en/projects/?{query}"' in content
    of_city = client.get("/en/ledger/zaozhuang/").content.decode()
    assert 'href="/en/cities/zaozhuang/"' not in of_city  # of the city itself no page is public
    assert 'href="/en/projects/?city=zaozhuang&amp;signed=2022&amp;reached=producing"' in of_city
    assert "zibo" not in of_city.lower()


def test_pace_is_the_median_of_dated_steps(five, settings):
    settings.LEDGER_SMALLEST_COHORT = 2
    steps = {step.label: (step.days, step.count) for step in pace(timezone.now(), [make.city().pk])}
    assert steps == {
        "from signing to registration": (None, 0),
        "from signing to the start of construction": (34, 4),  # of 32, 33, 34 and 35 days: 33.5
        "from the start of construction to production": (None, 1),
        "from production to full capacity": (None, 0),
    }


def test_paid_in_rate_counts_only_who_publishes_both_sums(client, settings):
    settings.LEDGER_SMALLEST_COHORT = 1
    for slug, paid in (("a", 30), ("b", None)):
        draft = listing(slug, (SIGNED, "2022"), amount=100)
        if paid:
            invest(draft, paid, basis="paid_in")
        make.approved(draft)
    assert "30% RMB 30 of RMB 100, 1 project" in page(client, "/en/ledger/zaozhuang/")


def test_file_holds_a_row_for_each_city_and_year(client, five):
    response = client.get("/en/ledger/?export=csv")
    assert response["Content-Type"].startswith("text/csv")
    heading, *rows = table(response)
    assert heading[:7] == [
        "City",
        "Signed in",
        "signed",
        "company registered",
        "started",
        "producing",
        "at full capacity",
    ]
    assert [row[:9] for row in rows] == [
        ["Zaozhuang", "2022", "5", "4", "4", "1", "0", "0", "1"],
        ["Zibo", "2021", "1", "0", "0", "0", "0", "1", "0"],
    ]
    excel = client.get("/en/ledger/?export=xlsx")
    assert excel["Content-Type"].endswith("spreadsheetml.sheet")
    assert [[str(cell) for cell in row[:9]] for row in table(excel)[1:]] == [row[:9] for row in rows]
    assert table(client.get("/en/ledger/zibo/?export=csv"))[1][:3] == ["Zibo", "2021", "1"]


def test_a_portal_without_signings_says_so(client):
    make.live()
    for address in ("/en/ledger/", "/zh-hans/ledger/", "/en/ledger/zaozhuang/"):
        assert client.get(address).status_code == 200
    assert "No signed project is published here yet." in page(client, "/en/ledger/zaozhuang/")


def test_a_city_of_which_nothing_is_public_has_no_ledger(client):
    make.draft()
    for slug in ("zaozhuang", "nowhere"):
        assert client.get(f"/en/ledger/{slug}/").status_code == 404


@pytest.mark.parametrize("query", ["export=pdf", "export=%00", "at=nonsense", "&&=&", "city[]=1"])
def test_no_question_breaks_the_page(client, query):
    assert client.get(f"/en/ledger/?{query}").status_code in {200, 400}


def test_year_not_stated_has_no_rate(client, settings):
    settings.LEDGER_SMALLEST_COHORT = 1
    make.approved(listing("a", (SIGNED, "XXXX-08-26"), (STARTED, "2023")))
    response = client.get("/en/ledger/zaozhuang/")
    assert "year not stated 1 1 1 0 0 0 0" in words(response)
    assert f"signed={NO_YEAR}" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_one_as_for_three(client, count):
    for number in range(count):
        make.approved(listing(f"p{number}", (SIGNED, f"202{number}"), at=["zaozhuang", "zibo"][number % 2]))
    # Three are the publication clock's.
    assert queries(client, "/en/ledger/") == 6
    assert queries(client, "/en/ledger/zaozhuang/") == 7
