"""Addresses of the workspace that name what is not there. Who may ask for which: tests/test_every_url.py."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from clusters.models import ClusterProfile
from portal.publishing.models import Translation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    draft = make.draft(ClusterProfile, title=make.Text("Secret cluster"))
    source = make.source("own", city=draft.city, title=make.Text("Secret source"))
    figure = make.figure(draft, source=source)
    english = make.write(draft, Translation, language="en", origin="human")
    make.user("lee")
    draft.refresh_from_db()
    return SimpleNamespace(draft=draft, source=source, figure=figure, english=english)


@pytest.mark.parametrize("part", ["nothing", "stage_events"])  # the second: a part of another kind
def test_a_part_the_kind_has_not_does_not_exist(client, it, part):
    client.force_login(make.user("ann"))
    for name, more in {"staff-section": [], "staff-row-add": [], "staff-row": [1], "staff-row-delete": [1]}.items():
        for method in (client.get, client.post):
            answer = method(reverse(name, args=[it.draft.pk, part, *more]))
            assert answer.status_code in {404, 405}


def test_numbers_no_database_has_are_not_found(client, it):
    client.force_login(make.user("ann"))
    huge = 10**30
    for name, args in {
        "staff-version": [huge],
        "staff-history": [huge],
        "staff-row": [it.draft.pk, "figures", huge],
        "staff-reference": ["sources", huge],
        "staff-translation-confirm": [it.draft.pk, huge],
    }.items():
        assert client.get(reverse(name, args=args)).status_code == 404
