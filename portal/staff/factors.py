"""The second factor: codes of an app, passkeys, recovery codes. Each code opens once."""

import base64
import hashlib
from contextlib import contextmanager, nullcontext

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit  # the public one gives no receipt to hand back after a success
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp import views as totp_views
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.mfa.webauthn import views as webauthn_views
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms.fields import InvalidJSONInput
from django.http import HttpResponseRedirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from .gate import FACTORS

Type = Authenticator.Type
#: Of the sample log-ins; opens nothing outside sample mode.
SAMPLE_SECRET = "SAMPLECONTENTONLYSAMPLECONTENTON"  # noqa: S105
LONGEST_NAME = 60


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it has been used. Wait for the next one."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor. Add another one before you remove this one."
        ),
    }

    def encrypt(self, text):
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """What no key of this site opens becomes a secret that nobody knows."""
        try:
            return vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return totp.generate_totp_secret()

    def can_delete_authenticator(self, authenticator):
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
        return not context.request.user.needs_second_factor or others.exists()

    def generate_authenticator_name(self, user, type):
        return str(_("Passkey"))

    def get_totp_label(self, user):
        return user.get_username()


def vault():
    """A copy of the database alone opens no account."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa {key}".encode()).digest())) for key in keys]
    )


# Codes ----------------------------------------------------------------------------------------------------------------


@contextmanager
def limited(user):
    """Few wrong answers an account; a right one is not counted, and does not wipe out the wrong ones before it."""
    key = f"second factor {user.pk}"
    usage = ratelimit.consume(context.request, app="allauth.account", action="second_factor", key=key)
    if not usage:
        raise account_adapter().validation_error("too_many_login_attempts")
    yield
    usage.rollback()


@transaction.atomic
def opens(authenticator, code):
    """Whether the code is right now and was not used. An app's code must also be newer than the last one used."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    if row.type != Type.TOTP:
        return row.wrap().validate_code(code)
    secret = get_adapter().decrypt(row.data["secret"])
    if secret == SAMPLE_SECRET and not settings.SAMPLE_MODE:
        return False
    step = next((step for step in totp.yield_hotp_counters_from_time() if is_code(code, secret, step)), 0)
    if step <= row.data.get("spent", 0):
        return False
    row.data["spent"] = step
    row.save(update_fields=["data"])
    return True


def is_code(code, secret, step):
    return compare_user_code(actual=code, expected=code_of(secret, step))


def code_of(secret, step):
    return totp.format_hotp_value(totp.hotp_value(secret, step))


def code_field(label):
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=20, widget=widget)


class CodeForm(base_forms.BaseAuthenticateForm):
    code = code_field(_("Code of your app, or a recovery code"))

    def clean_code(self):
        code = self.cleaned_data["code"]
        with limited(self.user):
            mine = Authenticator.objects.filter(user=self.user).exclude(type=Type.WEBAUTHN).order_by("-type")
            self.authenticator = next((one for one in mine if opens(one, code)), None)
            if not self.authenticator:
                raise get_adapter().validation_error("incorrect_code")
        self.authenticator.user = self.user
        return code


class AuthenticateForm(CodeForm, base_forms.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, base_forms.ReauthenticateForm):
    pass


class ActivateForm(totp_forms.ActivateTOTPForm):
    """The first code proves that the app has the secret; it is spent by that."""

    code = code_field(_("The six digits that the app shows now"))

    def clean_code(self):
        code = self.cleaned_data["code"]
        with limited(self.user):
            steps = [step for step in totp.yield_hotp_counters_from_time() if is_code(code, self.secret, step)]
            if not steps:
                raise get_adapter().validation_error("incorrect_code")
        self.spent = steps[0]
        return code


class Activate(totp_views.ActivateTOTPView):
    def form_valid(self, form):
        try:
            with transaction.atomic():
                response = super().form_valid(form)
                row = Authenticator.objects.get(user=self.request.user, type=Type.TOTP)
                row.data["spent"] = form.spent
                row.save(update_fields=["data"])
        except IntegrityError:  # the same form, sent twice at once
            return HttpResponseRedirect(reverse("mfa_index"))
        return response


class Authenticate(base_views.AuthenticateView):
    def get_context_data(self, **context):
        return super().get_context_data() | {"sample_code": sample_code(self.stage.login.user)}


def sample_code(user):
    """What the app of a sample log-in would show, so that the sample site can be walked: in sample mode only."""
    row = settings.SAMPLE_MODE and Authenticator.objects.filter(user=user, type=Type.TOTP).first()
    if not row or get_adapter().decrypt(row.data["secret"]) != SAMPLE_SECRET:
        return ""
    *_before, now, _after = totp.yield_hotp_counters_from_time()
    return code_of(SAMPLE_SECRET, max(now, row.data.get("spent", 0) + 1))


def give_sample_factor(user):
    """As if the owner had scanned the code: for the sample log-ins and for tests."""
    data = {"secret": get_adapter().encrypt(SAMPLE_SECRET)}
    Authenticator.objects.get_or_create(user=user, type=Type.TOTP, defaults={"data": data})


# Passkeys -------------------------------------------------------------------------------------------------------------


class AnswerField(forms.JSONField):
    """What a passkey answers; Python's parser stumbles over very long numbers and deep nesting."""

    widget = forms.HiddenInput

    def to_python(self, value):
        with refusing_rubbish():
            return super().to_python(value)

    def bound_data(self, data, initial):
        return InvalidJSONInput(data)  # shown again as it was sent, unread


class AnswerForm(webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey's answer. Whatever is sent in its place is a wrong answer, and no error of ours."""

    credential = AnswerField()

    def clean_credential(self):
        with limited(self.user) if self.user else nullcontext(), refusing_rubbish():
            credential = self.cleaned_data["credential"]
            return webauthn.complete_authentication(
                self.user or webauthn.extract_user_from_response(credential), credential
            )


class LoginAnswerForm(AnswerForm, webauthn_forms.LoginWebAuthnForm):
    credential = AnswerField()


class ReauthenticateAnswerForm(AnswerForm, webauthn_forms.ReauthenticateWebAuthnForm):
    credential = AnswerField()


@contextmanager
def refusing_rubbish():
    try:
        yield
    except ValidationError:
        raise
    except Exception as wrong:  # the parser of keys' answers stumbles in many ways
        raise get_adapter().validation_error("incorrect_code") from wrong


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    credential = AnswerField()
    name = forms.CharField(
        label=_("Name of this passkey"),
        max_length=LONGEST_NAME,
        help_text=_("To tell it from others, for example “office computer”."),
    )
    passwordless = forms.BooleanField(
        label=_("Log in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for your fingerprint, face or PIN. Leave it off for a simple security key."),
    )

    def clean(self):
        with refusing_rubbish():
            return super().clean()


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=LONGEST_NAME)


class RemovePasskey(webauthn_views.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form):
        if get_adapter().can_delete_authenticator(self.object):
            return super().form_valid(form)
        messages.error(self.request, get_adapter().error_messages["cannot_delete_authenticator"])
        return HttpResponseRedirect(self.success_url)


# Addresses, below /accounts/ ------------------------------------------------------------------------------------------

#: By allauth's names for them; all but those of the log-in itself need one.
VIEWS = {
    "second-factor/": ("mfa_index", base_views.index),
    "second-factor/confirm/": ("mfa_reauthenticate", base_views.reauthenticate),
    "second-factor/app/": ("mfa_activate_totp", Activate.as_view()),
    "second-factor/app/remove/": ("mfa_deactivate_totp", totp_views.deactivate_totp),
    "second-factor/recovery-codes/": ("mfa_view_recovery_codes", recovery_views.view_recovery_codes),
    "second-factor/recovery-codes/new/": ("mfa_generate_recovery_codes", recovery_views.generate_recovery_codes),
    "passkeys/": ("mfa_list_webauthn", RedirectView.as_view(pattern_name="mfa_index")),
    "passkeys/add/": ("mfa_add_webauthn", webauthn_views.add_webauthn),
    "passkeys/confirm/": ("mfa_reauthenticate_webauthn", webauthn_views.reauthenticate_webauthn),
    "passkeys/<int:pk>/": ("mfa_edit_webauthn", webauthn_views.edit_webauthn),
    "passkeys/<int:pk>/remove/": ("mfa_remove_webauthn", RemovePasskey.as_view()),
}
urlpatterns = [
    path("second-factor/code/", Authenticate.as_view(), name="mfa_authenticate"),
    path("passkeys/login/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    *(path(route, login_required(view), name=name) for route, (name, view) in VIEWS.items()),
]
