"""The sample content says every informative sentence of the five documents, each with its source, to readers of both
languages; and it is loaded through the workflow, once, by people who approve nothing they wrote.
"""

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils.translation import override

from portal.cities.models import City, Membership, User
from portal.facts.models import Source
from portal.lib import units
from portal.lib.dates import UncertainDate
from portal.publishing.models import Counter, Entry, Event, Hand, Version
from portal.staff.management.commands import load_samples
from tests.reading import page


class Sentence(NamedTuple):
    """An informative sentence of a document, and what must be found of it at an entry."""

    document: str
    says: str
    entry: str
    place: str
    find: str
    zh: str

    def words(self) -> Iterator[tuple[str, str]]:
        yield "en", self.find
        if self.zh:
            yield "zh-hans", self.zh

    @property
    def version(self) -> Version:
        kind, city, slug = self.entry.split("/")
        return Version.kinds()[kind].objects.live().get(entry__city__slug=city, entry__slug=slug)

    @property
    def rows(self) -> list:
        """Where it must be found: in a row that cites the document unless it is told elsewhere."""
        if self.place == "source":
            return [Source.objects.get(code=self.document)]
        version = self.version
        rows = [version, *(row for part in type(version).parts() for row in part.of(version))]
        citing = [row for row in rows if getattr(row, "source_id", None) and row.source.code == self.document]
        return [version] if self.place == "version" and citing else citing


def sentences() -> Iterator[Sentence]:
    for document in yaml.safe_load(Path(__file__).with_name("seed_sentences.yaml").read_text()):
        for said in document["sentences"]:
            entry, place = said.get("entry", document["entry"]), said.get("in", "row")
            yield Sentence(document["document"], said["says"], entry, place, said["find"], said.get("zh", ""))


def told(row) -> str:
    """What a row says in the active language, in the words in which pages print its fields."""
    said = [told_in(row, field) for field in row._meta.concrete_fields]
    said += [getattr(row, "amount", ""), getattr(row, "conversion", ""), *getattr(row, "role_names", [])]
    return " ".join(str(words) for words in said if words)


def told_in(row, field) -> str:
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, UncertainDate):
        return value.words
    if isinstance(value, Decimal):
        return units.number(value)
    return str(value) if value else ""


def load() -> str:
    said = io.StringIO()
    call_command("load_samples", stdout=said)
    return said.getvalue()


@override_settings(SAMPLE_MODE=True)
class SampleContent(TestCase):
    """Loaded once for all of these."""

    @classmethod
    def setUpTestData(cls):
        cls.printed = load()

    def setUp(self):
        caches["pages"].clear()

    def test_every_sentence_is_represented_with_its_source(self):
        missing = []
        for sentence in sentences():
            for language, words in sentence.words():
                with override(language):
                    if not any(words in told(row) for row in sentence.rows):
                        missing.append((sentence.document, sentence.says, words))
        assert missing == []
