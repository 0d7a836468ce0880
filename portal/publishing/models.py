"""Entries, their versions and what hangs on them; the audit trail; the publication counter."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.lib.labels import Labelled
from portal.lib.text import Text, TranslatedField, languages

from .clock import Clock, Past, database_now
from .constraints import NoOverlap

STATES = ("draft", "in_review", "reviewed", "approved", "discarded")
IN_WORK = ("draft", "in_review", "reviewed")
SUBMITTED = ("in_review", "reviewed")  # somebody is asked to answer for these words
APPROVED = Q(state="approved")
NOT_CALLED_OFF = Q(live_until=None) | Q(live_until__gt=F("live_from"))  # before its hour came


class Entry(models.Model):
    """The permanent address of one thing the portal publishes."""

    kind = models.SlugField(max_length=20)
    city = models.ForeignKey(City, models.PROTECT, related_name="entries")
    slug = models.SlugField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "city", "slug"], name="entry_address")]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.city.slug}/{self.slug}"

    @property
    def short_address(self) -> str:
        """Which one of its kind it is: zibo, zibo/pack-line."""
        return self.slug if self.kind == "city" else f"{self.city.slug}/{self.slug}"

    def get_absolute_url(self) -> str:
        """Its public address in the active language."""
        if self.kind == "city":
            return reverse("city-detail", args=[self.slug])
        return reverse(f"{self.kind}-detail", args=[self.city.slug, self.slug])


def standing_at(city: str, slug: str = "") -> Q:
    """Versions of the entry at /<city>/<slug>/; a city's own page is named by its city alone."""
    return Q(entry__city__slug=city, entry__slug=slug or city)


class VersionQuerySet(models.QuerySet):
    def reaching(self, at: datetime):
        """Approved and not over at `at`: public then, or scheduled for later and not called off."""
        return self.filter(APPROVED & NOT_CALLED_OFF & (Q(live_until=None) | Q(live_until__gt=at)))

    def live(self, at: datetime | None = None):
        """What is public at `at` (now, by the database's clock). Every public surface starts here.

        Of a moment in the past only entries that are public still: what was withdrawn stays withdrawn.
        """
        at = at or database_now()
        found = self.filter(APPROVED & (Q(live_until=None) | Q(live_until__gt=at)), live_from__lte=at)
        if not isinstance(at, Past):
            return found
        return found.filter(entry__in=Version.objects.live(at.present).order_by().values("entry"))

    def scheduled(self, at: datetime | None = None):
        """Approved for an hour that has not come."""
        at = at or database_now()
        return self.reaching(at).filter(live_from__gt=at)

    def open(self):
        """Being worked on: a draft, in review or awaiting sign-off."""
        return self.filter(state__in=IN_WORK)

    def for_staff(self, user):
        """Versions of the cities in whose office the user works."""
        return self.filter(entry__city__in=City.objects.for_staff(user))

    def for_city(self, city: City):
        return self.filter(entry__city=city)

    def at_address(self, city: str, slug: str = ""):
        return self.filter(standing_at(city, slug))

    def of_kind(self, kind: str):
        return self.filter(entry__kind=kind)

    def by_kind(self) -> dict[str, int]:
        """How many there are of each kind."""
        found = dict(self.order_by().values_list("entry__kind").annotate(count=Count("pk")))
        return {kind: found.get(kind, 0) for kind in Version.kinds()}

    def with_entry(self):
        return self.select_related("entry__city__parent")

    def with_lineage(self):
        """With all that its city lies in."""
        return self.select_related("entry__city__parent__parent__parent")

    def with_parts(self):
        """Everything a page of this kind prints, in a constant number of queries."""
        kind: Any = self.model
        said = (part for part in kind.parts() if part.is_content)
        return self.with_entry().prefetch_related(*(part.prefetch() for part in said))

    def close(self, at: datetime) -> None:
        """End every period that reaches past `at`; one not yet begun becomes empty and is never public."""
        self.reaching(at).filter(live_from__gte=at).update(live_until=F("live_from"))
        self.reaching(at).filter(live_from__lt=at).update(live_until=at)


class Version(Labelled, models.Model):
    """One edition of an entry. Each kind of publication is a subclass and so *is* a Version."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        REVIEWED = "reviewed", _("awaiting sign-off")
        APPROVED = "approved", _("approved")
        DISCARDED = "discarded", _("discarded")

    kind: ClassVar[str] = ""  # the word in addresses and in Entry.kind; empty on this base

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions", editable=False)
    number = models.PositiveIntegerField(editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    title = TranslatedField(_("title"))
    summary = TranslatedField(_("summary"), multiline=True, blank=True)
    note = TranslatedField(
        _("what changed"), blank=True, help_text=_("One public sentence on what this version changes.")
    )
    original_language = models.CharField(_("original language"), max_length=10, choices=languages, default="zh-hans")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    live_from = models.DateTimeField(null=True, editable=False)
    live_until = models.DateTimeField(null=True, editable=False)
    edits = models.PositiveIntegerField(default=0, editable=False)  # a form that saw fewer is stale
    open_doubts = models.PositiveSmallIntegerField(default=0, editable=False)  # serious ones that nobody answered

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="approved", live_until=None), name="version_one_open_period"
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(state__in=IN_WORK), name="version_one_in_work"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="version_state_known"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(live_from__isnull=False, approved_by__isnull=False),
                name="version_approved_has_period_and_approver",
            ),
            models.CheckConstraint(
                condition=Q(live_until=None) | Q(live_until__gte=F("live_from")), name="version_period_forward"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("created_by")), name="version_four_eyes"
            ),
            NoOverlap(name="version_no_two_live"),
        ]
        indexes = [
            models.Index(F("live_from").desc(), F("id").desc(), condition=APPROVED, name="version_newest"),
            models.Index(fields=["live_until"], condition=APPROVED, name="version_closed"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @classmethod
    def kinds(cls) -> dict[str, type["Version"]]:
        """Every kind of publication by its word, in the order in which their apps are loaded."""
        return {kind.kind: kind for kind in cls.__subclasses__()}

    @classmethod
    def parts(cls) -> list[type["Part"]]:
        """The models whose rows hang on this kind: those for every kind, then its own."""
        return [part for part in Part.all() if issubclass(cls, part.whole())]

    def load_parts(self, apart: type[models.Model] | None = None) -> None:
        """What `with_parts` loads, for one version as its kind: only of those parts of which it has rows.

        `apart`: what so many rows name that the caller loads it once for all of them.
        """
        parts = [part for part in type(self).parts() if part.is_content]
        has_rows = dict(zip(parts, self.present(parts), strict=True))
        models.prefetch_related_objects([self], *(part.prefetch(apart) for part in parts if has_rows[part]))
        empty = {part.accessor(): part._base_manager.none() for part in parts if not has_rows[part]}
        self._prefetched_objects_cache = {**getattr(self, "_prefetched_objects_cache", {}), **empty}

    def present(self, parts: list[type["Part"]]) -> tuple[bool, ...]:
        """Of each of these whether it has rows here.

        Written out, since Django would take longer to put the question than the database to answer it.
        """
        quote = connection.ops.quote_name
        asked = (f"EXISTS(SELECT 1 FROM {quote(part._meta.db_table)} WHERE version_id = %s)" for part in parts)  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(asked)}", [self.pk] * len(parts))
            return cursor.fetchone()

    @property
    def specific(self) -> "Version":
        """This version as its own kind."""
        kind = Version.kinds()[self.entry.kind]
        return self if isinstance(self, kind) else kind._base_manager.get(pk=self.pk)

    @property
    def kind_name(self) -> str:
        return str(Version.kinds()[self.entry.kind]._meta.verbose_name)

    @property
    def city(self) -> City:
        return self.entry.city

    @property
    def news(self) -> Text:
        """What is new: the note on the change, else what the page is about."""
        return self.note or self.summary

    def get_absolute_url(self) -> str:
        return self.entry.get_absolute_url()

    def is_live(self, at: datetime | None = None) -> bool:
        at = at or database_now()
        return bool(
            self.state == "approved"
            and self.live_from
            and self.live_from <= at
            and (self.live_until is None or at < self.live_until)
        )

    def texts(self, language: str) -> Iterator[str]:
        """Everything this version says in that language, its parts included, in a fixed order."""
        for row in [self.specific, *(row for part in self.specific.parts() for row in part.of(self))]:
            for field in row._meta.concrete_fields:
                if isinstance(field, TranslatedField):
                    yield getattr(row, field.attname).get(language, "")

    def digest(self, language: str) -> str:
        return hashlib.sha256("\0".join(self.texts(language)).encode()).hexdigest()


class Part(Labelled, models.Model):
    """A row that belongs to one version: copied with it, frozen with it.

    A subclass's `version` points at the kind it may hang on; `Version` itself means any. References to
    sibling parts are plain foreign keys; copying relinks them.
    """

    #: The fields that say what a row is about. Where two versions agree in them it is one row, however much of it
    #: changed. Empty: what must be said.
    identity: ClassVar[tuple[str, ...]] = ()
    #: Properties that put several fields into words at once: {"amount": ("value_min", "value_max", "unit")}.
    amounts: ClassVar[dict[str, tuple[str, ...]]] = {}
    is_content: ClassVar[bool] = True  # said on the page; else a note of the office, which no reader is shown

    version: models.ForeignKey
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    @classmethod
    def all(cls) -> list[type["Part"]]:
        found: list[type[Part]] = []
        for part in cls.__subclasses__():
            found += [] if part._meta.abstract else [part]
            found += part.all()
        return found

    @classmethod
    def whole(cls) -> type[Version]:
        return cls._meta.get_field("version").related_model  # type: ignore[return-value]

    @classmethod
    def of(cls, version: Version) -> models.QuerySet:
        return cls._base_manager.filter(version=version.pk).order_by("order", "pk")  # type: ignore[misc]

    @classmethod
    def prefetch(cls, apart: type[models.Model] | None = None) -> models.Prefetch:
        """How a page loads its rows: in order, with what they name.

        With something loaded `apart`, neither that nor rows of the same part, which are loaded anyhow.
        """
        named = [field for field in cls._meta.concrete_fields if field.is_relation and field.name != "version"]
        names = [field.name for field in named if not apart or field.related_model not in (apart, cls)]
        rows = cls._base_manager.order_by("order", "pk")
        return models.Prefetch(cls.accessor(), rows.select_related(*names) if names else rows)

    @property
    def speaks_of(self) -> str:
        """What it speaks of, without what it says of it; "" for a row that its words alone describe."""
        return ""

    @property
    def in_short(self) -> str:
        """What it says where it is new or gone, beside its name."""
        return next((str(getattr(self, name)) for name in self.amounts), str(self) if self.speaks_of else "")

    @property
    def dated(self) -> str:
        """When it was so, in words, where rows that speak of the same differ in that."""
        return ""

    @classmethod
    def accessor(cls) -> str:
        """The name by which a version knows its rows: "figures"."""
        relation: Any = cls._meta.get_field("version").remote_field
        return relation.get_accessor_name()


class Hand(models.Model):
    """That a user had a hand in a version: wrote in it, reviewed it for a leader, or approved it; only one of these."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="hands")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    did = models.CharField(
        max_length=8, choices=[("wrote", _("wrote")), ("reviewed", _("reviewed")), ("approved", _("approved"))]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "user"], name="hand_one_role_a_version"),
            models.UniqueConstraint(fields=["version"], condition=Q(did="reviewed"), name="hand_one_reviewer"),
            models.UniqueConstraint(fields=["version"], condition=Q(did="approved"), name="hand_one_approver"),
            models.CheckConstraint(condition=Q(did__in=["wrote", "reviewed", "approved"]), name="hand_did_known"),
        ]


class Comment(models.Model):
    """What a colleague remarks on a section of a version in work. Settled or reopened, never changed or deleted."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="comments", editable=False)
    section = models.SlugField(max_length=40, editable=False)  # the part's accessor, or "main"
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(editable=False)
    text = models.TextField(_("comment"), max_length=2000)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text

    @property
    def settled(self) -> bool:
        return self.settled_by_id is not None


class Translation(Part):
    """Where one language of a version comes from, and whether the original has moved on since."""

    class Origin(models.TextChoices):
        ORIGINAL = "original", _("original")
        HUMAN = "human", _("human translation")
        MACHINE = "machine", _("machine translation, not reviewed")
        REVIEWED = "reviewed", _("machine translation, reviewed")

    version = models.ForeignKey(Version, models.CASCADE, related_name="translations", editable=False)
    language = models.CharField(_("language"), max_length=10, choices=languages)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    engine = models.CharField(_("engine or translator"), max_length=80, blank=True)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    behind = models.BooleanField(_("fell behind the original"), default=False, editable=False)

    class Meta(Part.Meta):
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="translation_once")]

    def clean(self) -> None:
        is_original = self.language == self.version.original_language
        if is_original != (self.origin == self.Origin.ORIGINAL):
            raise ValidationError(
                {
                    "origin": _("This version was written in this language: it is the original.")
                    if is_original
                    else _("Say how it was translated: the original is the language this version was written in.")
                }
            )


class Event(models.Model):
    """The audit trail: who did what to which version. Names things by their words, so it outlives them.

    Each row's digest covers the one before it; `manage.py verify_audit` finds a row changed or taken out.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=30)
    city = models.CharField(max_length=50, db_index=True)
    subject = models.CharField(max_length=160, db_index=True)
    number = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.subject}"

    def digest_after(self, previous: str) -> str:
        said: list[Any] = [previous, self.at.isoformat(), self.actor, self.action, self.city, self.subject]
        said += [self.number, self.reason, self.detail]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @classmethod
    def record(cls, action: str, subject: Any, *, by: Any, at: datetime, number: int | None = None, **said: Any):
        """Write the row, in the caller's transaction, of an entry or another thing that has a name and perhaps a city.

        Waits for whoever is writing one; so call it last.
        """
        [event] = cls.record_all(action, [(subject, number)], by=by, at=at, **said)
        return event

    @classmethod
    def record_all(
        cls, action: str, subjects: Iterable[tuple[Any, int | None]], *, by: Any, at: datetime, **said: Any
    ) -> list[Any]:
        """One row each of (thing, number), as `record` writes one."""
        Counter.lock()
        last = cls.objects.order_by("-pk").values_list("digest", flat=True).first() or ""
        events: list[Any] = []
        for subject, number in subjects:
            city = getattr(getattr(subject, "city", None), "slug", "")
            event = cls(
                at=at, actor=by.get_username(), action=action, city=city, subject=str(subject), number=number, **said
            )
            event.digest = last = event.digest_after(last)
            events.append(event)
        cls.objects.bulk_create(events, batch_size=500)
        return events


class Counter(models.Model):
    """One row: how often what is public has changed. Its lock orders the commits that change it."""

    value = models.PositiveBigIntegerField(default=0)

    @classmethod
    def lock(cls) -> "Counter":
        counter, _made = cls.objects.select_for_update().get_or_create(pk=1)
        return counter

    @classmethod
    def tick(cls) -> None:
        """Last in the transaction, so that the count moves in the order in which readers see."""
        cls.lock()
        cls.objects.filter(pk=1).update(value=F("value") + 1)
        transaction.on_commit(Clock.forget)


class Reference(Labelled, models.Model):
    """Data that every page may name (cities, organisations, metrics, sources): changing it changes pages."""

    class Meta:
        abstract = True

    @property
    def is_cited(self) -> bool:
        """Whether a version approved or in review names it: what somebody has answered for stays as it is."""
        return any(rows.exists() for rows in self.answered_for())

    def answered_for(self) -> Iterator[models.QuerySet]:
        """The versions, and rows of versions, that name this and are approved or in review; by model."""
        relations: list[Any] = self._meta.get_fields(include_hidden=True)
        for relation in relations:
            naming = relation.related_model if relation.one_to_many else None
            if isinstance(naming, type) and issubclass(naming, Version | Part):
                state = "state__in" if issubclass(naming, Version) else "version__state__in"
                yield naming._base_manager.filter(**{relation.field.name: self, state: [*SUBMITTED, "approved"]})

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            Counter.tick()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            Counter.tick()
        return gone
