"""Projects with their dated stages, and the ceremonies at which they were signed or begun."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clusters.models import ChainLink, Industry, Organisation
from portal.cities.models import City
from portal.facts.models import Basis, Figure, Metric, Sourced, Verification, Visibility
from portal.lib.dates import LastDayField, UncertainDate, UncertainDateField, last_day
from portal.lib.queries import any_of
from portal.lib.text import Text, TranslatedField, bracketed
from portal.lib.units import quantity
from portal.publishing.clock import Past
from portal.publishing.models import Entry, Part, Version, VersionQuerySet


class Stage(models.IntegerChoices):
    """The ladder from idea to full capacity. Cancelled is off the ladder."""

    CANCELLED = -1, pgettext_lazy("project stage", "cancelled")
    PLANNED = 10, pgettext_lazy("project stage", "planned")
    IN_TALKS = 20, pgettext_lazy("project stage", "in talks")
    INTENT = 30, pgettext_lazy("project stage", "letter of intent")
    SIGNED = 40, pgettext_lazy("project stage", "signed")
    REGISTERED = 44, pgettext_lazy("project stage", "company registered")
    FILED = 46, pgettext_lazy("project stage", "filed with the authorities")
    LAND = 48, pgettext_lazy("project stage", "land granted")
    STARTED = 50, pgettext_lazy("project stage", "construction started")
    BUILDING = 60, pgettext_lazy("project stage", "under construction")
    PRODUCING = 70, pgettext_lazy("project stage", "in production")
    FULL = 80, pgettext_lazy("project stage", "at full capacity")


class ProjectQuerySet(VersionQuerySet):
    def with_stage(self):
        """Annotates `stage`, the furthest reported (None when none is), and `stopped`, whether it was cancelled."""
        reported = StageEvent.objects.filter(version=OuterRef("pk")).order_by("-stage")
        return self.annotate(
            stage=Subquery(reported.filter(stage__gt=0).values("stage")[:1]),
            stopped=any_of(reported.filter(stage=Stage.CANCELLED)),
        )

    def with_noted_stage(self):
        """The same, of what is approved and so has its progress: two look-ups less for each row."""
        return self.annotate(stage=F("progress__stage"), stopped=F("progress__stopped"))

    def unsigned(self):
        """Planned or in talks: nobody has signed anything yet."""
        return self.filter(progress__stage__in=[Stage.PLANNED, Stage.IN_TALKS], progress__stopped=False)


def investments():
    """The public figures of a project's own total investment that no newer value has replaced."""
    # Not a join: SQLite would then walk all figures of the metric for each project.
    of_metric = Exists(Metric.objects.filter(pk=OuterRef("metric"), code="total-investment"))
    figures = Figure.objects.filter(of_metric, subject=Text(), visibility=Visibility.PUBLIC)
    return figures.exclude(verification=Verification.SUPERSEDED)


class ProjectListing(Version):
    kind = "project"

    class Nature(models.TextChoices):
        NEW = "new", pgettext_lazy("project", "new")
        EXPANSION = "expansion", pgettext_lazy("project", "expansion")
        RELOCATION = "relocation", pgettext_lazy("project", "relocation")

    class Cooperation(models.TextChoices):
        SOLE = "sole", pgettext_lazy("cooperation", "sole investor")
        JOINT = "joint_venture", pgettext_lazy("cooperation", "joint venture")
        PUBLIC = "public_private", pgettext_lazy("cooperation", "joint venture of government and company")
        EQUITY = "equity", pgettext_lazy("cooperation", "equity stake")
        LEASE = "lease", pgettext_lazy("cooperation", "lease")
        PPP = "ppp", pgettext_lazy("cooperation", "public–private partnership")

    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("industry")
    )
    link = models.ForeignKey(
        ChainLink, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("stage of the chain")
    )
    park = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("park"),
        limit_choices_to={"kind": "park"},
    )  # fmt: skip
    site = TranslatedField(_("site"), blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, blank=True)
    cooperation = models.CharField(_("cooperation"), max_length=14, choices=Cooperation, blank=True)
    products = TranslatedField(_("products"), blank=True)
    start_by = UncertainDateField(_("agreed start of construction"))
    finish_by = UncertainDateField(_("agreed completion"))

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    @property
    def stage_event(self) -> "StageEvent | None":
        """The event that `stage_words` names, of a row loaded `with_stage` and with its events."""
        named = Stage.CANCELLED if self.stopped else self.stage
        return next((event for event in self.stage_events.all() if event.stage == named), None)

    @property
    def stage_words(self) -> str:
        """How far it has come, of a row loaded `with_stage`."""
        return stage_words(self.stage, self.stopped)


def stage_words(stage: int | None, stopped: bool) -> str:
    if stopped:
        return str(Stage.CANCELLED.label)
    return str(Stage(stage).label) if stage else gettext("stage not published")


class StageEvent(Part, Sourced):
    """That a project reached a stage, when, and on what evidence."""

    version = models.ForeignKey(ProjectListing, models.CASCADE, related_name="stage_events", editable=False)
    stage = models.SmallIntegerField(_("stage"), choices=Stage)
    when = UncertainDateField(_("when"))
    evidence = TranslatedField(_("evidence"), blank=True)
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        ordering = ["stage", "pk"]
        verbose_name = _("stage reached")
        verbose_name_plural = _("stages reached")


ONLY_SIGNED = Q(stage__gte=Stage.SIGNED, stage__lt=Stage.STARTED)
ONLY_STARTED = Q(stage__gte=Stage.STARTED, stage__lt=Stage.PRODUCING)


def overdue(today: date) -> Q:
    """Signed and not started, or started and not producing, when the day agreed for it has passed.

    Where no start was agreed, PROJECT_START_MONTHS after the signing.
    """
    forgotten = Q(start_by=None, signed__lt=months_before(today, settings.PROJECT_START_MONTHS))
    late = ONLY_SIGNED & (Q(start_by__lt=today) | forgotten) | ONLY_STARTED & Q(finish_by__lt=today)
    return late & Q(stopped=False)


# What lists are sorted by: what is not published comes last.
REACHED = Coalesce("stage", Value(0))
INVESTED = Coalesce("investment", Value(-1, models.DecimalField()))
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class ProgressQuerySet(models.QuerySet):
    def live(self, at: datetime):
        """Of what is public at `at`: the same as Version's, without reading the versions of the present."""
        found = self.filter(live_from__lte=at, live_until__gt=at)
        if not isinstance(at, Past):
            return found
        return found.filter(version__entry__in=Progress.objects.live(at.present).values("version__entry"))

    def late(self, today: date):
        """The overdue; `due`: about the day that was to be kept, to sort by."""
        grace = timedelta(days=round(settings.PROJECT_START_MONTHS * 365.25 / 12))
        usual = ExpressionWrapper(F("signed") + Value(grace), output_field=models.DateField())
        due = Case(When(ONLY_STARTED, then="finish_by"), When(start_by=None, then=usual), default="start_by")
        return self.filter(overdue(today)).annotate(due=due)


class Progress(models.Model):
    """What an approved listing and its rows come to, in one narrow row: asked where many projects are counted at once.

    Noted at the approval, which freezes the listing; so it cannot say otherwise than it does.
    """

    version = models.OneToOneField(Version, models.CASCADE, primary_key=True, related_name="progress")
    city = models.ForeignKey(City, models.PROTECT, null=True, related_name="+", db_index=False)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, related_name="+", db_index=False)
    link = models.ForeignKey(ChainLink, models.PROTECT, null=True, related_name="+", db_index=False)
    park = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+", db_index=False)
    cooperation = models.CharField(max_length=14, blank=True, default="")
    live_from = models.DateTimeField(null=True)
    live_until = models.DateTimeField(default=NEVER)  # moved with the version's by every step that moves that
    stage = models.SmallIntegerField(null=True, choices=Stage)  # the furthest reported
    stopped = models.BooleanField()
    year = models.SmallIntegerField(null=True)  # of the first signing whose year is stated
    signed = models.DateField(null=True)  # by the end of this day
    start_by = models.DateField(null=True)
    finish_by = models.DateField(null=True)
    investment = models.DecimalField(max_digits=24, decimal_places=6, null=True)  # in yuan, whatever its basis
    agreed = models.DecimalField(max_digits=24, decimal_places=6, null=True)  # investment agreed, in yuan
    paid_in = models.DecimalField(max_digits=24, decimal_places=6, null=True)  # so far, in yuan
    # Days that a step took, where sources date both its ends to the month and leave no doubt about the year.
    days_to_register = models.IntegerField(null=True)  # from the signing
    days_to_start = models.IntegerField(null=True)  # from the signing
    days_to_produce = models.IntegerField(null=True)  # from the start
    days_to_full = models.IntegerField(null=True)  # from the first production

    objects = ProgressQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["stage"], name="progress_stage"),
            # All that lists are narrowed by, so that they are counted without reading the rows.
            models.Index(
                "live_until",
                "live_from",
                "version",
                "city",
                "industry",
                "link",
                "stage",
                "stopped",
                "cooperation",
                "investment",
                name="progress_listed",
            ),
            models.Index(F("live_from").desc(), F("version").desc(), name="progress_newest"),
            models.Index(REACHED.desc(), F("version").desc(), name="progress_furthest"),
            models.Index(INVESTED.desc(), F("version").desc(), name="progress_investment"),
        ]

    @classmethod
    def note(cls, listings: Any) -> None:
        """Writes the rows of these listings, a QuerySet, anew."""
        in_yuan = investments().filter(unit="CNY")
        agreed, paid = in_yuan.filter(basis=Basis.AGREED), in_yuan.filter(basis=Basis.PAID_IN).exclude(as_of="")
        loaded = listings.prefetch_related(
            "stage_events",
            Prefetch("figures", in_yuan, "investments_in_yuan"),
            Prefetch("figures", agreed, "agreed_investments"),
            Prefetch("figures", paid.order_by("-day", "pk"), "paid_investments"),
        ).select_related("entry")
        rows = (cls(version_id=listing.pk, **come_to(listing)) for listing in loaded.iterator(chunk_size=500))
        fields = [field.name for field in cls._meta.fields if not field.primary_key]
        cls.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["version"], update_fields=fields
        )

    @property
    def is_started(self) -> bool:
        return bool(self.stage and self.stage >= Stage.STARTED)

    @property
    def late_since(self) -> date | None:
        """The day that was to be kept, of a row that is `late`."""
        if self.is_started:
            return self.finish_by
        return self.start_by or (self.signed and months_before(self.signed, -settings.PROJECT_START_MONTHS))

    @property
    def stage_words(self) -> str:
        return stage_words(self.stage, self.stopped)


def note_progress(version: Version) -> None:
    """At the approval of a listing."""
    if isinstance(version, ProjectListing):
        Progress.note(ProjectListing.objects.filter(pk=version.pk))


def note_period(_step: str, version: Version, _by: Any, _reason: str) -> None:
    """After every step: it may have ended an older version, or this one."""
    if version.entry.kind == ProjectListing.kind:
        ends = Version.objects.filter(pk=OuterRef("pk")).values("live_until")[:1]
        of_entry = Progress.objects.filter(version__entry=version.entry_id)
        of_entry.update(live_until=Coalesce(Subquery(ends), Value(NEVER)))


def come_to(listing: ProjectListing) -> dict[str, Any]:
    """The fields of its Progress, of a listing loaded with its events and investments in yuan."""
    events = [(event.stage, event.when) for event in listing.stage_events.all()]
    said = (listing.investments_in_yuan, listing.agreed_investments, listing.paid_investments)
    investment, agreed, paid = (next((row.value_min for row in rows), None) for rows in said)
    copied = ("industry_id", "link_id", "park_id", "cooperation", "live_from")
    return (
        reached(events)
        | days_taken(events)
        | {
            "start_by": last_day(listing.start_by),
            "finish_by": last_day(listing.finish_by),
            "city_id": listing.entry.city_id,
            "investment": investment,
            "agreed": agreed,
            "paid_in": paid,
            "live_until": listing.live_until or NEVER,
        }
        | {name: getattr(listing, name) for name in copied}
    )


def reached(events: Iterable[tuple[int, Any]]) -> dict[str, Any]:
    """How far it is and when it was signed, by its events (stage, when)."""
    events = list(events)
    signings = [when for stage, when in events if stage == Stage.SIGNED]
    return {
        "stage": max((stage for stage, _when in events if stage > 0), default=None),
        "stopped": any(stage == Stage.CANCELLED for stage, _when in events),
        "year": min((when.earliest.year for when in signings if when.earliest), default=None),
        "signed": min(filter(None, map(last_day, signings)), default=None),
    }


#: The steps whose length is measured: the field of Progress, from which stage to which.
STEPS = {
    "days_to_register": (Stage.SIGNED, Stage.REGISTERED),
    "days_to_start": (Stage.SIGNED, Stage.STARTED),
    "days_to_produce": (Stage.STARTED, Stage.PRODUCING),
    "days_to_full": (Stage.PRODUCING, Stage.FULL),
}


def days_taken(events: Iterable[tuple[int, Any]]) -> dict[str, int | None]:
    """How long each step took, by its events (stage, when)."""
    days: dict[int, date] = {}
    for stage, when in events:
        day = about(when)
        if day:
            days[stage] = min(day, days.get(stage, day))
    return {name: between(days.get(first), days.get(then)) for name, (first, then) in STEPS.items()}


def about(when: UncertainDate) -> date | None:
    """The middle of what the source says; None where it is vaguer than a month or in doubt about its year."""
    if not when.earliest or not when.latest or when.inferred or when.latest - when.earliest > timedelta(days=31):
        return None
    return when.earliest + (when.latest - when.earliest) / 2


def between(first: date | None, then: date | None) -> int | None:
    """Days from one to the other; None for a step that would run backwards: one of its dates is wrong."""
    return (then - first).days if first and then and then >= first else None


def months_before(day: date, months: int) -> date:
    """The same day of that month, or its last; later for a negative number."""
    years, month = divmod(day.month - 1 - months, 12)
    return date(day.year + years, month + 1, min(day.day, monthrange(day.year + years, month + 1)[1]))


class ProjectParty(Part, Sourced):
    """Who takes part; unnamed parties are counted, and a share the source does not give stays empty."""

    class Role(models.TextChoices):
        INVESTOR = "investor", pgettext_lazy("party", "investor")
        SHAREHOLDER = "shareholder", pgettext_lazy("party", "shareholder")
        OPERATOR = "operator", pgettext_lazy("party", "operating company")
        GOVERNMENT = "government", pgettext_lazy("party", "government side")
        PARTNER = "partner", pgettext_lazy("party", "partner")

    identity = ("organisation", "name", "role")

    version = models.ForeignKey(ProjectListing, models.CASCADE, related_name="parties", editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = TranslatedField(_("name, when not among the organisations"), blank=True)
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    role = models.CharField(_("role"), max_length=11, choices=Role)
    share = models.DecimalField(_("share, %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def clean(self) -> None:
        try:
            for check in (MinValueValidator(0), MaxValueValidator(100)):
                check(self.share or 0)
        except ValidationError as refused:
            raise ValidationError({"share": refused}) from None

    @property
    def label(self) -> Text:
        return self.organisation.name if self.organisation else self.name

    @property
    def words(self) -> str:
        """In one line, for the file: "Weiqiao (investor)", "6 × not named (partner)"."""
        name = str(self.label) or gettext("not named")
        count = f"{self.count} × " if self.count > 1 else ""
        return f"{count}{name}{bracketed(self.get_role_display())}"


class Component(Part, Sourced):
    """What is built or installed."""

    class Kind(models.TextChoices):
        BUILDING = "building", pgettext_lazy("component", "building")
        LINE = "line", pgettext_lazy("component", "production line")
        OTHER = "other", pgettext_lazy("component", "other")

    version = models.ForeignKey(ProjectListing, models.CASCADE, related_name="components", editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = TranslatedField(_("name"))
    quantity = models.PositiveSmallIntegerField(_("quantity"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("component")
        verbose_name_plural = _("components")


class Reconciliation(NamedTuple):
    """What a ceremony declared beside what its listed projects itemise. None: not stated."""

    declared_count: int | None
    itemised_count: int
    declared_amount: Decimal | None
    itemised_amount: Decimal
    unit: str
    unpriced: int

    @property
    def declared(self) -> str:
        return "" if self.declared_amount is None else quantity(self.declared_amount, self.unit)

    @property
    def itemised(self) -> str:
        return quantity(self.itemised_amount, self.unit)


class CeremonyRecord(Version):
    kind = "ceremony"

    class Type(models.TextChoices):
        SIGNING = "signing", pgettext_lazy("ceremony", "signing")
        GROUNDBREAKING = "groundbreaking", pgettext_lazy("ceremony", "groundbreaking")
        COMPLETION = "completion", pgettext_lazy("ceremony", "completion")
        PRODUCTION = "production", pgettext_lazy("ceremony", "start of production")
        MEETING = "meeting", pgettext_lazy("ceremony", "meeting")
        ROADSHOW = "roadshow", pgettext_lazy("ceremony", "roadshow")

    type = models.CharField(_("type"), max_length=14, choices=Type)
    when = UncertainDateField(_("date"))
    day = LastDayField(of="when")
    part_of_day = models.CharField(
        _("part of the day"),
        max_length=9,
        blank=True,
        choices=[("morning", _("morning")), ("afternoon", _("afternoon")), ("evening", _("evening"))],
    )
    place = TranslatedField(pgettext_lazy("where something happens", "place"), blank=True)
    park = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("park"),
        limit_choices_to={"kind": "park"},
    )  # fmt: skip
    host = TranslatedField(_("host"), blank=True)
    declared_count = models.PositiveSmallIntegerField(_("projects declared"), null=True, blank=True)
    source = models.ForeignKey("facts.Source", models.PROTECT, related_name="+", verbose_name=_("source"))

    class Meta:
        verbose_name = _("ceremony")
        verbose_name_plural = _("ceremonies")

    def declared_investment(self) -> Figure | None:
        """The total agreed investment declared at the ceremony."""
        return next(
            (
                figure
                for figure in self.figures.all()
                if figure.metric.code == "total-investment"
                and figure.basis == Basis.AGREED
                and figure.visibility == Visibility.PUBLIC
                and not figure.subject
            ),
            None,
        )

    def reconciliation(self) -> Reconciliation:
        """Declared totals against the projects listed with it."""
        declared = self.declared_investment()
        signed = list(self.signed_projects.all())
        unit = declared.unit if declared else "CNY"
        priced = [row.amount for row in signed if row.amount is not None and row.amount_unit == unit]
        return Reconciliation(
            self.declared_count,
            len(signed),
            declared.value_min if declared else None,
            sum(priced, Decimal(0)),
            unit,
            len(signed) - len(priced),
        )


#: What lists of ceremonies are sorted by: those whose year no source states come last.
LATEST = F("day").desc(nulls_last=True), F("entry").desc()


class Participation(Part, Sourced):
    """A guest, with the position held that day. `order` is the order of protocol in which the source names them."""

    class Side(models.TextChoices):
        GOVERNMENT = "government", pgettext_lazy("side", "government")
        COMPANY = "company", pgettext_lazy("side", "companies")
        ASSOCIATION = "association", pgettext_lazy("side", "associations")
        MEDIA = "media", pgettext_lazy("side", "media")

    class Role(models.TextChoices):
        ATTEND = "attend", pgettext_lazy("guest", "attended")
        WITNESS = "witness", pgettext_lazy("guest", "witnessed the signing")
        HOST = "host", pgettext_lazy("guest", "hosted")
        SPEAK = "speak", pgettext_lazy("guest", "spoke")
        PRESENT = "present", pgettext_lazy("guest", "presented the investment case")
        SIGN = "sign", pgettext_lazy("guest", "signed")
        MEET = "meet", pgettext_lazy("guest", "met the guests")
        INVITED = "invited", pgettext_lazy("guest", "attended by invitation")

    version = models.ForeignKey(CeremonyRecord, models.CASCADE, related_name="participations", editable=False)
    name = TranslatedField(pgettext_lazy("of a person", "name"), max_length=120)
    position = TranslatedField(_("position that day"), blank=True)
    body = TranslatedField(_("body"), blank=True)
    body_inferred = models.BooleanField(_("body inferred from context"), default=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    side = models.CharField(_("side"), max_length=11, choices=Side, default=Side.GOVERNMENT)
    roles = models.JSONField(_("roles"), default=list)
    is_group = models.BooleanField(_("a group, not a person"), default=False)

    class Meta(Part.Meta):
        verbose_name = _("guest")
        verbose_name_plural = _("guests")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def speaks_of(self) -> str:
        return str(self.name)

    @property
    def in_short(self) -> str:
        """ "vice mayor · Binzhou City · government · spoke": what a reviewer answers for."""
        said = [self.position, self.body, self.organisation or "", self.get_side_display(), *self.role_names]
        return " · ".join(words for each in said if (words := str(each)))

    @property
    def role_names(self) -> list[str]:
        return [str(self.Role(role).label) for role in self.roles if role in self.Role.values]


class AgendaItem(Part, Sourced):
    class Kind(models.TextChoices):
        SPEECH = "speech", pgettext_lazy("agenda", "speech")
        PRESENTATION = "presentation", pgettext_lazy("agenda", "investment presentation")
        SIGNING = "signing", pgettext_lazy("agenda", "signing")
        OTHER = "other", pgettext_lazy("agenda", "other")

    version = models.ForeignKey(CeremonyRecord, models.CASCADE, related_name="agenda", editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    by = models.ForeignKey(
        Participation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    text = TranslatedField(_("text"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")


class SignedProject(Part, Sourced):
    """A project this ceremony is about: the listing where there is one, and its amount where one is itemised."""

    identity = ("title", "project")
    amounts = {"amount_words": ("amount", "amount_unit")}

    version = models.ForeignKey(CeremonyRecord, models.CASCADE, related_name="signed_projects", editable=False)
    project = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="ceremonies", verbose_name=_("project"),
        limit_choices_to={"kind": "project"},
    )  # fmt: skip
    title = TranslatedField(_("title"))
    amount = models.DecimalField(_("amount"), max_digits=24, decimal_places=2, null=True, blank=True)
    amount_unit = models.CharField(_("currency"), max_length=3, choices=[("CNY", "CNY"), ("USD", "USD")], default="CNY")

    class Meta(Part.Meta):
        verbose_name = _("project of the ceremony")
        verbose_name_plural = _("projects of the ceremony")

    @property
    def speaks_of(self) -> str:
        return str(self.title)

    @property
    def amount_words(self) -> str:
        return "" if self.amount is None else quantity(self.amount, self.amount_unit)
