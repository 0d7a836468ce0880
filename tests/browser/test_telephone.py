"""On a telephone long lists are folded; in a wide window and for who follows a link into them they stand open."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TELEPHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_sources_and_figures_are_folded_until_they_are_asked_for(open_page, script):
    page = open_page(java_script_enabled=script, viewport=TELEPHONE)
    page.goto("/zh-hans/clusters/zaozhuang/lithium-batteries/")
    source, row = page.locator("#source-4"), page.locator("#figures .figure-table tbody th").last
    expect(source).to_be_hidden()
    expect(row).to_be_hidden()
    page.locator("#figures .folds > summary").click()
    expect(row).to_be_visible()
    page.locator("#figures a[href='#source-4']").first.click()
    expect(source).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/zh-hans/clusters/zaozhuang/lithium-batteries/")
    expect(source).to_be_visible()
    expect(row).to_be_visible()
    expect(page.locator(".folds > summary:visible")).to_have_count(0)
