"""Loads the sample content through the workflow, by the cast of sample users: in sample mode only.

The data in portal/staff/samples/ name fields as the models do. A reference is the other row's slug or code (a stage:
"lithium-batteries/cells"; an entry: "park/zibo/zero-carbon"). A row may carry a `ref`, by which rows after it in the
same entry name it. `answers` say, by code, why doubts stand. What is there already is left alone, so that the command
may run at every start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from clusters.models import ChainLink, Industry, Organisation, ValueChain
from portal.cities.models import City, Membership, User
from portal.facts.doubts import answer, doubts_in
from portal.facts.models import Metric, Source
from portal.lib.text import Text, TranslatedField
from portal.publishing.models import Entry, Part, Translation, Version
from portal.publishing.workflow import begin, editing, take
from portal.staff.factors import give_sample_factor
from portal.staff.gate import with_standing
from portal.staff.notices import silence

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PASSWORD = "sample-content-only"  # noqa: S105  # printed at the start; these accounts exist in sample mode only

#: The files of reference data, in the order in which they name each other.
REFERENCE: dict[str, type[models.Model]] = {
    "cities": City,
    "industries": Industry,
    "chains": ValueChain,
    "links": ChainLink,
    "metrics": Metric,
    "organisations": Organisation,
    "sources": Source,
}
#: What a reference to a row of these models is made of.
KEYS: dict[type[models.Model], tuple[str, ...]] = {
    City: ("slug",),
    Industry: ("slug",),
    ValueChain: ("slug",),
    ChainLink: ("chain__slug", "slug"),
    Metric: ("code",),
    Organisation: ("slug",),
    Source: ("code",),
    Entry: ("kind", "city__slug", "slug"),
}
#: Kinds in the order in which they are loaded: what is named before what names it.
KINDS = {
    "park": "parks",
    "policy": "policies",
    "city": "cities",
    "cluster": "clusters",
    "project": "projects",
    "ceremony": "ceremonies",
    "ranking": "rankings",
}
#: Said of an entry beside its fields and parts.
ABOUT = {"slug", "state", "revisions", "changes", "answers"}
#: How the texts of another language than the original were made, unless the entry says otherwise.
TRANSLATED = {"origin": "machine", "engine": "language model"}


class BadSample(CommandError):
    """The data cannot be loaded; the message says where and why."""


@contextmanager
def within(place: str) -> Iterator[None]:
    """Puts `place` in front of what goes wrong inside: "parks.yaml[0].figures[2].metric: no metric “gpd”"."""
    try:
        yield
    except BadSample as wrong:
        raise BadSample(f"{place}{wrong}") from wrong
    except (ValidationError, FieldDoesNotExist, LookupError, TypeError, ValueError) as wrong:
        raise BadSample(f"{place}: {wrong}") from wrong


class Refs(dict[str, tuple[type[Part], int]]):
    """Rows of one entry by their `ref`: part and order, which a row's copy in the next version keeps."""

    def row(self, draft: Version, ref: str) -> Part:
        if ref not in self:
            raise ValueError(f"no row before this one has the ref “{ref}”")
        part, order = self[ref]
        return part._base_manager.get(version=draft.pk, order=order)


def load_file(path: Path) -> list[dict[str, Any]]:
    return yaml.load(path.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []  # noqa: S506  # both are safe


def find(model: type[models.Model], key: str) -> models.Model:
    row = model._base_manager.filter(**dict(zip(KEYS[model], key.split("/"), strict=True))).first()
    if not row:
        raise ValueError(f"no {model._meta.verbose_name} “{key}”")
    return row


def read(
    model: type[models.Model], said: dict[str, Any], draft: Version | None = None, refs: Refs | None = None
) -> dict:
    """Field values from what the data say, each made what its field expects."""

    def value(field: Any, words: Any) -> Any:
        if field.is_relation:
            sibling = issubclass(field.related_model, Part)
            return refs.row(draft, words) if sibling else find(field.related_model, words)
        if isinstance(field, TranslatedField) and Text(words) != words:  # a comma in bare words makes keys of its rest
            raise ValueError(f"texts by language, each with words, not {words}")
        return field.to_python(words if isinstance(field, models.JSONField) else str(words))

    values = {}
    for name, words in said.items():
        with within(f".{name}"):
            values[name] = value(model._meta.get_field(name), words)
    return values


def load_reference(model: type[models.Model], said: dict[str, Any]) -> None:
    key = {name: said[name.partition("__")[0]] for name in KEYS[model]}
    if not model._base_manager.filter(**key).exists():
        row = model(**read(model, said))
        row.full_clean()
        row.save()


def load_users(rows: list[dict[str, Any]]) -> None:
    password = make_password(PASSWORD)
    for row in rows:
        if User.objects.filter(username=row["username"]).exists():
            continue
        chief = row.get("superuser", False)
        user = User.objects.create(
            username=row["username"],
            first_name=row["first_name"],
            email=f"{row['username']}@example.org",
            password=password,
            is_staff=chief,
            is_superuser=chief,
        )
        for city, roles in row.get("offices", {}).items():
            for role in roles:
                Membership.objects.create(user=user, city=City.objects.get(slug=city), role=role)
    cast = with_standing(User.objects).filter(username__in=[row["username"] for row in rows])
    for user in cast.filter(needs_second_factor=True, has_second_factor=False):
        give_sample_factor(user)


def holder(city: City, role: str) -> User:
    held = Membership.objects.filter(city=city, role=role).select_related("user").order_by("pk").first()
    if not held:
        raise ValueError(f"no sample user is {role} of {city.slug}")
    return held.user


class EntryLoader:
    """Writes one entry, version by version, as the city's editor and reviewer would."""

    def __init__(self, kind: type[Version], city: City) -> None:
        self.kind, self.city = kind, city
        self.editor, self.reviewer = holder(city, "editor"), holder(city, "reviewer")
        self.parts = {part.accessor(): part for part in kind.parts()}
        self.refs = Refs()

    @transaction.atomic
    def load(self, said: dict[str, Any]) -> None:
        draft = begin(self.kind, city=self.city, slug=said["slug"], by=self.editor, **self.fields(said))
        with editing(draft, by=self.editor) as draft:
            self.add_rows(draft, {"translations": self.other_languages(draft), **said})
            self.answer(draft, said.get("answers", {}))
        self.advance(draft, said.get("state", "approved"))
        for number, revision in enumerate(said.get("revisions", [])):
            with within(f".revisions[{number}]"):
                draft = self.revise(draft, revision)

    def revise(self, before: Version, said: dict[str, Any]) -> Version:
        """A further version: its fields replace, its rows are added, its `changes` alter rows named by their ref."""
        with editing(take("revise", before, by=self.editor), by=self.editor) as draft:
            for name, value in self.fields(said).items():
                setattr(draft, name, value)
            draft.full_clean()
            draft.save()
            for ref, changed in said.get("changes", {}).items():
                with within(f".changes.{ref}"):
                    self.save(self.refs.row(draft, ref), read(self.refs[ref][0], changed, draft, self.refs))
            self.add_rows(draft, said)
            # Both languages were written together: the translation is of these words, not of the last version's.
            Translation.objects.filter(version=draft.pk).update(source_digest="")
            self.answer(draft, said.get("answers", {}))
        self.advance(draft, said.get("state", "approved"))
        return draft

    def fields(self, said: dict[str, Any]) -> dict[str, Any]:
        return read(self.kind, {name: words for name, words in said.items() if name not in {*ABOUT, *self.parts}})

    def other_languages(self, draft: Version) -> list[dict[str, str]]:
        return [TRANSLATED | {"language": code} for code in draft.title if code != draft.original_language]

    def add_rows(self, draft: Version, said: dict[str, Any]) -> None:
        """In the order in which the data give them: a row is named by rows after it."""
        for name in (name for name in said if name in self.parts):
            part = self.parts[name]
            first = part.of(draft).count()
            for order, row in enumerate(said[name], first):
                with within(f".{name}[{order - first}]"):
                    self.add_row(draft, part, order, row)

    def add_row(self, draft: Version, part: type[Part], order: int, said: dict[str, Any]) -> None:
        words = {name: value for name, value in said.items() if name != "ref"}
        self.save(part(version_id=draft.pk, order=order), read(part, words, draft, self.refs))
        if "ref" in said:
            if said["ref"] in self.refs:
                raise ValueError(f"two rows have the ref “{said['ref']}”")
            self.refs[said["ref"]] = (part, order)

    def answer(self, draft: Version, reasons: dict[str, str]) -> None:
        """{code: why its doubts stand}. One that nothing raises yet is no mistake: a target's year may be to come."""
        for doubt in doubts_in(draft) if reasons else []:
            if doubt.code in reasons:
                answer(draft, doubt, reason=reasons[doubt.code], by=self.editor)

    @staticmethod
    def save(row: Part, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()

    def advance(self, draft: Version, state: str) -> None:
        """To the state the data name, by those who may take the steps."""
        if state not in ("draft", "in_review", "approved"):
            raise ValueError(f"an entry is left in draft, in_review or approved, not “{state}”")
        if state != "draft":
            take("submit", draft, by=self.editor)
        if state == "approved":
            take("approve", draft, by=self.reviewer)


def load_entries(folder: Path) -> int:
    """Every entry not yet there. Returns how many were written."""
    written = 0
    for kind, plural in KINDS.items():
        for path in sorted(folder.glob(f"*/{plural}.yaml")):
            city = find(City, path.parent.name)
            for number, said in enumerate(load_file(path)):
                with within(f"{path.relative_to(folder.parent)}[{number}]"):
                    if not Entry.objects.filter(kind=kind, city=city, slug=said["slug"]).exists():
                        EntryLoader(Version.kinds()[kind], city).load(said)
                        written += 1
    return written


class Command(BaseCommand):
    help = "Loads the sample content and its users. Refuses outside sample mode."

    def handle(self, **options: Any) -> None:
        if not settings.SAMPLE_MODE:
            raise CommandError("This is not sample mode (SAMPLE_MODE): sample accounts have a known password.")
        for name, model in REFERENCE.items():
            with transaction.atomic():
                for number, said in enumerate(load_file(SAMPLES / f"{name}.yaml")):
                    with within(f"{name}.yaml[{number}]"):
                        load_reference(model, said)
        users = load_file(SAMPLES / "users.yaml")
        with within("users.yaml"), transaction.atomic():
            load_users(users)
        with silence():
            written = load_entries(SAMPLES / "content")
        if written:
            self.stdout.write(f"{written} entries of sample content were written.")
        self.stdout.write(f"Sample log-ins (password: {PASSWORD})")
        for user in users:
            self.stdout.write(f"  {user['username']:<6} {user['does']}")
