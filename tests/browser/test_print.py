"""A page on paper: nothing of the screen is lost, and what would have to be opened is spelt out."""

import io

import pikepdf
import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_city_is_printed_with_all_its_sections_and_sources(open_page, script):
    page = open_page(java_script_enabled=script)
    page.goto("/zh-hans/cities/zaozhuang/")
    sections = page.locator("main h2").all_inner_texts()
    assert len(sections) > 10
    addresses = page.locator("#sources a[href^=http]").evaluate_all("links => links.map(link => link.href)")
    page.emulate_media(media="print")
    assert page.locator("nav:visible, .figure-grid > li:not(:has(.cite))").count() == 0
    with pikepdf.open(io.BytesIO(page.pdf(format="A4", tagged=True, outline=True))) as paper:
        assert headings(paper) >= set(map(letters, sections))
        assert links(paper) >= set(addresses)


def letters(words):
    """What is heard between two parts of a heading and not seen is not in an outline."""
    return "".join(filter(str.isalnum, words))


def headings(paper):
    """The titles of the outline, which chromium makes from the headings it has drawn."""
    with paper.open_outline() as outline:
        left, found = list(outline.root), set()
        while left:
            found.add(letters(left[0].title))
            left = [*left[0].children, *left[1:]]
    return found


def links(paper):
    return {str(link.A.URI) for page in paper.pages for link in page.get("/Annots", []) if "/URI" in link.get("/A", {})}
