"""What goes into a library, what is changed there and what leaves it: each with its row in the audit trail."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cities.models import City
from portal.lib.files import put
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Counter, Event

from . import pixels
from .models import Document, Image, Kept

MOST_IMAGE = 10_000_000
MOST_DOCUMENT = 20_000_000
LONGEST_NAME = 100
PATIENCE = pixels.MOST_SECONDS + 5
ABANDONED = 3600  # seconds after which an unfinished folder is nobody's
PICTURES, DOCUMENTS = ("jpg", "jpeg", "png", "webp"), ("pdf",)
#: Decoding needs memory: one picture at a time in each process.
TURN = threading.Lock()

REASONS = {
    "name": gettext_lazy("Only pictures (.jpg, .png, .webp) and documents (.pdf) are kept here."),
    "drawing": gettext_lazy("An SVG drawing can hold programs: save it as PNG."),
    "empty": gettext_lazy("The file is empty."),
    "type": gettext_lazy("The file is no JPEG, PNG or WebP picture, whatever its name says."),
    "pdf": gettext_lazy("The file is no PDF document, or it is cut off or has something added to it."),
    "pixels": gettext_lazy("The picture has more than 40 million pixels: save it smaller."),
    "moving": gettext_lazy("The picture moves: save one frame of it."),
    "damaged": gettext_lazy("The picture is damaged or cut off."),
    "heavy": gettext_lazy("The picture takes too long or too much memory to read: save it anew, or smaller."),
    "disk": gettext_lazy("The server could not store the file: perhaps its disk is full. Tell the administrator."),
}


class Refused(ValidationError):
    """The file is not kept; the message says why, in the reader's language."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason], code=reason)


class Subject(NamedTuple):
    """A file of a library as the audit trail names it."""

    city: City
    name: str

    def __str__(self) -> str:
        return self.name


def subject(kept: Kept) -> Subject:
    return Subject(kept.city, f"{kept._meta.model_name} {kept.digest[:12]} {kept.file_name}"[:160])


def bare_name(name: str) -> str:
    """The name without folders, controls and marks of direction, of bounded length, its ending kept."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else name[:LONGEST_NAME]


def keep(file: UploadedFile, *, city: City, by: Any) -> Kept:
    """Into the library with it; what is there already is not kept twice. Raises Refused, and then nothing is kept."""
    if not permissions.can_create(by, city):
        raise PermissionDenied(_("You may not write for this city."))
    name = bare_name(file.name or "")
    ending = name.rpartition(".")[2].lower()
    if ending == "svg":
        raise Refused("drawing")
    if ending not in PICTURES + DOCUMENTS:
        raise Refused("name")
    if not file.size:
        raise Refused("empty")
    keep_as, most = (keep_document, MOST_DOCUMENT) if ending in DOCUMENTS else (keep_image, MOST_IMAGE)
    if file.size > most:
        raise too_large(file.size, most)
    try:
        return keep_as(file.read(), {"city": city, "file_name": name, "uploaded_by": by})
    except (OSError, OperationalError):
        raise Refused("disk") from None


def too_large(size: int, most: int) -> ValidationError:
    said = _("The file has %(size)s MB; at most %(most)s MB are taken.")
    return ValidationError(
        said, code="size", params={"size": number_format(size / 1_000_000, 1), "most": most // 1_000_000}
    )


# Pictures -------------------------------------------------------------------------------------------------------------


def keep_image(content: bytes, row: dict[str, Any]) -> Image:
    folder = new_folder(Path(settings.MEDIA_ROOT) / "images")
    try:
        with TURN:
            said = decoded(content, folder)
        if "refused" in said:
            raise Refused(said["refused"])
        row |= said | {"size": (folder / pixels.MASTER).stat().st_size}
        return in_library(Image, row, place=lambda: settle(folder, Image.folder(said["digest"])))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_folder(above: Path) -> Path:
    above.mkdir(parents=True, exist_ok=True)
    for left in above.glob(".new-*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - ABANDONED:  # by a process that was killed
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=above))
    folder.chmod(0o755)
    return folder


def decoded(content: bytes, folder: Path) -> dict[str, Any]:
    """What the program that reads pictures says; it may die of what it reads."""
    command = [sys.executable, "-I", str(Path(pixels.__file__)), str(folder)]
    try:
        done = subprocess.run(  # noqa: S603  # our own program, no shell
            command, input=content, capture_output=True, timeout=PATIENCE, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return {"refused": "heavy"}
    return json.loads(done.stdout) if done.returncode == 0 else {"refused": "heavy"}


def settle(folder: Path, place: Path) -> None:
    """Move the finished folder where its digest says, unless the same pictures are there."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(folder, place)


# Documents ------------------------------------------------------------------------------------------------------------


def keep_document(content: bytes, row: dict[str, Any]) -> Document:
    if not content.startswith(b"%PDF-") or not content.rstrip(b"\0\r\n\t ").endswith(b"%%EOF"):
        raise Refused("pdf")
    digest = hashlib.sha256(content).hexdigest()
    row |= {"digest": digest, "size": len(content)}
    return in_library(Document, row, place=lambda: put(Document.path(digest), content))


# Rows -----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def in_library(model: Any, row: dict[str, Any], *, place: Any) -> Any:
    """The row and, before it, its files. The lock keeps a removal of the same files from coming between."""
    Counter.lock()
    if found := model.objects.filter(city=row["city"], digest=row["digest"]).first():
        return found
    place()
    made = model.objects.create(**row, uploaded_at=database_now())
    made.is_new = True
    Event.record("upload", subject(made), by=row["uploaded_by"], at=made.uploaded_at)
    return made


def change(kept: Kept, *, by: Any) -> None:
    """Save what was set on the row. Public pages are drawn anew: they show its focal point."""
    if not permissions.can_create(by, kept.city):
        raise PermissionDenied(_("You may not write for this city."))
    with transaction.atomic():
        kept.save()
        Event.record("edit", subject(kept), by=by, at=database_now())
        Counter.tick()


def remove(kept: Kept, *, by: Any) -> None:
    """Out of the library, unless a version shows it: the database refuses that (ProtectedError)."""
    if not permissions.can_create(by, kept.city):
        raise PermissionDenied(_("You may not write for this city."))
    with transaction.atomic():
        named, digest, model = subject(kept), kept.digest, type(kept)
        kept.delete()
        Event.record("delete", named, by=by, at=database_now())
        transaction.on_commit(lambda: forget(model, digest))


@transaction.atomic
def forget(model: Any, digest: str) -> None:
    """Remove the files of a row that is gone, unless another city keeps the same."""
    Counter.lock()
    if model.objects.filter(digest=digest).exists():
        return
    if model is Image:
        shutil.rmtree(Image.folder(digest), ignore_errors=True)
    else:
        Document.path(digest).unlink(missing_ok=True)
