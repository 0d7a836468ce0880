"""Zones and parks, what they are laid out for and what they have to let."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.facts.models import Sourced
from portal.facts.validity import Valid, ValidQuerySet
from portal.lib import units
from portal.lib.dates import UncertainDateField
from portal.lib.text import TranslatedField
from portal.publishing.models import Part, Version

from .prices import Ranged, check_whole, goes_upwards, is_whole
from .reference import ChainLink, Industry


class ParkProfile(Version):
    """A zone or park; parks of one platform name the platform."""

    kind = "park"

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        INNER = "inner", _("park within a zone")

    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    approved_in = UncertainDateField(pgettext_lazy("park", "approved"))
    platform = TranslatedField(_("platform"), blank=True, help_text=_("The group of parks it belongs to."))
    industries = TranslatedField(_("leading industries"), blank=True)
    address = TranslatedField(_("address"), blank=True)

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")


class ParkIndustry(Part, Sourced):
    """An industry, or one stage of its chain, that the park is laid out for."""

    version = models.ForeignKey(ParkProfile, models.CASCADE, related_name="industries_served", editable=False)
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("industry"))
    link = models.ForeignKey(
        ChainLink, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stage of the chain")
    )
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("industry of the park")
        verbose_name_plural = _("industries of the park")


def area_units() -> list[tuple[str, str]]:
    return [(code, units.label(code)) for code in units.SQUARE_METRES]


class PlotQuerySet(ValidQuerySet):
    def on_offer(self, today: date):
        return self.in_force(today).filter(status=Plot.Status.AVAILABLE)


class Plot(Ranged, Part, Valid, Sourced):
    """A piece of land or a building on offer, with the conditions that go with it."""

    class Kind(models.TextChoices):
        LAND = "land", pgettext_lazy("plot", "land")
        BUILDING = "building", pgettext_lazy("plot", "building")

    class Status(models.TextChoices):
        AVAILABLE = "available", pgettext_lazy("plot", "available")
        RESERVED = "reserved", pgettext_lazy("plot", "reserved")
        TAKEN = "taken", pgettext_lazy("plot", "taken")

    identity = ("kind", "name")
    amounts = {"size": ("area", "area_unit"), "price_words": ("price", "price_max", "price_unit")}

    version = models.ForeignKey(ParkProfile, models.CASCADE, related_name="plots", editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = TranslatedField(_("name or number"))
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.AVAILABLE)
    available_from = UncertainDateField(_("available from"))
    area = models.DecimalField(_("area"), max_digits=14, decimal_places=2)
    area_unit = models.CharField(_("unit of the area"), max_length=12, choices=area_units, default="mu")
    use = TranslatedField(_("use"), blank=True)
    term_years = models.PositiveSmallIntegerField(_("term, years"), null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, null=True, blank=True)
    price_max = models.DecimalField(_("to (of a range)"), max_digits=18, decimal_places=6, null=True, blank=True)
    price_unit = models.CharField(_("unit of the price"), max_length=12, choices=units.choices, blank=True)
    min_investment = models.DecimalField(
        _("least investment, RMB per mu"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    note = TranslatedField(_("note"), blank=True)

    objects = PlotQuerySet.as_manager()

    class Meta(Part.Meta):
        verbose_name = _("land or building on offer")
        verbose_name_plural = _("land and buildings on offer")
        constraints = [
            models.CheckConstraint(condition=Q(area__gt=0), name="plot_area_positive"),
            is_whole("plot_price_whole", price_max=None),
            goes_upwards("plot_range_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.name}"

    def clean(self) -> None:
        super().clean()
        if self.area is not None and self.area <= 0:
            raise ValidationError({"area": gettext("An area is more than nothing.")})
        check_whole(self.price, self.price_unit, self.price_max)

    def is_on_offer(self, today: date) -> bool:
        return self.status == self.Status.AVAILABLE and self.holds(today)

    @property
    def size(self) -> str:
        return units.quantity(self.area, self.area_unit)

    @property
    def price_words(self) -> str:
        return "" if self.price is None else units.quantity(self.price, self.price_unit, self.price_max)

    @property
    def least_investment(self) -> str:
        return "" if self.min_investment is None else units.quantity(self.min_investment, "CNY/mu")
