"""The preview is the public page of any version: the office sees it, nobody else, and no cache keeps it."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.lib.text import Text
from portal.publishing.models import Version
from portal.publishing.workflow import editing
from tests import make

pytestmark = pytest.mark.django_db

NEEDS = {"policy": {"nature": "law"}, "ranking": {"edition": "2023"}}


def draft_of(kind, **said):
    needs = dict(NEEDS.get(kind.kind, {}))
    if kind.kind == "ranking":
        needs["publisher"] = make.organisation()
    return make.draft(kind, **needs | said)


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def preview(client, version, language="en"):
    return client.get(reverse("staff-preview", args=[version.pk]).replace("/en/", f"/{language}/"))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", Version.kinds().values(), ids=Version.kinds())
def test_each_kind_is_previewed_by_its_public_page(ann, kind, language):
    draft = draft_of(kind, title=Text({"en": "Not yet public", "zh-hans": "尚未公开"}))
    page = preview(ann, draft, language)
    body = page.content.decode()
    assert page.status_code == 200
    assert str(draft.title.within(language)) in body
    assert reverse("staff-version", args=[draft.pk]).replace("/en/", f"/{language}/") in body
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "ETag" not in page.headers
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_a_preview_leaves_the_public_page_as_it_is(ann):
    version = make.live(title=Text("As published"))
    draft = make.revised(version)
    with editing(draft, by=make.user("ann")) as locked:
        locked.title = Text("As planned")
        locked.save()
    assert "As planned" in preview(ann, draft).content.decode()
    public = Client().get(version.get_absolute_url()).content.decode()
    assert "As published" in public
    assert "As planned" not in public
    assert "As published" in preview(ann, version).content.decode()


def test_a_version_that_is_over_is_seen_as_it_was(ann):
    old = make.live(title=Text("In May"))
    make.figure(draft := make.revised(old), 4711)
    make.approved(draft)
    assert "In May" in preview(ann, old).content.decode()
    assert "4,711" not in preview(ann, old).content.decode()
    assert "4,711" in preview(ann, draft).content.decode()
