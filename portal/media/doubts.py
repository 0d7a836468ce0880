"""What a reviewer would ask of pictures and downloads: whether each says what it is, in both languages."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts.doubts import Raised, check
from portal.facts.evidence import rows
from portal.lib.text import Text, languages
from portal.publishing.models import Version

from .models import Attachment, Picture


def unsaid(row: Any, name: str, says: str) -> Iterator[Raised]:
    """One doubt for a text that is missing in one language or more."""
    text: Text = getattr(row, name)
    missing = [label for code, label in languages() if code not in text]
    if missing:
        yield Raised([row], says % {"name": row, "languages": ", ".join(missing)}, (row.kept.digest, name, text))


@check("alt_missing", gettext_lazy("alternative text missing"), serious=True)
def alt_missing(version: Version, today: date) -> Iterator[Raised]:
    for row in rows(version, Picture):
        says = _("%(name)s: who does not see the picture is not told what it shows (%(languages)s).")
        yield from unsaid(row, "alt", says)


@check("caption_missing", gettext_lazy("caption missing"))
def caption_missing(version: Version, today: date) -> Iterator[Raised]:
    for row in rows(version, Picture):
        yield from unsaid(row, "caption", _("%(name)s: the picture has no caption (%(languages)s)."))
    for row in rows(version, Attachment):
        yield from unsaid(row, "title", _("%(name)s: the document has no title (%(languages)s)."))


@check("caption_is_file_name", gettext_lazy("caption is a file name"))
def caption_is_file_name(version: Version, today: date) -> Iterator[Raised]:
    for row in rows(version, Picture):
        stem = row.image.file_name.rpartition(".")[0].casefold()
        if {words.strip().casefold() for words in row.caption.values()} & {stem, row.image.file_name.casefold()}:
            says = _("%(name)s: the caption is the name of the file. Say what is to be seen.")
            yield Raised([row], says % {"name": row}, (row.image.digest, row.caption))
