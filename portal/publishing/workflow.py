"""The acts that make, edit and publish versions. Each locks the entry, asks the time, acts, and writes the trail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cities.models import City
from portal.lib.text import Text

from . import permissions
from .clock import database_now
from .models import Counter, Entry, Event, Hand, Part, Translation, Version, VersionQuerySet

State = Version.State

#: Called with the step's name, the version it led to, who took it and the reason given, in the same transaction.
AFTER_STEP: list[Callable[[str, Version, Any, str], None]] = []

#: Called with each version at its approval, in the same transaction (the search index registers here).
AFTER_APPROVAL: list[Callable[[Version], None]] = []

#: Called with each draft when it has been begun, revised or edited, in the same transaction (doubts are counted here).
AFTER_EDIT: list[Callable[[Version], None]] = []

#: Called with each draft before it goes to review; what raises Refused keeps it a draft.
BEFORE_SUBMIT: list[Callable[[Version], None]] = []


class Refused(ValidationError):
    """The step cannot be taken now; the message says why, in the reader's language."""


class Conflict(Exception):
    """Somebody saved since the form was opened. `.current` is the version as it is now."""

    def __init__(self, current: Version) -> None:
        super().__init__("edited since")
        self.current = current


class Step(NamedTuple):
    """One row of the workflow: from which states, by whom, and what it does."""

    name: str
    label: Any
    sources: frozenset[str]
    may: Callable[[Any, Version], bool]
    act: Callable[..., Version]
    takes_time: Callable[[Version], bool] = lambda version: False
    needs_reason: bool = False
    takes_note: Callable[[Version], bool] = lambda version: False


def lock(entry_id: int) -> VersionQuerySet:
    """Every act on an entry's versions starts here; then it may ask for the time. Returns the versions."""
    Entry.objects.select_for_update(no_key=True).get(pk=entry_id)
    return Version.objects.filter(entry=entry_id)


@transaction.atomic
def take(
    name: str,
    version: Version,
    *,
    by: Any,
    at: datetime | None = None,
    reason: str = "",
    note: Text | None = None,
    seen: int | None = None,
) -> Version:
    """Take one step of the table. Returns the version it leads to (a new draft for "revise").

    `seen` is the version's `edits` when the button was shown: nobody approves words that came after.
    `note` is the public sentence on what changed, when the button asked for it.
    Raises PermissionDenied for who may not, Refused when the version is not in a state for it.
    """
    step = STEPS[name]
    versions = lock(version.entry_id)
    current = versions.select_related("entry__city").get(pk=version.pk)
    if not step.may(by, current):
        raise PermissionDenied(_("You may not take this step."))
    if current.state not in step.sources:
        raise Refused(_("This version is %(state)s now.") % {"state": current.get_state_display()})
    if seen is not None and seen != current.edits:
        raise Refused(_("Somebody has saved since you were asked. Look again, then decide."))
    if step.needs_reason and not reason.strip():
        raise Refused(_("Give a reason."))
    now = database_now()
    if not step.takes_time(current):
        at = None
    result = step.act(current, versions=versions, by=by, now=now, at=at, note=note)
    for tell in AFTER_STEP:
        tell(name, result, by, reason.strip())
    detail: dict[str, Any] = {"at": at.isoformat()} if at else {}
    if result.pk != current.pk:
        detail["draft"] = result.number
    Event.record(name, current.entry, by=by, at=now, number=current.number, reason=reason.strip(), detail=detail)
    Counter.tick()
    return result


def steps_for(version: Version, user: Any) -> list[Step]:
    """The steps this user could take on this version now: what the buttons show."""
    return [step for step in STEPS.values() if version.state in step.sources and step.may(user, version)]


def submit(
    version: Version, *, versions: VersionQuerySet, by: Any, note: Text | None = None, **_unused: Any
) -> Version:
    draft = version.specific
    noted = note is not None and note != draft.note
    if noted:
        draft.note = note
    draft.full_clean()
    if noted:
        write_note(draft, versions, by)
    for act in BEFORE_SUBMIT:
        act(draft)
    has_a_hand(draft, by)  # who hands it in answers for its words, whoever found them: nobody takes two of the steps
    return moved(version, versions, state=State.IN_REVIEW)


def write_note(draft: Version, versions: VersionQuerySet, by: Any) -> None:
    """The public sentence on what changed is asked for in all languages at once: no translation falls behind by it."""
    draft.save(update_fields=["note"])
    Translation.objects.filter(version_id=draft.pk, behind=False).update(source_digest="")
    wrote(draft, versions, by)


def send_back(version: Version, *, versions: VersionQuerySet, **_unused: Any) -> Version:
    """To its editors. The review is void: the same reviewer may review what they make of it."""
    Hand.objects.filter(version=version.pk, did="reviewed").delete()
    return moved(version, versions, state=State.DRAFT)


def discard(version: Version, *, versions: VersionQuerySet, **_unused: Any) -> Version:
    return moved(version, versions, state=State.DISCARDED)


def goes_public(version: Version) -> bool:
    """Whether approving it makes it public, or asks a leader to sign it off."""
    return not version.entry.city.sign_off


def approve(version: Version, *, versions: VersionQuerySet, by: Any, **when: Any) -> Version:
    if goes_public(version):
        return publish(version, versions=versions, by=by, **when)
    Hand.objects.create(version_id=version.pk, user=by, did="reviewed")
    return moved(version, versions, state=State.REVIEWED)


def publish(
    version: Version, *, versions: VersionQuerySet, by: Any, now: datetime, at: datetime | None = None, **_unused: Any
) -> Version:
    """Public from `at`, or from now; the version before it ends at that instant."""
    begins = max(at or now, now)
    versions.close(begins)
    Hand.objects.create(version_id=version.pk, user=by, did="approved")
    moved(version, versions, state=State.APPROVED, approved_by=by, live_from=begins, live_until=None)
    for act in AFTER_APPROVAL:
        act(version.specific)
    return version


def withdraw(version: Version, *, versions: VersionQuerySet, now: datetime, **_unused: Any) -> Version:
    """Nothing of this entry is public from now on."""
    if not versions.reaching(now).exists():
        raise Refused(_("Nothing of this entry is public or scheduled."))
    versions.close(now)
    version.refresh_from_db()
    return version


def call_off(version: Version, *, versions: VersionQuerySet, now: datetime, **_unused: Any) -> Version:
    """A scheduled version will not appear; the one it was to replace goes on."""
    if not versions.scheduled(now).filter(pk=version.pk).exists():
        raise Refused(_("This version is not scheduled."))
    before = versions.reaching(now).exclude(pk=version.pk).filter(live_until=version.live_from)
    versions.filter(pk=version.pk).update(live_until=F("live_from"))
    before.update(live_until=version.live_until)
    version.refresh_from_db()
    return version


def moved(version: Version, versions: VersionQuerySet, **fields: Any) -> Version:
    versions.filter(pk=version.pk).update(**fields)
    for name, value in fields.items():
        setattr(version, name, value)
    return version


def revise(version: Version, *, versions: VersionQuerySet, by: Any, now: datetime, **_unused: Any) -> Version:
    """A new draft that says what `version` says, with its parts."""
    if versions.open().exists():
        raise Refused(_("A newer version is already being worked on."))
    kind = type(version.specific)
    draft = kind._base_manager.get(pk=version.pk)
    draft.pk = draft.id = None  # both, or save() overwrites the original
    draft._state.adding = True
    draft.number = 1 + versions.aggregate(newest=Max("number"))["newest"]
    draft.state, draft.created_by, draft.created_at, draft.edits = State.DRAFT, by, now, 0
    draft.approved_by = draft.live_from = draft.live_until = None
    draft.note = Text()
    draft.save(force_insert=(Version, kind))
    Hand.objects.create(version_id=draft.pk, user=by, did="wrote")
    copy_parts(version, draft)
    edited(draft)
    return draft


def edited(draft: Version) -> None:
    for act in AFTER_EDIT:
        act(draft)


def copy_parts(version: Version, draft: Version) -> None:
    """Copy every row that hangs on `version`; what cites a sibling row then cites the sibling's copy."""
    copies: dict[Any, dict[int, int]] = {part: copy_rows(part, version, draft) for part in type(draft).parts()}
    for part, keys in copies.items():
        for field in part._meta.concrete_fields:
            siblings = copies.get(field.related_model)
            if siblings and field.name != "version":
                citing = list(part._base_manager.filter(pk__in=keys.values(), **{f"{field.name}__in": list(siblings)}))
                for row in citing:
                    setattr(row, field.attname, siblings[getattr(row, field.attname)])
                part._base_manager.bulk_update(citing, [field.name])


def copy_rows(part: type[Part], version: Version, draft: Version) -> dict[int, int]:
    """Old key to new key."""
    rows = list(part.of(version))
    old = [row.pk for row in rows]
    for row in rows:
        row.pk, row.version_id = None, draft.pk
        row._state.adding = True
    return dict(zip(old, (row.pk for row in part._base_manager.bulk_create(rows)), strict=True))


STEPS = {
    step.name: step
    for step in (
        Step(
            "submit",
            gettext_lazy("Submit for review"),
            frozenset({State.DRAFT}),
            permissions.can_edit,
            submit,
            takes_note=lambda version: version.number > 1,
        ),
        Step(
            "send_back",
            gettext_lazy("Send back"),
            frozenset({State.IN_REVIEW, State.REVIEWED}),
            permissions.can_send_back,
            send_back,
            needs_reason=True,
        ),
        Step(
            "approve",
            gettext_lazy("Approve"),
            frozenset({State.IN_REVIEW}),
            permissions.can_approve,
            approve,
            takes_time=goes_public,
        ),
        Step(
            "sign_off",
            gettext_lazy("Sign off"),
            frozenset({State.REVIEWED}),
            permissions.can_sign_off,
            publish,
            takes_time=lambda version: True,
        ),
        Step(
            "withdraw",
            gettext_lazy("Withdraw"),
            frozenset({State.APPROVED}),
            permissions.can_review,
            withdraw,
            needs_reason=True,
        ),
        Step(
            "call_off",
            gettext_lazy("Call off"),
            frozenset({State.APPROVED}),
            permissions.can_review,
            call_off,
            needs_reason=True,
        ),
        Step("revise", gettext_lazy("Revise"), frozenset({State.APPROVED}), permissions.can_edit, revise),
        Step(
            "discard",
            gettext_lazy("Discard"),
            frozenset({State.DRAFT}),
            permissions.can_edit,
            discard,
            needs_reason=True,
        ),
    )
}


@transaction.atomic
def begin(kind: type[Version], *, city: City, slug: str, by: Any, **said: Any) -> Version:
    """The first draft of a new entry; `said` are the kind's fields. Refused when the address is taken."""
    if not permissions.can_create(by, city):
        raise PermissionDenied(_("You may not write for this city."))
    entry, _made = Entry.objects.get_or_create(kind=kind.kind, city=city, slug=slug)
    versions = lock(entry.pk)
    if versions.exclude(state=State.DISCARDED).exists():
        raise Refused({"slug": _("This address is already in use in this city.")})
    now = database_now()
    number = 1 + (versions.aggregate(newest=Max("number"))["newest"] or 0)  # more than 1 where all was discarded
    draft = kind(entry=entry, number=number, created_by=by, created_at=now, **said)
    draft.full_clean()
    draft.save(force_insert=(Version, kind))
    Hand.objects.create(version_id=draft.pk, user=by, did="wrote")
    Translation.objects.create(version_id=draft.pk, language=draft.original_language, origin="original")
    edited(draft)
    Event.record("begin", entry, by=by, at=now, number=number)
    return draft


class Beginning(NamedTuple):
    """What the first draft of a new entry says: fields of its kind, and unsaved parts."""

    slug: str
    said: dict[str, Any]
    parts: list[Part]


@transaction.atomic
def begin_all(kind: type[Version], beginnings: list[Beginning], *, city: City, by: Any) -> list[Version]:
    """Many new entries at once, as `begin` makes one; the audit trail is locked at the end only, and shortly.

    What a field may name has been looked up by the caller; it is not looked up again.
    """
    if not permissions.can_create(by, city):
        raise PermissionDenied(_("You may not write for this city."))
    numbers = free_numbers(kind, [beginning.slug for beginning in beginnings], city)
    now = database_now()
    drafts = [
        kind(entry=numbers[slug][0], number=numbers[slug][1], created_by=by, created_at=now, **said)
        for slug, said, _parts in beginnings
    ]
    insert(kind, drafts)
    made: dict[type[Part], list[Part]] = {}
    for draft, beginning in zip(drafts, beginnings, strict=True):
        for part in beginning.parts:
            part.version = draft
            made.setdefault(type(part), []).append(part)
    for model, parts in made.items():
        model._base_manager.bulk_create(parts, batch_size=500)
    Hand.objects.bulk_create([Hand(version_id=draft.pk, user=by, did="wrote") for draft in drafts], 500)
    languages = ((draft.pk, draft.original_language) for draft in drafts)
    Translation.objects.bulk_create(
        [Translation(version_id=pk, language=one, origin="original") for pk, one in languages]
    )
    for draft in drafts:
        edited(draft)
    Event.record_all("begin", [(draft.entry, draft.number) for draft in drafts], by=by, at=now)
    return drafts


def free_numbers(kind: type[Version], slugs: list[str], city: City) -> dict[str, tuple[Entry, int]]:
    """{slug: (its entry, locked, and the number of its next version)}. Refused when an address is taken."""
    known = Entry.objects.filter(kind=kind.kind, city=city, slug__in=slugs)
    new = set(slugs) - set(known.values_list("slug", flat=True))
    Entry.objects.bulk_create([Entry(kind=kind.kind, city=city, slug=slug) for slug in slugs if slug in new], 500)
    entries = {entry.pk: entry for entry in known.select_for_update(no_key=True)}
    versions = Version.objects.filter(entry__in=list(entries))
    taken = versions.exclude(state=State.DISCARDED).values_list("entry", flat=True).first()
    if taken:
        raise Refused(_("“%(address)s” is already in use in this city.") % {"address": entries[taken].slug})
    newest = dict(versions.order_by().values_list("entry").annotate(newest=Max("number")))
    return {entry.slug: (entry, 1 + newest.get(pk, 0)) for pk, entry in entries.items()}


def insert(kind: type[Version], drafts: list[Any]) -> None:
    """What bulk_create does not do for a model that is another one: its row of the base table, then its own."""
    shared = [field.attname for field in Version._meta.concrete_fields if not field.primary_key]
    bases = [Version(**{name: getattr(draft, name) for name in shared}) for draft in drafts]
    for draft, base in zip(drafts, Version.objects.bulk_create(bases, 500), strict=True):
        draft.clean_fields(exclude={field.name for field in kind._meta.fields if field.is_relation})
        draft.clean()
        draft.pk = draft.id = base.pk
        draft.save_base(raw=True, force_insert=True)


@contextmanager
def editing(version: Version, *, by: Any, seen: int | None = None) -> Iterator[Version]:
    """The one door for edits: yields the draft, locked and fresh, to be changed inside the block.

    `seen` is the draft's `edits` when the form was opened: raises Conflict when somebody saved since. The
    writer's hand is recorded, translations learn whether they fell behind, and an error undoes it all.
    """
    with transaction.atomic():
        versions = lock(version.entry_id)
        draft = versions.select_related("entry__city").get(pk=version.pk).specific
        if not permissions.can_edit(by, draft):
            raise PermissionDenied(_("You may not edit this."))
        if draft.state != State.DRAFT:
            raise Refused(_("Only a draft can be edited; this version is %s.") % draft.get_state_display())
        if seen is not None and seen != draft.edits:
            raise Conflict(draft)
        yield draft
        wrote(draft, versions, by)
        Event.record("edit", draft.entry, by=by, at=database_now(), number=draft.number)


def wrote(draft: Version, versions: VersionQuerySet, by: Any) -> None:
    """Whoever changes a word has a hand in it; forms opened before are stale; translations may have fallen behind."""
    has_a_hand(draft, by)
    versions.filter(pk=draft.pk).update(edits=F("edits") + 1)
    draft.edits += 1
    note_translations(draft)
    edited(draft)


def has_a_hand(draft: Version, by: Any) -> None:
    Hand.objects.get_or_create(version_id=draft.pk, user=by, defaults={"did": "wrote"})


def note_translations(draft: Version) -> None:
    """A translation is behind when the original's words are not those it was made from.

    Confirming one (no digest yet) notes the words it was made from.
    """
    original = Version.objects.get(pk=draft.pk).digest(draft.original_language)
    translations = Translation.objects.filter(version_id=draft.pk).exclude(language=draft.original_language)
    translations.filter(source_digest="").update(source_digest=original)
    translations.update(
        behind=models.Case(
            models.When(source_digest=original, then=False), default=True, output_field=models.BooleanField()
        )
    )
