"""Editions of others' rankings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.facts.models import Sourced
from portal.lib.text import TranslatedField
from portal.publishing.models import Part, Version

from .reference import Organisation


class RankingEdition(Version):
    """One edition of somebody's published ranking. A place is never shown without what it is a place among."""

    kind = "ranking"

    class Subject(models.TextChoices):
        CITY = "city", _("cities")
        PARK = "park", _("parks")

    publisher = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("publisher"))
    edition = models.CharField(_("edition"), max_length=40)
    subject = models.CharField(_("what is ranked"), max_length=4, choices=Subject, default=Subject.CITY)
    universe = models.PositiveIntegerField(_("how many there are"), null=True, blank=True)
    assessed = models.PositiveIntegerField(_("how many were assessed"), null=True, blank=True)
    listed = models.PositiveIntegerField(_("how many places are published"), null=True, blank=True)
    inclusion_rule = TranslatedField(_("rule of inclusion"), blank=True)
    method = TranslatedField(_("method"), multiline=True, blank=True)

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")


class RankingDimension(Part, Sourced):
    version = models.ForeignKey(RankingEdition, models.CASCADE, related_name="dimensions", editable=False)
    name = TranslatedField(_("name"))
    weight = models.DecimalField(_("weight, %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


class RankingEntry(Part, Sourced):
    """One ranked (or merely profiled: no place) city or park."""

    version = models.ForeignKey(RankingEdition, models.CASCADE, related_name="entries", editable=False)
    place = models.PositiveIntegerField(_("place"), null=True, blank=True)
    place_inferred = models.BooleanField(_("place inferred from the wording"), default=False)
    name = TranslatedField(_("name"))
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city"))
    positioning = TranslatedField(_("positioning"), blank=True)
    core_advantage = TranslatedField(_("core advantage"), blank=True)
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=3, null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("ranked city or park")
        verbose_name_plural = _("ranked cities and parks")
