import pytest
from django.template import Context, Template
from django.test import RequestFactory

from portal.lib.templatetags.ui import firmness, grouped, initial, measured, per_mille


def test_firmness_only_calls_done_what_has_happened():
    from portal.facts.models import DONE, Basis

    said = {basis: firmness(basis) for basis in Basis}
    assert {basis for basis, word in said.items() if word in {"is-done", "is-derived"}} == DONE
    assert said[Basis.AGREED] == "is-agreed"
    assert {said[basis] for basis in set(Basis) - DONE - {Basis.AGREED}} == {"is-hoped"}


@pytest.mark.parametrize(
    ("amount", "set_as"),
    [
        ("100 enterprises", '100<span class="unit"> enterprises</span>'),
        ("RMB 1.15 bn", "RMB\xa01.15\xa0bn"),
        ("14.2%", "14.2%"),
        ("11.5亿元", '11.5<span class="unit">亿元</span>'),
        ("5 days–7 days", "5 days–7 days"),
        ("12,345,678,901,234.56", '<span class="is-long">12,<wbr>345,<wbr>678,<wbr>901,<wbr>234.56</span>'),
        ("4,500–6,500 people", '4,500–6,500<span class="unit"> people</span>'),
        ("1,234,567–7,654,321", '<span class="is-long">1,<wbr>234,<wbr>567–<wbr>7,<wbr>654,<wbr>321</span>'),
        ("1 <b>", '1<span class="unit"> &lt;b&gt;</span>'),
        ("unknown", "unknown"),
    ],
)
def test_measured_sets_the_unit_apart(amount, set_as):
    assert measured(amount) == set_as


@pytest.mark.parametrize(("part", "whole", "length"), [(1, 3, 333), (5, 4, 1000), (0, 4, 0), (1, 0, 0), (None, 3, 0)])
def test_per_mille_stays_on_the_bar(part, whole, length):
    assert per_mille(part, whole) == length


def test_initial_of_nothing_is_nothing():
    assert [initial(name) for name in ("zibo", " 枣庄", "")] == ["Z", "枣", ""]


def test_nav_link_marks_where_the_reader_is():
    page = Template('{% load ui %}{% nav_link "account_login" "Log in" %}{% nav_link "no-such-page" "None" %}')

    def shown(path):
        return page.render(Context({"request": RequestFactory().get(path)}))

    assert shown("/en/accounts/login/") == '<li><a href="/en/accounts/login/" aria-current="page">Log in</a></li>'
    assert shown("/en/accounts/login/code/") == '<li><a href="/en/accounts/login/" aria-current="true">Log in</a></li>'
    assert shown("/en/") == '<li><a href="/en/accounts/login/">Log in</a></li>'


def test_counts_are_grouped_and_nothing_is_no_nought():
    assert [grouped(number) for number in (0, 999, 100_019, None)] == ["0", "999", "100,019", ""]
