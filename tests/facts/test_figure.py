"""A figure is a sentence: what may be stored, and how it reads."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.facts.models import Figure
from tests import make

pytestmark = pytest.mark.django_db


def test_figure_reads_with_its_qualifier():
    figure = make.figure(make.draft(), "250000000000", qualifier="more_than", unit="CNY")
    assert figure.amount == "more than RMB 250 bn"


def test_range_reads_from_to():
    figure = make.figure(make.draft(), 10, qualifier="range", value_max=20, unit="GWh")
    assert figure.amount == "10–20 GWh"


def test_prior_value_and_share_are_derived():
    draft = make.draft()
    whole = make.figure(draft, 80_000_000, unit="CNY", yoy=Decimal("931.2"), converted=11_070_000, converted_unit="USD")
    part = make.figure(draft, 70_000_000, unit="CNY", part_of=whole)
    assert round(whole.prior_value) == 7_757_952
    assert part.share_of_whole == "87.5%"
    assert whole.implied_rate == Decimal("7.2267")
    assert whole.conversion == "US$11.07 m"
    assert whole.implied_words == "implies RMB 7.2267 for US$1"
    with translation.override("zh-hans"):
        assert whole.implied_words == "折合1美元兑7.2267元"


def test_promised_money_is_not_done():
    draft = make.draft()
    assert make.figure(draft, basis="achieved").is_done
    assert not make.figure(draft, basis="at_full_production").is_done


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": "", "period": ""},
        {"qualifier": "range"},
        {"value_max": Decimal(5)},
        {"qualifier": "range", "value_max": Decimal(1)},
        {"converted": Decimal(1)},
        {"as_of": "someday"},
        {"unit": "bushel"},
    ],
)
def test_figure_that_makes_no_sentence_is_refused(wrong):
    with pytest.raises(ValidationError):
        make.figure(make.draft(), **wrong)


def test_database_refuses_an_undated_figure():
    draft = make.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(
            version=draft, metric=make.metric(), source=make.source(), value_min=1, unit="item", basis="achieved"
        )


def test_cited_source_is_known():
    draft = make.draft()
    make.figure(draft)
    assert not make.source().is_cited
    make.approved(draft)
    assert make.source().is_cited


def test_figure_in_chinese():
    figure = make.figure(make.draft(), "1150000000", unit="CNY")
    with translation.override("zh-hans"):
        assert figure.amount == "11.5亿元"


@pytest.mark.parametrize(
    ("printed", "said"),
    [("05:10", "05:10（未载时区）"), ("14:08 CST", "14:08 CST"), ("北京时间 14:08", "北京时间 14:08"), ("", "")],
)
def test_a_time_without_its_zone_says_so_in_the_readers_words(printed, said):
    with translation.override("zh-hans"):
        assert make.source(published_time=printed).time_words == said
