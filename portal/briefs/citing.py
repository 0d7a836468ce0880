"""How a brief says words and cites documents."""

from typing import Any

from portal.facts.models import Source, Sourced
from portal.lib.dates import UncertainDate
from portal.lib.text import Text


def said(text: Text) -> Text | None:
    """The words that are printed, with the language they are in; None when nothing is said."""
    return Text({text.language(): text.within()}) if text else None


class Sources:
    """The documents cited, numbered in the order in which they are first needed."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.documents: list[Source] = []

    def cite(self, *rows: Sourced) -> list[int]:
        """The numbers to print after a statement that stands in these rows' documents."""
        return sorted({self.number(row.source) for row in rows})

    def number(self, source: Source) -> int:
        if source.pk not in self.numbers:
            self.documents.append(source)
            self.numbers[source.pk] = len(self.documents)
        return self.numbers[source.pk]

    def listed(self) -> list[dict[str, Any]]:
        return [document(source) for source in self.documents]


def document(source: Source) -> dict[str, Any]:
    return {
        "title": said(source.title),
        "publisher": said(source.publisher),
        "distributor": said(source.distributor),
        "issuer": said(source.issuer),
        "published": UncertainDate(source.published).words,
        "language": source.get_language_display(),
        "translated": source.get_translated_display(),
        "promotional": source.promotional,
        "url": source.url,
        "note": said(source.note),
    }
