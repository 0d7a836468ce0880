"""What a city's office does, in Chinese: revise what is public, look at it, have it approved, take it back."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until

from .conftest import Words

pytestmark = pytest.mark.browser

CLUSTER = "枣庄锂电产业集群"
PUBLIC = "/zh-hans/clusters/zaozhuang/lithium-batteries/"
NOTE = "企业数更正为119家。"
said = Words("zh-hans")


@pytest.fixture
def ann(log_in):
    return log_in("ann", said)


@pytest.fixture
def rob(log_in):
    return log_in("rob", said)


def test_a_figure_is_corrected_approved_and_withdrawn(ann, rob, page):
    revise(ann)
    correct_the_figure(ann)
    say_what_changed(ann)
    looks_right_in_preview(ann)
    assert numbers(page) == {"117家"}
    submit(ann)
    cannot_approve(ann)
    open_what_waits(rob)
    looks_right_in_preview(rob)
    rob.get_by_role("button", name=said("Approve")).click()
    expect(rob.get_by_role("main")).to_contain_text(said("Done: %(step)s.", step=said("Approve")))
    assert numbers(page) == {"119家"}
    expect(page.locator("#what-changed")).to_contain_text(NOTE)
    withdraw(rob)
    assert [page.goto(address).status for address in (PUBLIC, PUBLIC.replace("zh-hans", "en"))] == [404, 404]
    page.goto("/zh-hans/search/?q=锂电&kind=cluster")
    expect(page.get_by_role("main")).not_to_contain_text(CLUSTER)


def test_an_approval_for_later_shows_at_that_time_and_not_before(ann, rob, page):
    revise(ann)
    correct_the_figure(ann)
    submit(ann)
    open_what_waits(rob)
    begins = datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0) + timedelta(seconds=7)
    rob.get_by_label(said("Not now, but at")).fill(f"{begins:%Y-%m-%dT%H:%M:%S}")
    rob.get_by_role("button", name=said("Approve")).click()
    expect(rob.locator(".page-head")).to_contain_text(f"{begins:%Y-%m-%d %H:%M}")
    before = numbers(page)
    assert datetime.now(begins.tzinfo) < begins, "too slow a machine to see the time before"
    assert before == {"117家"}
    wait_until(lambda: numbers(page) == {"119家"})
    assert datetime.now(begins.tzinfo) >= begins


def revise(page):
    page.goto("/zh-hans/staff/kinds/cluster/")
    page.get_by_role("link", name=CLUSTER).click()
    page.get_by_role("button", name=said("Revise")).click()
    expect(page.locator(".page-head")).to_contain_text(said("draft"))


def correct_the_figure(page):
    page.locator("#edit-figures a.button").click()
    amount = page.locator('input[name$="-amount"][value="117家"]')
    row = page.locator(".grid-row", has=amount)
    amount.fill("超过1.2万家")
    expect(row.locator("output")).to_have_text("超过1.2万家（12,000）")
    amount.fill("119")
    expect(row.locator("output")).to_have_text("119家")
    page.locator(".figures-grid .actions .is-main").click()
    expect(page.locator('input[name$="-amount"][value="119家"]')).to_be_visible()
    page.locator(".figures-grid .actions a").click()


def say_what_changed(page):
    page.locator("#edit-main a.button").click()
    note = page.get_by_role("group", name=said("What changed"))
    note.get_by_label(said("Simplified Chinese")).fill(NOTE)
    page.get_by_role("button", name=said("Save"), exact=True).click()
    page.wait_for_url("**/versions/*/")


def looks_right_in_preview(page):
    page.get_by_role("link", name=said("Look at the page")).click()
    expect(page.locator("summary", has_text="119家").first).to_be_visible()
    expect(page.locator("summary", has_text="117家")).to_have_count(0)
    expect(page.locator("#what-changed")).to_contain_text(NOTE)
    page.get_by_role("link", name=said("Back to the workspace")).click()


def submit(page):
    page.get_by_role("button", name=said("Submit for review")).click()
    expect(page.locator("#steps")).to_contain_text(said("Nothing for you to do here now."))


def cannot_approve(page):
    """Neither by a button nor by sending what the button would send."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    sent = {"form": {"csrfmiddlewaretoken": token}, "headers": {"Referer": page.url}}
    answer = page.request.post(f"{urlsplit(page.url).path}steps/approve/", **sent)
    assert answer.status == 403
    assert said("You may not open this page") in answer.text()


def open_what_waits(page):
    page.goto("/zh-hans/staff/")
    heading = page.get_by_role("heading", name=said("For you to review"))
    page.locator(".work-group", has=heading).get_by_role("link", name=CLUSTER).click()


def withdraw(page):
    steps = page.locator("#steps")
    steps.locator("summary", has_text=said("Withdraw")).click()
    steps.get_by_label(said("Reason")).fill("示例")
    steps.get_by_role("button", name=said("Withdraw")).click()
    expect(page.get_by_role("main")).to_contain_text(said("Done: %(step)s.", step=said("Withdraw")))


def numbers(page):
    """Which of the two numbers of enterprises the public page shows as its own."""
    page.goto(PUBLIC)
    shown = page.locator("summary .number").all_inner_texts()
    return {number for number in ("117家", "119家") if number in shown}
