"""The sample content says every informative sentence of the five documents, each with its source, to readers of both
languages; and it is loaded through the workflow, once, by people who approve nothing they wrote.
"""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils.translation import override

from portal.cities.models import City, Membership, User
from portal.facts.models import Source
from portal.lib import units
from portal.lib.dates import UncertainDate
from portal.publishing.models import Counter, Entry, Event, Hand, Translation, Version
from portal.staff.management.commands import load_samples
from tests import make
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
    if type(value) is date:
        return UncertainDate(value.isoformat()).words
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

    def test_every_sentence_stands_on_its_page_with_its_source(self):
        missing, pages = [], {}
        for sentence in sentences():
            source, version = Source.objects.get(code=sentence.document), sentence.version
            for language, words in sentence.words():
                with override(language):
                    address = version.get_absolute_url()
                    pages[address] = pages.get(address) or page(self.client, address)
                    wanted = (words, str(source.title), str(source.publisher))
                    missing += [(address, sentence.says, piece) for piece in wanted if piece not in pages[address]]
        assert missing == []

    def test_every_sentence_is_represented_with_its_source(self):
        missing = []
        for sentence in sentences():
            rows = sentence.rows
            for language, words in sentence.words():
                with override(language):
                    if not any(words in told(row) for row in rows):
                        missing.append((sentence.document, sentence.says, words))
        assert missing == []

    def test_loading_again_changes_nothing(self):
        def counts():
            return [model.objects.count() for model in (City, Source, Entry, Version, Event, Hand, User, Membership)]

        before, clock = counts(), Counter.objects.get().value
        assert "were written" not in load()
        assert (counts(), Counter.objects.get().value) == (before, clock)

    def test_who_may_write_for_a_city_may_not_approve_for_it(self):
        written = {(held.user.username, held.city.slug) for held in Membership.objects.filter(role="editor")}
        approved = {(held.user.username, held.city.slug) for held in Membership.objects.filter(role="reviewer")}
        assert written & approved == set()
        assert {city for _name, city in written} == {city for _name, city in approved}

    def test_printed_log_ins_open_the_workspace(self):
        assert load_samples.PASSWORD in self.printed
        for name in User.objects.values_list("username", flat=True):
            assert name in self.printed
            assert self.client.login(username=name, password=load_samples.PASSWORD), name

    def test_the_zaozhuang_cluster_was_revised_with_a_public_note(self):
        versions = Version.objects.filter(entry__kind="cluster", entry__city__slug="zaozhuang").order_by("number")
        assert [version.state for version in versions] == ["approved"] * 3
        assert "more than 100 (May 2023) to 116 (June 2023)" in versions[1].note["en"]
        counts = versions[2].figures.filter(metric__code="enterprises", subject={}).order_by("as_of")
        assert [int(count.value_min) for count in counts] == [35, 57, 100, 116, 117]
        assert counts[3].supersedes == counts[2]

    def test_something_is_being_written_and_something_waits_for_review(self):
        open_versions = Version.objects.open().order_by("state").values_list("entry__kind", "state")
        assert list(open_versions) == [("policy", "draft"), ("project", "in_review")]

    def test_no_translation_fell_behind(self):
        assert [str(row.version.entry) for row in Translation.objects.filter(behind=True)] == []


@pytest.mark.django_db
def test_samples_are_refused_outside_sample_mode(settings):
    settings.SAMPLE_MODE = False
    with pytest.raises(CommandError, match="not sample mode"):
        load()
    assert not User.objects.exists()


PARK = """
- slug: harbour
  title: {en: Harbour}
  figures:
    - {metric: area, value_min: 25, unit: km2, basis: planned, as_of: 2025, source: release}
    - {metric: gpd, value_min: 25, unit: km2, basis: planned, as_of: 2025, source: release}
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (PARK, "figures[1].metric: no metric “gpd”"),
        (PARK.replace("gpd", "area").replace("planned", "plnned", 1), "figures[0]: {'basis'"),
        (PARK.replace("figures", "figure"), "figure: ParkProfile has no field named 'figure'"),
        (PARK.replace("{en: Harbour}", "{en: Harbour, on the canal}"), "title: texts by language"),
        ("- slug: harbour\n  title: {en: Harbour}\n  state: public\n", "an entry is left in draft"),
    ],
)
def test_wrong_data_names_its_place_and_stores_nothing(tmp_path, data, complaint):
    make.metric("area", unit="km2"), make.source(), make.office("zaozhuang")
    folder = tmp_path / "content"
    (folder / "zaozhuang").mkdir(parents=True)
    (folder / "zaozhuang" / "parks.yaml").write_text(data)
    with pytest.raises(load_samples.BadSample) as refused:
        load_samples.load_entries(folder)
    assert str(refused.value).startswith("content/zaozhuang/parks.yaml[0]")
    assert complaint in str(refused.value)
    assert not Entry.objects.exists()
