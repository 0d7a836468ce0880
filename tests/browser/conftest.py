"""The portal with its sample content, in a browser."""

import io
import sqlite3

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext, override, pgettext

from portal.staff.management.commands.load_samples import PASSWORD

#: Loading takes seconds, and each test begins with an empty database.
KEPT = settings.DATA_DIR / "samples.sqlite3"


@pytest.fixture(autouse=True)
def samples(transactional_db, settings):
    """The sample content, as on the day it was loaded."""
    settings.SAMPLE_MODE = True
    database = connection.settings_dict["NAME"]
    if KEPT.exists():
        copy_database(KEPT, database)
    else:
        call_command("load_samples", stdout=io.StringIO())
        copy_database(database, KEPT)


def copy_database(source, target):
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)


class Words:
    """The portal's own words in one language: said("Search") is 搜索."""

    def __init__(self, language):
        self.language = language

    def __call__(self, words, context="", **values):
        with override(self.language):
            found = pgettext(context, words) if context else gettext(words)
        assert found != words or self.language == "en", f"no {self.language} words for “{words}”"
        return found % values if values else found


@pytest.fixture(params=["en", "zh-hans"])
def said(request):
    return Words(request.param)


@pytest.fixture
def log_in(open_page):
    """A function that gives the page of somebody of the cast who has logged in."""

    def go(name, said, **options):
        page = open_page(**options)
        page.goto(f"/{said.language}/staff/")
        page.get_by_label(said("Name or e-mail")).fill(name)
        page.get_by_label(said("Password"), exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name=said("Log in"), exact=True).click()
        if page.url.endswith("/second-factor/code/"):
            page.locator("#id_code").fill(page.locator("#sample-code").inner_text())
            page.get_by_role("main").get_by_role("button", name=said("Log in"), exact=True).click()
        page.wait_for_url(f"**/{said.language}/staff/")
        return page

    return go
