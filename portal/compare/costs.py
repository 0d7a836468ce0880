"""The rows of costs: the same tariff or class, in the same unit, taxed alike, and in force today."""

from collections.abc import Sequence
from datetime import date
from zlib import crc32

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.models import Cost
from portal.lib.text import Text

from .lining import Ends, Row, Sense, Statement, line_up, shared_keys
from .things import Thing

MOST_CLASSES = 8  # rows of one kind of cost
ASKED = ["land", "electricity", "water", "gas", "wages"]  # what an investor asks of every city
BETTER = {"other": "neither"}


def rows(things: Sequence[Thing], today: date) -> tuple[list[Row], list[str]]:
    """A row for each class of cost that two cities price, one for what cannot be paired; and what none prices."""
    found, missing = [], []
    for category, label in Cost.Category.choices:
        said = [
            [statement(row, today) for row in thing.version.costs.all() if row.category == category] for thing in things
        ]
        if any(said):
            found += of_category(category, capfirst(str(label)), said)
        elif category in ASKED:
            missing.append(capfirst(str(label)))
    return found, missing


def of_category(category: str, label: str, said: Sequence[Sequence[Statement]]) -> list[Row]:
    shared = set(shared_keys(said))
    keys = [key for key in dict.fromkeys(one.key for own in said for one in own) if key in shared][:MOST_CLASSES]
    better = BETTER.get(category, "less")
    if not keys:
        return [line_up(f"cost-{category}", label, said, better=better)]
    return [
        line_up(named_by(category, key), label, said, better=better, key=key, detail=class_words(key, said))
        for key in keys
    ]


def named_by(category: str, key: tuple) -> str:
    """The same in every address that compares this class, whatever else there is."""
    return f"cost-{category}-{crc32(str(key).encode()):08x}"


def class_words(key: tuple, said: Sequence[Sequence[Statement]]) -> str:
    return next(one.senses["what"].words for own in said for one in own if one.key == key)


def statement(row: Cost, today: date) -> Statement:
    senses = {
        "what": Sense(class_of(row.what), row.what),
        "unit": Sense(row.unit),
        "tax": Sense(row.tax or "unstated"),
        "area": Sense("park" if row.park_id else "city"),
        "validity": validity(row, today),
    }
    return Statement(
        value=row.price,
        unit=row.unit,
        senses=senses,
        ends=Ends(row.price, row.highest),
        row=row,
        is_firm=senses["validity"].key is not None,
        newness=str(row.valid_from),
    )


def class_of(what: Text) -> str:
    """The tariff or band in words that do not depend on the reader's language."""
    words = what.get("zh-hans") or what.within()
    return "".join(words.split()).casefold()


def validity(row: Cost, today: date) -> Sense:
    if row.has_expired(today):
        return Sense(None, why=_("held only until %(day)s") % {"day": row.valid_until.words})
    if not row.has_begun(today):
        return Sense(None, why=_("holds only from %(day)s") % {"day": row.valid_from.words})
    return Sense("in force")
