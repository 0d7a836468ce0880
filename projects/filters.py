"""How lists of projects and ceremonies are narrowed, and how many there are under each choice."""

from decimal import Decimal
from itertools import pairwise

from django.db.models import Case, F, Q, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clusters.filters import chain_links, industries
from portal.lib.units import quantity
from portal.publishing.filters import (
    FILTERS,
    UNKNOWN,
    Choice,
    Facet,
    FacetedFilter,
    Narrowing,
    Sorting,
    WordsFilter,
    cities,
    coded,
)

from .ledger import COLUMNS
from .models import INVESTED, LATEST, REACHED, CeremonyRecord, Progress, ProjectListing, Stage, overdue

SIZES = {"small": Decimal(10**8), "medium": Decimal(10**9), "large": Decimal(10**10)}  # each up to so many yuan
NONE = "0"  # what a row of Progress holds where nothing is published


def stages():
    """Along the ladder; cancelled, which is off it, and unknown after."""
    ladder = [*(stage for stage in Stage if stage > 0), Stage.CANCELLED]
    known = [Choice(stage.name.lower(), stage.label, str(stage.value)) for stage in ladder]
    return [*known, Choice(UNKNOWN, _("stage not published"), NONE)]


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


STAGE = Case(
    When(stopped=True, then=Value(Stage.CANCELLED.value)),
    default=Coalesce("stage", Value(0)),
    output_field=SmallIntegerField(),
)
BETWEEN = dict(zip([*SIZES, "huge"], pairwise([None, *SIZES.values(), None]), strict=True))
SIZE = coded([(Q(investment__lt=size), code) for code, size in SIZES.items()] + [(Q(investment__isnull=False), "huge")])
COOPERATION = Coalesce(NullIf("cooperation", Value("")), Value(UNKNOWN))


def at_stages(codes):
    stages = {int(code) for code in codes}
    found = Q(stopped=False, stage__in=stages - {0, Stage.CANCELLED})
    if 0 in stages:
        found |= Q(stopped=False, stage=None)
    return found | Q(stopped=True) if Stage.CANCELLED in stages else found


def of_sizes(codes):
    found = Q(investment=None) if UNKNOWN in codes else Q(pk=None)
    for low, high in (BETWEEN[code] for code in codes if code != UNKNOWN):
        within = Q(investment__gte=low) if low else Q()
        found |= within & (Q(investment__lt=high) if high else Q())
    return found


def in_cooperation(codes):
    return Q(cooperation__in=["" if code == UNKNOWN else code for code in codes])


def naming(field):
    """Rows that name one of these keys, or none where NONE is among them."""

    def where(codes):
        found = Q(**{f"{field}__in": [int(code) for code in codes if code != NONE]})
        return found | Q(**{field: None}) if NONE in codes else found

    return where


def signed_in(rows, year, _today):
    return rows.filter(stage__gte=Stage.SIGNED, year=None if year == UNKNOWN else int(year))


def reached(rows, code, today):
    return rows.filter(overdue(today) if code == "overdue" else COLUMNS[code], stage__gte=Stage.SIGNED)


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
    q = WordsFilter()
    signed = Narrowing(signed_in, signing_years)
    reached = Narrowing(reached, columns)
    stage = Facet(STAGE, stages, where=at_stages, label=pgettext_lazy("of a project", "Stage"))
    city = Facet(F("city_id"), cities, label=gettext_lazy("City"))
    industry = Facet(
        Coalesce("industry_id", Value(0)), industries, where=naming("industry"), label=gettext_lazy("Industry")
    )
    link = Facet(
        Coalesce("link_id", Value(0)), chain_links, where=naming("link"), label=gettext_lazy("Place in the value chain")
    )
    amount = Facet(SIZE, sizes, where=of_sizes, label=gettext_lazy("Total investment"))
    cooperation = Facet(COOPERATION, cooperations, where=in_cooperation, label=gettext_lazy("Cooperation"))
    sort = Sorting(
        newest=(gettext_lazy("newest first"), F("live_from").desc(), F("version").desc()),
        investment=(gettext_lazy("largest investment first"), INVESTED.desc(), F("version").desc()),
        stage=(gettext_lazy("furthest along first"), REACHED.desc(), F("version").desc()),
    )

    def everything(self, clock):
        return Progress.objects.live(clock.at)


class CeremonyFilter(FacetedFilter):
    q = WordsFilter()
    city = Facet(F("entry__city_id"), cities, label=gettext_lazy("City"))
    type = Facet(F("type"), lambda: CeremonyRecord.Type.choices, label=pgettext_lazy("of a ceremony", "Type"))

    def everything(self, clock):
        return CeremonyRecord.objects.live(clock.at).order_by(*LATEST)


FILTERS |= {"project": ProjectFilter, "ceremony": CeremonyFilter}
