"""The picture that stands beside a link where somebody passes it on: 1200 × 630 pixels, drawn from a few words."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parents[2] / "static/fonts"
WIDTH, HEIGHT, MARGIN = 1200, 630, 72
ROOM = WIDTH - 2 * MARGIN
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
NOT_FIRST = "，。、；：！？）》」』”’%,.;:!?)"  # signs that do not begin a line
TITLE_SIZES = (76, 62, 50)
MOST_LINES = 3


class Number(NamedTuple):
    """A figure as a reader sees it: what, how much (with its qualifier), in what sense and when."""

    amount: str
    label: str
    basis: str


class Pen(NamedTuple):
    """What draws, and the colours by their names in base.css."""

    draw: Any
    palette: Mapping[str, str]

    def write(self, place: tuple[int, int], words: str, face: Any, width: int, colour: str = "ink") -> None:
        """One line, cut where it would be wider than that."""
        self.draw.text(place, cut(words, face, width), font=face, fill=self.palette[colour])


def drawn(*, site: str, kicker: str, title: str, palette: Mapping[str, str], numbers: Sequence[Number] = (),
          foot: str = "") -> bytes:  # fmt: skip
    """A PNG. Words that do not fit are cut with an ellipsis; nothing is left half drawn."""
    image = Image.new("RGB", (WIDTH, HEIGHT), palette["paper"])
    pen = Pen(ImageDraw.Draw(image), palette)
    pen.draw.rectangle((0, 0, WIDTH, 14), fill=palette["vermilion"])
    pen.write((MARGIN, 58), site, font(site, 28, bold=True), 700)
    pen.write((MARGIN, 128), kicker, font(kicker, 28), ROOM, "soft")
    below = write_title(pen, title, 172)
    if numbers:
        write_numbers(pen, numbers[:3], min(max(below + 26, 390), 420))
    pen.draw.line((MARGIN, 566, WIDTH - MARGIN, 566), fill=palette["line"], width=2)
    pen.write((MARGIN, 582), foot, font(foot, 22), ROOM, "soft")
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def write_title(pen: Pen, title: str, top: int) -> int:
    """In the largest size in which it fits; where its last line ends."""
    for size in TITLE_SIZES:
        face = font(title, size, serif=True)
        lines = list(broken(title, face, ROOM))
        if len(lines) <= MOST_LINES - (size > TITLE_SIZES[1]):
            break
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "".join(lines[MOST_LINES - 1 :])]
    for place, line in enumerate(lines):
        pen.write((MARGIN, top + int(place * size * 1.24)), line, face, ROOM)
    return top + int(len(lines) * size * 1.24)


def write_numbers(pen: Pen, numbers: Sequence[Number], top: int) -> None:
    width = ROOM // 3
    for place, number in enumerate(numbers):
        left, room = MARGIN + place * width, width - 28
        faces = (font(number.amount, size, serif=True) for size in (46, 38, 30))
        fits = (face for face in faces if face.getlength(number.amount) <= room)
        amount = next(fits, None) or font(number.amount, 26, serif=True)
        pen.write((left, top), number.amount, amount, room, "jade")
        pen.write((left, top + 62), number.label, font(number.label, 24), room)
        pen.write((left, top + 98), number.basis, font(number.basis, 20), room, "soft")


def broken(words: str, face: Any, width: int) -> Iterator[str]:
    """Lines no wider than that: Latin text breaks at spaces, Chinese between any two characters but before a stop."""
    line = ""
    for piece in re.findall(r"[^\s\u2e80-\U0003ffff]+\s*|.", " ".join(words.split())):
        if line and face.getlength((line + piece).rstrip()) > width and piece[0] not in NOT_FIRST:
            yield line.rstrip()
            line = ""
        line += piece
    if line.strip():
        yield line.rstrip()


def cut(words: str, face: Any, width: int) -> str:
    if face.getlength(words) <= width:
        return words
    while words and face.getlength(words + "…") > width:
        words = words[:-1]
    return words.rstrip() + "…"


def font(words: str, size: int, *, bold: bool = False, serif: bool = False) -> Any:
    """One that has the characters: Chinese words are set in the Chinese face, Latin letters among them too."""
    if CHINESE.search(words):
        return face("NotoSansSC-Bold.ttf" if bold or serif else "NotoSansSC-Regular.ttf", size)
    return face("NotoSerif-SemiBold.ttf" if serif else "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf", size)


@cache
def face(name: str, size: int) -> Any:
    return ImageFont.truetype(str(FONTS / name), size, layout_engine=ImageFont.Layout.BASIC)
