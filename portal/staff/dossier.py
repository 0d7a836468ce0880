"""What stands round a version's page in its dossier: the pencil of each section, what is missing and doubted there."""

from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.publishing.models import Comment, Version

from .comments import comments_by_section
from .completeness import MAIN, Completeness, completeness, in_order
from .sections import sections


class Section(NamedTuple):
    """`rows`: how many it has, None for the main facts."""

    word: str
    name: str
    rows: int | None
    url: str
    missing: list[str]
    doubts: list[Any]
    comments: list[Comment]

    @property
    def is_empty(self) -> bool:
        return self.rows == 0

    @property
    def is_serious(self) -> bool:
        return any(doubt.serious for doubt in self.doubts)

    @property
    def open_comments(self) -> int:
        return sum(not said.settled for said in self.comments)


class Dossier:
    """Of a version loaded `with_parts`. Knows which pencils the page has drawn, and so what the page leaves out."""

    def __init__(self, version: Version, *, can_edit: bool, doubts: list[Any]) -> None:
        self.version = version
        self.can_edit = can_edit
        self.doubts = doubts
        self.drawn: set[str] = set()

    @cached_property
    def comments(self) -> dict[str, list[Comment]]:
        return comments_by_section(self.version)

    @cached_property
    def completeness(self) -> Completeness:
        return completeness(self.version)

    @cached_property
    def sections(self) -> dict[str, Section]:
        """By word, in the order of the page."""
        return {wanted.section: self.section(wanted.section) for wanted in in_order(type(self.version))}

    def section(self, word: str) -> Section:
        args = [self.version.pk, word]
        open_here = (
            self.completeness.missing.get(word, []),
            [doubt for doubt in self.doubts if doubt.section == word],
            self.comments.get(word, []),
        )
        if word == MAIN:
            url = reverse("staff-main", args=args[:1]) if self.can_edit else ""
            return Section(word, _("Main facts"), None, url, *open_here)
        rows = len(getattr(self.version, word).all())
        name = str(sections(type(self.version))[word]._meta.verbose_name_plural)
        return Section(word, name, rows, reverse("staff-section", args=args), *open_here)

    def bars(self, *words: str) -> list[tuple[Section, bool]]:
        """These sections as they are drawn, and whether it is the first time: there the list of sections leads to."""
        found = [self.sections[word] for word in words if word in self.sections]
        bars = [(section, section.word not in self.drawn) for section in found]
        self.drawn.update(section.word for section in found)
        return bars

    def left_out(self) -> list[Section]:
        """Asked after the page is drawn: the sections it shows nothing of."""
        return [section for word, section in self.sections.items() if word not in self.drawn]
