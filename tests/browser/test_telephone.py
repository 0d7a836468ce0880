"""On a telephone long lists are folded; in a wide window and for who follows a link into them they stand open."""

import pytest
from playwright.sync_api import expect

from .conftest import Words

pytestmark = pytest.mark.browser

said = Words("zh-hans")
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


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_filters_stand_before_the_list_and_are_sent_at_once(open_page, script):
    page = open_page(java_script_enabled=script, viewport=TELEPHONE)
    page.goto("/zh-hans/projects/")
    filters = page.locator("#filters")
    fold = filters.locator(".folds > summary")
    assert fold.bounding_box()["y"] < page.locator(".card").first.bounding_box()["y"] < 900
    fold.press("Enter")
    filters.locator("input[value=producing]").check()
    filters.locator("input[value=zaozhuang]").check()
    filters.get_by_role("button", name=said("Apply", "filters")).click()
    page.wait_for_url("**stage=producing**")
    assert "city=zaozhuang" in page.url
    expect(fold).to_have_text(f"{said('Narrow this list')}（2）")
    expect(filters.locator("form")).to_be_hidden()
