"""The media library with a script: files are sent one by one with their progress, and the focal point is clicked."""

import pytest
from playwright.sync_api import expect

from portal.media.models import Image
from projects.models import ProjectListing
from tests import make
from tests.media.files import document, image, jpeg, showing

from .conftest import Words
from .faults import faults

pytestmark = pytest.mark.browser

LIBRARY = "/en/staff/cities/zaozhuang/media/"


@pytest.fixture
def ann(log_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return log_in("ann", Words("en"))


def file(name, content):
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_several_files_go_in_and_a_large_one_is_refused_before_it_is_sent(ann):
    ann.goto(LIBRARY)
    large = file("large.jpg", jpeg() + b"\0" * 12_000_000)
    ann.get_by_label("Add pictures or documents").set_input_files(
        [file("lake.jpg", jpeg(640, 480)), large, file("plant.jpg", jpeg(480, 480))]
    )
    sent = ann.locator(".upload__files")
    expect(sent).to_contain_text("Too large: a picture may have 10 MB")
    ann.get_by_role("link", name="Show what was kept").click()
    expect(ann.locator(".library__item a")).to_have_text(["plant.jpg", "lake.jpg"])
    assert set(Image.objects.values_list("file_name", flat=True)) == {"lake.jpg", "plant.jpg"}


def test_a_click_sets_the_focal_point_and_the_crops_follow(ann):
    kept = image(content=jpeg(1200, 800))
    ann.goto(f"{LIBRARY}images/{kept.pk}/")
    whole = ann.locator("[data-focal]")
    box = whole.bounding_box()
    whole.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.2})
    assert [ann.locator(f"[name=focal_{axis}]").input_value() for axis in "xy"] == ["80", "20"]
    expect(ann.locator(".focal__crop.is-wide.focus-x8.focus-y2")).to_be_visible()
    ann.get_by_role("button", name="Save", exact=True).click()
    expect(ann.get_by_role("main")).to_contain_text("Saved.")
    kept.refresh_from_db()
    assert (kept.focal_x, kept.focal_y, kept.city) == (80, 20, make.city())


def test_the_library_is_accessible(ann):
    ann.set_viewport_size({"width": 320, "height": 640})
    kept = image(content=jpeg(1200, 800))
    draft = showing(make.draft(ProjectListing, slug="library"), document())
    for path in ("", "?kind=documents", f"images/{kept.pk}/", f"images/{kept.pk}/delete/"):
        ann.goto(LIBRARY + path)
        assert faults(ann) == []
    for part in ("pictures", "attachments"):
        ann.goto(f"/en/staff/versions/{draft.pk}/{part}/add/")
        assert faults(ann) == []
