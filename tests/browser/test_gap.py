"""From the first page to a stage that a city asks for, to what fits it there, and to the question about it."""

import csv
import io

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_chains_to_a_wanted_stage_and_back_to_its_companies(open_page, script):
    page = open_page(java_script_enabled=script)
    page.goto("/zh-hans/")
    page.locator(".site-header a[href='/zh-hans/chains/']:visible").click()
    page.locator("h2 a[href='/zh-hans/chains/lithium-batteries/']").click()
    rows = csv.reader(io.StringIO(page.request.get(f"{page.url}?export=csv").body().decode("utf-8-sig")))
    assert "枣庄" in {row[1] for row in rows}
    page.locator(".chain > .is-wanted h3 a").first.click()
    expect(page.locator(".opening")).to_have_count(1)
    page.locator(".opening h3 a[href*='/clusters/zaozhuang/']").click()
    expect(page.locator(".chain > .is-wanted")).to_have_count(1)
    page.locator(".opening a[href*='/inquiry/']").click()
    expect(page.locator("#id_message")).to_be_visible()
    page.go_back()
    page.locator(".chain a[href$='/organisations/sunwoda/']").first.click()
    expect(page.locator("#clusters a[href$='/clusters/zaozhuang/lithium-batteries/']").first).to_be_visible()
