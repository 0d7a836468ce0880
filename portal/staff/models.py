"""Tables that an office has sent to be imported: each a row that says how far it has come and what was found in it."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cities.models import City
from portal.lib import jobs
from portal.lib.text import languages
from portal.publishing.models import Entry, Version

KEPT_FOR = timedelta(days=30)


def new_code() -> str:
    return secrets.token_urlsafe(12)


class ImportQuerySet(jobs.JobQuerySet):
    def for_staff(self, user: Any) -> Any:
        """Those of the cities in whose office the user works."""
        return self.filter(city__in=City.objects.for_staff(user))

    def old(self, now: datetime) -> Any:
        return self.filter(asked_at__lt=now - KEPT_FOR)


class Import(jobs.Job):
    """A table sent by somebody for a city. First it is read and checked (`dry_run`); once they say so, it is imported.

    `report` says what was found: "refused" (the file as a whole), "problems" (its header), or the counts "rows", "new",
    "there", "wrong", the lists "errors" and "doubts" of [row, label, message] and how "understood" rows were read.
    """

    class What(models.TextChoices):
        PROJECTS = "projects", pgettext_lazy("a table to import", "projects")
        FIGURES = "figures", pgettext_lazy("a table to import", "figures")
        COMPANIES = "companies", pgettext_lazy("a table to import", "companies and organisations")
        COSTS = "costs", pgettext_lazy("a table to import", "costs")

    lease: ClassVar[timedelta] = timedelta(seconds=settings.IMPORT_LEASE_SECONDS)
    first_pause: ClassVar[timedelta] = timedelta(seconds=2)

    city = models.ForeignKey(City, models.CASCADE, related_name="imports", verbose_name=_("city"))
    what = models.CharField(_("what"), max_length=9, choices=What)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+", verbose_name=_("page"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    language = models.CharField(max_length=10, choices=languages)  # in which the report is written
    name = models.CharField(_("file"), max_length=120)  # as its sender called it
    code = models.CharField(max_length=20, unique=True, default=new_code)  # as it is called on the disk
    asked_at = models.DateTimeField(_("sent"))
    dry_run = models.BooleanField(default=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    drafts = models.ManyToManyField(Version, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta(jobs.Job.Meta):
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("staff-import", args=[self.pk])

    @property
    def path(self) -> Path:
        """Among the data of this machine, where no web server looks."""
        return Path(settings.DATA_DIR) / "imports" / self.code

    @property
    def is_pending(self) -> bool:
        return self.state in (jobs.State.QUEUED, jobs.State.WORKING)

    @property
    def is_checked(self) -> bool:
        """Whether its report can be read and nothing has been imported yet."""
        return self.state == jobs.State.DONE and self.dry_run

    @property
    def is_imported(self) -> bool:
        return self.state == jobs.State.DONE and not self.dry_run

    @property
    def is_good(self) -> bool:
        """Whether there is something to import and nothing in the way."""
        said = self.report
        return self.is_checked and bool(said.get("new")) and not said.get("wrong") and not said.get("problems")
