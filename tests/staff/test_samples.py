"""The sample content says every informative sentence of the five documents, each with its source, to readers of both
languages; and it is loaded through the workflow, once, by people who approve nothing they wrote.
"""

import io
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override

from portal.cities.models import City, Membership, User
from portal.facts.models import Figure, Source
from portal.lib import units
from portal.lib.dates import UncertainDate
from portal.publishing.models import Counter, Entry, Event, Hand, Version
from portal.staff.management.commands import load_samples
from tests.reading import page

DOCUMENTS = yaml.safe_load(Path(__file__).with_name("seed_sentences.yaml").read_text())
SENTENCES = [
    pytest.param(
        sentence.get("entry", document["entry"]), document["document"], sentence,
        id=f"{document['document']}: {sentence['says']}",
    )
    for document in DOCUMENTS
    for sentence in document["sentences"]
]  # fmt: skip


def load() -> str:
    said = io.StringIO()
    call_command("load_samples", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def samples(django_db_setup, django_db_blocker):
    """The sample content, loaded once for the tests of this file. Returns what the command printed."""
    with django_db_blocker.unblock(), override_settings(SAMPLE_MODE=True):
        caches["pages"].clear()
        with transaction.atomic():
            yield load()
            transaction.set_rollback(True)


def live(address: str) -> Version:
    kind, city, slug = address.split("/")
    return Version.kinds()[kind].objects.live().with_parts().get(entry__city__slug=city, entry__slug=slug)


def said_by(row) -> str:
    """What a row says in the active language, in the words in which pages print its fields."""
    return " ".join(filter(None, (said_in(row, field) for field in row._meta.concrete_fields))) + "".join(
        f" {extra}"
        for extra in (getattr(row, "amount", ""), getattr(row, "conversion", ""), *getattr(row, "role_names", ()))
    )


def said_in(row, field) -> str:
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, UncertainDate):
        return value.words
    if isinstance(value, Decimal):
        return units.number(value)
    return str(value) if value else ""


def rows_of(version: Version) -> list:
    return [version, *(row for part in type(version).parts() for row in part.of(version))]


def cites(row, code: str) -> bool:
    return bool(getattr(row, "source_id", None)) and row.source.code == code


def where(entry: str, code: str, sentence: dict) -> list:
    """The rows in which the sentence must be found."""
    version = live(entry)
    citing = [row for row in rows_of(version) if cites(row, code)]
    assert citing, f"{entry} does not cite {code}"
    place = sentence.get("in", "row")
    return {"row": citing, "version": [version], "source": [Source.objects.get(code=code)]}[place]


@pytest.mark.parametrize(("entry", "code", "sentence"), SENTENCES)
def test_sentence_is_represented_with_its_source(samples, entry, code, sentence):
    rows = where(entry, code, sentence)
    for language, wanted in (("en", sentence["find"]), ("zh-hans", sentence.get("zh", ""))):
        with override(language):
            assert any(wanted in said_by(row) for row in rows), wanted
