"""How lists of projects and ceremonies are narrowed, and how many there are under each choice."""

from decimal import Decimal
from itertools import pairwise

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, SmallIntegerField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clusters.models import ChainLink, Industry
from portal.lib.units import quantity
from portal.publishing.filters import (
    FILTERS,
    UNKNOWN,
    Facet,
    FacetedFilter,
    Narrowing,
    Sorting,
    WordsFilter,
    cities,
    coded,
    names_of,
    said_anywhere,
)

from .ledger import COLUMNS
from .models import CeremonyRecord, Progress, ProjectListing, ProjectParty, Stage, overdue

SIZES = {"small": Decimal(10**8), "medium": Decimal(10**9), "large": Decimal(10**10)}  # each up to so many yuan
STAGES = {stage.name.lower(): str(stage.value) for stage in Stage} | {UNKNOWN: "0"}


def industries():
    return [*names_of(Industry), (UNKNOWN, _("industry not stated"))]


def links():
    rows = ChainLink.objects.select_related("chain").order_by("chain__slug", "order")
    known = [(f"{row.chain.slug}.{row.slug}", f"{row.name} ({row.chain.name})") for row in rows]
    return [*known, (UNKNOWN, _("place in a chain not stated"))]


def stages():
    """Along the ladder; cancelled, which is off it, and unknown after."""
    ladder = [*(stage for stage in Stage if stage > 0), Stage.CANCELLED]
    return [*((stage.name.lower(), stage.label) for stage in ladder), (UNKNOWN, _("stage not published"))]


def cooperations():
    return [*ProjectListing.Cooperation.choices, (UNKNOWN, _("form of cooperation not stated"))]


def sizes():
    amounts = [quantity(size, "CNY") for size in SIZES.values()]
    between = [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(amounts)]
    words = [
        _("under %(amount)s") % {"amount": amounts[0]},
        *between,
        _("%(amount)s and more") % {"amount": amounts[-1]},
    ]
    return [*zip([*SIZES, "huge"], words, strict=True), (UNKNOWN, _("amount in yuan not published"))]


CITY = F("entry__city__slug")
# One subquery for all stages: a case a stage would repeat it for each.
STAGE = Cast(
    Case(
        When(stopped=True, then=Value(Stage.CANCELLED.value)),
        default=Coalesce("stage", Value(0)),
        output_field=SmallIntegerField(),
    ),
    CharField(),
)
SIZE = coded([(Q(investment__lt=size), code) for code, size in SIZES.items()] + [(Q(investment__isnull=False), "huge")])
LINK = Case(
    When(link=None, then=Value(UNKNOWN)),
    default=Concat("link__chain__slug", Value("."), "link__slug", output_field=CharField()),
    output_field=CharField(),
)


def project_says(word):
    parties = ProjectParty.objects.filter(version=OuterRef("pk"))
    own = said_anywhere(word, "title", "summary", "products", "site")
    return own | Exists(parties.filter(said_anywhere(word, "name", "organisation__name")))


def ceremony_says(word):
    return said_anywhere(word, "title", "summary", "place", "host")


def signed_in(rows, year, _today):
    signed = Progress.objects.filter(stage__gte=Stage.SIGNED, year=None if year == UNKNOWN else int(year))
    return rows.filter(pk__in=signed.values("pk"))


def reached(rows, code, today):
    signed = Progress.objects.filter(stage__gte=Stage.SIGNED)
    found = signed.filter(overdue(today) if code == "overdue" else COLUMNS[code])
    return rows.filter(pk__in=found.values("pk"))


def signing_years():
    words = _("signed in %(year)s")
    years = [(str(year), words % {"year": year}) for year in range(1949, 2100)]
    return [*years, (UNKNOWN, _("year of signing not stated"))]


def columns():
    return [
        ("signed", pgettext("in a filter", "signed or further")),
        ("registered", pgettext("in a filter", "company registered or further")),
        ("started", pgettext("in a filter", "started or further")),
        ("producing", pgettext("in a filter", "in production or further")),
        ("full", pgettext("in a filter", "at full capacity")),
        ("cancelled", pgettext("in a filter", "signed and cancelled")),
        ("overdue", pgettext("in a filter", "overdue")),
        ("unpriced", pgettext("in a filter", "signed, no agreed amount published")),
    ]


class ProjectFilter(FacetedFilter):
    q = WordsFilter(project_says)
    signed = Narrowing(signed_in, signing_years)
    reached = Narrowing(reached, columns)
    stage = Facet(STAGE, stages, stored=STAGES, label=pgettext_lazy("of a project", "Stage"))
    city = Facet(CITY, cities, label=gettext_lazy("City"))
    industry = Facet(
        Coalesce("industry__slug", Value(UNKNOWN), output_field=CharField()), industries, label=gettext_lazy("Industry")
    )
    link = Facet(LINK, links, label=gettext_lazy("Place in the value chain"))
    amount = Facet(SIZE, sizes, label=gettext_lazy("Total investment"))
    cooperation = Facet(
        Coalesce(NullIf("cooperation", Value("")), Value(UNKNOWN), output_field=CharField()),
        cooperations,
        label=gettext_lazy("Cooperation"),
    )
    sort = Sorting(
        newest=(gettext_lazy("newest first"), F("live_from").desc(), F("pk").desc()),
        investment=(gettext_lazy("largest investment first"), F("investment").desc(nulls_last=True), F("pk").desc()),
        stage=(gettext_lazy("furthest along first"), F("stage").desc(nulls_last=True), F("pk").desc()),
    )


class CeremonyFilter(FacetedFilter):
    q = WordsFilter(ceremony_says)
    city = Facet(CITY, cities, label=gettext_lazy("City"))
    type = Facet(F("type"), lambda: CeremonyRecord.Type.choices, label=pgettext_lazy("of a ceremony", "Type"))


FILTERS |= {"project": ProjectFilter, "ceremony": CeremonyFilter}
