from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.dates import UncertainDate, UncertainDateFormField


@pytest.mark.parametrize(
    ("written", "words", "earliest", "latest"),
    [
        ("2023", "2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-02", "February 2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("2020-06-29?", "29 June 2020 (year inferred)", date(2020, 6, 29), date(2020, 6, 29)),
        ("2024-Q1", "first quarter of 2024", date(2024, 1, 1), date(2024, 3, 31)),
        ("2023-04-mid", "mid-April 2023", date(2023, 4, 11), date(2023, 4, 20)),
        ("2023-02-late", "late February 2023", date(2023, 2, 21), date(2023, 2, 28)),
        ("XXXX-08-26", "26 August, year not stated", None, None),
        ("2003/..", "since 2003", date(2003, 1, 1), None),
        ("1991/2008", "1991 to 2008", date(1991, 1, 1), date(2008, 12, 31)),
        ("2022~", "about 2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("", "", None, None),
    ],
)
def test_uncertain_date_says_what_the_source_says(written, words, earliest, latest):
    when = UncertainDate(written)
    assert (when.words, when.earliest, when.latest) == (words, earliest, latest)


def test_uncertain_date_in_chinese_keeps_chinese_order():
    with translation.override("zh-hans"):
        assert UncertainDate("2023-05-12").words == "2023年5月12日"


def test_uncertain_date_knows_its_doubts():
    assert UncertainDate("2023-04-mid?").inferred
    assert UncertainDate("2023~").approximate
    assert not UncertainDate("XXXX-08-26").year_stated
    assert UncertainDate("2023/..").year_stated


@pytest.mark.parametrize(
    "written",
    ["2023-13", "2023-02-30", "20", "0000", "2008/1991", "../..", "2023-04-", "soon", "~", "/?", "XXXX-Q1", "XXXX-H2"],
)
def test_uncertain_date_refuses_what_is_no_date(written):
    with pytest.raises(ValueError):
        UncertainDate(written)
    with pytest.raises(ValidationError):
        UncertainDateFormField().clean(written)


@given(st.text(max_size=40))
def test_uncertain_date_field_never_fails_otherwise(written):
    with suppress(ValidationError):
        UncertainDateFormField(required=False).clean(written)
