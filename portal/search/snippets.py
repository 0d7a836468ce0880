"""What is shown of a hit: its words, with those that were asked for marked."""

import re
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .words import plain

LONGEST, BEFORE = 180, 50  # characters of a snippet, and of it before what was found; half of it in Chinese


class Snippet(NamedTuple):
    language: str
    words: SafeString


def marked(text: str, sought: re.Pattern[str] | None, start: int = 0, end: int | None = None) -> SafeString:
    """Part of a text, escaped, with <mark> around what was sought."""
    end = len(text) if end is None else end
    compared = plain(text)
    if sought is None or len(compared) != len(text):  # a sign became two: where what stands is not known
        return mark_safe(escape(text[start:end]))
    said, at = [], start
    for found in sought.finditer(compared, start, end):
        if found.start() < found.end():
            said += [escape(text[at : found.start()]), f"<mark>{escape(text[found.start() : found.end()])}</mark>"]
            at = found.end()
    return mark_safe("".join([*said, escape(text[at:end])]))


def snippet(said: list[dict[str, str]], sought: re.Pattern[str] | None, language: str) -> Snippet | None:
    """From the text that says most of what was sought, in the reader's language where both do; None when none does."""
    best, most = None, 0
    for texts in said:
        for code in sorted(texts, key=lambda code: code != language):
            different = len({*sought.findall(plain(texts[code]))}) if sought else 0
            if different > most:
                best, most = Snippet(code, around(texts[code], sought)), different
    return best


def around(text: str, sought: re.Pattern[str]) -> SafeString:
    """The place where it says so, cut at words."""
    text = " ".join(text.split())
    size = 1 if text.isascii() else 2
    found = sought.search(plain(text))
    start = max(0, found.start() - BEFORE // size) if found else 0
    if start and text[start - 1].isascii() and text[start].isascii():
        start = text.find(" ", start, start + BEFORE) + 1 or start
    end = min(len(text), start + LONGEST // size)
    if end < len(text) and text[end].isascii() and text[end - 1].isascii():
        end = max(text.rfind(" ", start + LONGEST // (2 * size), end), 0) or end
    return mark_safe(f"{'… ' if start else ''}{marked(text, sought, start, end)}{' …' if end < len(text) else ''}")
