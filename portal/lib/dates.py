"""Dates as sources give them: a quarter, mid-April, 26 August of no stated year, since 2003.

Written like ISO 8601 / EDTF, with what the field needs beside it:

    2023  2023-04  2023-04-15     a year, a month, a day
    2024-Q1  2024-H1              a quarter, a half-year
    2023-04-mid                   early, mid or late in a month
    XXXX-08-26  XXXX-08           the year is not stated
    2003/..  1991/2008            from then on; from–to
    ~ after any of them           about then
    ? after any of them           the year is inferred, not printed in the source
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from babel.dates import format_date, get_month_names
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

POINT = re.compile(
    r"(?P<year>\d{4}|XXXX)(?:-(?:(?P<month>\d\d)(?:-(?:(?P<day>\d\d)|(?P<third>early|mid|late)))?|Q(?P<quarter>[1-4])|H(?P<half>[12])))?"
)
THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}


@dataclass(frozen=True)
class Point:
    """One date of some precision, without marks of doubt."""

    year: int | None
    first_month: int = 1
    last_month: int = 12
    first_day: int = 1
    last_day: int = 31
    precision: str = "year"

    @classmethod
    def parse(cls, words: str) -> "Point":
        found = POINT.fullmatch(words)
        if not found:
            raise ValueError(words)
        got = found.groupdict()
        year = None if got["year"] == "XXXX" else int(got["year"])
        if year == 0:
            raise ValueError(words)
        if year is None and (got["quarter"] or got["half"]):
            raise ValueError(words)  # no source says so, and no words of ours would
        if got["quarter"]:
            last = int(got["quarter"]) * 3
            return cls(year, last - 2, last, precision="quarter")
        if got["half"]:
            last = int(got["half"]) * 6
            return cls(year, last - 5, last, precision="half")
        if not got["month"]:
            return cls(year)
        month = int(got["month"])
        if got["third"]:
            return cls(year, month, month, *THIRDS[got["third"]], precision=got["third"]).checked(words)
        if got["day"]:
            day = int(got["day"])
            return cls(year, month, month, day, day, precision="day").checked(words)
        return cls(year, month, month, precision="month").checked(words)

    def checked(self, words: str) -> "Point":
        in_month = calendar.monthrange(self.year or 2000, self.first_month)[1] if 1 <= self.first_month <= 12 else 0
        if not 1 <= self.first_day <= in_month:
            raise ValueError(words)
        return self

    @property
    def earliest(self) -> date | None:
        return date(self.year, self.first_month, self.first_day) if self.year else None

    @property
    def latest(self) -> date | None:
        if not self.year:
            return None
        in_month = calendar.monthrange(self.year, self.last_month)[1]
        return date(self.year, self.last_month, min(self.last_day, in_month))

    def __str__(self) -> str:
        """In the reader's language: "mid-April 2023", "2023年4月中旬"."""
        if self.year is None:
            if self.precision == "year":
                return _("year not stated")
            return _("%(date)s, year not stated") % {"date": self.within_year()}
        if self.precision == "year":
            return pgettext("a year as a date", "%(year)d") % {"year": self.year}
        if self.precision in ("quarter", "half"):
            return period_in_year(self)
        if self.precision in THIRDS:
            return part_of_month(self.precision) % {"month": month_of_year(self.year, self.first_month)}
        if self.precision == "month":
            return month_of_year(self.year, self.first_month)
        return format_date(self.earliest, format="long", locale=locale())

    def within_year(self) -> str:
        """The part below the year, for dates whose year is not stated."""
        leap_day = date(2000, self.first_month, self.first_day)
        if self.precision == "day":
            return format_date(leap_day, format="M月d日" if chinese() else "d MMMM", locale=locale())
        name = get_month_names("wide", locale=locale())[self.first_month]
        return part_of_month(self.precision) % {"month": name} if self.precision in THIRDS else name


def chinese() -> bool:
    return (get_language() or "en").startswith("zh")


def locale() -> str:
    return "zh_Hans_CN" if chinese() else "en_GB"


def month_of_year(year: int, month: int) -> str:
    return format_date(date(year, month, 1), format="y年M月" if chinese() else "MMMM y", locale=locale())


def part_of_month(third: str) -> str:
    return {"early": _("early %(month)s"), "mid": _("mid-%(month)s"), "late": _("late %(month)s")}[third]


PERIODS = {
    (1, 3): gettext_lazy("first quarter of %(year)d"),
    (4, 6): gettext_lazy("second quarter of %(year)d"),
    (7, 9): gettext_lazy("third quarter of %(year)d"),
    (10, 12): gettext_lazy("fourth quarter of %(year)d"),
    (1, 6): gettext_lazy("first half of %(year)d"),
    (7, 12): gettext_lazy("second half of %(year)d"),
}


def period_in_year(point: Point) -> str:
    return PERIODS[point.first_month, point.last_month] % {"year": point.year or 0}


class UncertainDate(str):
    """A date or period as a source gives it; the string itself is what is stored. "" is unknown."""

    start: Point | None
    end: Point | None

    def __new__(cls, words: str = "") -> "UncertainDate":
        made = super().__new__(cls, words.strip())
        bare = made.rstrip("~?")
        start, slash, end = bare.partition("/")
        made.start = Point.parse(start) if start and start != ".." else None
        made.end = made.start if not slash else None if end == ".." else Point.parse(end)
        if made and not (made.start or made.end):  # a slash or a doubt about nothing
            raise ValueError(words)
        if slash and made.earliest and made.latest and made.earliest > made.latest:
            raise ValueError(words)
        return made

    @property
    def marks(self) -> str:
        return str(self)[len(str(self).rstrip("~?")) :]

    @property
    def approximate(self) -> bool:
        return "~" in self.marks

    @property
    def inferred(self) -> bool:
        return "?" in self.marks

    @property
    def is_interval(self) -> bool:
        return "/" in str(self)

    @property
    def year_stated(self) -> bool:
        points = [point for point in (self.start, self.end) if point]
        return bool(points) and all(point.year for point in points)

    @property
    def earliest(self) -> date | None:
        return self.start.earliest if self.start else None

    @property
    def latest(self) -> date | None:
        return self.end.latest if self.end else None

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last; None where the source does not say on which."""
        to_the_day = all(point and point.precision == "day" for point in (self.start, self.end))
        return (self.earliest, self.latest) if to_the_day and self.earliest and self.latest else None

    @property
    def words(self) -> str:
        """In the reader's language, with its doubts: "mid-April 2023 (year inferred)"."""
        return in_words(self, get_language())

    def without_doubt(self) -> str:
        if not self.is_interval:
            return str(self.start) if self.start else ""
        if not self.end:
            return _("since %(date)s") % {"date": self.start}
        if not self.start:
            return _("until %(date)s") % {"date": self.end}
        return _("%(start)s to %(end)s") % {"start": self.start, "end": self.end}


@lru_cache(maxsize=20_000)
def in_words(when: UncertainDate, _language: str | None) -> str:
    """Kept: a page says many days, and the same ones over and over."""
    said = when.without_doubt()
    if said and when.approximate:
        said = _("about %(date)s") % {"date": said}
    if said and when.inferred:
        said = _("%(date)s (year inferred)") % {"date": said}
    return said


#: Other ways in which people and spreadsheets write what the grammar above has a place for.
IN_CHINESE = re.compile(
    r"(?P<year>\d{4})年(?:(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度?"
    r"|(?P<month>\d{1,2})月(?:(?P<third>[上中下])旬|(?P<day>\d{1,2})[日号])?)?"
)
WITH_SIGNS = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?(?: 00:00:00)?")
QUARTER_FIRST = re.compile(r"(?P<part>[QH][1-4])[ /]?(?P<year>\d{4})", re.IGNORECASE)
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
IN_CHINESE_THIRDS = {"上": "early", "中": "mid", "下": "late"}


def typed_date(words: str) -> str:
    """What was typed in the grammar above, where it is another way of writing it; else unchanged.

    2023年4月15日, 2023/4/15, 2023.4.15, 2023年4月中旬, 2024年一季度, Q1 2024
    """
    plain = unicodedata.normalize("NFKC", words).strip()
    bare = plain.rstrip("~?")
    marks = plain[len(bare) :]
    if found := IN_CHINESE.fullmatch(bare.replace(" ", "")):
        got = found.groupdict()
        if got["half"]:
            return f"{got['year']}-H{'上下'.index(got['half']) + 1}{marks}"
        if got["quarter"]:
            return f"{got['year']}-Q{QUARTERS.get(got['quarter'], got['quarter'])}{marks}"
        third = IN_CHINESE_THIRDS.get(got["third"] or "")
        return "-".join(filter(None, (got["year"], padded(got["month"]), third or padded(got["day"])))) + marks
    if found := WITH_SIGNS.fullmatch(bare):
        return "-".join(filter(None, (found["year"], padded(found["month"]), padded(found["day"])))) + marks
    if found := QUARTER_FIRST.fullmatch(bare):
        return f"{found['year']}-{found['part'].upper()}{marks}"
    return words


def padded(digits: str | None) -> str:
    return (digits or "") and f"{int(digits or 0):02d}"


class UncertainDateFormField(forms.CharField):
    def to_python(self, value: Any) -> UncertainDate:
        try:
            return UncertainDate(typed_date(super().to_python(value) or ""))
        except ValueError as refused:
            raise ValidationError(
                _("“%(value)s” is not a date we can read. Write 2023-04-15, 2023-04, 2024-Q1, 2023-04-mid or 2003/.."),
                params={"value": str(value)[:40]},
                code="unreadable_date",
            ) from refused


HELP = gettext_lazy(
    "2023-04-15, 2023-04, 2023, 2024-Q1, 2023-04-mid, from–to 2021/2023, since 2003/.. ; "
    "year not stated XXXX-08-26; about: add ~ ; year inferred: add ?"
)


class UncertainDateField(models.CharField):
    """A column of an `UncertainDate`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", HELP)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else UncertainDate(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, UncertainDate):
            return value
        try:
            return UncertainDate(str(value))
        except ValueError as refused:
            raise ValidationError(_("“%(value)s” is not a date we can read."), params={"value": value}) from refused

    def get_prep_value(self, value: Any) -> Any:
        return str(UncertainDate(value)) if value else super().get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": UncertainDateFormField, **kwargs})


class LastDayField(models.DateField):
    """The last day of the uncertain date named `of`, else its first, else null: for asking and sorting in SQL.

    Written by every save and every bulk_create; nobody types it.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs | {"null": True, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> date | None:
        day = self.day_of(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, day)
        return day

    def day_of(self, words: str | None) -> date | None:
        return last_day(words)


class FirstDayField(LastDayField):
    """The same of its first day: null where its year is not stated."""

    def day_of(self, words: str | None) -> date | None:
        return UncertainDate(words or "").earliest


def last_day(words: str | None) -> date | None:
    said = UncertainDate(words or "")
    return said.latest or said.earliest
