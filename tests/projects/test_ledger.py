"""The promise ledger: signed, started, producing, by year of signing."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils.timezone import now, timedelta

from portal.lib.dates import UncertainDate
from portal.publishing.workflow import take
from projects.findings import missed
from projects.ledger import Rate, ledger, progress
from projects.models import STEPS, Progress, ProjectListing, Stage, days_taken
from tests import make

from .test_project_list import invest

pytestmark = pytest.mark.django_db


def listing(slug, *stages, at="zaozhuang", **amount):
    draft = make.draft(ProjectListing, slug=slug, at=at)
    for stage, when in stages:
        make.stage(draft, stage, when=when)
    if amount:
        invest(draft, **amount)
    return draft


def rows(at="zaozhuang"):
    found = ledger(now(), [make.city(at)])
    return [
        (row.year, row.signed, row.started, row.producing, row.cancelled, row.agreed_amount, row.unpriced)
        for row in found
    ]


@pytest.mark.parametrize(("part", "percent"), [(0, 0), (1, 0), (3, 1), (299, 99), (300, 100), (330, 110)])
def test_a_rate_is_all_of_them_only_where_none_is_missing(part, percent):
    assert Rate(Decimal(part), Decimal(300), is_enough=True).percent == percent


def test_rows_follow_the_year_of_signing():
    make.approved(listing("a", (Stage.SIGNED, "2020-06-29?"), amount=100))
    make.approved(listing("b", (Stage.SIGNED, "2020"), (Stage.STARTED, "2021"), amount=50))
    make.approved(listing("c", (Stage.SIGNED, "2023-Q1"), (Stage.FULL, "2025")))
    assert rows() == [(2023, 1, 1, 1, 0, 0, 1), (2020, 2, 1, 0, 0, 150, 0)]


def test_signing_of_no_stated_year_is_counted_apart():
    make.approved(listing("a", (Stage.SIGNED, "XXXX-08-26")))
    make.approved(listing("b", (Stage.BUILDING, "2024")))
    make.approved(listing("c", (Stage.SIGNED, "2022")))
    assert rows() == [(2022, 1, 0, 0, 0, 0, 1), (None, 2, 1, 0, 0, 0, 2)]


def test_what_was_not_signed_is_not_counted():
    make.approved(listing("talks", (Stage.IN_TALKS, "2022")))
    make.approved(listing("silent"))
    assert rows() == []


def test_cancelled_stays_among_the_signed():
    make.approved(listing("a", (Stage.SIGNED, "2022"), (Stage.CANCELLED, "2023"), amount=10))
    assert rows() == [(2022, 1, 0, 0, 1, 10, 0)]


@pytest.mark.parametrize(
    "said", [{"basis": "planned"}, {"visibility": "internal"}, {"unit": "USD"}, {"verification": "superseded"}]
)
def test_only_agreed_public_yuan_are_added(said):
    make.approved(listing("a", (Stage.SIGNED, "2022"), amount=10, **said))
    assert rows() == [(2022, 1, 0, 0, 0, 0, 1)]


def test_only_live_listings_of_the_city_count():
    make.approved(listing("a", (Stage.SIGNED, "2022")))
    listing("draft", (Stage.SIGNED, "2022"))
    make.approved(listing("later", (Stage.SIGNED, "2022")), at=now() + timedelta(days=1))
    gone = make.approved(listing("gone", (Stage.SIGNED, "2022")))
    take("withdraw", gone, by=make.user("rob"), reason="wrong")
    make.approved(listing("zibo", (Stage.SIGNED, "2019"), at="zibo"))
    assert rows() == [(2022, 1, 0, 0, 0, 0, 1)]
    assert rows("zibo") == [(2019, 1, 0, 0, 0, 0, 1)]


def test_city_page_prints_the_ledger(client):
    make.live()
    make.approved(listing("a", (Stage.SIGNED, "2022"), (Stage.STARTED, "2023"), amount=Decimal("1.15e9")))
    content = client.get("/en/cities/zaozhuang/").content.decode()
    assert "RMB 1.15 bn" in content.split('id="ledger"')[1].split("</section>")[0]


@pytest.mark.parametrize("count", [1, 3])
def test_ledger_asks_the_database_as_often_for_one_as_for_three(django_assert_num_queries, count):
    for number in range(count):
        make.approved(listing(f"p{number}", (Stage.SIGNED, "2022"), amount=10))
    at, city = now(), make.city()
    with django_assert_num_queries(1):
        assert ledger(at, [city])[0].signed == count


@pytest.mark.parametrize(
    ("agreed", "stages", "late_since"),
    [
        ({}, [(Stage.SIGNED, "2024-05-10")], date(2025, 5, 10)),
        ({}, [(Stage.SIGNED, "2025-05-10")], None),  # twelve months are not over
        ({}, [(Stage.SIGNED, "XXXX-05-10")], None),
        ({}, [(Stage.INTENT, "2020")], None),
        ({"start_by": "2025-Q2"}, [(Stage.SIGNED, "2025-01")], date(2025, 6, 30)),
        ({"start_by": "2026-06"}, [(Stage.SIGNED, "2020")], None),  # what was agreed counts, not the twelve months
        ({"start_by": "2025"}, [(Stage.SIGNED, "2024"), (Stage.STARTED, "2025-03")], None),
        ({"finish_by": "2025-12-30"}, [(Stage.SIGNED, "2024"), (Stage.BUILDING, "2025-03")], date(2025, 12, 30)),
        ({"finish_by": "2025-12-31"}, [(Stage.SIGNED, "2024"), (Stage.BUILDING, "2025-03")], None),  # by this very day
        ({"finish_by": "2024"}, [(Stage.PRODUCING, "2025")], None),
        ({"start_by": "2021"}, [(Stage.SIGNED, "2020"), (Stage.CANCELLED, "2022")], None),
        ({"start_by": "2021"}, [(Stage.PLANNED, "2020")], None),  # nobody has promised it
        ({"start_by": "XXXX-06"}, [(Stage.SIGNED, "2020-05-10")], date(2021, 5, 10)),  # of a year nobody knows
    ],
)
def test_a_project_is_late_when_its_agreed_day_has_passed(agreed, stages, late_since):
    draft = make.draft(ProjectListing, slug="a", **agreed)
    for stage, when in stages:
        make.stage(draft, stage, when=when)
    make.approved(draft)
    late = progress(now(), [draft.city]).late(date(2025, 12, 31))
    assert [row.late_since for row in late] == ([late_since] if late_since else [])
    assert bool(missed(ProjectListing.objects.with_stage().get(), date(2025, 12, 31))) == bool(late_since)


def test_progress_noted_anew_says_the_same():
    draft = listing("a", (Stage.SIGNED, "2022"), (Stage.STARTED, "2023"), amount=10)
    invest(draft, 4, basis="paid_in", as_of="2023-05-01")
    invest(draft, 6, basis="paid_in", as_of="2024-05-01")
    invest(draft, 9, basis="paid_in", as_of="", period="2024")  # what one year brought is not the sum so far
    made = make.approved(draft)
    before = Progress.objects.values().get()
    Progress.note(ProjectListing.objects.all())
    assert Progress.objects.values().get() == before
    said = {"stage": 50, "stopped": False, "year": 2022, "signed": date(2022, 12, 31), "agreed": 10, "paid_in": 6}
    said |= {"city_id": made.city.pk, "investment": 10, "live_from": made.live_from, "industry_id": None}
    assert before | said == before


def test_progress_of_older_listings_is_noted_by_the_migration():
    draft = listing("a", (Stage.SIGNED, "2022-03"), (Stage.STARTED, "2022-05-16"), amount=10)
    invest(draft, 4, basis="paid_in")
    make.approved(draft)
    make.approved(listing("silent"))
    before = list(Progress.objects.order_by("pk").values())
    new = dict.fromkeys(["city", "live_from", "investment", "paid_in", *STEPS])
    Progress.objects.update(**new, cooperation="?")
    migration = import_module("projects.migrations.0005_note_progress_in_full")
    for part in (migration.copy, migration.note):
        part(apps, SimpleNamespace(connection=connection))
    assert list(Progress.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("stages", "days"),
    [
        ([(Stage.SIGNED, "2022-01-10"), (Stage.STARTED, "2022-03-01")], {"days_to_start": 50}),
        ([(Stage.SIGNED, "2022-01"), (Stage.STARTED, "2022-03")], {"days_to_start": 59}),  # from middle to middle
        ([(Stage.SIGNED, "2022-01-10"), (Stage.STARTED, "2022-Q2")], {}),
        ([(Stage.SIGNED, "2022-01-10?"), (Stage.STARTED, "2022-03-01")], {}),
        ([(Stage.SIGNED, "XXXX-01-10"), (Stage.STARTED, "2022-03-01")], {}),
        ([(Stage.SIGNED, "2022-03-01"), (Stage.STARTED, "2022-01-10")], {}),
        (
            [
                (Stage.SIGNED, "2022-01-01"),
                (Stage.REGISTERED, "2022-01-08"),
                (Stage.FULL, "2023"),
                (Stage.PRODUCING, "2022"),
            ],
            {"days_to_register": 7},
        ),
    ],
)
def test_steps_are_measured_between_days_that_sources_state(stages, days):
    assert days_taken([(stage, UncertainDate(when)) for stage, when in stages]) == dict.fromkeys(STEPS) | days


def test_the_ledgers_numbers_lead_to_the_projects_they_count(client):
    make.approved(listing("a", (Stage.SIGNED, "2022"), (Stage.FULL, "2024"), amount=10))
    make.approved(listing("b", (Stage.SIGNED, "2022"), (Stage.CANCELLED, "2023")))
    make.approved(listing("c", (Stage.REGISTERED, "2020")))
    make.approved(listing("talks", (Stage.IN_TALKS, "2022")))
    rows = ledger(now(), [make.city()])
    assert [(row.signed_in, row.signed) for row in rows] == [("2022", 2), ("unknown", 1)]
    for row in rows:
        for code in ("signed", "registered", "started", "producing", "full", "cancelled", "overdue", "unpriced"):
            shown = client.get(f"/en/projects/?city=zaozhuang&signed={row.signed_in}&reached={code}").context
            assert (shown["page_obj"].paginator.count, code) == (getattr(row, code), code)
    chips = {str(chip["label"]) for chip in shown["chosen"]}
    assert chips == {"Zaozhuang", "year of signing not stated", "signed, no agreed amount published"}
