"""A program of its own: an uploaded picture on standard input becomes clean files in the folder it is given.

It decodes what strangers made, so it runs apart (`python -I pixels.py folder`), with limits of memory and time, and
knows nothing of the portal. It answers with one line of JSON: {"digest", "width", "height"} or {"refused": a reason}.
"""

import hashlib
import io
import json
import os
import resource
import sys
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

FORMATS = ["JPEG", "PNG", "WEBP"]
LONGEST_SIDE = 2400
MOST_PIXELS = 40_000_000
MOST_MEMORY = 800_000_000  # bytes; a PNG of so many pixels with transparency needs 480 MB
MOST_SECONDS = 20
MASTER = "full.jpg"
WIDTHS = (480, 960, 1600)
FALLBACK = 960  # for browsers that do not know WebP


class Refused(Exception):
    """Its words are a reason of portal.media.keeping.REASONS."""


def widths(width):
    """Those in which a picture this wide is kept: never wider than it is."""
    return [*(each for each in WIDTHS if each < width), min(width, WIDTHS[-1])] if width < WIDTHS[-1] else [*WIDTHS]


def opened(content):
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    except Exception:
        raise Refused("type") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("pixels")
    if picture.format in ("PNG", "WEBP") and getattr(picture, "n_frames", 1) > 1:
        raise Refused("moving")
    return picture


def cleaned(picture):
    """Upright, in the colours of the web, on white, of bounded size; all that is said beside the pixels is left out."""
    profile = picture.info.get("icc_profile")
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than needed
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.point(lambda value: value / 256).convert("L")
    elif picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2)
    picture = in_common_colours(ImageOps.exif_transpose(picture), profile)
    if picture.mode in ("RGBA", "LA"):
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        picture = paper
    bare = Image.new("RGB", picture.size)
    bare.paste(picture.convert("RGB"))
    return bare


def in_common_colours(picture, profile):
    """From the colours of its own profile to sRGB; a profile that says nothing sensible is passed over."""
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def scaled(picture, width):
    if width == picture.width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), reducing_gap=2)


def put(path, picture, **how):
    with path.open("wb") as file:
        picture.save(file, **how)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)


def kept(content, folder):
    """Write the master and its renditions; what the master is."""
    picture = opened(content)
    try:
        picture = cleaned(picture)
    except MemoryError:
        raise
    except Exception:
        raise Refused("damaged") from None
    put(folder / MASTER, picture, format="JPEG", quality=88)
    for width in widths(picture.width):
        put(folder / f"{width}.webp", scaled(picture, width), format="WEBP", quality=80, method=2)
    fallback = scaled(picture, min(FALLBACK, picture.width))
    put(folder / f"{fallback.width}.jpg", fallback, format="JPEG", quality=82, progressive=True)
    digest = hashlib.sha256((folder / MASTER).read_bytes()).hexdigest()
    return {"digest": digest, "width": picture.width, "height": picture.height}


def answer(content, folder):
    try:
        return kept(content, folder)
    except Refused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": "heavy"}
    except OSError:
        return {"refused": "disk"}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    print(json.dumps(answer(sys.stdin.buffer.read(), Path(sys.argv[1]))))
