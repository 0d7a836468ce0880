"""Everything is reached and done with the keys alone, and one always sees where one is."""

import pytest
from playwright.sync_api import expect

from portal.inquiries.models import Inquiry

from .conftest import Words

pytestmark = pytest.mark.browser

said = Words("en")

#: Does the element with the focus look different from how it looks without?
SHOWS_FOCUS = """() => {
  const element = document.activeElement;
  const look = () => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow, transform} = getComputedStyle(element);
    return [outlineStyle, outlineWidth, outlineColor, boxShadow, transform].join();
  };
  const focused = look();
  element.blur();
  const unfocused = look();
  element.focus({preventScroll: true});
  return focused !== unfocused;
}"""
#: Does its middle stand in the window, with nothing in front of it?
STANDS = """() => {
  const element = document.activeElement;
  const [{left, top, width, height}] = element.getClientRects();  // a link may begin on one line and end on the next
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return element === seen || element.contains(seen) || Boolean(seen?.closest("label")?.contains(element));
}"""


def tab_to(page, locator, limit=80):
    """Presses the tab key until the focus is there."""
    for _press in range(limit):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"not reached with {limit} tabs: {locator}")


def test_the_first_tab_leads_past_the_header(page):
    page.goto("/en/cities/zaozhuang/")
    skip = page.get_by_role("link", name=said("Skip to the content"))
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_of_a_small_window_opens_and_leads_on(open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto("/en/")
    menu = page.locator(".menu > summary")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".menu").get_by_role("link", name=said("Projects")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/projects/")


def test_a_figure_opens_with_enter_and_closes_with_escape(page):
    page.goto("/en/clusters/zaozhuang/lithium-batteries/")
    figure = page.locator("details.figure").first
    tab_to(page, figure.locator("summary"))
    page.keyboard.press("Enter")
    expect(figure.locator(".figure-card")).to_be_visible()
    tab_to(page, figure.get_by_role("link").first)
    page.keyboard.press("Escape")
    expect(figure.locator(".figure-card")).to_be_hidden()
    expect(figure.locator("summary")).to_be_focused()


def test_an_inquiry_is_filled_in_and_sent(page):
    page.goto("/en/inquiry/?about=city/zibo/zibo")
    for name, typed in {
        "message": "你好",
        "name": "Ivy",
        "organisation": "Ivy Ltd",
        "email": "ivy@example.org",
    }.items():
        tab_to(page, page.locator(f"#id_{name}"))
        page.keyboard.insert_text(typed)
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    tab_to(page, page.locator(".error-summary a"))
    page.keyboard.press("Enter")
    expect(page.locator("#id_consent")).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name=said("Send the inquiry")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(said("We have your inquiry"))
    assert Inquiry.objects.get().message == "你好"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", ["", "cities/zaozhuang/", "projects/", "inquiry/"])
def test_the_focus_is_always_seen(open_page, address, width):
    page = open_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.goto(f"/zh-hans/{address}")
    hidden, stops = [], 0
    while stops < 60 and tab(page):
        stops += 1
        if not page.evaluate(SHOWS_FOCUS) or not page.evaluate(STANDS):
            hidden.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert stops >= 20
    assert hidden == []


def tab(page):
    """To the next stop; false after the last."""
    page.keyboard.press("Tab")
    return page.evaluate("document.activeElement !== document.body")
