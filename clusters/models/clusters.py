"""An industrial cluster: its chain, who is there, what is missing, what newcomers are offered."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts.models import Sourced
from portal.lib.dates import UncertainDateField
from portal.lib.text import TranslatedField
from portal.publishing.models import Part, Version

from .reference import ChainLink, Industry, Organisation


class ClusterProfile(Version):
    """An industrial cluster: its chain, who is there, what is missing, what newcomers are offered."""

    kind = "cluster"

    industry = models.ForeignKey(Industry, models.PROTECT, verbose_name=_("industry"), related_name="clusters")
    since = UncertainDateField(_("since"))
    sponsors = TranslatedField(_("created by"), blank=True)
    functions = TranslatedField(_("functions"), blank=True)

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")


class ClusterStage(Part, Sourced):
    """One stage of the chain in this cluster."""

    class Strength(models.TextChoices):
        STRONG = "strong", pgettext_lazy("stage of a chain", "strong")
        PRESENT = "present", pgettext_lazy("stage of a chain", "present")
        REPORTED = "reported", pgettext_lazy("stage of a chain", "reported, no company named")
        GAP = "gap", pgettext_lazy("stage of a chain", "gap")

    version = models.ForeignKey(ClusterProfile, models.CASCADE, related_name="stages", editable=False)
    link = models.ForeignKey(ChainLink, models.PROTECT, verbose_name=_("stage"), related_name="+")
    strength = models.CharField(_("strength"), max_length=8, choices=Strength)
    wanted = models.BooleanField(_("investment wanted"), default=False)
    products = TranslatedField(_("products"), blank=True)
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("stage in the cluster")
        verbose_name_plural = _("stages in the cluster")

    def __str__(self) -> str:
        return str(self.link)


class ClusterCompany(Part, Sourced):
    """A company in the cluster, on a stage of its chain where a source says which."""

    class Role(models.TextChoices):
        ANCHOR = "anchor", pgettext_lazy("company", "anchor")
        MEMBER = "member", pgettext_lazy("company", "member")

    version = models.ForeignKey(ClusterProfile, models.CASCADE, related_name="companies", editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="+")
    stage = models.ForeignKey(
        ClusterStage, models.SET_NULL, null=True, blank=True, related_name="companies", verbose_name=_("stage")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)
    products = TranslatedField(_("products"), blank=True)
    since = UncertainDateField(_("since"))
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("company in the cluster")
        verbose_name_plural = _("companies in the cluster")


class SupportOffer(Part, Sourced):
    """What the anchor company or the city gives newcomers."""

    class Kind(models.TextChoices):
        MATERIALS = "materials", pgettext_lazy("support", "raw materials")
        ENERGY = "energy", pgettext_lazy("support", "energy")
        CAPITAL = "capital", pgettext_lazy("support", "capital")
        TECHNOLOGY = "technology", pgettext_lazy("support", "technology")
        SERVICES = "services", pgettext_lazy("support", "services")

    version = models.ForeignKey(ClusterProfile, models.CASCADE, related_name="offers", editable=False)
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = TranslatedField(_("text"), multiline=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("support offered")
        verbose_name_plural = _("support offered")
