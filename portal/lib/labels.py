"""The words of a choice, found without the table of all choices that Django makes at each call."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.choices import BaseChoiceIterator
from django.utils.encoding import force_str


class Labelled:
    """A model whose `get_<field>_display` are cheap: a long page asks a hundred times."""

    def _get_FIELD_display(self, field: models.Field) -> Any:
        if isinstance(field.choices, BaseChoiceIterator):  # made anew for each language or setting
            return super()._get_FIELD_display(field)  # type: ignore[misc]
        value = getattr(self, field.attname)
        return force_str(labels(field).get(value, value), strings_only=True)


@cache
def labels(field: models.Field) -> dict[Any, Any]:
    """By value, lazy labels: in the language in which they are read."""
    return dict(field.flatchoices)
