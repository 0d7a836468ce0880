"""The components as the style guide shows them, with awkward data, in both languages."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.utils.translation import override

from portal.pages.styleguide import styleguide


class Elements(HTMLParser):
    """Every start tag with its attributes, in order."""

    def __init__(self, html):
        super().__init__()
        self.all = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def values(self, name, tag=None):
        return [attrs[name] for found, attrs in self.all if name in attrs and tag in (None, found)]


@pytest.fixture(params=["en", "zh-hans"])
def page(request):
    with override(request.param):
        return styleguide(RequestFactory().get(f"/{request.param}/styleguide/")).content.decode()


#: Seen only at long lists, or with what a person has just done.
NOT_SHOWN = {"messages.html", "narrow_select.html"}


def test_every_component_is_shown():
    shown = set()

    def note(template, **_more):
        shown.add((template.name or "").rpartition("/")[2])

    template_rendered.connect(note)
    styleguide(RequestFactory().get("/en/styleguide/"))
    components = {path.name for path in (settings.BASE_DIR / "templates/components").iterdir()}
    assert components - shown == NOT_SHOWN


def test_page_has_nothing_a_strict_policy_refuses(page):
    elements = Elements(page)
    assert elements.values("style") == []
    assert [name for _tag, attrs in elements.all for name in attrs if name.startswith("on")] == []
    assert [attrs for tag, attrs in elements.all if tag == "style" or (tag == "script" and not attrs.get("src"))] == []


def test_page_names_each_element_once_and_points_at_what_is_there(page):
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    pointed = elements.values("for") + [
        word
        for name in ("aria-describedby", "aria-labelledby")
        for value in elements.values(name)
        for word in value.split()
    ]
    pointed += [href[1:] for href in elements.values("href", "a") if re.fullmatch(r"#.+", href)]
    assert [target for target in pointed if target not in ids] == []


def test_every_figure_opens_to_its_source_and_says_its_basis(page):
    cards = re.findall(r"<details class=\"figure .*?</details>", page, re.DOTALL)
    assert len(cards) == 20
    assert all('class="basis basis-' in card and "https://example.com/" in card for card in cards)


def test_only_done_figures_are_set_as_done(page):
    """A promise must never look like money that has come."""
    shown = re.findall(r'<details class="figure (is-\w+)".*?class="basis basis-(\w+)"', page, re.DOTALL)
    assert {basis for manner, basis in shown if manner == "is-done"} == {"achieved", "reported_flow", "paid_in"}


def test_errors_stand_beside_their_fields(page):
    invalid = [attrs for _tag, attrs in Elements(page).all if attrs.get("aria-invalid") == "true"]
    assert {attrs["name"] for attrs in invalid} == {"name", "money", "when", "question", "consent"}
    assert all("_error" in attrs["aria-describedby"] for attrs in invalid if attrs["name"] != "when")


def test_what_a_page_loads_first_stays_small(page):
    elements = Elements(page)
    linked = elements.values("href", "link") + elements.values("src", "script")
    files = {finders.find(url.removeprefix("/static/")) for url in linked if url.startswith("/static/")}
    assert len(files) <= 15
    assert 0 < sum(Path(file).stat().st_size for file in files) < 90_000


def test_text_in_another_language_says_so(page):
    assert re.search(r'<span lang="(en|zh-Hans)">[^<]+</span> <span class="only-in">', page)
