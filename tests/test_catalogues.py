"""Every word of the interface exists in every language."""

import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request):
    return request.param


def test_every_message_is_translated(catalogue):
    po = polib.pofile(str(catalogue))
    assert [entry.msgid for entry in po.untranslated_entries() + po.fuzzy_entries()] == []


def test_translations_keep_the_placeholders(catalogue):
    for entry in polib.pofile(str(catalogue)):
        asked = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for said in entry.msgstr_plural.values() or [entry.msgstr]:
            assert set(PLACEHOLDER.findall(said)) == asked, entry.msgid


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_catalogue_has_every_message_of_the_code(catalogue, tmp_path, settings, monkeypatch):
    """On a copy of the code: makemessages writes into whatever catalogue it meets."""
    for package in ("portal", "clusters", "projects", "templates"):
        shutil.copytree(Path(settings.BASE_DIR, package), tmp_path / package, ignore=shutil.ignore_patterns("samples"))
    monkeypatch.chdir(tmp_path)
    copied = tmp_path / catalogue.relative_to(settings.BASE_DIR)
    settings.LOCALE_PATHS = [copied.parent.parent.parent]
    call_command("makemessages", locale=[copied.parent.parent.name], no_obsolete=True, verbosity=0)
    now = polib.pofile(str(copied))
    assert [entry.msgid for entry in now.untranslated_entries() + now.fuzzy_entries()] == []
