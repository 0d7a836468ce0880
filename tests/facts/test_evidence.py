"""What a version may print of its facts: histories, wholes, doubts and numbered sources."""

from datetime import date

import pytest

from clusters.models import CityProfile
from portal.facts.evidence import Evidence
from portal.facts.models import Citation, Claim, Passage
from portal.lib.text import Text
from tests import make

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 1)


def evidence(version, today=TODAY):
    return Evidence(CityProfile.objects.with_parts().get(pk=version.pk), today)


def amounts(figures):
    return [int(figure.value_min) for figure in figures]


def histories(series):
    return [(int(row.newest.value_min), amounts(row.earlier)) for row in series]


def test_values_of_one_thing_are_its_history_newest_first():
    draft = make.draft()
    for value, day in ((100, "2023-05"), (57, "2022-09"), (117, "2023-08-15")):
        make.figure(draft, value, as_of=day)
    assert histories(evidence(draft).done) == [(117, [100, 57])]


@pytest.mark.parametrize(
    "other",
    [
        {"subject": Text("the province")},
        {"unit": "person"},
        {"basis": "reported_flow"},
        {"as_of": "XXXX-08-26"},
        {"as_of": "2023-05"},
    ],
)
def test_values_of_different_things_or_without_a_year_are_no_history(other):
    draft = make.draft()
    make.figure(draft, 100, as_of="2023-05")
    make.figure(draft, 57, **{"as_of": "2022"} | other)
    assert sorted(histories(evidence(draft).done)) == [(57, []), (100, [])]


def test_promises_for_different_years_stand_side_by_side():
    draft = make.draft()
    make.figure(draft, 50, basis="target", as_of="", period="2025")
    make.figure(draft, 80, basis="target", as_of="", period="2030")
    told = evidence(draft)
    assert histories(told.promised) == [(50, []), (80, [])]
    assert told.done == []


def test_key_figure_is_repeated_among_the_others_only_for_its_history():
    draft = make.draft()
    make.figure(draft, 1, metric=make.metric("alone"), key=True)
    make.figure(draft, 117, as_of="2023-08", key=True)
    make.figure(draft, 57, as_of="2022-09")
    told = evidence(draft)
    assert amounts(told.key_figures) == [1, 117]
    assert histories(told.done) == [(117, [57])]


def test_a_thing_picked_for_several_years_is_one_key_figure():
    draft = make.draft()
    for value, day in ((57, "2022"), (117, "2024"), (100, "2023")):
        make.figure(draft, value, as_of=day, key=True)
    assert amounts(evidence(draft).key_figures) == [117]


def test_expectation_is_overdue_when_its_period_is_over_not_when_it_was_uttered_long_ago():
    draft = make.draft()
    past = make.figure(draft, 1214, basis="forecast", as_of="2023-01", period="2023")
    open_end = make.figure(draft, 20, basis="planned", as_of="2021", metric=make.metric("fund"))
    done = make.figure(draft, 5, basis="achieved", as_of="", period="2022", metric=make.metric("done"))
    told = evidence(draft)
    assert [told.told(figure).is_overdue for figure in (past, open_end, done)] == [True, False, False]


def test_count_is_due_for_review_after_the_months_its_metric_is_fresh():
    draft = make.draft()
    stock = make.figure(draft, 100, as_of="2023-05-31", metric=make.metric(fresh_for_months=12))
    flow = make.figure(draft, 80, as_of="", period="2020", metric=make.metric("trade", kind="flow"))
    told = evidence(draft)
    assert told.told(stock).review_due == date(2024, 5, 28)
    assert told.told(flow).review_due is None
    assert evidence(draft, date(2024, 5, 28)).told(stock).review_due is None


def test_sources_are_numbered_once_in_the_order_in_which_they_are_needed():
    draft = make.draft()
    first, second, third = (make.source(code, title=Text(code)) for code in ("first", "second", "third"))
    figure = make.figure(draft, 1, source=first)
    make.write(draft, Claim, kind="slogan", text=Text("Best"), attributed_to=Text("the city"), source=second)
    make.write(draft, Passage, topic="history", text=Text("Coal"), source=first)
    make.write(draft, Citation, figure=figure, source=third)
    told = evidence(draft)
    assert told.sources == [first, second, third]
    assert told.numbers == {first.pk: 1, second.pk: 2, third.pk: 3}


def test_data_is_as_of_the_latest_day_something_had_happened():
    draft = make.draft()
    assert evidence(draft).data_as_of is None
    make.figure(draft, 1, as_of="2023-05-12")
    make.figure(draft, 2, as_of="", period="2023-Q1", metric=make.metric("trade"))
    make.figure(draft, 3, basis="target", as_of="", period="2023-12", metric=make.metric("aim"))
    assert evidence(draft).data_as_of == date(2023, 5, 12)
    make.figure(draft, 4, as_of="2024", metric=make.metric("still running"))
    assert evidence(draft).data_as_of == TODAY


def test_evidence_asks_the_database_nothing(django_assert_num_queries):
    draft = make.draft()
    whole = make.figure(draft, 100)
    part = make.figure(draft, 50, part_of=whole, metric=make.metric("part"))
    make.write(draft, Citation, figure=part, source=make.source("more"))
    told = evidence(draft)
    with django_assert_num_queries(0):
        card = told.told(told.figures[1])
        assert card.whole.metric.code == "enterprises"
        assert [citation.source.code for citation in card.citations] == ["more"]
        assert len(told.sources) == 2


def test_a_date_at_the_end_of_all_calendars_is_not_due():
    draft = make.draft()
    row = make.figure(draft, 100, as_of="9999-06")
    told = evidence(draft)
    assert told.told(row).review_due is None
