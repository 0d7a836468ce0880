"""A comparison as it is shown, printed and taken along: groups of rows, what they come to, what is missing."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.lib.text import spaced

from . import kinds
from .kinds import Group
from .lining import Row
from .things import Thing


class Comparison:
    """Two things or more of one kind, at one time."""

    def __init__(self, versions: Sequence[Any], at: datetime, today: date) -> None:
        self.things = [Thing(version, today) for version in versions]
        self.groups, self.alone, self.unpublished, beside = kinds.content(self.things, at, today)
        self.rests_on = [*versions, *beside]
        for row in self.rows:
            for cell, thing in zip(row.cells, self.things, strict=True):
                cell.thing = thing  # so that a template needs one loop

    @cached_property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @cached_property
    def numbers(self) -> list[Row]:
        """The rows of numbers, which can or cannot stand side by side."""
        return [row for row in self.rows if not row.is_words]

    @cached_property
    def beside(self) -> list[Row]:
        return [row for row in self.numbers if row.is_beside]

    @cached_property
    def rankable(self) -> list[Row]:
        return [row for row in self.rows if row.is_rankable]

    @property
    def unrankable(self) -> list[Row]:
        """What could be weighed if each said how much."""
        return [row for row in self.rows if row.is_judged and row.is_open]

    @property
    def apart(self) -> list[Row]:
        """Rows of numbers that two give, but not of the same thing."""
        return [row for row in self.numbers if row.is_apart]

    @cached_property
    def only_one(self) -> list[tuple[Thing, list[Any]]]:
        """What one of them alone publishes: (thing, names)."""
        names: dict[int, list[Any]] = {}
        for row in self.alone:
            place = next(place for place, cell in enumerate(row.cells) if not cell.is_empty)
            names.setdefault(place, []).append(row.label)
        return [(self.things[place], found) for place, found in sorted(names.items())]

    @property
    def summary(self) -> str:
        """What comparing comes to, in a sentence or three."""
        beside, all_of_them = len(self.beside), len(self.numbers)
        said = [
            ngettext(
                "%(beside)s criterion of %(all)s in numbers stands side by side.",
                "%(beside)s criteria of %(all)s in numbers stand side by side.",
                beside,
            )
            % {"beside": beside, "all": all_of_them}
            if beside
            else _("No numbers of theirs can stand side by side.")
        ]
        if apart := len(self.apart):
            said.append(
                ngettext(
                    "For %(apart)s the period, unit or kind of figure is not the same; it says which.",
                    "For %(apart)s the period, unit or kind of figure is not the same; each says which.",
                    apart,
                )
                % {"apart": apart}
            )
        if missing := len(self.unpublished):
            said.append(
                ngettext(
                    "%(missing)s that investors ask for is published by none of them.",
                    "%(missing)s that investors ask for are published by none of them.",
                    missing,
                )
                % {"missing": missing}
            )
        return spaced(said)

    def finding(self, group: Group) -> str:
        """Who is ahead: "Of 5 where more or less is better: Zibo leads in 3, Suining leads in 1."."""
        decided = [row for row in group.rows if row.is_beside and row.better != "neither"]
        ahead = Counter(place for row in decided for place, cell in enumerate(row.cells) if cell.is_best)
        if not ahead:
            return ""
        leaders = [
            _("%(name)s leads in %(count)d") % {"name": self.things[place].name, "count": count}
            for place, count in ahead.most_common()
        ]
        said = {"all": len(decided), "leaders": pgettext("between names", ", ").join(leaders)}
        return (
            ngettext(
                "Of %(all)d criterion where more or less is better: %(leaders)s.",
                "Of %(all)d criteria where more or less is better: %(leaders)s.",
                len(decided),
            )
            % said
        )
