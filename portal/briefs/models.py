"""Briefs asked for: each a row that says what is printed, and how far its file has come."""

from datetime import datetime, timedelta
from json import JSONDecoder
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City
from portal.lib import jobs
from portal.lib.text import Text, language_codes, languages
from portal.publishing.clock import database_now
from portal.publishing.models import Entry, Version

#: Why a drawing failed, in plain words; `Brief.error` begins with one of these.
REASONS = {
    "disk": _("The server has no room to store the file."),
    "slow": _("Drawing it took too long."),
    "memory": _("Drawing it took too much memory."),
    "error": _("An error stopped the drawing."),
    "given up": _("The server was interrupted each time it drew it."),
}


def with_texts(value: dict[str, Any]) -> dict[str, Any]:
    return Text(value) if value and value.keys() <= set(language_codes()) else value


class SnapshotDecoder(JSONDecoder):
    """JSON in which {"en": …} is a Text again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"object_hook": with_texts, **kwargs})


class Brief(jobs.Job):
    """What a brief of a city or a shortlist says in one language, kept for good; a worker draws its file from that.

    `shortlist`: the comparison it prints, as its address says it; empty for the brief of a city.
    """

    lease: ClassVar[timedelta] = timedelta(seconds=settings.BRIEF_LEASE_SECONDS)
    first_pause: ClassVar[timedelta] = timedelta(seconds=2)
    most_failures: ClassVar[int] = 3
    # Claims, and most of these end with a worker that somebody stopped: a drawing cannot bring its worker down.
    most_tries: ClassVar[int] = 12

    city = models.ForeignKey(City, models.PROTECT, null=True, related_name="briefs", verbose_name=_("city"))
    shortlist = models.TextField(_("shortlist"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages)
    code = models.CharField(_("verification code"), max_length=12, unique=True)
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256 of the snapshot
    snapshot = models.JSONField(encoder=DjangoJSONEncoder, decoder=SnapshotDecoder)
    versions = models.ManyToManyField(Version, related_name="briefs", verbose_name=_("versions"))
    requested_at = models.DateTimeField(_("asked for"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file
    failures = models.PositiveSmallIntegerField(_("failed drawings"), default=0)

    class Meta(jobs.Job.Meta):
        ordering = ["-requested_at"]
        verbose_name = _("brief")
        verbose_name_plural = _("briefs")

    def __str__(self) -> str:
        return f"{self.name} · {self.get_language_display()} · {self.printed_code}"

    def get_absolute_url(self) -> str:
        return reverse("brief-status", args=[self.code])

    @property
    def name(self) -> str:
        """Of what it is: a city in the reader's language, a shortlist in the brief's own."""
        return str(self.city) if self.city else self.snapshot["city"]["name"]

    @property
    def printed_code(self) -> str:
        """7F3A-91C2-AB03"""
        return "-".join(self.code[at : at + 4].upper() for at in (0, 4, 8))

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "briefs" / f"{self.code}.pdf"

    @property
    def is_ready(self) -> bool:
        return self.state == jobs.State.DONE and self.path.exists()

    @property
    def is_pending(self) -> bool:
        return self.state in (jobs.State.QUEUED, jobs.State.WORKING)

    @property
    def reason(self) -> str:
        """Why it failed, in the reader's language."""
        return str(REASONS.get(self.error.partition(":")[0], REASONS["error"]))

    def fail(self, error: str, now: datetime, *, for_good: bool = False) -> bool:
        """Draw it again after a pause, or park it for good after three failed drawings."""
        failures = self.failures + 1
        self.note(failures=failures)
        return super().fail(error, now, for_good=for_good or failures >= self.most_failures)

    def queue_again(self) -> bool:
        """New tries for one that failed or whose file is gone. False when it needs none."""
        if self.is_pending or self.is_ready:
            return False
        unchanged = type(self).objects.filter(pk=self.pk, state=self.state)
        fresh = {"tries": 0, "failures": 0, "error": "", "next_try": database_now()}
        return bool(unchanged.update(state=jobs.State.QUEUED, **fresh))

    def is_withdrawn(self, at: datetime) -> bool:
        """Whether something it prints is no longer public in any version."""
        printed = Entry.objects.filter(versions__briefs=self)
        return printed.exclude(pk__in=Version.objects.live(at).values("entry")).exists()
