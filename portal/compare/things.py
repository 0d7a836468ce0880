"""What is compared, read from the address: ?city=zibo&city=suining, ?project=zibo/pack-line&project=…"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from clusters.models import CityProfile, ClusterProfile
from portal.facts.evidence import Evidence
from portal.lib.text import printable
from portal.publishing.models import Version, standing_at
from projects.models import ProjectListing

KINDS: dict[str, type[Version]] = {kind.kind: kind for kind in (CityProfile, ClusterProfile, ProjectListing)}
FEWEST, MOST = 2, 5
MOST_READ = 20  # of an address; the rest is not even looked at
VALUE = re.compile(r"[\w-]{1,80}(?:/[\w-]{1,80})?", re.ASCII)


@dataclass
class Thing:
    """One of what is compared: its public version, loaded with what the rows need."""

    version: Any
    today: date

    @property
    def kind(self) -> str:
        return self.version.entry.kind

    @property
    def city(self) -> Any:
        return self.version.entry.city

    @property
    def name(self) -> Any:
        """A city by its name; others by their title."""
        return self.city.name if self.kind == "city" else self.version.title

    @property
    def context(self) -> Any:
        """What is said beside its name: a city's title; of others, their city."""
        return self.version.title if self.kind == "city" else self.city.name

    @property
    def value(self) -> str:
        return self.version.entry.short_address

    @cached_property
    def url(self) -> str:
        return self.version.get_absolute_url()

    @cached_property
    def ask_url(self) -> str:
        return f"{reverse('inquiry-new')}?about={self.kind}/{self.city.slug}/{self.version.entry.slug}"

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.version, self.today)


def address(kind: str, values: Iterable[str], more: Iterable[tuple[str, str]] = ()) -> str:
    """The query that compares these."""
    return urlencode([*((kind, value) for value in values), *more], safe="/")


class Asked:
    """What an address asks to compare. One kind at a time, the first it names."""

    def __init__(self, query: QueryDict) -> None:
        kinds = [name for name in query if name in KINDS]
        self.kind = kinds[0] if kinds else ""
        self.other_kinds = {kind: self.values_in(query, kind) for kind in kinds[1:]}
        self.read = self.values_in(query, self.kind)
        self.values = self.read[:MOST]
        self.left_out = self.read[MOST:]

    @staticmethod
    def values_in(query: QueryDict, kind: str) -> list[str]:
        given = (value.strip() for value in query.getlist(kind)[:MOST_READ])
        return list(dict.fromkeys(value for value in given if value))

    @property
    def well_formed(self) -> list[str]:
        slashes = 0 if self.kind == "city" else 1
        return [value for value in self.values if VALUE.fullmatch(value) and value.count("/") == slashes]

    def find(self, live: Any) -> list[Any]:
        """The public versions named, in the order of the address. `live`: a QuerySet of the kind."""
        if not self.well_formed:
            return []
        named = live.filter(reduce(or_, (standing_at(*value.split("/")) for value in self.well_formed)))
        found = {version.entry.short_address: version for version in named}
        return [found[value] for value in self.values if value in found]

    def unknown(self, found: Sequence[Any]) -> list[str]:
        """What the address names and is not public, fit to print."""
        known = {version.entry.short_address for version in found}
        return [printable(value) for value in self.values if value not in known]
