"""A passkey is added and opens the account, in a real browser with a device that answers by itself."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Words

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
said = Words("en")


@pytest.fixture
def ann(log_in):
    """Ann's browser, on a device that confirms everything with a fingerprint."""
    page = log_in("ann", said)
    page.device = page.context.new_cdp_session(page)
    page.device.send("WebAuthn.enable")
    page.key = page.device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    return page


def button(page, words):
    return page.get_by_role("main").get_by_role("button", name=said(words), exact=True)


def add(page, name):
    page.goto("/en/accounts/second-factor/")
    page.get_by_role("link", name=said("Add a passkey")).click()
    page.get_by_label(said("Name of this passkey")).fill(name)
    button(page, "Add a passkey").click()


def log_out(page):
    page.get_by_role("button", name=said("Log out")).click()


def test_a_passkey_is_added_and_opens_the_account_without_a_password(ann):
    add(ann, "office computer")
    expect(ann.get_by_role("main")).to_contain_text(said("Shown this once"))
    ann.goto("/en/accounts/second-factor/")
    expect(ann.get_by_role("main")).to_contain_text("office computer")
    log_out(ann)
    ann.goto("/en/accounts/login/")
    button(ann, "Log in with a passkey").click()
    ann.wait_for_url("**/en/staff/")
    expect(ann.get_by_role("navigation", name=said("Staff"))).to_contain_text("ann")


def test_a_passkey_is_the_second_factor_after_a_password(ann):
    add(ann, "office computer")
    log_out(ann)
    ann.goto("/en/staff/")
    ann.get_by_label(said("Name or e-mail")).fill("ann")
    ann.get_by_label(said("Password"), exact=True).fill("sample-content-only")
    button(ann, "Log in").click()
    expect(ann).to_have_url(re.compile("/second-factor/code/"))
    button(ann, "Use a passkey").click()
    ann.wait_for_url("**/en/staff/")


def test_a_device_that_refuses_leaves_the_other_ways_open(ann):
    add(ann, "office computer")
    log_out(ann)
    ann.goto("/en/accounts/login/")
    ann.device.send("WebAuthn.setUserVerified", {"authenticatorId": ann.key, "isUserVerified": False})
    button(ann, "Log in with a passkey").click()
    expect(ann.get_by_role("alert")).to_be_visible()
    expect(ann.get_by_label(said("Name or e-mail"))).to_be_visible()
