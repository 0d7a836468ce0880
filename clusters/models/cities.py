"""What a city says of itself."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.facts.models import Qualifier, Sourced
from portal.facts.validity import Valid
from portal.lib import units
from portal.lib.dates import UncertainDateField
from portal.lib.text import TranslatedField, spaced
from portal.publishing.models import Entry, Part, Version

from .prices import Ranged, check_whole, goes_upwards, is_whole
from .reference import Industry


class CityProfile(Version):
    """What a city says of itself."""

    kind = "city"

    class Type(models.TextChoices):
        ANCHOR = "anchor", _("led by an anchor company")
        POLICY = "policy", _("led by policy")
        RESOURCE = "resource", _("led by resources")

    city_type = models.CharField(_("type of city"), max_length=8, choices=Type, blank=True)

    class Meta:
        verbose_name = _("city profile")
        verbose_name_plural = _("city profiles")


class CityIndustry(Part, Sourced):
    """An industry's part in a city's economy."""

    class Role(models.TextChoices):
        FORMER = "former", pgettext_lazy("industry", "former pillar")
        PILLAR = "pillar", pgettext_lazy("industry", "pillar")
        EMERGING = "emerging", pgettext_lazy("industry", "emerging")

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="industries", editable=False)
    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name=_("industry"), related_name="+")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = UncertainDateField(_("since"))

    class Meta(Part.Meta):
        verbose_name = _("industry of the city")
        verbose_name_plural = _("industries of the city")


class SisterCity(Part, Sourced):
    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="sister_cities", editable=False)
    name = TranslatedField(_("city"))
    country = TranslatedField(_("country"))
    relation = TranslatedField(_("relation"), blank=True)
    since = UncertainDateField(_("since"))

    class Meta(Part.Meta):
        verbose_name = _("sister city")
        verbose_name_plural = _("sister cities")


class Contact(Part):
    """Whom to call, for what, in which language."""

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="contacts", editable=False)
    purpose = TranslatedField(_("for"))
    name = TranslatedField(pgettext_lazy("of a person", "name"))
    position = TranslatedField(_("position"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    speaks = models.CharField(_("languages"), max_length=60, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="contact_reachable")]

    def clean(self):
        if not self.phone and not self.email:
            raise ValidationError({"phone": gettext("Give a telephone number or an e-mail address.")})


class Cost(Ranged, Part, Valid, Sourced):
    """What something costs a company in this city: a price as published, and for how long it holds."""

    class Category(models.TextChoices):
        LAND = "land", pgettext_lazy("cost", "land")
        ELECTRICITY = "electricity", pgettext_lazy("cost", "electricity")
        WATER = "water", pgettext_lazy("cost", "water")
        SEWAGE = "sewage", pgettext_lazy("cost", "sewage")
        GAS = "gas", pgettext_lazy("cost", "gas")
        STEAM = "steam", pgettext_lazy("cost", "steam")
        WASTE = "waste", pgettext_lazy("cost", "waste")
        WAGES = "wages", pgettext_lazy("cost", "wages")
        INSURANCE = "insurance", pgettext_lazy("cost", "social insurance")
        FREIGHT = "freight", pgettext_lazy("cost", "freight")
        CONSTRUCTION = "construction", pgettext_lazy("cost", "construction")
        OTHER = "other", pgettext_lazy("cost", "other")

    class Tax(models.TextChoices):
        INCLUDED = "included", pgettext_lazy("price", "tax included")
        EXCLUDED = "excluded", pgettext_lazy("price", "before tax")

    identity = ("category", "what", "park")
    amounts = {"amount": ("price", "price_max", "unit")}

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="costs", editable=False)
    category = models.CharField(_("category"), max_length=12, choices=Category)
    what = TranslatedField(
        _("what exactly"), blank=True, help_text=_("The tariff, class or band: peak, 110 kV; grade B land.")
    )
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6)
    price_max = models.DecimalField(_("to (of a range)"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=units.choices)
    tax = models.CharField(_("tax"), max_length=8, choices=Tax, blank=True)
    park = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the park"),
        limit_choices_to={"kind": "park"}, help_text=_("Left empty: in the whole city."),
    )  # fmt: skip
    basis = TranslatedField(_("set by (document)"), blank=True)
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [goes_upwards("cost_range_forward")]

    def __str__(self) -> str:
        return " · ".join(filter(None, (str(self.get_category_display()), str(self.what))))

    @property
    def amount(self) -> str:
        """As the reader's language writes it: "0.67–0.72 RMB/kWh"."""
        return units.quantity(self.price, self.unit, self.price_max)


class LogisticsLink(Part, Valid, Sourced):
    """How goods or people get from the city to a place: how far, how long, how often, at what price."""

    class Mode(models.TextChoices):
        ROAD = "road", pgettext_lazy("transport", "road")
        RAIL = "rail", pgettext_lazy("transport", "rail")
        WATER = "water", pgettext_lazy("transport", "water")
        AIR = "air", pgettext_lazy("transport", "air")
        PIPELINE = "pipeline", pgettext_lazy("transport", "pipeline")

    class To(models.TextChoices):
        PORT = "port", pgettext_lazy("destination", "port")
        AIRPORT = "airport", pgettext_lazy("destination", "airport")
        STATION = "station", pgettext_lazy("destination", "railway station")
        CITY = "city", pgettext_lazy("destination", "city")
        BORDER = "border", pgettext_lazy("destination", "border crossing")
        OTHER = "other", pgettext_lazy("destination", "other")

    identity = ("mode", "destination")
    amounts = {"price_words": ("price", "price_unit")}

    version = models.ForeignKey(CityProfile, models.CASCADE, related_name="logistics", editable=False)
    mode = models.CharField(pgettext_lazy("transport", "mode"), max_length=8, choices=Mode)
    destination = TranslatedField(_("destination"))
    to = models.CharField(_("kind of destination"), max_length=7, choices=To, blank=True)
    qualifier = models.CharField(
        _("qualifier of the distance"), max_length=9, choices=[*Qualifier.choices][:-1], default=Qualifier.EXACT
    )
    distance_km = models.DecimalField(_("distance, km"), max_digits=9, decimal_places=1, null=True, blank=True)
    hours = models.DecimalField(_("time, hours"), max_digits=7, decimal_places=2, null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, null=True, blank=True)
    price_unit = models.CharField(_("unit of the price"), max_length=12, choices=units.choices, blank=True)
    frequency = TranslatedField(_("how often"), blank=True)
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("logistics link")
        verbose_name_plural = _("logistics")
        constraints = [is_whole("logistics_price_whole")]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} · {self.destination}"

    def clean(self) -> None:
        super().clean()
        check_whole(self.price, self.price_unit)

    @property
    def price_words(self) -> str:
        return "" if self.price is None else units.quantity(self.price, self.price_unit)

    @property
    def distance(self) -> str:
        """ "about 300 km", or nothing when it is not stated."""
        if self.distance_km is None:
            return ""
        return spaced([Qualifier(self.qualifier).words, units.quantity(self.distance_km, "km")])

    @property
    def time(self) -> str:
        return "" if self.hours is None else units.quantity(Decimal(self.hours), "hour")
