"""Laws, plans and incentives."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts.models import Sourced
from portal.facts.validity import Valid
from portal.lib.dates import UncertainDate, UncertainDateField
from portal.lib.text import TranslatedField
from portal.publishing.models import Part, Version

from .reference import ChainLink, Industry


class PolicyRecord(Version):
    """A law, plan or incentive, with who issued it and how long it holds."""

    kind = "policy"

    class Nature(models.TextChoices):
        LAW = "law", pgettext_lazy("policy", "law or regulation")
        PLAN = "plan", pgettext_lazy("policy", "plan")
        INCENTIVE = "incentive", pgettext_lazy("policy", "incentive")
        NOTICE = "notice", pgettext_lazy("policy", "notice")

    nature = models.CharField(_("kind of policy"), max_length=9, choices=Nature)
    issuer = TranslatedField(_("issued by"), blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    issued = UncertainDateField(_("issued"))
    in_force = UncertainDateField(_("in force"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def is_over(self, today: date) -> bool:
        """Whether it held for a period that has ended; one day or year is when it began."""
        period = UncertainDate(self.in_force)
        return bool(period.is_interval and period.latest and period.latest < today)


class PolicyTarget(Part, Sourced):
    """An industry or chain stage the policy names, and as what ("one of 20 key chains")."""

    version = models.ForeignKey(PolicyRecord, models.CASCADE, related_name="targets", editable=False)
    industry = models.ForeignKey(Industry, models.PROTECT, related_name="+", verbose_name=_("industry"))
    named_as = TranslatedField(_("named as"))

    class Meta(Part.Meta):
        verbose_name = _("industry named")
        verbose_name_plural = _("industries named")


class Incentive(Part, Valid, Sourced):
    """One thing a policy gives: what, how much, to whom, how it is asked for and until when."""

    class Kind(models.TextChoices):
        TAX = "tax", pgettext_lazy("incentive", "tax")
        LAND = "land", pgettext_lazy("incentive", "land")
        CASH = "cash", pgettext_lazy("incentive", "grant")
        RENT = "rent", pgettext_lazy("incentive", "rent")
        ENERGY = "energy", pgettext_lazy("incentive", "energy")
        TALENT = "talent", pgettext_lazy("incentive", "talent")
        FINANCE = "finance", pgettext_lazy("incentive", "finance")
        OTHER = "other", pgettext_lazy("incentive", "other")

    identity = ("kind", "name")

    version = models.ForeignKey(PolicyRecord, models.CASCADE, related_name="incentives", editable=False)
    kind = models.CharField(_("kind of incentive"), max_length=7, choices=Kind)
    name = TranslatedField(_("name"))
    amount = TranslatedField(_("amount or formula"), blank=True)
    eligibility = TranslatedField(_("who may have it"), multiline=True, blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("industry"),
        help_text=_("Left empty: for every industry."),
    )  # fmt: skip
    link = models.ForeignKey(
        ChainLink, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stage of the chain")
    )
    how_to_apply = TranslatedField(_("how to apply"), multiline=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("incentive")
        verbose_name_plural = _("incentives")

    def __str__(self) -> str:
        return str(self.name)

    def is_over(self, today: date) -> bool:
        """It ends with its policy, if not before."""
        return self.has_expired(today) or self.version.is_over(today)
