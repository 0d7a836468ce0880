"""The gate in front of the workspace: who answers for what is published gets in with a second factor only."""

import re

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.fields import BooleanField
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from portal.cities.models import Membership, User
from portal.publishing.models import Version

Role = Membership.Role
#: Whatever needs a log-in stands under these; tests/cities/test_gate.py holds that.
STAFF_PATHS = re.compile(r"/(?:[a-z]{2}(?:-\w+)?/)?(?:staff|accounts|admin)(?:/|$)")
#: What is open to somebody whose second factor is still to be set up.
WAY_TO_THE_GATE = {
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"),
    *("account_reauthenticate", "account_login", "account_logout", "account_inactive"),
}
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def with_standing(users):
    """Each with `needs_second_factor`, `has_second_factor`, `is_administrator` and `leads` (some office)."""
    held = Membership.objects.filter(user=OuterRef("pk"))
    awaits = Version.objects.filter(state=Version.State.REVIEWED, entry__city=OuterRef("city"))
    signs = Q(city__sign_off=True) | Q(Exists(awaits))  # or was to, when this version was reviewed
    answers_for_others = Q(role__in=(Role.REVIEWER, Role.ADMIN)) | Q(signs, role=Role.LEADER)
    return users.annotate(
        needs_second_factor=said(Q(is_superuser=True) | Q(Exists(held.filter(answers_for_others)))),
        has_second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)),
        is_administrator=said(Q(is_superuser=True) | Q(Exists(held.filter(role=Role.ADMIN)))),
        leads=said(Q(is_superuser=True) | Q(Exists(held.filter(role__in=(Role.LEADER, Role.ADMIN))))),
    )


def said(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        """With all that the gate asks, in the one query that every page of the workspace makes anyway."""
        user = with_standing(User.objects).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class Gate:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if STAFF_PATHS.match(request.path_info):
            add_never_cache_headers(response)
        return response

    def process_view(self, request, view, args, kwargs):
        """Asked at every request, so that a session which is older than the role meets it too."""
        if not STAFF_PATHS.match(request.path_info) or not request.user.is_authenticated:
            return None
        note_use(request)
        user = request.user
        is_open = not user.needs_second_factor or user.has_second_factor
        if is_open or request.resolver_match.view_name in WAY_TO_THE_GATE:
            return None
        return HttpResponseRedirect(reverse("mfa_index"))


def note_use(request):
    if request.session.is_due():
        request.session.modified = True
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now(), ip=request.META["REMOTE_ADDR"]
        )
