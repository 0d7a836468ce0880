"""Parts that versions of several kinds have."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.facts.models import Sourced
from portal.lib.dates import UncertainDateField
from portal.lib.text import TranslatedField
from portal.publishing.models import Entry, Part, Version

from .reference import Organisation


class Designation(Part, Sourced):
    """A title, qualification or listing of the city or of a company; what the source leaves out stays empty."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")

    version = models.ForeignKey(Version, models.CASCADE, related_name="designations", editable=False)
    holder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("held by (company)")
    )
    title = TranslatedField(_("title"))
    level = models.CharField(_("level"), max_length=10, choices=Level, blank=True)
    grantor = TranslatedField(_("granted by"), blank=True)
    granted = UncertainDateField(_("granted"))
    batch = models.CharField(_("batch"), max_length=40, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("designation")
        verbose_name_plural = _("designations")


class Related(Part):
    """A link to another entry: the parks of a cluster, the chains a policy names."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="related", editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="named_by", verbose_name=_("entry"))
    note = TranslatedField(_("note"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("related entry")
        verbose_name_plural = _("related entries")
        constraints = [models.UniqueConstraint(fields=["version", "entry"], name="related_once")]
