"""The index is written anew where it is behind, and only there."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.search.models import IndexText
from tests import make

pytestmark = pytest.mark.django_db


def rebuilt():
    said = StringIO()
    call_command("rebuild_search", if_stale=True, stdout=said)
    return said.getvalue()


def test_what_is_indexed_as_it_is_stays(client):
    make.live()
    assert rebuilt() == ""


@pytest.mark.parametrize("behind", [lambda rows: rows.update(tags=""), lambda rows: rows.delete()], ids=["old", "none"])
def test_what_is_behind_is_written_anew(behind):
    make.live()
    behind(IndexText.objects.all())
    assert rebuilt() == "1 versions indexed.\n"
    assert rebuilt() == ""
