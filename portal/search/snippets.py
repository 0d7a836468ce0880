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


def marked(text: str, sought: re.Pattern[str] | None) -> SafeString:
    """A text, escaped, with <mark> around what was sought."""
    return part_marked(text, plain(text), sought, 0, len(text)) if sought else mark_safe(escape(text))


def part_marked(text: str, compared: str, sought: re.Pattern[str], start: int, end: int) -> SafeString:
    """Part of it. `compared`: the same in plain letters."""
    if len(compared) != len(text):  # a sign became two: where what stands is not known
        return mark_safe(escape(text[start:end]))
    said, at = [], start
    for found in sought.finditer(compared, start, end):
        if found.start() < found.end():
            said += [escape(text[at : found.start()]), f"<mark>{escape(text[found.start() : found.end()])}</mark>"]
            at = found.end()
    return mark_safe("".join([*said, escape(text[at:end])]))


def snippet(said: list[dict[str, str]], sought: re.Pattern[str] | None, language: str) -> Snippet | None:
    """From the text that says most of what was sought, in the reader's language where both do; None when none does."""
    if sought is None:
        return None
    best, most = None, 0
    for texts in said:
        for code in sorted(texts, key=lambda code: code != language):
            text = " ".join(texts[code].split())
            compared = plain(text)
            different = len({*sought.findall(compared)})
            if different > most:
                best, most = (code, text, compared), different
    return Snippet(best[0], around(*best[1:], sought)) if best else None


def around(text: str, compared: str, sought: re.Pattern[str]) -> SafeString:
    """The place where it says so, cut at words."""
    size = 1 if text.isascii() else 2
    found = sought.search(compared)
    start = max(0, found.start() - BEFORE // size) if found else 0
    if start and text[start - 1].isascii() and text[start].isascii():
        start = text.find(" ", start, start + BEFORE) + 1 or start
    end = min(len(text), start + LONGEST // size)
    if end < len(text) and text[end].isascii() and text[end - 1].isascii():
        end = max(text.rfind(" ", start + LONGEST // (2 * size), end), 0) or end
    inside = part_marked(text, compared, sought, start, end)
    return mark_safe(f"{'… ' if start else ''}{inside}{' …' if end < len(text) else ''}")
