"""The search box by keyboard: suggestions, one of them, and the plain search."""

import pytest
from playwright.sync_api import expect

from .faults import faults

pytestmark = pytest.mark.browser


def test_suggestions_are_walked_by_keyboard(page):
    page.goto("/zh-hans/")
    box = page.get_by_role("main").get_by_role("combobox")
    box.press_sequentially("zaozh")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("枣庄")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert faults(page) == []
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("zaozh")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    page.wait_for_url("**/zh-hans/cities/zaozhuang/")
    page.go_back()
    box.fill("锂电")
    box.press("Enter")
    page.wait_for_url("**/zh-hans/search/?q=*")
    assert faults(page) == []
