"""The benchmark's own arithmetic."""

import json

import pytest

from tests.bench.figures import Figure, dump, line, load, percentile, short
from tests.bench.serving import rate_in


@pytest.mark.parametrize(
    ("aim", "bound", "verdict"),
    [("≤", 3, "met"), ("≤", 2.9, "short"), ("≥", 3, "met"), ("≥", 3.1, "short"), ("=", 3, "met"), ("=", 4, "short")],
)
def test_verdict_compares_value_and_bound(aim, bound, verdict):
    assert Figure("pages", 3, "queries", aim, bound).verdict == verdict


def test_figure_without_aim_has_dashes():
    assert line(Figure("hello", 6120.4, "requests/s").cells).split() == ["hello", "6120", "requests/s", "-", "-"]


def test_line_says_all_of_a_figure():
    said = line(Figure("home ratio", 0.6123, "of hello", "≥", 0.6).cells)
    assert said.split() == ["home", "ratio", "0.612", "of", "hello", "≥", "0.600", "met"]


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (9, "9"), (0.0123, "0.0123"), (14.26, "14.3"), (149.9, "150"), (6120.4, "6120")]
)
def test_values_are_printed_with_three_digits(value, words):
    assert short(value) == words


def test_percentile_is_the_nearest_rank():
    values = [float(value) for value in range(20, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.95, 1)] == [10, 19, 20]
    assert percentile([7.0], 0.95) == 7


def test_figures_survive_their_json():
    figures = [Figure("a", 1.5, "s", "≤", 1), Figure("b", 2, "MB")]
    assert load(dump(figures)) == figures
    assert [row["verdict"] for row in json.loads(dump(figures))] == ["short", "-"]


def test_rate_is_read_from_the_load_generator():
    assert rate_in("  2000 requests in 2.00s\nRequests/sec:   1000.51\nTransfer/sec: 1MB\n") == 1000.51


@pytest.mark.parametrize("said", ["Requests/sec: 10.0\n  Non-2xx or 3xx responses: 3\n", "unable to connect"])
def test_a_run_with_errors_is_no_rate(said):
    with pytest.raises(RuntimeError):
        rate_in(said)
