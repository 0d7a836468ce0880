"""The drawing of a figure's history: the same values as the table beside it."""

import pytest

from clusters.models import ClusterProfile
from tests import make

pytestmark = pytest.mark.django_db

VALUES = [("2022-01-27", 35), ("2022-08-15", 57), ("2023-05-12", 100), ("2023-08-15", 117)]


def cluster(values, **said):
    draft = make.draft(ClusterProfile)
    for when, value in values:
        make.figure(draft, value, as_of=when, **said)
    return make.approved(draft)


def chart_of(client, values, **said):
    return client.get(cluster(values, **said).get_absolute_url()).context["history"]


def test_four_values_make_a_history(client):
    chart = chart_of(client, VALUES)
    assert chart.title == "enterprises: from 35 enterprises (27 January 2022) to 117 enterprises (15 August 2023)"
    assert [row[1] for row in chart.table.rows] == [f"{value} enterprises" for _when, value in VALUES]
    assert all(f">{value}</text>" in chart.svg for _when, value in VALUES)


def test_three_do_not(client):
    assert chart_of(client, VALUES[:3]) is None


def test_promises_are_no_history(client):
    assert chart_of(client, VALUES, basis="target") is None


def test_what_is_not_public_is_not_drawn(client):
    assert chart_of(client, VALUES, visibility="internal") is None
