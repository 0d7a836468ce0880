"""Who is mailed what is new, of what, how often, and since when."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import models, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.inquiries.models import ConsentText, Mail, new_code
from portal.lib.text import languages
from portal.publishing.clock import database_now

from .subjects import LONGEST, Subject

MORNING = time(8)
MONDAY = 0


class FollowQuerySet(models.QuerySet["Follow"]):
    def of_mailbox(self, email: str):
        return self.filter(email=email.strip().lower())

    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def due(self, now: datetime):
        """Those whose morning has come."""
        return self.confirmed().filter(look_at__lte=now)

    def never_confirmed(self, now: datetime):
        """Kept no longer than the first mail said."""
        return self.filter(confirmed_at=None, asked_at__lte=now - timedelta(days=settings.FOLLOW_CONFIRM_DAYS))


class Follow(models.Model):
    """A mailbox and a subject. Nothing is sent but the question whether it is meant, until its owner confirms."""

    class Frequency(models.TextChoices):
        DAILY = "daily", pgettext_lazy("mails", "every day on which something is new")
        WEEKLY = "weekly", pgettext_lazy("mails", "on Mondays, when something is new")

    code = models.CharField(max_length=40, unique=True, default=new_code)  # opens its page: in mails to its owner only
    email = models.EmailField(_("E-mail address"))
    query = models.CharField(max_length=LONGEST, blank=True)
    language = models.CharField(_("Language of the mails"), max_length=10, choices=languages)
    frequency = models.CharField(
        pgettext_lazy("mails", "How often"), max_length=6, choices=Frequency, default=Frequency.WEEKLY
    )
    consent = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)  # what was published later is news
    look_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    last_mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="+")

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(fields=["email", "query"], name="follow_once"),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(told_until__isnull=False, look_at__isnull=False),
                name="follow_confirmed_has_a_next_look",
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=models.Q(confirmed_at__isnull=False), name="follow_due"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.query}"

    def get_absolute_url(self) -> str:
        return reverse("follow-detail", args=[self.code])

    @property
    def what(self) -> str:
        """In the reader's language."""
        try:
            return self.subject(database_now()).label
        except Http404:
            return gettext("a list that is no longer offered")

    def subject(self, at: datetime) -> Subject:
        return Subject.of(self.query, at)

    @transaction.atomic
    def stop(self) -> None:
        """Gone with its last mail, sent or not; with the last follow of a mailbox all that was mailed there goes."""
        mails = Mail.objects.filter(purpose=Mail.Purpose.FOLLOW, to=self.email)
        if Follow.objects.of_mailbox(self.email).exclude(pk=self.pk).exists():
            mails = mails.filter(pk=self.last_mail_id)
        mails.delete()
        self.delete()


def next_look(now: datetime, frequency: str) -> datetime:
    """The next morning, or the next Monday's, where the portal's time is."""
    here = timezone.localtime(now)
    day = here.date() + timedelta(days=0 if here.time() < MORNING else 1)
    if frequency == Follow.Frequency.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return timezone.make_aware(datetime.combine(day, MORNING))
