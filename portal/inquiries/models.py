"""Inquiries, what their senders agreed to, and the mails that go out for them."""

import calendar
import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.cities.models import City, Membership, User
from portal.lib.dates import UncertainDate
from portal.lib.jobs import Job
from portal.lib.text import TranslatedField, languages
from portal.publishing.models import Entry, Version

from .promise import in_time

UNMISTAKABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_code() -> str:
    return secrets.token_urlsafe(18)


def new_number(day: datetime) -> str:
    """20261121-7K4QXM: to be read out on the telephone, and not to be counted up from another's."""
    return f"{day:%Y%m%d}-{''.join(secrets.choice(UNMISTAKABLE) for _place in range(6))}"


def months_before(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def officers_of(city: City) -> models.QuerySet[User]:
    """Who reads the inquiries of that city and answers them."""
    roles = Membership.objects.filter(city=city, role=Membership.Role.OFFICER)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True)


def words_of(day: date | None) -> str:
    return UncertainDate(day.isoformat() if day else "").words


class ConsentText(models.Model):
    """The exact words somebody agreed to; other words are another version."""

    version = models.CharField(max_length=12, primary_key=True)
    language = models.CharField(_("language"), max_length=10, choices=languages)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def for_officer(self, user):
        """Those of the cities whose officer the user is: nobody else reads them."""
        return self.filter(city__in=City.objects.for_staff(user, Membership.Role.OFFICER))

    def from_mailbox(self, email: str):
        return self.filter(email__iexact=email.strip())

    def overdue_for_erasure(self, now: datetime):
        """Kept as long as their senders were told, and longer than that never."""
        return self.filter(received_at__lte=months_before(now, settings.INQUIRY_RETENTION_MONTHS))


class Inquiry(models.Model):
    """What an investor asks a city. The number is for talking about it; the code opens its public page."""

    number = models.CharField(_("case number"), max_length=20, unique=True)
    code = models.CharField(max_length=40, unique=True, default=new_code)
    once = models.CharField(max_length=64, unique=True)  # of one form, sent twice with the same words, there is one
    city = models.ForeignKey(City, models.PROTECT, related_name="inquiries", verbose_name=_("city"))
    about = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="inquiries")
    about_title = TranslatedField(_("about"), blank=True)  # as the page said when it was asked
    received_at = models.DateTimeField(_("received"))
    reply_by = models.DateField(_("reply by"), null=True)

    name = models.CharField(_("Your name"), max_length=80)
    email = models.EmailField(_("E-mail address"))
    organisation = models.CharField(_("Company or organisation"), max_length=120)
    country = models.CharField(_("Country or region"), max_length=60, blank=True)
    message = models.TextField(_("Your questions"))
    size = models.CharField(_("Size of your project"), max_length=120, blank=True)
    timing = models.CharField(_("Timing of your project"), max_length=120, blank=True)
    language = models.CharField(_("Language of the reply"), max_length=10, choices=languages)

    consent = models.ForeignKey(ConsentText, models.PROTECT, related_name="+", verbose_name=_("consent"))
    consented_at = models.DateTimeField(_("agreed at"))

    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["city", "-received_at"], name="inquiry_inbox")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by=None)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
                name="inquiry_answered_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"inquiry {self.number}"

    def get_absolute_url(self) -> str:
        """Its public page: what became of it, and nothing about who asked."""
        return reverse("inquiry-done", args=[self.code])

    def about_address(self) -> str:
        """Of the page it is about, while that is public; else empty."""
        is_live = self.about and Version.objects.live().filter(entry=self.about).exists()
        return self.about.get_absolute_url() if is_live else ""

    @property
    def received_on(self) -> str:
        """The day there, in the reader's words."""
        return words_of(self.received_at.astimezone(ZoneInfo(self.city.time_zone)).date())

    @property
    def reply_by_words(self) -> str:
        return words_of(self.reply_by)

    @property
    def answered_on(self) -> str:
        return words_of(self.answered_at and self.answered_at.astimezone(ZoneInfo(self.city.time_zone)).date())

    @property
    def is_late(self) -> bool:
        today = timezone.now().astimezone(ZoneInfo(self.city.time_zone)).date()
        return not self.answered_at and not in_time(today, self.reply_by)

    @property
    def language_name(self) -> str:
        """In that language itself: 简体中文."""
        return get_language_info(self.language)["name_local"]

    @property
    def acknowledgement(self) -> "Mail | None":
        return next((mail for mail in self.mails.all() if mail.purpose == Mail.Purpose.ACKNOWLEDGEMENT), None)


class Mail(Job):
    """A mail to be sent, of an inquiry, to a colleague or to who follows something.

    Its Message-ID is fixed here, so that a second copy shows.
    """

    most_tries = 100  # some four days
    lease = timedelta(seconds=90)

    class Purpose(models.TextChoices):
        ACKNOWLEDGEMENT = "received", pgettext_lazy("mail", "acknowledgement")
        NOTICE = "notice", pgettext_lazy("mail", "notice to the officers")
        COLLEAGUE = "staff", pgettext_lazy("mail", "to a colleague")
        FOLLOW = "follow", pgettext_lazy("mail", "to who follows something")

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, null=True, related_name="mails")
    purpose = models.CharField(max_length=8, choices=Purpose)
    to = models.EmailField()
    language = models.CharField(max_length=10, choices=languages)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    headers = models.JSONField(null=True)  # further ones, none of them typed by anybody
    message_id = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField(null=True)

    class Meta(Job.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "purpose", "to"], name="mail_once"),
            models.CheckConstraint(
                condition=models.Q(inquiry=None, purpose__in=["staff", "follow"])
                | models.Q(inquiry__isnull=False) & ~models.Q(purpose__in=["staff", "follow"]),
                name="mail_of_an_inquiry_or_of_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.message_id}"
