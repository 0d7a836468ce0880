"""Choosing what to compare, page after page, with a script and without one."""

import pytest

pytestmark = pytest.mark.browser


def test_what_was_chosen_is_kept_from_page_to_page(page):
    for at in ("zaozhuang", "zibo"):
        page.goto(f"/en/cities/{at}/")
        page.get_by_role("checkbox", name="Compare").check()
    page.get_by_role("link", name="Cities to compare: 2").click()
    assert page.url.endswith("/en/compare/?city=zaozhuang&city=zibo")
    page.get_by_role("link", name="Remove: Zibo").click()
    page.goto("/en/cities/zibo/")
    assert not page.get_by_role("checkbox", name="Compare").is_checked()
    assert page.get_by_role("link", name="Cities to compare: 1").is_visible()
    page.get_by_role("button", name="Choose none").click()
    assert page.locator("#compare-tray").is_hidden()


def test_a_comparison_that_was_sent_leaves_ones_own_alone_until_it_is_taken_over(page):
    page.goto("/en/cities/zaozhuang/")
    page.get_by_role("checkbox", name="Compare").check()
    sent = "/en/compare/?city=zibo&city=suining"
    take = page.get_by_role("button", name="Take these into my comparison")
    page.goto(sent)
    take.wait_for()
    page.goto("/en/cities/zaozhuang/")
    assert page.get_by_role("checkbox", name="Compare").is_checked()
    assert page.get_by_role("link", name="Cities to compare: 1").is_visible()
    page.goto(sent)
    take.click()
    assert page.get_by_text("These are now what you compare.").is_visible()
    page.goto("/en/cities/zaozhuang/")
    assert not page.get_by_role("checkbox", name="Compare").is_checked()
    page.get_by_role("link", name="Cities to compare: 2").click()
    assert page.url.endswith(sent)
    assert take.is_hidden()


def test_a_comparison_needs_no_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/en/cities/zaozhuang/")
    assert page.locator("#compare-tray").is_hidden()
    page.get_by_role("checkbox", name="Compare").check()
    page.get_by_role("button", name="Compare what is ticked").click()
    page.get_by_label("Name of a city, cluster or project").fill("zibo")
    page.get_by_role("button", name="Find").click()
    page.locator(".compare-offers").get_by_role("link", name="Zibo").click()
    assert page.url.endswith("/en/compare/?city=zaozhuang&city=zibo")
    figure = page.locator(".compare-table details.figure").first
    figure.locator("summary").click()
    assert figure.get_by_text("Source", exact=True).is_visible()
