"""The library of a city's office: what is in it, what is said of it, where it is shown, and what may leave it."""

import re

import pytest
from django.db import connection
from django.db.models.deletion import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.lib.text import Text
from portal.media.keeping import remove
from portal.media.models import Document, Image, Picture
from portal.publishing.clock import Clock
from portal.publishing.models import Event
from portal.publishing.workflow import take
from projects.models import ProjectListing
from tests import make

from .files import BOTH, PDF, document, image, jpeg, showing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def said(**fields):
    for name, value in fields.items():
        assert name in {"caption", "alt", "credit", "title"}, value
    return fields


def library(client, **asked):
    page = client.get(reverse("staff-media", args=["zaozhuang"]), asked).content.decode()
    return re.findall(r'/media/(?:images|documents)/(\d+)/"', page)


def describe(kept, **words):
    for name, value in said(**words).items():
        setattr(kept, name, value)
    kept.save()
    return kept


def keys(*rows):
    return [str(row.pk) for row in rows]


def page_of(kept, name="staff-media-{}"):
    return reverse(name.format(kept._meta.model_name), args=[kept.city.slug, kept.pk])


def form(client, kept, **changed):
    """What the form on the page would send, with changes."""
    page = client.get(page_of(kept)).content.decode()
    sent = {"seen": re.search(r'name="seen" value="(\w+)"', page)[1], "focal_x": 50, "focal_y": 50}
    return sent | changed


def test_newest_first_and_nothing_of_other_cities(ann):
    image("zibo", jpeg(90, 90))
    first, second = image(), image(content=jpeg(80, 60))
    assert library(ann) == keys(second, first)
    guide = document()
    assert library(ann, kind="documents") == keys(guide)


def test_search_by_caption_in_either_language_and_by_file_name(ann):
    lake = describe(image(name="DSC_1.jpg"), caption=BOTH)
    plant = image(content=jpeg(80, 60), name="plant.jpg")
    assert library(ann, q="lake") == library(ann, q="湖") == library(ann, q="dsc") == keys(lake)
    assert library(ann, q="PLANT") == keys(plant)
    assert library(ann, q="%") == library(ann, q="\0nothing") == []


def test_filter_unused_and_lacking_a_text(ann):
    whole = describe(image(), caption=BOTH, alt=BOTH)
    half = describe(image(content=jpeg(80, 60)), caption=BOTH, alt=Text({"en": "A lake"}))
    showing(make.draft(), whole)
    assert library(ann, show="unused") == keys(half)
    assert library(ann, show="lacking") == keys(half)
    assert library(ann, show="nonsense") == keys(half, whole)
    assert half.lacks == ["alternative text"]
    guide = document()
    assert library(ann, kind="documents", show="lacking") == keys(guide)


def test_colleagues_look_and_only_editors_write(client):
    kept = image()
    for name in ("rob", "lee"):
        client.force_login(make.user(name))
        assert 'type="file"' not in client.get(reverse("staff-media", args=["zaozhuang"])).content.decode()
        page = client.get(page_of(kept)).content.decode()
        assert 'name="focal_x"' not in page
        assert client.post(page_of(kept), {"seen": "x"}).status_code == 403
    assert Image.objects.get().caption == Text()


def test_a_foreign_library_does_not_exist(client):
    kept = image()
    client.force_login(make.user("eve"))
    for address in (page_of(kept), page_of(kept, "staff-media-{}-delete"), reverse("staff-media", args=["zaozhuang"])):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in {404, 405}
    # nor through one's own city's address
    assert client.get(reverse("staff-media-image", args=["zibo", kept.pk])).status_code == 404


def test_words_and_focal_point_are_saved_and_recorded(ann):
    kept = image()
    sent = form(ann, kept, caption_en="The lake", **{"caption_zh-hans": "湖"}, alt_en="A lake", focal_x=80, focal_y=15)
    assert ann.post(page_of(kept), sent).status_code == 302
    kept.refresh_from_db()
    assert (kept.caption, kept.alt, kept.focal_x, kept.focal_y) == (BOTH, Text({"en": "A lake"}), 80, 15)
    assert kept.focus == "focus-x8 focus-y2"
    assert Event.objects.first().action == "edit"


@pytest.mark.parametrize("wrong", [{"focal_x": 101}, {"focal_y": -1}, {"focal_x": "x"}, {"caption_en": "x" * 301}])
def test_what_is_wrong_is_said_and_nothing_is_lost(ann, wrong):
    kept = image()
    response = ann.post(page_of(kept), form(ann, kept, credit_en="Ms Li", **wrong))
    assert "Ms Li" in response.content.decode()
    assert "error-summary" in response.content.decode()
    kept.refresh_from_db()
    assert (kept.credit, kept.focal_x, kept.focal_y) == (Text(), 50, 50)


def test_two_editors_at_once_lose_nothing(ann):
    kept = image()
    mine = form(ann, kept, caption_en="Mine")
    assert ann.post(page_of(kept), form(ann, kept, caption_en="Theirs")).status_code == 302
    response = ann.post(page_of(kept), mine)
    page = response.content.decode()
    assert (response.status_code, "Theirs" in page, "Mine" in page) == (409, True, True)
    assert ann.post(page_of(kept), form(ann, kept, caption_en="Mine")).status_code == 302
    assert Image.objects.get().caption == Text({"en": "Mine"})


def test_a_new_focal_point_shows_on_public_pages_at_once(ann):
    kept = image(content=jpeg(1200, 800))
    version = make.approved(showing(make.draft(), kept))
    before = ann.get(version.get_absolute_url()).content.decode()
    ann.post(page_of(kept), form(ann, kept, focal_x=0, focal_y=100))
    Clock.forget()
    after = ann.get(version.get_absolute_url()).content.decode()
    assert ("focus-x5 focus-y5" in before, "focus-x0 focus-y10" in after) == (True, True)


def test_words_of_a_version_are_its_own(ann):
    kept = describe(image(), caption=BOTH, alt=BOTH)
    draft = showing(make.draft(), kept, caption=Text({"en": "At dawn"}))
    row = Picture.objects.get()
    assert (row.caption, row.alt, row.credit) == (Text({"en": "At dawn"}), BOTH, Text())
    version = make.approved(draft)
    describe(kept, alt=Text({"en": "Changed"}))
    assert Picture.objects.get().alt == BOTH
    copied = make.revised(version)
    assert Picture.objects.get(version=copied).alt == BOTH


def test_where_it_is_shown_is_said(ann):
    kept = image()
    version = make.approved(showing(make.draft(ProjectListing, slug="one"), kept))
    make.revised(version)
    page = ann.get(page_of(kept)).content.decode()
    shown = page[page.index("Shown on") :]
    assert re.findall(r"version (\d)", shown) == ["2", "1"]
    assert ("public" in shown, "draft" in shown) == (True, True)
    assert page_of(kept, "staff-media-{}-delete") not in page


@pytest.mark.parametrize("keep", [image, document])
def test_what_no_version_shows_may_leave(ann, media, keep, django_capture_on_commit_callbacks):
    kept = keep()
    address = page_of(kept, "staff-media-{}-delete")
    assert "for good?" in ann.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert ann.post(address).status_code == 302
    assert (Image.objects.count(), Document.objects.count()) == (0, 0)
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert (Event.objects.first().action, Event.objects.first().city) == ("delete", "zaozhuang")


def test_what_a_version_shows_stays_even_when_it_was_discarded(ann, media):
    kept = image()
    draft = showing(make.draft(), kept)
    take("discard", draft, by=make.user("ann"), reason="no")
    response = ann.post(page_of(kept, "staff-media-{}-delete"))
    page = response.content.decode()
    assert (response.status_code, "This cannot be taken out" in page, "Title zaozhuang" in page) == (409, True, True)
    with pytest.raises(ProtectedError):
        remove(kept, by=make.user("ann"))
    assert Image.objects.count() == 1
    assert any(media.rglob("full.jpg"))


def test_files_stay_while_another_city_keeps_the_same(media, django_capture_on_commit_callbacks):
    here, there = image(), image("zibo")
    with django_capture_on_commit_callbacks(execute=True):
        remove(here, by=make.user("ann"))
    assert Image.folder(there.digest).exists()
    with django_capture_on_commit_callbacks(execute=True):
        remove(there, by=make.user("eve"))
    assert not Image.folder(there.digest).exists()


def test_a_user_of_one_office_goes_straight_to_its_library(ann):
    assert ann.get(reverse("staff-media-start")).headers["Location"] == reverse("staff-media", args=["zaozhuang"])


# In forms of pages ----------------------------------------------------------------------------------------------------


def test_a_picture_is_chosen_by_looking_at_it(ann):
    foreign, own = image("zibo", jpeg(90, 90)), describe(image(), caption=BOTH)
    draft = make.draft()
    page = ann.get(reverse("staff-row-add", args=[draft.pk, "pictures"])).content.decode()
    assert f'<img src="{own.thumbnail}"' in page
    assert f'type="radio" name="image" value="{own.pk}"' in page
    assert foreign.thumbnail not in page
    assert reverse("staff-media", args=["zaozhuang"]) in page


def test_choosing_takes_the_words_of_the_library(ann):
    own, draft = describe(image(), caption=BOTH, alt=BOTH, credit=Text({"en": "Ms Li"})), make.draft()
    address = reverse("staff-row-add", args=[draft.pk, "pictures"])
    sent = {"seen": draft.edits, "image": own.pk, "order": 1, "caption_en": "At dawn"}
    assert ann.post(address, sent).status_code == 302
    row = Picture.objects.get()
    assert (row.caption, row.alt, row.credit) == (Text({"en": "At dawn"}), BOTH, Text({"en": "Ms Li"}))


def test_another_citys_picture_cannot_be_chosen(ann):
    foreign, draft = image("zibo"), make.draft()
    sent = {"seen": draft.edits, "image": foreign.pk, "order": 1}
    response = ann.post(reverse("staff-row-add", args=[draft.pk, "pictures"]), sent)
    assert "error-summary" in response.content.decode()
    assert Picture.objects.count() == 0
    with pytest.raises(Exception, match="own library"):
        make.write(draft, Picture, image=foreign)


def test_the_same_picture_stands_once_on_a_page(ann):
    own = image()
    draft = showing(make.draft(), own)
    draft.refresh_from_db()
    sent = {"seen": draft.edits, "image": own.pk, "order": 2, "caption_en": "Again"}
    response = ann.post(reverse("staff-row-add", args=[draft.pk, "pictures"]), sent)
    assert response.status_code != 302
    assert Picture.objects.count() == 1


# Constant ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_library(ann, count):
    draft = make.draft()
    for number in range(count):
        showing(draft, image(content=jpeg(60 + number, 50)))
        document(content=PDF + b"\n" * number + b"%%EOF")
    library = reverse("staff-media", args=["zaozhuang"])
    adding = reverse("staff-row-add", args=[draft.pk, "pictures"])
    addresses = {library: 13, f"{library}?kind=documents": 13, page_of(Image.objects.first()): 13, adding: 11}
    asked = {}
    for address in addresses:
        ann.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert ann.get(address).status_code == 200
        asked[address] = len([query for query in queries if query["sql"] != "SELECT clock_timestamp()"])
    assert asked == addresses
