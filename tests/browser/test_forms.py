"""Nothing typed is lost: after a crash, a closed tab, an ended session; rows are ordered by keys and by dragging."""

import pytest
from playwright.sync_api import expect

from portal.publishing.models import Version
from portal.publishing.workflow import take
from portal.staff.management.commands.load_samples import PASSWORD

from .conftest import Words

pytestmark = pytest.mark.browser
said = Words("en")


def revised(kind, writer):
    """A draft of the first page of that kind in the city of somebody who writes there."""
    from portal.cities.models import City, User

    user = User.objects.get(username=writer)
    found = Version.objects.live().of_kind(kind).filter(entry__city__in=City.objects.for_staff(user, "editor"))
    return take("revise", found.order_by("pk").last(), by=user)


@pytest.fixture
def ann(log_in):
    return log_in("ann", said)


@pytest.fixture
def main(ann):
    """The address of a form on a draft."""
    return f"/en/staff/versions/{revised('city', 'ann').pk}/main/"


def summary(page):
    return page.locator("[name=summary_en]")


def kept(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('unsaved:')).length")


def write(page, words):
    summary(page).fill(words)
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('unsaved:'))")


def test_text_is_offered_back_after_a_crash_and_forgotten_when_saved(ann, main):
    ann.goto(main)
    before = summary(ann).input_value()
    write(ann, "Typed for an hour")
    ann.on("dialog", lambda dialog: dialog.accept())
    ann.goto("about:blank")
    ann.goto(main)
    assert summary(ann).input_value() == before
    ann.locator("[data-restore]").click()
    expect(summary(ann)).to_have_value("Typed for an hour")
    ann.get_by_role("button", name="Save", exact=True).click()
    ann.wait_for_url("**/versions/*/")
    assert kept(ann) == 0
    ann.goto(main)
    expect(summary(ann)).to_have_value("Typed for an hour")
    expect(ann.locator(".unsaved")).to_have_count(0)


def test_leaving_with_unsaved_text_is_asked_about_and_saving_is_not(ann, main):
    asked = []
    ann.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    ann.goto(main)
    write(ann, "Unsaved")
    ann.get_by_role("link", name="Back without saving").click()
    ann.wait_for_url("**/versions/*/")
    assert asked == ["beforeunload"]
    ann.goto(main)
    ann.locator("[data-restore]").click()
    ann.get_by_role("button", name="Save", exact=True).click()
    ann.wait_for_url("**/versions/*/")
    assert asked == ["beforeunload"]


def test_text_thrown_away_is_gone(ann, main):
    ann.goto(main)
    write(ann, "Nonsense")
    ann.on("dialog", lambda dialog: dialog.accept())
    ann.reload()
    ann.locator("[data-forget]").click()
    assert kept(ann) == 0
    ann.reload()
    expect(ann.locator(".unsaved")).to_have_count(0)


def test_a_session_that_ended_leads_through_log_in_back_to_the_text(ann, main):
    ann.goto(main)
    write(ann, "Typed before the session ended")
    ann.context.clear_cookies(name="sessionid")
    ann.get_by_role("button", name="Save", exact=True).click()
    ann.get_by_label("Name or e-mail").fill("ann")
    ann.get_by_label("Password", exact=True).fill(PASSWORD)
    ann.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    ann.wait_for_url(f"**{main}")
    expect(ann.locator("[data-restored]")).to_be_visible()
    expect(summary(ann)).to_have_value("Typed before the session ended")
    ann.get_by_role("button", name="Save", exact=True).click()
    ann.wait_for_url("**/versions/*/")
    expect(ann.get_by_role("main")).to_contain_text("Typed before the session ended")
    assert kept(ann) == 0


def test_a_conflict_shows_both_texts_and_saves_what_is_chosen(ann, main):
    other = ann.context.new_page()
    for page in (ann, other):
        page.goto(main)
    write(other, "Theirs")
    other.locator("[name=title_en]").fill("Their title")
    other.get_by_role("button", name="Save", exact=True).click()
    other.wait_for_url("**/versions/*/")
    summary(ann).fill("Mine")
    ann.locator("[name=title_en]").fill("My title")
    ann.get_by_role("button", name="Save", exact=True).click()
    expect(ann.locator(".conflict")).to_contain_text("Theirs")
    expect(ann.locator(".unsaved")).to_have_count(0)
    expect(ann.locator("[name=keep_summary][value=mine]")).to_be_checked()
    ann.locator("[name=keep_title][value=theirs]").check()
    ann.get_by_role("button", name="Save what I chose").click()
    ann.wait_for_url("**/versions/*/")
    expect(ann.locator("h1")).to_contain_text("Their title")
    expect(ann.locator(".lede")).to_have_text("Mine")
    assert kept(ann) == 0


def test_logging_out_leaves_nothing_behind(ann, main):
    ann.goto(main)
    write(ann, "Secret")
    ann.on("dialog", lambda dialog: dialog.accept())
    ann.get_by_role("button", name="Log out").click()
    ann.wait_for_url("**/en/**")
    assert kept(ann) == 0


def test_a_long_list_is_narrowed(ann, main):
    ann.goto(main.replace("/main/", "/claims/add/"))
    source = ann.locator("[name=source]")
    box = ann.locator(".narrow:has(+ [name=source]) input")
    everything = source.locator("option").count()
    first = source.locator("option").nth(1).inner_text()
    box.fill(first[:12])
    assert 1 < source.locator("option").count() < everything
    box.press("Enter")
    assert source.locator("option:checked").inner_text().startswith(first[:12])
    box.fill("")
    assert source.locator("option").count() == everything


def names(page):
    return page.locator(".guest h2").all_inner_texts()


def test_guests_are_ordered_by_arrow_keys_and_by_dragging(log_in):
    page = log_in("bea", said)
    draft = revised("ceremony", "bea")
    page.goto(f"/en/staff/versions/{draft.pk}/participations/")
    one, two, three, *_rest = names(page)
    page.locator(".guest").nth(1).locator("[data-handle]").press("ArrowUp")
    assert names(page)[:3] == [two, one, three]
    expect(page.locator(".guest").first.locator("[data-handle]")).to_be_focused()
    expect(page.locator("[data-order-said]")).to_have_text("The order is saved.")
    page.reload()
    assert names(page)[:3] == [two, one, three]
    page.locator(".guest").nth(2).scroll_into_view_if_needed()
    grip = page.locator(".guest").first.locator("[data-handle]").bounding_box()
    target = page.locator(".guest").nth(2).bounding_box()
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, target["y"] + target["height"] - 4, steps=8)
    page.mouse.up()
    assert names(page)[:3] == [one, three, two]
    expect(page.locator("[data-order-said]")).to_have_text("The order is saved.")
    page.reload()
    assert names(page)[:3] == [one, three, two]
