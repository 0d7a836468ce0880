"""A library's files are public while something public shows them; else they are the office's alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clusters.models import CityProfile
from portal.media.models import Image
from portal.publishing.clock import database_now
from portal.publishing.workflow import take
from projects.models import ProjectListing
from tests import make

from .files import BOTH, document, image, jpeg, showing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def addresses(kept):
    return [kept.url(name) for name in kept.names] if isinstance(kept, Image) else [kept.get_absolute_url()]


def codes(client, kept):
    return {client.get(address).status_code for address in addresses(kept)}


def seen_by(client, name, kept):
    if name:
        client.force_login(make.user(name))
    else:
        client.logout()
    return codes(client, kept)


keeps = pytest.mark.parametrize("keep", [image, document])


@keeps
def test_a_draft_keeps_its_files_in_the_office(client, keep):
    kept = keep()
    draft = showing(make.draft(), kept, **({"alt": BOTH} if keep is image else {}))
    for name, code in {"": 404, "eve": 404, "ann": 200, "rob": 200, "lee": 200}.items():
        assert seen_by(client, name, kept) == {code}, name
    take("submit", draft, by=make.user("ann"))
    assert seen_by(client, "", kept) == {404}


@keeps
def test_what_nothing_shows_is_the_offices(client, keep):
    kept = keep()
    assert [seen_by(client, name, kept) for name in ("", "eve", "ann")] == [{404}, {404}, {200}]


@keeps
def test_what_is_public_is_everybodys_until_it_is_withdrawn(client, keep):
    kept = keep()
    version = make.approved(showing(make.draft(), kept))
    assert seen_by(client, "", kept) == {200}
    response = client.get(addresses(kept)[0])
    assert response.headers["Cache-Control"] == "public, no-cache"  # asked for anew each time
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    take("withdraw", version, by=make.user("rob"), reason="wrong")
    assert [seen_by(client, name, kept) for name in ("", "ann")] == [{404}, {200}]
    known = {"If-None-Match": response.headers["ETag"]}
    client.logout()
    assert client.get(addresses(kept)[0], headers=known).status_code == 404


@keeps
def test_scheduled_and_replaced_versions_show_nothing(client, keep):
    later = keep()
    make.approved(showing(make.draft(), later), at=database_now() + timedelta(hours=1))
    assert seen_by(client, "", later) == {404}
    gone = keep(content=jpeg(70, 50)) if keep is image else document(content=b"%PDF-1.4 other %%EOF")
    first = make.approved(showing(make.draft(ProjectListing, slug="two"), gone))
    assert seen_by(client, "", gone) == {200}
    next_one = make.revised(first)
    assert seen_by(client, "", gone) == {200}
    next_one.specific.pictures.all().delete()
    next_one.specific.attachments.all().delete()
    make.approved(next_one)
    assert seen_by(client, "", gone) == {404}


def test_the_same_picture_of_another_city_opens_for_that_city_only_what_it_publishes(client):
    here, there = image(), image("zibo")
    assert here.digest == there.digest
    make.approved(showing(make.draft(CityProfile, at="zibo"), there))
    assert seen_by(client, "", here) == {200}  # it is public: its bytes are


def test_revalidation_is_cheap_and_exact(client):
    kept = image()
    make.approved(showing(make.draft(), kept))
    tags = set()
    for address in addresses(kept):
        answer = client.get(address)
        tags.add(answer.headers["ETag"])
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert not answer.headers["ETag"].startswith("W/")
    assert len(tags) == len(kept.names)


def test_a_file_can_do_nothing_in_a_browser(client):
    for kept in (image(), document()):
        client.force_login(make.user("ann"))
        answer = client.get(addresses(kept)[0])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="guide.pdf"'


def test_only_the_files_of_a_picture_are_served(client):
    kept = image()
    make.approved(showing(make.draft(), kept))
    folder = f"/media/images/{kept.digest}/"
    for name in ("full.jpg", "9999.webp", "480.jpg", "..%2f..%2fsettings.py", "", "64.webp/"):
        assert client.get(folder + name).status_code == 404, name
    assert client.get(f"/media/images/{'0' * 64}/64.webp").status_code == 404
    assert client.get("/media/briefs/").status_code == 404
    assert client.post(kept.url("64.webp")).status_code == 405


def test_a_file_that_is_lost_is_not_an_error(client):
    kept = image()
    make.approved(showing(make.draft(), kept))
    (Image.folder(kept.digest) / "64.webp").unlink()
    assert client.get(kept.url("64.webp")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_serving_asks_the_database_once(client, django_assert_num_queries, count):
    for number in range(count):
        kept = image(content=jpeg(60 + number, 50))
        make.approved(showing(make.draft(ProjectListing, slug=f"p{number}"), kept))
    address = kept.url(kept.names[0])
    client.get(address)
    with django_assert_num_queries(4):  # three for the clock, which a process reads twice a second
        assert client.get(address).status_code == 200


def test_preview_shows_the_office_a_drafts_pictures(client):
    kept = image()
    draft = showing(make.draft(), kept)
    client.force_login(make.user("rob"))
    page = client.get(reverse("staff-preview", args=[draft.pk])).content.decode()
    assert kept.fallback in page
    assert client.get(kept.fallback).status_code == 200
