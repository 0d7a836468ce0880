"""For how long a statement holds: a price, a route, an incentive, a plot on offer."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from portal.lib.dates import FirstDayField, LastDayField, UncertainDate, UncertainDateField


def in_force(today: date, rows: str = "") -> Q:
    """That something holds, as far as is stated: neither known to be over nor to begin later.

    rows: the relation by which it is reached, "costs__"; its own rows when empty.
    """
    not_over = Q(**{f"{rows}last_day": None}) | Q(**{f"{rows}last_day__gte": today})
    begun = Q(**{f"{rows}first_day": None}) | Q(**{f"{rows}first_day__lte": today})
    return not_over & begun


class ValidQuerySet(models.QuerySet):
    def in_force(self, today: date):
        return self.filter(in_force(today))


class Valid(models.Model):
    """Something that holds from a day until a day. What is over is history, what has not begun is news: no offers."""

    valid_from = UncertainDateField(gettext_lazy("valid from"))
    valid_until = UncertainDateField(gettext_lazy("valid until"))
    first_day = FirstDayField(of="valid_from")
    last_day = LastDayField(of="valid_until")

    objects: Any = ValidQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        begins, ends = (day if isinstance(day, UncertainDate) else UncertainDate("") for day in self.period)
        if ends and not ends.latest:
            raise ValidationError({"valid_until": gettext("Say until when, or leave it empty.")})
        if begins.earliest and ends.latest and ends.latest < begins.earliest:
            raise ValidationError({"valid_until": gettext("It cannot end before it begins.")})

    @property
    def period(self) -> tuple[Any, Any]:
        return self.valid_from, self.valid_until

    def has_expired(self, today: date) -> bool:
        """Whether it held only until a day that has passed."""
        last = UncertainDate(self.valid_until).latest
        return bool(last and last < today)

    def has_begun(self, today: date) -> bool:
        first = UncertainDate(self.valid_from).earliest
        return not first or first <= today

    def is_over(self, today: date) -> bool:
        """Whether it is history: it has expired, or what it depends on has."""
        return self.has_expired(today)

    def holds(self, today: date) -> bool:
        """Whether it may be offered today, as far as is stated."""
        return self.has_begun(today) and not self.is_over(today)

    @property
    def validity(self) -> str:
        """From when until when, in words; "" when neither is stated."""
        begins, ends = (UncertainDate(day).words for day in self.period)
        if begins and ends:
            return gettext("from %(day)s until %(end)s") % {"day": begins, "end": ends}
        if ends:
            return gettext("until %(day)s") % {"day": ends}
        return gettext("from %(day)s") % {"day": begins} if begins else ""
