"""What holds of every price as published: it is whole, and a range goes upwards."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext


def is_whole(name: str, **also_empty: None) -> models.CheckConstraint:
    """An amount with its unit, or nothing at all."""
    nothing = Q(price=None, price_unit="", **also_empty)
    return models.CheckConstraint(condition=nothing | Q(price__isnull=False) & ~Q(price_unit=""), name=name)


def goes_upwards(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(price_max=None) | Q(price_max__gte=F("price")), name=name)


def check_whole(price: Decimal | None, unit: str, price_max: Decimal | None = None) -> None:
    if (price is None) != (not unit) or (price is None and price_max is not None):
        raise ValidationError({"price": gettext("A price needs an amount and its unit.")})


class Ranged:
    """A row whose price may be a range, from `price` to `price_max`."""

    price: Any
    price_max: Any

    def clean(self) -> None:
        super().clean()  # type: ignore[misc]
        if None not in (self.price, self.price_max) and self.price_max < self.price:
            raise ValidationError({"price_max": gettext("The second price is below the first.")})

    @property
    def highest(self) -> Any:
        return self.price if self.price_max is None else self.price_max
