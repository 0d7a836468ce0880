"""Statements with provenance: metrics, sources, figures, claims and passages."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.cities.models import City
from portal.lib import units
from portal.lib.dates import LastDayField, UncertainDateField
from portal.lib.text import TranslatedField, bracketed, languages, spaced
from portal.publishing.models import Part, Reference, Version


class Metric(Reference):
    """What is measured. A metric whose definition no source gives says so wherever it is shown."""

    class Kind(models.TextChoices):
        STOCK = "stock", gettext_lazy("stock, on a day")
        FLOW = "flow", gettext_lazy("flow, over a period")

    class Total(models.TextChoices):
        SUM = "sum", gettext_lazy("may be added up")
        MEAN = "mean", gettext_lazy("may be averaged")
        NONE = "none", gettext_lazy("neither")

    class Topic(models.TextChoices):
        ECONOMY = "economy", pgettext_lazy("topic", "economy")
        INDUSTRY = "industry", pgettext_lazy("topic", "industry")
        LABOUR = "labour", pgettext_lazy("topic", "people and labour")
        LAND = "land", pgettext_lazy("topic", "land")
        ENERGY = "energy", pgettext_lazy("topic", "energy and utilities")
        LOGISTICS = "logistics", pgettext_lazy("topic", "logistics")
        INNOVATION = "innovation", pgettext_lazy("topic", "innovation")
        ENVIRONMENT = "environment", pgettext_lazy("topic", "environment")
        TRADE = "trade", pgettext_lazy("topic", "trade")
        LIFE = "life", pgettext_lazy("topic", "quality of life")
        OTHER = "other", pgettext_lazy("topic", "other")

    class Better(models.TextChoices):
        MORE = "more", gettext_lazy("more is better")
        LESS = "less", gettext_lazy("less is better")
        NEITHER = "neither", gettext_lazy("neither")

    code = models.SlugField(gettext_lazy("code"), max_length=60, unique=True)
    name = TranslatedField(gettext_lazy("name"))
    definition = TranslatedField(gettext_lazy("definition"), multiline=True, blank=True)
    kind = models.CharField(gettext_lazy("kind"), max_length=5, choices=Kind, default=Kind.STOCK)
    unit = models.CharField(gettext_lazy("usual unit"), max_length=12, choices=units.choices)
    total = models.CharField(gettext_lazy("adding up"), max_length=4, choices=Total, default=Total.NONE)
    better = models.CharField(gettext_lazy("which way is better"), max_length=7, choices=Better, default=Better.NEITHER)
    topic = models.CharField(gettext_lazy("topic"), max_length=11, choices=Topic, default=Topic.OTHER)
    fresh_for_months = models.PositiveSmallIntegerField(gettext_lazy("fresh for, months"), default=12)
    compared = models.BooleanField(
        gettext_lazy("cities are compared by it"),
        default=False,
        help_text=gettext_lazy("A city that gives no value is asked for one."),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = gettext_lazy("metric")
        verbose_name_plural = gettext_lazy("metrics")

    def __str__(self) -> str:
        return str(self.name)


class Source(Reference):
    """A document that says something: who published it, who passed it on, when, and in what state it was read."""

    class Kind(models.TextChoices):
        RELEASE = "release", gettext_lazy("press release")
        NEWS = "news", gettext_lazy("news report")
        COMPANY = "company", gettext_lazy("company page")
        GOVERNMENT = "government", gettext_lazy("government document")
        STATISTICS = "statistics", gettext_lazy("official statistics")
        RESEARCH = "research", gettext_lazy("research report")
        DIGEST = "digest", gettext_lazy("third-party summary")
        OTHER = "other", gettext_lazy("other")

    class Translated(models.TextChoices):
        ORIGINAL = "original", gettext_lazy("read in the original")
        HUMAN = "human", gettext_lazy("read in a human translation")
        MACHINE = "machine", gettext_lazy("read in a machine translation")
        UNKNOWN = "unknown", gettext_lazy("not stated whether translated")

    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=gettext_lazy("city"),
        help_text=gettext_lazy("Whose office keeps it; empty: shared."),
    )
    code = models.SlugField(gettext_lazy("code"), max_length=40, unique=True)
    title = TranslatedField(gettext_lazy("title"), max_length=300)
    publisher = TranslatedField(gettext_lazy("publisher"))
    distributor = TranslatedField(gettext_lazy("passed on by"), blank=True)
    issuer = TranslatedField(gettext_lazy("issuing body"), blank=True)
    byline = models.CharField(gettext_lazy("byline"), max_length=120, blank=True)
    kind = models.CharField(gettext_lazy("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    promotional = models.BooleanField(
        gettext_lazy("published by the one it praises"), default=False, help_text=gettext_lazy("Shown to readers.")
    )
    language = models.CharField(gettext_lazy("language read"), max_length=10, choices=languages, default="en")
    translated = models.CharField(gettext_lazy("as read"), max_length=8, choices=Translated, default=Translated.UNKNOWN)
    engine = models.CharField(gettext_lazy("translation engine"), max_length=60, blank=True)
    dateline_place = TranslatedField(gettext_lazy("dateline place"), blank=True)
    dateline_date = models.DateField(gettext_lazy("dateline date"), null=True, blank=True)
    published = UncertainDateField(gettext_lazy("published"))
    published_time = models.CharField(
        gettext_lazy("time and zone as printed"), max_length=60, blank=True, help_text="14:08 CST (UTC+8)"
    )
    retrieved = models.DateField(gettext_lazy("retrieved"), null=True, blank=True)
    url = models.URLField(
        gettext_lazy("address"), max_length=500, blank=True, validators=[URLValidator(["http", "https"])]
    )
    contact = models.CharField(gettext_lazy("contact printed in it"), max_length=200, blank=True)
    note = TranslatedField(gettext_lazy("note"), multiline=True, blank=True)

    class Meta:
        ordering = ["-published", "code"]
        verbose_name = gettext_lazy("source")
        verbose_name_plural = gettext_lazy("sources")

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}" + (f" ({self.published})" if self.published else "")

    def get_language_display(self) -> str:  # type: ignore[no-redef]
        """Django's own makes a table of all languages at each call."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def time_words(self) -> str:
        """The time of day as printed: "14:08 CST"; where no zone stands beside it, that is said."""
        has_zone = not self.published_time or any(one.isalpha() or one == "+" for one in self.published_time)
        return self.published_time + ("" if has_zone else bracketed(_("time zone not stated")))

    @classmethod
    def attach(cls, rows: "Iterable[Sourced]") -> None:
        """Gives each of these rows its source, all in one query."""
        rows = list(rows)
        found = cls.objects.in_bulk({row.source_id for row in rows})
        for row in rows:
            row.source = found[row.source_id]


class Sourced(models.Model):
    """Something stated in a document: where it stands, and in which words."""

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=gettext_lazy("source"), related_name="+")
    locator = models.CharField(
        gettext_lazy("where in it"), max_length=80, blank=True, help_text=gettext_lazy("page, paragraph, [1][11]")
    )
    quote = models.TextField(
        gettext_lazy("words as reported"), blank=True, help_text=gettext_lazy("as printed, in the source's language")
    )

    class Meta:
        abstract = True


class Basis(models.TextChoices):
    """In what sense a figure is true. Only the first four speak of what has happened."""

    ACHIEVED = "achieved", pgettext_lazy("basis", "achieved")
    REPORTED = "reported_flow", pgettext_lazy("basis", "reported for a period")
    PAID_IN = "paid_in", pgettext_lazy("basis", "paid in")
    DERIVED = "derived", pgettext_lazy("basis", "derived")
    AGREED = "agreed", pgettext_lazy("basis", "agreed")
    PLANNED = "planned", pgettext_lazy("basis", "planned")
    DESIGN = "design", pgettext_lazy("basis", "design capacity")
    FULL = "at_full_production", pgettext_lazy("basis", "at full production")
    TARGET = "target", pgettext_lazy("basis", "target")
    FORECAST = "forecast", pgettext_lazy("basis", "forecast")


#: Bases that speak of what has happened; the others speak of what is promised or expected.
DONE = {Basis.ACHIEVED, Basis.REPORTED, Basis.PAID_IN, Basis.DERIVED}


def review_day(counted: date, months: int) -> date:
    """The day by which a count of that day should have been looked at again."""
    years, month = divmod(counted.month - 1 + months, 12)
    return date(min(counted.year + years, date.max.year), month + 1, min(counted.day, 28))


def last_stale_day(today: date, months: int) -> date:
    """The last day whose `review_day` has passed: the same rule read backwards, for SQL."""
    passed = today - timedelta(days=1)
    years, month = divmod(passed.month - 1 - months, 12)
    if passed.year + years < date.min.year:
        return date.min
    day = passed.day if passed.day < 28 else monthrange(passed.year + years, month + 1)[1]
    return date(passed.year + years, month + 1, day)


class Qualifier(models.TextChoices):
    EXACT = "exact", pgettext_lazy("qualifier", "exactly")
    ABOUT = "about", pgettext_lazy("qualifier", "about")
    MORE_THAN = "more_than", pgettext_lazy("qualifier", "more than")
    AT_LEAST = "at_least", pgettext_lazy("qualifier", "at least")
    LESS_THAN = "less_than", pgettext_lazy("qualifier", "less than")
    UP_TO = "up_to", pgettext_lazy("qualifier", "up to")
    NEARLY = "nearly", pgettext_lazy("qualifier", "nearly")
    RANGE = "range", pgettext_lazy("qualifier", "from–to")

    @property
    def words(self) -> str:
        """ "more than", or nothing when exact or a range."""
        return "" if self in (self.EXACT, self.RANGE) else str(self.label)


class Verification(models.TextChoices):
    UNVERIFIED = "unverified", gettext_lazy("not verified independently")
    CHECKED = "checked", gettext_lazy("checked against a second source")
    DISPUTED = "disputed", gettext_lazy("sources disagree")
    SUPERSEDED = "superseded", gettext_lazy("a newer value exists")


class Visibility(models.TextChoices):
    PUBLIC = "public", gettext_lazy("public")
    INVESTOR = "investor", gettext_lazy("for an investor on request")
    INTERNAL = "internal", gettext_lazy("internal")


class FigureQuerySet(models.QuerySet):
    def stale(self, today: date):
        """Counts that change and should have been looked at again by now: those of which `Evidence.told` says so."""
        ages = Metric.objects.filter(kind=Metric.Kind.STOCK).order_by("fresh_for_months")
        old = (
            Q(metric__fresh_for_months=months, day__lte=last_stale_day(today, months))
            for months in ages.values_list("fresh_for_months", flat=True).distinct()
        )
        of_stocks = self.filter(basis__in=DONE, metric__kind=Metric.Kind.STOCK)
        return of_stocks.filter(reduce(or_, old, Q(pk=None))).uncontinued()

    def uncontinued(self):
        """Without what a newer value of the same thing in the same version has made history: see `Evidence.earlier`."""
        same = ("version", "metric", "unit", "subject", "basis", "visibility")
        newer = Figure.objects.filter(day__gt=OuterRef("day"), **{name: OuterRef(name) for name in same})
        return self.exclude(Exists(newer))

    def due(self, today: date, within_days: int = 30):
        """Those that will be stale in so many days and are not yet."""
        return self.stale(today + timedelta(days=within_days)).exclude(pk__in=self.stale(today).values("pk"))


class Figure(Part, Sourced):
    """A number as a sentence: what, how much, in what sense, when, in whose words."""

    identity = ("metric", "subject", "basis")
    amounts = {"amount": ("value_min", "value_max", "qualifier", "unit"), "conversion": ("converted", "converted_unit")}

    version = models.ForeignKey(Version, models.CASCADE, related_name="figures", editable=False)
    subject = TranslatedField(
        gettext_lazy("about"), blank=True, help_text=gettext_lazy("Only when not about the page's own subject.")
    )
    metric = models.ForeignKey(Metric, models.PROTECT, verbose_name=gettext_lazy("metric"), related_name="+")
    qualifier = models.CharField(gettext_lazy("qualifier"), max_length=9, choices=Qualifier, default=Qualifier.EXACT)
    value_min = models.DecimalField(gettext_lazy("value"), max_digits=24, decimal_places=6)
    value_max = models.DecimalField(
        gettext_lazy("to (of a range)"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    unit = models.CharField(gettext_lazy("unit"), max_length=12, choices=units.choices)
    scale_as_reported = models.CharField(
        gettext_lazy("scale as reported"),
        max_length=8,
        blank=True,
        choices=[("万", "万"), ("亿", "亿"), ("million", "million"), ("billion", "billion")],
    )
    basis = models.CharField(gettext_lazy("basis"), max_length=18, choices=Basis)
    period = UncertainDateField(gettext_lazy("period"))
    as_of = UncertainDateField(gettext_lazy("as of"))
    day = LastDayField(of="when")
    yoy = models.DecimalField(
        gettext_lazy("growth on the year before, %"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    yoy_period = UncertainDateField(gettext_lazy("compared with"))
    part_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=gettext_lazy("part of")
    )
    supersedes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("replaces")
    )
    converted = models.DecimalField(
        gettext_lazy("the source's own conversion"), max_digits=24, decimal_places=2, null=True, blank=True
    )
    converted_unit = models.CharField(
        gettext_lazy("unit of the conversion"), max_length=12, choices=units.choices, blank=True
    )
    statistics_by = TranslatedField(
        gettext_lazy("statistics of"), blank=True, help_text=gettext_lazy("Whose statistics the source cites.")
    )
    verification = models.CharField(
        gettext_lazy("verification"), max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )
    visibility = models.CharField(
        gettext_lazy("visibility"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    key = models.BooleanField(gettext_lazy("among the key figures"), default=False)
    note = TranslatedField(gettext_lazy("note for readers"), multiline=True, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = gettext_lazy("figure")
        verbose_name_plural = gettext_lazy("figures")
        constraints = [
            models.CheckConstraint(condition=~Q(as_of="") | ~Q(period=""), name="figure_dated"),
            models.CheckConstraint(
                condition=Q(qualifier="range", value_max__gte=F("value_min"))
                | ~Q(qualifier="range") & Q(value_max=None),
                name="figure_range_has_two_ends",
            ),
            models.CheckConstraint(
                condition=Q(converted=None, converted_unit="") | Q(converted__isnull=False) & ~Q(converted_unit=""),
                name="figure_conversion_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["metric", "day"], name="figure_metric_day"),
            models.Index(fields=["day"], name="figure_day"),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.amount}"

    @property
    def speaks_of(self) -> str:
        return " · ".join(str(words) for words in (self.metric, self.subject) if words)

    @property
    def dated(self) -> str:
        return self.when.words

    def clean(self) -> None:
        if not self.as_of and not self.period:
            raise ValidationError({"as_of": _("Say when: a day it was true, or the period it covers.")})
        if self.qualifier == Qualifier.RANGE and (self.value_max is None or self.value_max < self.value_min):
            raise ValidationError({"value_max": _("A range needs a second value, not below the first.")})
        if self.qualifier != Qualifier.RANGE and self.value_max is not None:
            raise ValidationError({"value_max": _("A second value belongs to a range only.")})
        if (self.converted is None) != (not self.converted_unit):
            raise ValidationError({"converted": _("A conversion needs an amount and its unit.")})
        if self.part_of_id and self.part_of_id == self.pk:
            raise ValidationError({"part_of": _("A figure cannot be part of itself.")})

    @property
    def is_done(self) -> bool:
        """Whether it speaks of what has happened, not of what is promised or expected."""
        return self.basis in DONE

    @property
    def when(self):
        return self.period or self.as_of

    @property
    def qualifier_words(self) -> str:
        return Qualifier(self.qualifier).words

    def get_basis_display(self) -> str:  # type: ignore[no-redef]
        """Django's own makes a table of all choices at each call: a sixth of a page with many figures."""
        return str(Basis(self.basis).label)

    @property
    def bare_amount(self) -> str:
        """Value and unit without the qualifier: "RMB 1.15 bn"."""
        return units.quantity(self.value_min, self.unit, self.value_max)

    @property
    def amount(self) -> str:
        """As the reader's language writes it: "more than RMB 250 bn", "超过2,500亿元"."""
        return spaced([self.qualifier_words, self.bare_amount])

    @property
    def conversion(self) -> str:
        return units.quantity(self.converted, self.converted_unit) if self.converted is not None else ""

    @property
    def implied_words(self) -> str:
        """ "implies RMB 7.2267 for US$1", or nothing."""
        if self.implied_rate is None:
            return ""
        rate, one = units.quantity(self.implied_rate, self.unit), units.quantity(Decimal(1), self.converted_unit)
        return _("implies %(rate)s for %(one)s") % {"rate": rate, "one": one}

    @property
    def implied_rate(self) -> Decimal | None:
        """Units of the figure for one of the source's conversion: 7.2267 CNY/USD."""
        return round(self.value_min / self.converted, 4) if self.converted else None

    @property
    def prior_value(self) -> Decimal | None:
        """What the growth says the year before was."""
        if self.yoy is None or self.yoy <= -100 or self.unit == "percent":
            return None
        return self.value_min / (1 + self.yoy / 100)

    @property
    def share_of_whole(self) -> str:
        whole = self.part_of
        return units.share(self.value_min, whole.value_min) if whole and whole.unit == self.unit else ""


class Claim(Part, Sourced):
    """What somebody says of a place or firm that is not a number: kept apart from facts, with who says it."""

    class Kind(models.TextChoices):
        SLOGAN = "slogan", gettext_lazy("slogan")
        SUPERLATIVE = "superlative", gettext_lazy("superlative")
        QUALITY = "quality", gettext_lazy("assessment")
        GOAL = "goal", gettext_lazy("goal")
        PLEDGE = "pledge", gettext_lazy("pledge")
        QUOTE = "quote", gettext_lazy("quotation")

    version = models.ForeignKey(Version, models.CASCADE, related_name="claims", editable=False)
    kind = models.CharField(gettext_lazy("kind"), max_length=11, choices=Kind)
    text = TranslatedField(gettext_lazy("text"), multiline=True)
    about = TranslatedField(gettext_lazy("about"), blank=True)
    attributed_to = TranslatedField(gettext_lazy("said by"))
    scope = TranslatedField(gettext_lazy("scope"), blank=True, help_text=gettext_lazy("Northern China; the province"))
    compared_with = TranslatedField(gettext_lazy("compared with"), blank=True)
    as_of = UncertainDateField(gettext_lazy("as of"))
    verification = models.CharField(
        gettext_lazy("verification"), max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )
    note = TranslatedField(gettext_lazy("note for readers"), multiline=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = gettext_lazy("claim")
        verbose_name_plural = gettext_lazy("claims")

    def __str__(self) -> str:
        return str(self.text)

    @property
    def speaks_of(self) -> str:
        return f"{capfirst(self.get_kind_display())} · {self.attributed_to}"


class Passage(Part, Sourced):
    """A sourced piece of the story: history, strategy, reasons, phases, trends."""

    class Topic(models.TextChoices):
        HISTORY = "history", gettext_lazy("History")
        STRATEGY = "strategy", gettext_lazy("Strategy")
        ADVANTAGE = "advantage", gettext_lazy("Location and conditions")
        RATIONALE = "rationale", gettext_lazy("Why here")
        BACKGROUND = "background", gettext_lazy("Market background")
        CONTENT = "content", gettext_lazy("What is built")
        SUPPORT = "support", gettext_lazy("Support")
        DEMAND = "demand", gettext_lazy("First customers")
        SERVICE = "service", gettext_lazy("Services and reach")
        COMPANY = "company", gettext_lazy("The company")
        SIGNIFICANCE = "significance", gettext_lazy("Significance")
        FOCUS = "focus", gettext_lazy("Focus")
        METHOD = "method", gettext_lazy("Method")
        PHASE = "phase", gettext_lazy("Phases of the industry")
        PATTERN = "pattern", gettext_lazy("Where the industry is")
        TREND = "trend", gettext_lazy("Trends")

    version = models.ForeignKey(Version, models.CASCADE, related_name="passages", editable=False)
    topic = models.CharField(gettext_lazy("topic"), max_length=12, choices=Topic)
    text = TranslatedField(gettext_lazy("text"), multiline=True)
    when = UncertainDateField(gettext_lazy("when"))

    class Meta(Part.Meta):
        verbose_name = gettext_lazy("passage")
        verbose_name_plural = gettext_lazy("passages")

    def __str__(self) -> str:
        return str(self.text)

    @property
    def speaks_of(self) -> str:
        return str(self.get_topic_display())


class Citation(Part, Sourced):
    """A further document in which a figure or claim of this version stands."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="citations", editable=False)
    figure = models.ForeignKey(
        Figure, models.CASCADE, null=True, blank=True, related_name="citations", verbose_name=gettext_lazy("figure")
    )
    claim = models.ForeignKey(
        Claim, models.CASCADE, null=True, blank=True, related_name="citations", verbose_name=gettext_lazy("claim")
    )

    class Meta(Part.Meta):
        verbose_name = gettext_lazy("further citation")
        verbose_name_plural = gettext_lazy("further citations")
        constraints = [
            models.CheckConstraint(
                condition=Q(figure=None, claim__isnull=False) | Q(figure__isnull=False, claim=None),
                name="citation_of_one_thing",
            )
        ]

    def clean(self) -> None:
        if (self.figure_id is None) == (self.claim_id is None):
            raise ValidationError({"figure": _("Choose either a figure or a claim.")})


class DoubtAnswer(Part):
    """Why a doubt stands: the office's answer, read by its reviewers and by nobody outside.

    `key` is the digest of what raised the doubt; when that changes, the answer answers nothing any more.
    """

    is_content = False

    version = models.ForeignKey(Version, models.CASCADE, related_name="doubt_answers", editable=False)
    code = models.CharField(max_length=40, editable=False)
    key = models.CharField(max_length=32, editable=False)
    reason = models.TextField(gettext_lazy("reason"), max_length=2000)
    by = models.CharField(gettext_lazy("answered by"), max_length=150, editable=False)

    class Meta(Part.Meta):
        verbose_name = gettext_lazy("answer to a doubt")
        verbose_name_plural = gettext_lazy("answers to doubts")
        constraints = [models.UniqueConstraint(fields=["version", "code", "key"], name="doubtanswer_once")]

    def __str__(self) -> str:
        return self.reason
