"""Pictures and documents to upload, good and hostile; made here, so that no file of unknown origin is needed."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.lib.text import Text
from portal.media.keeping import keep
from portal.media.models import Attachment, Picture
from tests import make

PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n"
BOTH = Text({"en": "The lake", "zh-hans": "湖"})


def drawn(width=64, height=48, colour=(200, 40, 30)):
    return Image.new("RGB", (width, height), colour)


def saved(picture, kind="JPEG", **how):
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def jpeg(*size, **how):
    return saved(drawn(*size), **how)


def with_position(*size, orientation=6):
    """A JPEG as a telephone makes it: lying on its side, with the place and the camera written in it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 48.0, 38.7), 3: "E", 4: (117.0, 19.0, 20.1)})
    return jpeg(*size, exif=exif)


def png_of_zeros(width, height):
    """A PNG of very few bytes and very many pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    squeezed = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 2)
    data = b"".join(squeezed.compress(row) for _ in range(height)) + squeezed.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def upload(content, name="lake.jpg"):
    return SimpleUploadedFile(name, content)


def image(at="zaozhuang", content=None, name="lake.jpg"):
    return keep(upload(content or jpeg(), name), city=make.city(at), by=make.office(at)[0])


def document(at="zaozhuang", content=PDF, name="guide.pdf"):
    return keep(upload(content, name), city=make.city(at), by=make.office(at)[0])


def showing(draft, kept=None, **said):
    """A draft that shows this picture or document."""
    kept = kept or image(draft.city.slug)
    part, field = (Picture, "image") if hasattr(kept, "width") else (Attachment, "document")
    make.write(draft, part, **{field: kept} | said)
    return draft
