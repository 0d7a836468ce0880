"""Numbers of one text in two languages: the same however they are written, and never mistaken for others."""

from decimal import Decimal

import pytest

from portal.lib.numerals import chinese, count, differing, english, spell

SAME = [
    ("RMB 1.15 bn", "11.5亿元"),
    ("RMB 80 m ($11.07 million)", "8000万元（1107万美元）"),
    ("1,150,000,000 yuan", "11.5亿元"),
    ("RMB100m", "1亿元"),
    ("mid-April 2023", "2023年4月中旬"),
    ("29 June", "６月２９日"),
    ("May 2023, Q1 2024", "2023年5月、2024年1季度"),
    ("the first quarter of 2024", "2024年一季度"),
    ("more than 100 enterprises, over 1.5 million people", "100多家企业，150余万人"),
    ("one of 20 key industrial chains", "20条重点产业链之一"),
    ("Fifteen projects, seven of them in lithium", "15个项目，其中锂电7个"),
    ("Twenty-three projects", "23个项目"),
    ("200,000 t a year", "年产20万吨"),
    ("two hundred thousand", "20万"),
    ("ten million", "1000万"),
    ("20 GWh, 1 GW of solar", "20吉瓦时，100万千瓦光伏"),
    ("97 per cent", "百分之九十七"),
    ("30%", "3成"),
    ("A quarter of daytime use", "占白天的25%"),
    ("Projects above RMB 100 m", "亿元以上项目"),
    ("in the 1990s", "20世纪90年代"),
    ("14th Five-Year Plan (2021–2025), 2023–24", "“十四五”规划（2021—2025年），2023—2024年"),
    ("Fortune Global 500, Top 100", "世界500强、百强"),
    ("First BEV173Ah cells of plant 1", "一期首批BEV173Ah电芯"),
    ("Another source gives 4,563.22 km²", "另有来源作4563.22平方公里"),
    ("first-class, unique", "一流、万众瞩目"),
    ("thirty-seven", "37"),
    ("RMB 3 trillion", "3万亿元"),
    ("founded in the 20th century", "成立于20世纪"),
    ("No numbers here", "这里没有数字"),
]


@pytest.mark.parametrize(("en", "zh"), SAME)
def test_what_says_the_same_does_not_differ(en, zh):
    assert differing({"en": en, "zh-hans": zh}) == {}


@pytest.mark.parametrize(
    ("en", "zh", "alone"),
    [
        ("RMB 1.2 bn", "11.5亿元", {"en": ["1.2 bn"], "zh-hans": ["11.5亿"]}),
        ("RMB 11.5 bn", "11.5亿元", {"en": ["11.5 bn"], "zh-hans": ["11.5亿"]}),
        ("116 firms", "117家", {"en": ["116"], "zh-hans": ["117"]}),
        ("10 March 2024", "2024年3月11日", {"en": ["10"], "zh-hans": ["11"]}),
        ("by the end of 2022", "年底", {"en": ["2022"]}),
        ("80,000 t", "80万吨", {"en": ["80,000"], "zh-hans": ["80万"]}),
        ("three projects", "4个项目", {"zh-hans": ["4"]}),
    ],
)
def test_what_differs_is_named_as_printed(en, zh, alone):
    assert differing({"en": en, "zh-hans": zh}) == alone


def test_a_text_in_one_language_differs_from_nothing():
    assert differing({"zh-hans": "11.5亿元"}) == {}


@pytest.mark.parametrize(("words", "number"), [("twenty-three", 23), ("two hundred and five", 205), ("ninth", 9)])
def test_english_words_are_spelt_out(words, number):
    assert spell(words) == number


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("三十七", {37}),
        ("十", {10}),
        ("二〇二三", {2023, 2, 0, 3}),
        ("十四五", {14, 5}),
        ("三万五千", {35000}),
        ("亿", {10**8}),
    ],
)
def test_chinese_words_are_counted(words, numbers):
    assert count(words) == numbers


def test_a_single_letter_may_be_a_scale_or_a_unit():
    assert english("80 m").stated["80 m"] == {Decimal(80), Decimal(80_000_000)}


@pytest.mark.parametrize(
    "text", ["万" * 40, "9" * 60, "一" * 60, "1,1,1,1", "２０２３", "²", "1.2.3.4", "99世纪0年代", "亿亿亿"]
)
def test_any_text_can_be_read(text):
    english(text), chinese(text)
