"""Who belongs where: administrative divisions, users and their roles in a city's office."""

from datetime import timedelta
from functools import reduce
from operator import or_
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.lib.text import TranslatedField, languages


class CityQuerySet(models.QuerySet["City"]):
    def for_staff(self, user, *roles: str):
        """The cities in whose office the user holds one of `roles` (any role when none is named)."""
        if not user.is_authenticated:
            return self.none()
        held = Membership.objects.filter(user=user, **({"role__in": roles} if roles else {}))
        return self.filter(pk__in=held.values("city"))

    def ruled_by(self, city: "City"):
        """This one and all that lie in it: `jurisdictions` read backwards."""
        steps = ("pk", "parent", "parent__parent", "parent__parent__parent")
        return self.filter(reduce(or_, (Q(**{step: city.pk}) for step in steps)))


class City(models.Model):
    """An administrative division that publishes: a city, or the province or country it lies in."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("prefecture-level city")
        COUNTY = "county", _("county-level city")

    slug = models.SlugField(unique=True)
    name = TranslatedField(max_length=60)
    level = models.CharField(max_length=12, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(_("GB/T 2260 code"), max_length=6, unique=True)
    code_valid_from = models.DateField(null=True, blank=True)
    former_codes = models.JSONField(default=list, blank=True, help_text=_("Codes of this place in older lists."))
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    sign_off = models.BooleanField(
        _("a leader signs off after the review"),
        default=False,
        help_text=_("Nothing is published before a leader has signed it off, after a reviewer’s approval."),
    )

    objects = CityQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("city")
        verbose_name_plural = _("cities")

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        if self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": _("There is no time zone of this name.")})

    @property
    def jurisdictions(self) -> list["City"]:
        """From the country down to this one: what they give and rule holds here."""
        return [*(self.parent.jurisdictions if self.parent else []), self]

    @property
    def lineage(self) -> list["City"]:
        """From the province down to this one, without the country."""
        return [place for place in self.jurisdictions if place.level != self.Level.COUNTRY]

    @property
    def regions(self) -> list["City"]:
        """What it lies in, from the province down."""
        return self.lineage[:-1]

    @property
    def province(self) -> "City | None":
        """The one it is or lies in."""
        return next((place for place in self.lineage if place.level == self.Level.PROVINCE), None)


class User(AbstractUser):
    """A member of a city's office. Investors need no account."""

    language = models.CharField(_("language of the workspace"), max_length=10, blank=True)
    mail_notices = models.BooleanField(_("mail me about what waits for me"), default=True)

    def has_role(self, city: "City | int", *roles: str) -> bool:
        """Whether this user holds one of `roles` (any when none is named) in the city's office."""
        return City.objects.for_staff(self, *roles).filter(pk=getattr(city, "pk", city)).exists()

    @cached_property
    def is_officer(self) -> bool:
        """Whether the inquiries of some city come to this user."""
        return self.memberships.filter(role=Membership.Role.OFFICER).exists()


class Membership(models.Model):
    class Role(models.TextChoices):
        EDITOR = "editor", _("editor")
        REVIEWER = "reviewer", _("reviewer")
        OFFICER = "officer", _("investment officer")
        LEADER = "leader", _("leader")
        ADMIN = "admin", _("office administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    city = models.ForeignKey(City, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "city", "role"], name="membership_once")]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user} · {self.city} · {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now):
        """Those whose link still works."""
        return self.filter(accepted_at=None, withdrawn_at=None, invited_at__gt=now - Invitation.GOOD_FOR)


class Invitation(models.Model):
    """That somebody may join a city's office in these roles. The link is signed and stands in the mail only."""

    GOOD_FOR = timedelta(days=7)

    city = models.ForeignKey(City, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail address"))
    roles = models.JSONField(_("roles"))
    language = models.CharField(_("language of the mail"), max_length=10, choices=languages)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["city", "-invited_at"], name="invitation_city")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def role_names(self) -> list:
        """Lazy, for the language in which they are read."""
        return [Membership.Role(role).label for role in self.roles]
