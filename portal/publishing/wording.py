"""What a row says, field by field, in words: for its editors, and where two versions are compared."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal.lib import units
from portal.lib.dates import UncertainDate
from portal.lib.text import Text

from .models import Entry, Version

#: JSON lists that are chosen from a model's own choices; every other JSON list is typed, one a line.
CHOSEN_LISTS = {"projects.participation.roles": "Role"}

EMPTY: tuple[Any, ...] = (None, "", [], {})


@cache
def editable(model: type[models.Model]) -> tuple[Any, ...]:
    """The fields a person fills, by name: never state, author or period, which are not editable."""
    fields = [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]
    common = inherited(model)
    return tuple(sorted(fields, key=lambda field: common.get(field.name, 0)))


@cache
def inherited(model: type[models.Model]) -> dict[str, int]:
    """What every row of its sort has, such as its source: asked and shown after what is its own, in this order."""
    bases: list[Any] = [base for base in model.__mro__ if is_abstract(base)]
    return {field.name: place for place, base in enumerate(bases, 1) for field in base._meta.fields}


def is_abstract(base: type) -> bool:
    return issubclass(base, models.Model) and base is not models.Model and base._meta.abstract


def filled(row: models.Model) -> list[Any]:
    """What is worth a line: not the order, nothing empty, nothing that is as it is when nobody says otherwise."""
    return [
        field
        for field in editable(type(row))
        if field.name != "order" and says_something(getattr(row, field.attname), field)
    ]


def says_something(value: Any, field: Any) -> bool:
    """Nought is said: a price of 0 is a price."""
    return value not in EMPTY and value is not False and value != field.get_default()


def said(row: Any, field: Any, names: dict[str, dict[int, str]]) -> Any:
    """The field's value in words; `names` has, by field, the words of what it names that are not on the named row."""
    value = getattr(row, field.attname)
    if field.name in names:
        return names[field.name].get(value, value)
    if field.is_relation:
        return str(getattr(row, field.name) or "")
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    if value is True:
        return _("yes")
    if isinstance(field, models.DecimalField) and value is not None:
        return units.number(value)
    if isinstance(value, UncertainDate):
        return value.words
    if isinstance(value, list):
        labels = chosen_labels(field)
        return ", ".join(str(labels.get(item, item)) for item in value)
    return value


def chosen_labels(field: Any) -> dict[str, Any]:
    """{value: label} of a list that is chosen from choices; {} for one that is typed."""
    name = CHOSEN_LISTS.get(f"{field.model._meta.label_lower}.{field.name}")
    return dict(getattr(field.model, name).choices) if name else {}


def heading(row: models.Model, lines: list[tuple[Any, Any]]) -> str:
    """What the row calls itself, or the first two things it says."""
    if type(row).__str__ is not models.Model.__str__:
        return str(row)
    return " · ".join(str(value) for _label, value in lines[:2])


def entry_words(title: Text | str, entry: Entry) -> str:
    return _("%(title)s (%(city)s)") % {"title": title or entry.slug, "city": entry.city}


def entry_names(keys: Iterable[int], city_id: int) -> dict[int, str]:
    """Entries by their titles: those of that city by their newest, others by what is public; else by their address."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    versions = Version.objects.filter(entry__in=wanted).order_by("number")
    known = versions.filter(entry__city=city_id) | versions.filter(pk__in=Version.objects.live().values("pk"))
    titles = dict(known.values_list("entry", "title"))
    entries = Entry.objects.filter(pk__in=wanted).select_related("city")
    return {entry.pk: entry_words(titles[entry.pk], entry) if entry.pk in titles else str(entry) for entry in entries}
