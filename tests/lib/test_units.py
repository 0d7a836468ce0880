from decimal import Decimal

import pytest
from django.utils import translation

from portal.lib import units
from portal.lib.units import quantity


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        ("80000000", "CNY", "RMB 80 m", "8,000万元"),
        ("1150000000", "CNY", "RMB 1.15 bn", "11.5亿元"),
        ("371105000000", "CNY", "RMB 371.105 bn", "3,711.05亿元"),
        ("12345678901234", "CNY", "RMB 12,345,678,901,234", "12,345,678,901,234元"),
        ("11070000", "USD", "US$11.07 m", "1,107万美元"),
        ("600000", "t/a", "600,000 t a year", "60万吨/年"),
        ("97.000000", "percent", "97%", "97%"),
        ("1214.6", "GWh", "1,214.6 GWh", "1,214.6吉瓦时"),
        ("0", "CNY", "RMB 0", "0元"),
    ],
)
def test_quantity_reads_as_each_language_writes_it(value, unit, english, chinese):
    assert quantity(Decimal(value), unit) == english
    with translation.override("zh-hans"):
        assert quantity(Decimal(value), unit) == chinese


def test_range_names_its_unit_once_and_keeps_one_scale():
    assert quantity(Decimal(900_000_000), "CNY", Decimal(1_500_000_000)) == "RMB 900–1,500 m"
    with translation.override("zh-hans"):
        assert quantity(Decimal(150_000_000), "CNY", Decimal(300_000_000)) == "1.5–3亿元"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_unit_is_offered_in_the_readers_words_and_told_from_the_others(language):
    with translation.override(language):
        labels = [label for _code, label in units.choices()]
        assert all(labels)
        assert len(set(labels)) == len(labels)
        assert dict(units.choices())["enterprise"] == ("enterprises" if language == "en" else "家（企业）")
