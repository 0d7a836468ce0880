"""What may go into a library, what is refused and in which words; nothing is ever half kept."""

import errno
import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import translation
from PIL import Image as Pixels

from portal.media import keeping, pixels
from portal.media.keeping import bare_name, keep
from portal.media.models import Document, Image
from portal.publishing.models import Event
from tests import make

from .files import PDF, drawn, jpeg, png_of_zeros, saved, upload, with_position

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ann():
    return make.user("ann")


def kept(content, name="lake.jpg"):
    return keep(upload(content, name), city=make.city(), by=make.user("ann"))


def refused(content, name="lake.jpg"):
    with pytest.raises(ValidationError) as raised:
        kept(content, name)
    return raised.value.code


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def folder_of(image):
    return Image.folder(image.digest)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew_in_bounded_sizes(media, kind):
    image = kept(saved(drawn(3000, 1500), kind), f"lake.{kind.lower()}")
    assert (image.width, image.height, image.file_name) == (2400, 1200, f"lake.{kind.lower()}")
    assert files(media) == ["1600.webp", "480.webp", "960.jpg", "960.webp", "full.jpg"]
    for name in image.names:
        with Pixels.open(folder_of(image) / name) as rendition:
            assert rendition.format == {"webp": "WEBP", "jpg": "JPEG"}[name.rpartition(".")[2]]
            assert (rendition.width, rendition.height) == (int(name.split(".")[0]), int(name.split(".")[0]) // 2)
    assert image.size == (folder_of(image) / "full.jpg").stat().st_size


def test_a_small_picture_is_not_blown_up():
    assert kept(jpeg(300, 200)).names == ["300.webp", "300.jpg"]


def test_where_it_was_taken_is_removed_and_it_stands_upright():
    content = with_position(640, 480)
    with Pixels.open(BytesIO(content)) as taken:
        assert taken.getexif().get_ifd(0x8825)[1] == "N"
    image = kept(content)
    assert (image.width, image.height) == (480, 640)  # turned
    for path in folder_of(image).iterdir():
        written = path.read_bytes()
        assert b"SecretPhone" not in written
        assert b"Exif" not in written
        with Pixels.open(path) as picture:
            assert not picture.getexif()
            assert not picture.info.keys() & {"exif", "icc_profile", "xmp", "comment", "photoshop"}


@pytest.mark.parametrize("added", [b"PK\3\4evil.zip", b"<script>alert(1)</script>", PDF], ids=["zip", "html", "pdf"])
def test_what_hangs_on_a_picture_is_left_behind(added):
    plain, image = kept(jpeg(400, 300)), kept(jpeg(400, 300) + added)
    assert image == plain  # the same pixels, so the same picture
    assert not any(added in path.read_bytes() for path in folder_of(image).iterdir())


def test_modes_of_all_sorts_become_plain_colours():
    odd = [drawn().convert(mode) for mode in ("1", "L", "LA", "P", "RGBA")]
    contents = [saved(picture, "PNG") for picture in odd] + [saved(drawn().convert("CMYK"))]
    contents.append(saved(Pixels.new("I;16", (64, 48), 40000), "PNG"))
    for number, content in enumerate(contents):
        with Pixels.open(folder_of(kept(content, f"{number}.png")) / "full.jpg") as picture:
            assert picture.mode == "RGB"


def test_a_transparent_picture_stands_on_white():
    image = kept(saved(Pixels.new("RGBA", (64, 48), (255, 0, 0, 0)), "PNG"), "mark.png")
    with Pixels.open(folder_of(image) / "full.jpg") as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


HOSTILE = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "mark.svg", "drawing"),
    "svg named png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "mark.png", "type"),
    "html named jpg": (b"<html><script>alert(1)</script>", "lake.jpg", "type"),
    "gif": (saved(drawn(), "GIF"), "lake.gif", "name"),
    "gif named jpg": (saved(drawn(), "GIF"), "lake.jpg", "type"),
    "picture named html": (jpeg(), "lake.html", "name"),
    "picture named php": (jpeg(), "lake.jpg.php", "name"),
    "no ending": (jpeg(), "lake", "name"),
    "empty": (b"", "lake.jpg", "empty"),
    "cut off": (jpeg(800, 600)[:1500], "lake.jpg", "damaged"),
    "cut off early": (jpeg()[:30], "lake.jpg", "type"),
    "12 MB": (jpeg() + b"\0" * 12_000_000, "lake.jpg", "size"),
    "moving webp": (saved(drawn(), "WEBP", save_all=True, append_images=[drawn(colour=(0, 0, 9))]), "a.webp", "moving"),
    "moving png": (saved(drawn(), "PNG", save_all=True, append_images=[drawn(colour=(0, 0, 9))]), "a.png", "moving"),
    "pdf with a page behind": (PDF + b"<html><script>", "guide.pdf", "pdf"),
    "html named pdf": (b"<html>%PDF-1.4 %%EOF", "guide.pdf", "pdf"),
    "picture named pdf": (jpeg(), "guide.pdf", "pdf"),
    "pdf named jpg": (PDF, "guide.jpg", "type"),
    "21 MB": (PDF[:-6] + b"\n" * 21_000_000 + b"%%EOF", "guide.pdf", "size"),
}


@pytest.mark.parametrize(("content", "name", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_a_picture_or_document_is_refused_and_leaves_nothing(media, content, name, reason):
    assert refused(content, name) == reason
    assert (files(media), Image.objects.count(), Document.objects.count(), Event.objects.count()) == ([], 0, 0, 0)


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_000, 5_000)])
def test_a_bomb_is_refused_before_it_goes_off(media, size):
    content = png_of_zeros(*size)
    assert len(content) < 200_000
    began = time.monotonic()
    assert refused(content, "bomb.png") == "pixels"
    assert time.monotonic() - began < 2
    assert files(media) == []


def test_reading_a_picture_has_bounds_of_memory_and_time(media):
    """The program itself, with less allowed to it than the picture needs."""
    content = saved(Pixels.new("RGBA", (6000, 5000)), "PNG")
    program = Path(pixels.__file__).read_text()
    for usual, less, ended in (("800_000_000", "150_000_000", "heavy"), ("MOST_SECONDS = 20", "MOST_SECONDS = 0", "")):
        assert usual in program
        (media / "program.py").write_text(program.replace(usual, less))
        command = [sys.executable, "-I", str(media / "program.py"), str(media)]
        done = subprocess.run(command, input=content, capture_output=True, check=False)
        assert ended in done.stdout.decode()
        assert bool(done.returncode) is (not ended)  # killed by the kernel, and the caller says "heavy"


@pytest.mark.parametrize("program", ["import os; os.abort()", "import time; time.sleep(60)"], ids=["dies", "hangs"])
def test_a_reader_that_dies_or_hangs_refuses_the_picture(media, monkeypatch, program):
    (media / "program.py").write_text(program)
    monkeypatch.setattr(pixels, "__file__", str(media / "program.py"))
    monkeypatch.setattr(keeping, "PATIENCE", 0.5)
    assert refused(jpeg()) == "heavy"
    assert files(media) == ["program.py"]


def full(*_arguments, **_named):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fails", ["mkdtemp", "replace"])
@pytest.mark.parametrize(("content", "name"), [(jpeg(), "lake.jpg"), (PDF, "guide.pdf")], ids=["image", "document"])
def test_a_full_disk_is_said_and_leaves_nothing(media, monkeypatch, fails, content, name):
    if fails == "replace":
        monkeypatch.setattr(os, "replace", full)
    else:
        monkeypatch.setattr("tempfile.mkdtemp", full)
        monkeypatch.setattr("tempfile.mkstemp", full)
    assert refused(content, name) == "disk"
    assert (files(media), Image.objects.count(), Document.objects.count(), Event.objects.count()) == ([], 0, 0, 0)
    monkeypatch.undo()
    settings.MEDIA_ROOT = media
    assert kept(content, name).pk  # and once there is room, it goes


def test_a_full_disk_while_renditions_are_written_is_said(media, monkeypatch):
    monkeypatch.setattr(os, "fsync", full)
    assert pixels.answer(jpeg(), media) == {"refused": "disk"}


def test_what_a_killed_process_left_is_cleared_away(media):
    left = media / "images" / ".new-old"
    left.mkdir(parents=True)
    (left / "480.webp").write_bytes(b"half")
    os.utime(left, (0, 0))
    kept(jpeg())
    assert not left.exists()


def test_files_may_be_read_by_a_web_server(media):
    kept(jpeg())
    kept(PDF, "guide.pdf")
    for path in media.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("../../etc/x.png", "x.png"),
        ("C:\\pictures\\x.png", "x.png"),
        ("a\u202egnp.exe.png", "agnp.exe.png"),
        ("\x00\r\nSet-Cookie: x.png", "Set-Cookie: x.png"),
        ("枣庄 湖.jpg", "枣庄 湖.jpg"),
        ("x" * 300 + ".jpg", "x" * 96 + ".jpg"),
        ("..", ""),
    ],
)
def test_a_name_is_bare(name, bare):
    assert bare_name(name) == bare


def test_a_name_never_becomes_a_path(media):
    file = upload(jpeg())
    file._name = "../../x.png"  # past Django's own guard
    image = keep(file, city=make.city(), by=make.user("ann"))
    assert image.file_name == "x.png"
    assert {path.relative_to(media).parts[0] for path in media.rglob("*")} == {"images"}
    assert folder_of(image).relative_to(media).parts == ("images", image.digest[:2], image.digest)


def test_the_same_picture_is_kept_once_a_city():
    first, again = kept(jpeg()), kept(jpeg(), "other.jpg")
    assert again == first
    assert [str(event) for event in Event.objects.filter(action="upload")] == [str(Event.objects.get())]


def test_who_does_not_write_for_the_city_adds_nothing(media):
    for name in ("rob", "lee", "eve"):
        with pytest.raises(PermissionDenied):
            keep(upload(jpeg()), city=make.city(), by=make.user(name))
    assert files(media) == []


def test_an_upload_stands_in_the_audit_trail():
    image = kept(jpeg())
    event = Event.objects.get()
    assert (event.action, event.actor, event.city) == ("upload", "ann", "zaozhuang")
    assert event.subject == f"image {image.digest[:12]} lake.jpg"


# The form -------------------------------------------------------------------------------------------------------------


def post(client, *uploads, **headers):
    client.force_login(make.user("ann"))
    return client.post(reverse("staff-media-upload", args=["zaozhuang"]), {"files": list(uploads)}, headers=headers)


def test_several_files_at_once_and_each_refusal_beside_the_field(client):
    response = post(
        client, upload(jpeg()), upload(PDF, "guide.pdf"), upload(b"<svg/>", "bad<b>.svg"), upload(b"", "e.png")
    )
    assert response.status_code == 422
    assert (Image.objects.count(), Document.objects.count()) == (1, 1)
    said = response.content.decode()
    field = said[said.index('id="id_files_error"') :]
    assert "bad&lt;b&gt;.svg: An SVG drawing can hold programs: save it as PNG." in field
    assert "e.png: The file is empty." in field
    assert "2 files were kept." in said


def test_reasons_are_in_the_readers_language(client):
    with translation.override("zh-hans"):
        response = post(client, upload(b"", "e.png"))
        assert response.status_code == 422
    assert 'lang="zh-Hans"' in response.content.decode()


def test_none_chosen_is_said(client):
    response = post(client)
    assert (response.status_code, "Choose at least one file." in response.content.decode()) == (422, True)


def test_twelve_megabytes_are_refused_beside_the_field(client):
    response = post(client, upload(jpeg() + b"\0" * 12_000_000))
    assert response.status_code == 422
    assert "lake.jpg: The file has 12.0 MB; at most 10 MB are taken." in response.content.decode()


def test_a_script_is_answered_in_json(client):
    assert post(client, upload(jpeg()), accept="application/json").json() == {"kept": 1, "errors": []}
    answer = post(client, upload(b"", "e.png"), accept="application/json")
    assert (answer.status_code, answer.json()) == (422, {"kept": 0, "errors": ["The file is empty."]})


def test_large_bodies_are_taken_here_only_and_from_who_is_logged_in(client):
    """Anybody else's is refused before it is read."""
    content = jpeg() + b"\0" * 3_000_000
    here, elsewhere = reverse("staff-media-upload", args=["zaozhuang"]), reverse("inquiry-new")
    for address in (here, elsewhere, "/en/accounts/login/"):
        assert client.post(address, {"files": upload(content)}).status_code == 413
    client.force_login(make.user("ann"))
    for address in (elsewhere, "/en/staff/", "/api/projects/"):
        assert client.post(address, {"files": upload(content)}).status_code == 413
    assert client.post(here, {"files": upload(content)}).status_code == 302
    refused = client.post(here, {"files": upload(b"\0" * 65_000_000)})
    assert (refused.status_code, "That is too much to save at once" in refused.content.decode()) == (413, True)
