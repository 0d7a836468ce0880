"""The picture that stands beside a link where somebody passes it on: 1200 × 630 pixels, drawn from a few words."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parents[2] / "static/fonts"
WIDTH, HEIGHT, MARGIN = 1200, 630, 72
PAPER, INK, SOFT, LINE, JADE, VERMILION = "#fbfaf7", "#14201f", "#55635f", "#ddd9cf", "#0f5f56", "#b63a22"
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
NOT_FIRST = "，。、；：！？）》」』”’%,.;:!?)"  # signs that do not begin a line
TITLE_SIZES = (76, 62, 50)
MOST_LINES = 3


class Number(NamedTuple):
    """A figure as a reader sees it: what, how much (with its qualifier), in what sense and when."""

    amount: str
    label: str
    basis: str


def drawn(*, site: str, kicker: str, title: str, numbers: Sequence[Number] = (), foot: str = "", colour: str = JADE,
          action: str = VERMILION) -> bytes:  # fmt: skip
    """A PNG. Words that do not fit are cut with an ellipsis; nothing is left half drawn."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 14), fill=action)
    write(pen, (MARGIN, 58), cut(site, font(site, 28, bold=True), 700), font(site, 28, bold=True), INK)
    write(pen, (MARGIN, 128), cut(kicker, font(kicker, 28), WIDTH - 2 * MARGIN), font(kicker, 28), SOFT)
    below = write_title(pen, title, 172)
    if numbers:
        write_numbers(pen, numbers[:3], min(max(below + 26, 390), 420), colour)
    pen.line((MARGIN, 566, WIDTH - MARGIN, 566), fill=LINE, width=2)
    write(pen, (MARGIN, 582), cut(foot, font(foot, 22), WIDTH - 2 * MARGIN), font(foot, 22), SOFT)
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def write_title(pen: Any, title: str, top: int) -> int:
    """In the largest size in which it fits; where its last line ends."""
    for size in TITLE_SIZES:
        face = font(title, size, serif=True)
        lines = list(broken(title, face, WIDTH - 2 * MARGIN))
        if len(lines) <= MOST_LINES - (size > TITLE_SIZES[1]):
            break
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], cut("".join(lines[MOST_LINES - 1 :]), face, WIDTH - 2 * MARGIN)]
    for place, line in enumerate(lines):
        write(pen, (MARGIN, top + int(place * size * 1.24)), line, face, INK)
    return top + int(len(lines) * size * 1.24)


def write_numbers(pen: Any, numbers: Sequence[Number], top: int, colour: str) -> None:
    width = (WIDTH - 2 * MARGIN) // 3
    for place, number in enumerate(numbers):
        left, room = MARGIN + place * width, width - 28
        size = next(
            (size for size in (46, 38, 30) if font(number.amount, size, serif=True).getlength(number.amount) <= room),
            26,
        )
        amount = font(number.amount, size, serif=True)
        write(pen, (left, top), cut(number.amount, amount, room), amount, colour)
        write(pen, (left, top + 62), cut(number.label, font(number.label, 24), room), font(number.label, 24), INK)
        write(pen, (left, top + 98), cut(number.basis, font(number.basis, 20), room), font(number.basis, 20), SOFT)


def write(pen: Any, place: tuple[int, int], words: str, face: Any, fill: str) -> None:
    pen.text(place, words, font=face, fill=fill)


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
