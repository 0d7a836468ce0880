"""For how long a statement holds: a price, a route, an incentive, a plot on offer."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from portal.lib.dates import LastDayField, UncertainDate, UncertainDateField


class ValidQuerySet(models.QuerySet):
    def in_force(self, today: date):
        """Those not known to be over; where no end is stated, nothing says that they are."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=today))


class Valid(models.Model):
    """Something that holds from a day until a day. What is over is history, not an offer."""

    valid_from = UncertainDateField(gettext_lazy("valid from"))
    valid_until = UncertainDateField(gettext_lazy("valid until"))
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

    @property
    def validity(self) -> str:
        """From when until when, in words; "" when neither is stated."""
        begins, ends = (UncertainDate(day).words for day in self.period)
        if begins and ends:
            return gettext("from %(day)s until %(end)s") % {"day": begins, "end": ends}
        if ends:
            return gettext("until %(day)s") % {"day": ends}
        return gettext("from %(day)s") % {"day": begins} if begins else ""
