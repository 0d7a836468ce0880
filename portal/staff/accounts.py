"""Log-in of a city's office: no sign-up, few tries, and a known device that a stranger's tries do not lock out."""

import secrets

from allauth.account import forms, views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit  # the public one gives no receipt to hand back after a success
from django.conf import settings
from django.core import signing
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.urls import path, reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from portal.cities.models import User

DEVICE_COOKIE = "known_device"
DEVICE_DAYS = 180
LONGEST_LOGIN = 254

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/", views.password_change, name="account_change_password"),
]


class LoginForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = _("Name or e-mail")
        field.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "maxlength": LONGEST_LOGIN}
        field.validators.append(MaxLengthValidator(LONGEST_LOGIN))
        self.fields["password"].widget.attrs.pop("placeholder", None)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        """The workspace, in the language that this colleague works in."""
        with override(request.user.language or get_language()):
            return reverse("staff-start")

    def get_password_change_redirect_url(self, request):
        return reverse("staff-start")

    def pre_authenticate(self, request, **credentials):
        """A device on which the owner has logged in before has tries of its own."""
        user = account_meant(**credentials)
        device = known_device(request, user) if user else ""
        if not device:
            return super().pre_authenticate(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_known_device", key=device
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")
        return None

    def _get_login_attempts_cache_key(self, request, **credentials):
        """One count an account, whether its name or its mail address is typed and whatever host is asked."""
        user = account_meant(**credentials)
        return f"user {user.pk}" if user else credentials.get("email", credentials.get("username", "")).lower()

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        response.set_signed_cookie(
            DEVICE_COOKIE,
            secrets.token_hex(16),
            salt=device_salt(user),
            max_age=DEVICE_DAYS * 24 * 60 * 60,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


def account_meant(username="", email="", **_unused):
    """The account whose name or mail address was typed."""
    return User.objects.filter(Q(username__iexact=username or email) | Q(email__iexact=email or username)).first()


def known_device(request, user):
    """The mark of this user's own device, or "". A new password makes every device unknown."""
    try:
        return request.get_signed_cookie(DEVICE_COOKIE, "", salt=device_salt(user), max_age=DEVICE_DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        return ""


def device_salt(user):
    return f"{DEVICE_COOKIE} {user.pk} {user.get_session_auth_hash()}"
