"""Everything that is read, sought, narrowed and sent works in a browser that runs no script."""

import pytest
from playwright.sync_api import expect

from portal.inquiries.models import Inquiry
from portal.lib.jobs import send

from .conftest import Words

pytestmark = pytest.mark.browser

said = Words("zh-hans")


@pytest.fixture
def page(open_page):
    return open_page(java_script_enabled=False)


def test_a_figure_opens(page):
    page.goto("/zh-hans/clusters/zaozhuang/lithium-batteries/")
    figure = page.locator("details.figure").first
    figure.locator("summary").click()
    expect(figure.get_by_text(said("As reported"))).to_be_visible()


def test_search_finds(page):
    page.goto("/zh-hans/")
    page.get_by_role("main").get_by_role("searchbox").fill("欣旺达")
    page.get_by_role("main").get_by_role("button", name=said("Search")).click()
    expect(page.locator(".hits h3 a[href$='/projects/zaozhuang/sunwoda-30gwh/']")).to_have_count(1)


def test_filters_narrow_the_projects_and_the_other_language_keeps_them(page):
    page.goto("/zh-hans/projects/")
    everything = page.locator(".card").count()
    page.locator("input[name=stage][value=producing]").check()
    page.locator("input[name=city][value=zaozhuang]").check()
    page.locator("#filters").get_by_role("button", name=said("Apply", "filters")).click()
    page.wait_for_url("**city=zaozhuang**")
    narrowed = page.locator(".card h3 a").evaluate_all("links => links.map(link => link.pathname.split('/')[3])")
    assert 0 < len(narrowed) < everything
    assert set(narrowed) == {"zaozhuang"}
    page.get_by_role("navigation", name=said("Language")).get_by_role("link").click()
    expect(page.locator("input[name=city][value=zaozhuang]")).to_be_checked()
    assert page.locator(".card").count() == len(narrowed)
    assert page.locator("html").get_attribute("lang") == "en"


def test_an_inquiry_is_refused_with_reasons_and_then_sent(page):
    page.goto("/zh-hans/inquiry/?about=project/zaozhuang/sunwoda-30gwh")
    button = page.get_by_role("button", name=said("Send the inquiry"))
    page.locator("#id_message").fill("How much land is left?")
    button.click()
    missing = page.locator(".error-summary a").evaluate_all("links => links.map(link => link.hash)")
    assert missing == ["#id_name", "#id_organisation", "#id_email", "#id_consent"]
    expect(page.locator("#id_message")).to_have_value("How much land is left?")
    for name, typed in {"name": "Ivy", "organisation": "Ivy Materials", "email": "ivy@example.org"}.items():
        page.locator(f"#id_{name}").fill(typed)
    page.locator("#id_consent").check()
    button.click()
    inquiry = Inquiry.objects.get()
    expect(page.locator(".lede")).to_contain_text(inquiry.number)
    assert (inquiry.city.slug, inquiry.about.slug) == ("zaozhuang", "sunwoda-30gwh")


def test_the_page_of_a_brief_loads_itself_again_until_it_is_there(page, start_worker):
    page.goto("/zh-hans/cities/zibo/brief/")
    page.get_by_role("button", name=said("Make the brief")).click()
    expect(page.get_by_text(said("Waiting for its turn."))).to_be_visible()
    start_worker()
    send("briefs.make")
    expect(page.get_by_role("link", name=said("Download the PDF"))).to_be_visible(timeout=60_000)
