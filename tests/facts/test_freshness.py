"""What has to be looked at again: asked in SQL as the page says it."""

from datetime import date

import pytest

from clusters.models import CityProfile
from portal.facts.evidence import Evidence
from portal.facts.models import Figure
from portal.lib.text import Text
from portal.publishing.workflow import editing
from tests import make

pytestmark = pytest.mark.django_db

DATES = "2023 2023-02 2024-02-29 2023-01-31 2023-03-30 2023-03-28 2024-Q1 2023-04-mid 2003/.. 2021/2023 XXXX-08-26"
TODAYS = [date(2024, 2, day) for day in (28, 29)] + [date(2024, 3, day) for day in (1, 28, 29, 31)]
TODAYS += [date(2025, 1, 1), date(2024, 12, 29), date(2024, 5, 31)]


@pytest.fixture
def figures():
    metrics = [make.metric(f"m{months}", fresh_for_months=months) for months in (0, 1, 6, 12, 25, 30000)]
    metrics.append(make.metric("flow", kind="flow"))
    draft = make.draft()
    with editing(draft, by=make.user("ann")):
        Figure.objects.bulk_create(
            Figure(version_id=draft.pk, metric=metric, source=make.source(), value_min=1, unit="enterprise", **said)
            for metric in metrics
            for when in DATES.split()
            for said in (
                {"as_of": when, "basis": "achieved", "subject": Text(when)},  # counted once
                {"as_of": when, "basis": "achieved"},  # of which only the newest is no history
                {"as_of": when, "basis": "achieved", "subject": Text(when), "visibility": "internal"},
                {"period": when, "basis": "target", "subject": Text(when)},
            )
        )
    return Figure.objects.filter(version=draft, visibility="public")


def said_on_the_page(figures, today):
    evidence = Evidence(CityProfile.objects.with_parts().get(), today)
    return {figure.pk for figure in evidence.figures if evidence.told(figure).review_due}


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_stale_is_what_the_page_says_is_to_be_reviewed(figures, today):
    said = said_on_the_page(figures, today)
    assert set(figures.stale(today).values_list("pk", flat=True)) == said != set()


def test_due_is_what_will_be_stale_and_is_not_yet(figures):
    coming = said_on_the_page(figures, date(2024, 3, 31)) - said_on_the_page(figures, date(2024, 3, 1))
    assert set(figures.due(date(2024, 3, 1)).values_list("pk", flat=True)) == coming != set()


def test_of_values_of_one_thing_only_the_newest_is_stale():
    draft = make.draft()
    for value, day in ((57, "2022-08-15"), (116, "2023-06"), (100, "2023-05-12")):
        make.figure(draft, value, as_of=day)
    make.figure(draft, 12, as_of="2022", subject=Text("The park"))
    found = Figure.objects.stale(date(2026, 1, 1)).order_by("value_min").values_list("value_min", flat=True)
    assert [int(value) for value in found] == [12, 116]


def test_day_is_the_last_day_of_the_date_and_follows_it():
    figure = make.figure(make.draft(), as_of="", period="2023-Q1")
    assert figure.day == date(2023, 3, 31)
    figure.period = "2003/.."
    figure.save()
    assert Figure.objects.get().day == date(2003, 1, 1)


def test_stale_costs_two_questions(figures, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(figures.stale(date(2025, 1, 1)))
