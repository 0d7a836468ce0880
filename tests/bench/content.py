"""What the pages are measured on: the sample content, and the same grown to a hundred of each, through the workflow."""

from copy import copy
from functools import cache

from django.db import transaction

from portal.cities.models import City, Membership
from portal.publishing.models import Entry, Part, Translation, Version
from portal.publishing.workflow import begin, editing, take
from tests import make

MANY = 100
CITY = "zaozhuang"


def shown(kind: type[Version]) -> Version:
    """The version of this kind whose pages are measured: of the sample city's, if any, the one with the most parts."""

    def richness(version: Version) -> tuple[bool, int]:
        return version.city.slug == CITY, sum(part.of(version).exists() for part in kind.parts())

    return max(kind.objects.live().with_entry().order_by("entry__pk"), key=richness)


def revised(live: Version) -> Version:
    """The draft that follows the live version."""
    draft = Version.objects.filter(entry=live.entry_id).open().first()
    return draft.specific if draft else take("revise", live, by=holder(live.city, "editor"))


@cache
def holder(city: City, role: str):
    return Membership.objects.filter(city=city, role=role).select_related("user").order_by("pk")[0].user


def submitted(draft: Version) -> Version:
    make.answer_doubts(draft, by=holder(draft.city, "editor"))
    return take("submit", draft, by=holder(draft.city, "editor"))


def published(draft: Version) -> Version:
    submitted(draft)
    return take("approve", draft, by=holder(draft.city, "reviewer"))


def twin(original: Version, city: City, slug: str) -> Version:
    """A draft of a new entry that says what `original` says, with one row of each part."""
    kind = type(original)
    fields = [field for field in kind._meta.concrete_fields if field.editable and not field.primary_key]
    said = {field.name: getattr(original, field.name) for field in fields}
    draft = begin(kind, city=city, slug=slug, by=holder(city, "editor"), **said)
    copies: dict[type[Part], int] = {}
    for part in kind.parts():
        if part is not Translation and part.is_content and (row := part.of(original).first()):
            row.pk, row._state.adding, row.version_id = None, True, draft.pk
            for field in row._meta.concrete_fields:
                if issubclass(field.related_model or object, Part) and getattr(row, field.attname):
                    setattr(row, field.attname, copies[field.related_model])
            row.save()
            copies[part] = row.pk
    return draft


def neighbour(number: int) -> City:
    """A further city, written and reviewed by the sample city's people."""
    home = City.objects.get(slug=CITY)
    city = City.objects.create(
        slug=f"city-{number}", name=home.name, level=home.level, parent=home.parent, code=f"9{number:05}"
    )
    for role in ("editor", "reviewer"):
        Membership.objects.create(city=city, user=holder(home, role), role=role)
    return city


@transaction.atomic
def grow() -> None:
    """A hundred entries of each kind; and of each kind, one with a hundred rows of every part it has."""
    originals = [shown(kind) for kind in Version.kinds().values()]
    entries = {original.kind: [original.entry] for original in originals}
    for number in range(1, MANY):
        for original in originals:
            city = neighbour(number) if original.kind == "city" else original.city
            slug = city.slug if original.kind == "city" else f"{original.entry.slug}-{number}"
            entries[original.kind].append(published(twin(original, city, slug)).entry)
    for original in originals:
        published(lengthened(revised(original), entries))


def lengthened(draft: Version, entries: dict[str, list[Entry]]) -> Version:
    with editing(draft, by=draft.created_by) as draft:
        for part in type(draft).parts():
            row = part.of(draft).first()
            if row and part is not Translation and part.is_content:
                part._base_manager.bulk_create(further(row, number, entries) for number in range(1, MANY))
    return draft


def further(row: Part, number: int, entries: dict[str, list[Entry]]) -> Part:
    """A copy of the row. Where it names an entry, it names another of that kind."""
    row = copy(row)
    row.pk, row._state.adding, row.order = None, True, row.order + 1000 + number
    for field in row._meta.concrete_fields:
        if field.related_model is Entry and (named := getattr(row, field.name)):
            setattr(row, field.name, entries[named.kind][number])
    return row
