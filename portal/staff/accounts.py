"""Log-in of a city's office: no sign-up, few tries, and a known device that a stranger's tries do not lock out.

And the own account: name, language, password, sessions.
"""

import secrets
import time

from allauth.account import forms, views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit  # the public one gives no receipt to hand back after a success
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.db.models import Q
from django.forms import ChoiceField, ModelForm
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import include, path, re_path, reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.views.generic import UpdateView
from django.views.generic.base import View

from portal.cities.models import User
from portal.inquiries import mail
from portal.lib.text import language_codes
from portal.publishing.clock import database_now
from portal.publishing.models import Event

from . import factors
from .access import is_key

FRESH_SECONDS = 5 * 60
DEVICE_COOKIE = "known_device"
DEVICE_DAYS = 180
LONGEST_LOGIN = 254

#: What is said to the owner of a change, by the last word of allauth's name for it.
CHANGES = {
    "password_changed": _("Your password was changed."),
    "password_reset": _("Your password was set anew by a link that we mailed you."),
    "totp_activated": _("An app that shows codes was added as your second factor."),
    "totp_deactivated": _("The app that shows codes is no longer your second factor."),
    "webauthn_added": _("A passkey was added."),
    "webauthn_removed": _("A passkey was removed."),
    "recovery_codes_generated": _("New recovery codes were made; the old ones are void."),
}
#: After these, whoever was logged in elsewhere has to log in again.
ENDS_OTHER_SESSIONS = {"totp_activated", "webauthn_added"}


class LoginForm(forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = _("Name or e-mail")
        field.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "maxlength": LONGEST_LOGIN}
        field.validators.append(MaxLengthValidator(LONGEST_LOGIN))
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ResetForm(forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address of your account")
        self.fields["email"].widget.attrs = {"autocomplete": "email", "maxlength": LONGEST_LOGIN}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        """The workspace, in the language that this colleague works in."""
        with override(request.user.language or get_language()):
            return reverse("staff-start")

    def get_password_change_redirect_url(self, request):
        return reverse("account")

    def login(self, request, user):
        super().login(request, user)
        request.session.begin()
        request.session.clear_expired()

    def set_password(self, user, password):
        with transaction.atomic():
            super().set_password(user, password)
            end_sessions(user, but=context.request.session.session_key)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not right after log-in, which asked for the same."""
        records = get_authentication_records(context.request, context.request.user)
        is_fresh = bool(records) and time.time() - records[-1]["at"] < FRESH_SECONDS
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reset_password_from_key_url(self, key):
        """A path: the mail names the site itself, whatever host was asked."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return path.replace("UID-KEY", key)

    def send_password_reset_mail(self, user, email, context):
        with override(user.language or settings.LANGUAGE_CODE):
            link = self.get_reset_password_from_key_url(f"{context['uid']}-{context['key']}")
        subject = _("A new password for your account")
        mail.to_colleague(user, subject=subject, template="emails/password_reset.txt", context={"link": link})

    @transaction.atomic
    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Each change to how an account is opened: a mail to its owner, and a line in the trail."""
        change = template_prefix.rpartition("/")[2]
        if change in ENDS_OTHER_SESSIONS:
            end_sessions(user, but=self.request.session.session_key)
        said = {"change": CHANGES[change], "link": reverse("account")}
        subject = _("Your account was changed")
        mail.to_colleague(user, subject=subject, template="emails/account_changed.txt", context=said)
        Event.record(change, f"account {user.get_username()}", by=user, at=database_now())

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


# The own account ------------------------------------------------------------------------------------------------------


class AccountForm(ModelForm):
    language = ChoiceField(label=_("Language of the workspace and of mails to you"))

    class Meta:
        model = User
        fields = ["first_name", "language", "mail_notices"]
        labels = {
            "first_name": _("Name, as colleagues see it"),
            "mail_notices": _("Mail me when something waits for me"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, get_language_info(code)["name_local"]) for code in language_codes()]
        self.initial["language"] = self.initial["language"] or get_language()
        self.fields["first_name"].widget.attrs = {"autocomplete": "name"}


class Account(LoginRequiredMixin, UpdateView):
    """Name, language and notices; from here to second factor, devices and password."""

    template_name = "account/account.html"
    form_class = AccountForm

    def get_object(self, queryset=None):
        return self.request.user

    def get_context_data(self, **context):
        mine = Authenticator.objects.filter(user=self.request.user)
        kinds = [one.type for one in mine]
        return super().get_context_data(
            has_app=Authenticator.Type.TOTP in kinds,
            passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
            sessions=len(living_sessions(self.request.user)),
            offices=self.request.user.memberships.select_related("city").order_by("city__code", "role"),
            **context,
        )

    def get_success_url(self):
        """In the language just chosen."""
        with override(self.object.language):
            messages.success(self.request, now_("Saved."))
            return reverse("account")


def living_sessions(user):
    """Where somebody is logged in now, the last used first."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user=user, session_key__in=living).order_by("-last_seen_at", "-pk")


@transaction.atomic
def end_sessions(user, *, but=None):
    ended = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    Session.objects.filter(session_key__in=ended.values("session_key")).delete()
    ended.delete()


class Sessions(LoginRequiredMixin, View):
    """Where one is logged in, to end what one does not know: `end` is one session's key, or "others"."""

    def get(self, request):
        sessions = living_sessions(request.user)
        for session in sessions:
            session.is_this = session.session_key == request.session.session_key
            session.device = device(session.user_agent)
        return render(request, "usersessions/usersession_list.html", {"sessions": sessions})

    def post(self, request):
        wanted = request.POST.get("end", "")
        if wanted == "others":
            end_sessions(request.user, but=request.session.session_key)
            messages.success(request, now_("You are logged out on all other devices."))
            return HttpResponseRedirect(reverse("usersessions_list"))
        session = get_object_or_404(living_sessions(request.user), pk=wanted if is_key(wanted) else None)
        session.end()
        messages.success(request, now_("That device is logged out."))
        return HttpResponseRedirect(reverse("usersessions_list"))


#: The first of these marks in what a browser says of itself names it: most also name others.
BROWSERS = {"MicroMessenger": "WeChat", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {name: name for name in ("HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Linux")} | {"Mac OS": "Mac"}


def device(user_agent):
    """In words of everyday: "Firefox · Windows"."""
    found = [next((name for mark, name in names.items() if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or now_("Unknown device")


# Addresses ------------------------------------------------------------------------------------------------------------

urlpatterns = [
    path("", Account.as_view(), name="account"),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>.{1,100})/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("", include(factors)),
]
