"""Reference data that cities share: industries, value chains and their stages, organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.lib.text import TranslatedField
from portal.publishing.models import Reference


class Industry(Reference):
    """A sector or a named group of sectors ("new three"), with its codes in the classifications."""

    slug = models.SlugField(unique=True)
    name = TranslatedField(_("name"))
    description = TranslatedField(_("description"), multiline=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    gbt4754 = models.CharField("GB/T 4754", max_length=6, blank=True)
    isic = models.CharField("ISIC Rev.4", max_length=6, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    def __str__(self) -> str:
        return str(self.name)


class ValueChain(Reference):
    slug = models.SlugField(unique=True)
    name = TranslatedField(_("name"))
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, related_name="chains")

    class Meta:
        ordering = ["slug"]
        verbose_name = _("value chain")
        verbose_name_plural = _("value chains")

    def __str__(self) -> str:
        return str(self.name)


class ChainLink(Reference):
    """A stage of a value chain, from raw material to recycling; the same for all cities, so that they compare."""

    chain = models.ForeignKey(ValueChain, models.CASCADE, related_name="links")
    order = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    name = TranslatedField(_("name"))

    class Meta:
        ordering = ["chain", "order"]
        verbose_name = _("stage of a chain")
        verbose_name_plural = _("stages of chains")
        constraints = [models.UniqueConstraint(fields=["chain", "slug"], name="chainlink_once")]

    def __str__(self) -> str:
        return str(self.name)


class Organisation(Reference):
    """Who an organisation is. What is said about it stands, sourced and reviewed, in the versions that name it."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        JOINT_VENTURE = "joint_venture", _("joint venture")
        GOVERNMENT = "government", _("government body")
        PARTY = "party", _("party body")
        COMMITTEE = "committee", _("park committee")
        ASSOCIATION = "association", _("association")
        RESEARCH = "research", _("research institute")
        MEDIA = "media", _("media")

    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("city"),
        help_text=_("Whose office keeps it."),
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = TranslatedField(_("name"))
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.COMPANY)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent company")
    )
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return str(self.name)
