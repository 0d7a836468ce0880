"""What an officer types as an amount, and how it is understood."""

import contextlib
import time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lib.amounts import LONGEST, Amount, read, write
from portal.lib.units import UNITS


def amount(value, qualifier="exact", unit="", scale="", to=None):
    return Amount(Decimal(value), Decimal(to) if to is not None else None, qualifier, unit, scale)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("11.5亿元", amount("1150000000", unit="CNY", scale="亿")),
        ("１１．５亿元", amount("1150000000", unit="CNY", scale="亿")),
        ("1.15 billion yuan", amount("1150000000", unit="CNY", scale="billion")),
        ("RMB 1.15 bn", amount("1150000000", unit="CNY", scale="billion")),
        ("人民币1.15亿元", amount("115000000", unit="CNY", scale="亿")),
        ("$11.07 million", amount("11070000", unit="USD", scale="million")),
        ("1107万美元", amount("11070000", unit="USD", scale="万")),
        ("1.2万亿", amount("1200000000000", scale="亿")),
        ("1.2万亿元以上", amount("1200000000000", "at_least", "CNY", "亿")),
        ("100余万元", amount("1000000", "more_than", "CNY", "万")),
        ("１００万", amount("1000000", scale="万")),
        ("100多家", amount(100, "more_than", "enterprise")),
        ("more than 100", amount(100, "more_than")),
        ("超过100家", amount(100, "more_than", "enterprise")),
        ("100+", amount(100, "more_than")),
        ("近30%", amount(30, "nearly", "percent")),
        ("nearly 30%", amount(30, "nearly", "percent")),
        ("97%", amount(97, unit="percent")),
        ("-3.5 per cent", amount("-3.5", unit="percent")),
        ("百分之30", amount(30, unit="percent")),
        ("3成", amount(30, unit="percent")),
        ("80,000 t/a", amount(80000, unit="t/a")),
        ("80 000 t a year", amount(80000, unit="t/a")),
        ("8万吨/年", amount(80000, unit="t/a", scale="万")),
        ("年产8万吨", amount(80000, unit="t/a", scale="万")),
        ("600000吨", amount(600000, unit="t")),
        ("约5万平方米", amount(50000, "about", "m2", "万")),
        ("5000 m²", amount(5000, unit="m2")),
        ("12 km2", amount(12, unit="km2")),
        ("0.53元/千瓦时", amount("0.53", unit="CNY/kWh")),
        ("0.5 yuan per kWh", amount("0.5", unit="CNY/kWh")),
        ("RMB 3,000 a month", amount(3000, unit="CNY/month")),
        ("10-20 GWh", amount(10, "range", "GWh", to=20)),
        ("10～20亿元", amount("1000000000", "range", "CNY", "亿", to="2000000000")),
        ("9000万至1.2亿元", amount("90000000", "range", "CNY", to="120000000")),
        ("between 10 and 20 billion yuan", amount(10**10, "range", "CNY", "billion", to=2 * 10**10)),
        ("at least 50", amount(50, "at_least")),
        ("至少50家", amount(50, "at_least", "enterprise")),
        ("不超过3亿", amount("300000000", "up_to", scale="亿")),
        ("up to 5 million", amount("5000000", "up_to", scale="million")),
        ("less than 20", amount(20, "less_than")),
        ("第3名", amount(3, unit="place")),
        ("10000 sets a year", amount(10000, unit="set/a")),
    ],
)
def test_it_is_understood(typed, understood):
    assert read(typed) == understood


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "“” has no number. Write it in digits."),
        ("abc", "“abc” has no number. Write it in digits."),
        ("至少", "“至少” has no number. Write it in digits."),
        ("三条", "“三条” has no number. Write it in digits."),
        ("1 2 3 4 a", "“1 2 3 4 a” has more than two numbers."),
        ("$5 ($6)", "“$5 ($6)” has two numbers that are not the ends of a range."),
        ("1,15", "“1,15” has two numbers that are not the ends of a range."),
        ("1e5", "“1e5” has two numbers that are not the ends of a range."),
        ("-5--3%", "“-5--3%” has two numbers that are not the ends of a range."),
        ("20-10", "“20-10” runs from more to less."),
        ("5 bananas", "“bananas” was not understood."),
        ("₩5", "“₩” was not understood."),
        ("HK$5", "“hk$” was not understood."),
        ("US$100元", "Two units that are not the same: keep one."),
        ("5元/年", "“CNY/a” is no unit that is used here."),
        ("10万元-20万美元", "The two ends of “10万元-20万美元” have different units."),
        ("约100多家", "Two words say how exact it is, and not the same: keep one."),
        ("约10-20亿元", "A range stands alone: leave out “about” or “more than” in “约10-20亿元”."),
        ("0.0000001", "At most six digits after the point."),
        ("9" * 19, "That is more than a figure can hold."),
        ("1" * 81, "At most 80 characters, not 81."),
    ],
)  # fmt: skip
def test_it_is_refused_with_a_reason(typed, why):
    with pytest.raises(ValidationError) as refused:
        read(typed)
    assert refused.value.messages == [why]


@pytest.mark.parametrize(
    ("typed", "usual", "unit"),
    [
        ("6家", "partner", "partner"),
        ("6家", "enterprise", "enterprise"),
        ("200多家", "branch", "branch"),
        ("3条", "line", "line"),
        ("3条", "chain", "chain"),
        ("12个", "park", "park"),
        ("12个", "patent", "patent"),
        ("6家", "CNY", "enterprise"),
    ],
)
def test_a_word_of_several_meanings_means_the_usual_unit(typed, usual, unit):
    assert read(typed, usual).unit == unit


AMOUNTS = st.builds(
    lambda low, more, qualifier, unit, scale: Amount(
        low, low + more if qualifier == "range" else None, qualifier, unit, scale
    ),
    st.decimals(min_value=0, max_value=10**14, places=4),
    st.decimals(min_value=0, max_value=10**6, places=6),
    st.sampled_from(["exact", "about", "more_than", "at_least", "less_than", "up_to", "nearly", "range"]),
    st.sampled_from(list(UNITS)),
    st.sampled_from(["", "万", "亿", "million", "billion"]),
)


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, st.sampled_from(["en", "zh-hans"]))
def test_what_is_written_reads_back(amount, language):
    with translation.override(language):
        words = write(amount)
        assert read(words) == amount, words


WORDS = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            ["1", "9" * 30, "0.5", ",", ".", " ", "-", "~", "亿", "万", "元", "t", "a", "/", "per", "more than", "多",
             "$", "m2", "成", "第", "年产", "to", "\0", "٣", "½", "①", "Ⅷ", "%", "百分之", "ſ", "ﬀ", "\u202e", "個"]
        ),
        max_size=30,
    ).map("".join),
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(WORDS, st.sampled_from(["", *UNITS]))
def test_whatever_is_typed_is_understood_or_refused(typed, usual):
    try:
        got = read(typed, usual)
    except ValidationError:
        pass
    else:
        assert isinstance(got.value_min, Decimal)
        assert got.unit in ("", *UNITS)
        assert abs(got.value_min) < 10**18
        assert got.value_min == round(got.value_min, 6)
        assert (got.qualifier == "range") == (got.value_max is not None)


@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "111,", " 1", "1 ", "a", "亿", "㎡", "ﷺ", "more than ", "-", "$", "/", "to", "百分之", " ", "万1"],
)
def test_it_takes_no_time(piece):
    typed = (piece * LONGEST)[:LONGEST]
    with contextlib.suppress(ValidationError):
        read(typed)  # the vocabulary is made once
    began = time.process_time()
    for text in (typed, typed + "!", piece * 100_000):
        with contextlib.suppress(ValidationError):
            read(text)
    assert time.process_time() - began < 0.05
