"""The people of an office: who belongs to it, in which roles. Each change is told to them and stands in the trail."""

from functools import cached_property
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.forms import BaseUserCreationForm
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, get_language_info, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import View

from portal.cities.models import City, Invitation, Membership, User
from portal.inquiries import mail
from portal.lib.text import language_codes
from portal.publishing import permissions
from portal.publishing.clock import database_now
from portal.publishing.models import Event

from .access import StaffPage, start_crumb
from .accounts import end_sessions
from .gate import with_standing

Role = Membership.Role
SALT = "invitation"


class Person(NamedTuple):
    """Somebody in the trail, as the city's office sees it."""

    user: User
    city: City

    def __str__(self):
        return f"account {self.user.get_username()}"


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles in this office"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one role.")},
    )


class InvitationForm(RolesForm):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"))
    field_order = ["email", "language", "roles"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, get_language_info(code)["name_local"]) for code in language_codes()]
        self.fields["language"].initial = get_language()


# The office, for its administrators -----------------------------------------------------------------------------------


class Offices(StaffPage):
    """The offices one administers; with only one, that one."""

    template_name = "staff/people_offices.html"

    def get(self, request):
        offices = City.objects.all() if request.user.is_superuser else self.cities.for_staff(request.user, Role.ADMIN)
        offices = list(offices)
        if len(offices) == 1:
            return HttpResponseRedirect(reverse("staff-office", args=[offices[0].slug]))
        return self.show(offices=offices)

    def breadcrumbs(self):
        return [start_crumb(), {"label": _("Offices")}]


class OfficePage(StaffPage):
    """A page about a city's office; a foreign city does not exist."""

    @cached_property
    def city(self):
        cities = City.objects.all() if self.request.user.is_superuser else self.cities
        city = get_object_or_404(cities, slug=self.kwargs["city"])
        if not permissions.can_administer(self.request.user, city):
            raise PermissionDenied
        return city

    @property
    def members(self):
        here = Prefetch("memberships", Membership.objects.filter(city=self.city).order_by("pk"), to_attr="held")
        members = User.objects.filter(memberships__city=self.city).distinct().prefetch_related(here)
        return with_standing(members).order_by("username")

    def back(self, said=""):
        if said:
            messages.success(self.request, said)
        return HttpResponseRedirect(reverse("staff-office", args=[self.city.slug]))

    def breadcrumbs(self):
        office = {"label": _("Office of %(city)s") % {"city": self.city}}
        return [start_crumb(), office | {"url": reverse("staff-office", args=[self.city.slug])}]


class Office(OfficePage):
    """Members with roles, last log-in and second factor; and who is invited."""

    template_name = "staff/people.html"

    def get(self, request, city):
        now = database_now()
        return self.show(
            city=self.city,
            members=self.members,
            invitations=self.city.invitations.open(now).select_related("invited_by"),
            good_for=Invitation.GOOD_FOR.days,
        )


class Invite(OfficePage):
    template_name = "staff/people_form.html"

    def get(self, request, city):
        return self.ask(InvitationForm())

    def post(self, request, city):
        form = InvitationForm(request.POST) if self.city else None
        if form.is_valid() and is_own(form.cleaned_data["email"], request.user):
            form.add_error("email", _("This is your own address: nobody gives roles to oneself."))
        if not form.is_valid():
            return self.ask(form)
        invite(self.city, **form.cleaned_data, by=request.user)
        return self.back(_("The invitation is on its way."))

    def ask(self, form):
        return self.show(form=form, heading=_("Invite a colleague"), city=self.city, button=_("Send the invitation"))


class WithdrawInvitation(OfficePage):
    http_method_names = ["post"]

    def post(self, request, city, pk):
        found = get_object_or_404(self.city.invitations.open(database_now()), pk=pk)
        withdraw(found, by=request.user)
        return self.back(_("The invitation is withdrawn; its link no longer works."))


class MemberPage(OfficePage):
    @cached_property
    def member(self):
        member = get_object_or_404(self.members, pk=self.kwargs["pk"])
        if not permissions.can_change_member(self.request.user, member, self.city):
            raise PermissionDenied
        return member


class Member(MemberPage):
    """The roles of one colleague; without any the membership ends."""

    template_name = "staff/people_form.html"

    def get(self, request, city, pk):
        return self.ask(RolesForm(initial={"roles": [held.role for held in self.member.held]}))

    def post(self, request, city, pk):
        ends = "end" in request.POST and bool(self.member)
        form = RolesForm(request.POST) if self.member else None
        if not ends and not form.is_valid():
            return self.ask(form)
        if not give_roles(self.member, self.city, [] if ends else form.cleaned_data["roles"], by=request.user):
            form.is_valid()
            form.add_error("roles", _("The office would have no administrator. Name another one first."))
            return self.ask(form)
        return self.back(_("%(name)s is told by mail.") % {"name": self.member})

    def ask(self, form):
        return self.show(
            form=form,
            heading=_("Roles of %(name)s") % {"name": self.member.get_full_name() or self.member},
            city=self.city,
            member=self.member,
            button=_("Save"),
            can_reset=self.member.has_second_factor
            and permissions.can_reset_second_factor(self.request.user, self.member),
        )


class ResetSecondFactor(MemberPage):
    """For a colleague who lost the telephone: the next log-in leads to setting up a new one."""

    http_method_names = ["post"]

    def post(self, request, city, pk):
        if not permissions.can_reset_second_factor(request.user, self.member):
            raise PermissionDenied
        reset_second_factor(self.member, self.city, by=request.user)
        return self.back(_("The second factor of %(name)s is taken away.") % {"name": self.member})


def is_own(email, user):
    """An invitation to oneself would be a role that nobody else gave."""
    return bool(user.email) and email.casefold() == user.email.casefold()


# What they do ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(city, *, email, roles, language, by):
    """A link by mail. An earlier one to the same mailbox no longer works."""
    now = database_now()
    city.invitations.open(now).filter(email__iexact=email).update(withdrawn_at=now)
    made = Invitation.objects.create(
        city=city, email=email, roles=roles, language=language, invited_by=by, invited_at=now
    )
    with override(language):
        link = reverse("invitation", args=[signing.dumps(made.pk, salt=SALT)])
    mail.to_address(
        email,
        language,
        subject=gettext_lazy("You are invited to the office of %(city)s"),
        template="emails/invitation.txt",
        context={"city": city, "by": by, "roles": made.role_names, "link": link, "days": Invitation.GOOD_FOR.days},
    )
    Event.record("invite", made, by=by, at=now, detail={"roles": roles})
    return made


@transaction.atomic
def withdraw(invitation, *, by):
    now = database_now()
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=now)
    Event.record("withdraw_invitation", invitation, by=by, at=now)


@transaction.atomic
def give_roles(member, city, roles, *, by):
    """Exactly these. False, and nothing changed, when the office would be left without an administrator."""
    City.objects.select_for_update().get(pk=city.pk)  # two administrators who dismiss each other: one comes second
    held = Membership.objects.filter(city=city)
    before = sorted(held.filter(user=member).values_list("role", flat=True))
    others_administer = held.filter(role=Role.ADMIN, user__is_active=True).exclude(user=member).exists()
    if Role.ADMIN in before and Role.ADMIN not in roles and not others_administer:
        return False
    held.filter(user=member).exclude(role__in=roles).delete()
    Membership.objects.bulk_create(Membership(user=member, city=city, role=role) for role in {*roles} - {*before})
    if before != sorted(roles):
        say_roles(member, city, roles)
        detail = {"from": before, "to": sorted(roles)}
        Event.record("roles", Person(member, city), by=by, at=database_now(), detail=detail)
    return True


def say_roles(member, city, roles):
    mail.to_colleague(
        member,
        subject=gettext_lazy("Your roles in the office of %(city)s"),
        template="emails/roles.txt",
        context={"city": city, "roles": [Role(role).label for role in roles], "link": reverse("account")},
    )


@transaction.atomic
def reset_second_factor(member, city, *, by):
    Authenticator.objects.filter(user=member).delete()
    end_sessions(member)
    mail.to_colleague(
        member,
        subject=gettext_lazy("Your account was changed"),
        template="emails/account_changed.txt",
        context={
            "change": gettext_lazy("An administrator took your second factor away, for you to set up a new one."),
            "link": reverse("account"),
        },
    )
    Event.record("reset_factor", Person(member, city), by=by, at=database_now())


# The invited ----------------------------------------------------------------------------------------------------------


class JoinForm(BaseUserCreationForm):
    """Name and password of a new account. The address is the one that was invited."""

    class Meta:
        model = User
        fields = ["first_name", "username"]
        labels = {
            "first_name": gettext_lazy("Your name, as colleagues see it"),
            "username": gettext_lazy("Name to log in with"),
        }
        help_texts = {"username": gettext_lazy("Letters, digits and @ . + - _")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["first_name"].widget.attrs["autocomplete"] = "name"
        self.fields["username"].widget.attrs.pop("autofocus", None)  # it is not the first field

    def clean_username(self):
        """Nobody is named like another's name or mailbox, not even in other letters."""
        name = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists() or User.objects.filter(email__iexact=name).exists():
            raise forms.ValidationError(_("This name is taken. Choose another one."))
        return name


@method_decorator(never_cache, name="dispatch")
class Join(View):
    """What the link in the mail opens: a new account, or new roles for who has one."""

    template_name = "account/join.html"

    @cached_property
    def invitation(self):
        """None when the link was used, withdrawn, is too old or not ours; or whoever invited no longer may, or is the
        one invited."""
        try:
            pk = signing.loads(self.kwargs["code"], salt=SALT, max_age=Invitation.GOOD_FOR)
        except signing.BadSignature:
            return None
        found = Invitation.objects.open(database_now()).select_related("city", "invited_by").filter(pk=pk).first()
        may = found and found.invited_by.is_active and permissions.can_administer(found.invited_by, found.city)
        return found if may and not is_own(found.email, found.invited_by) else None

    @cached_property
    def owner(self):
        """The account of that mailbox, if there is one."""
        return User.objects.filter(email__iexact=self.invitation.email).order_by("-is_active", "pk").first()

    def get(self, request, code):
        return self.show()

    def post(self, request, code):
        if not self.invitation or (self.owner and self.owner != request.user):
            return self.show()
        form = None if self.owner else JoinForm(request.POST, instance=User(email=self.invitation.email))
        if form and not form.is_valid():
            return self.show(form=form)
        if not join(self.invitation, self.owner, form):
            del self.invitation
            return self.show()
        messages.success(request, _("Welcome to the office of %(city)s.") % {"city": self.invitation.city})
        return HttpResponseRedirect(reverse("staff-start"))

    def show(self, form=None):
        if not self.invitation:
            return render(self.request, self.template_name, {"invitation": None}, status=410)
        found = {"invitation": self.invitation, "owner": self.owner, "form": form or JoinForm()}
        return render(self.request, self.template_name, found)


@transaction.atomic
def join(invitation, owner, form):
    """The account, made if there is none, gets the roles. False when another click was faster."""
    now = database_now()
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(accepted_at=now):
        return False
    if form:
        owner = form.save(commit=False)
        owner.language = get_language()
        owner.save()
    for role in invitation.roles:
        Membership.objects.get_or_create(user=owner, city=invitation.city, role=role)
    detail = {"roles": invitation.roles, "invitation": invitation.pk}
    Event.record("join", Person(owner, invitation.city), by=owner, at=now, detail=detail)
    return True


urlpatterns = [
    path("people/", Offices.as_view(), name="staff-people"),
    path("people/<slug:city>/", Office.as_view(), name="staff-office"),
    path("invitations/<str:code>/", Join.as_view(), name="invitation"),
    path("people/<slug:city>/invite/", Invite.as_view(), name="staff-invite"),
    path("people/<slug:city>/invitations/<int:pk>/withdraw/", WithdrawInvitation.as_view(), name="staff-invitation"),
    path("people/<slug:city>/<int:pk>/", Member.as_view(), name="staff-member"),
    path("people/<slug:city>/<int:pk>/second-factor/", ResetSecondFactor.as_view(), name="staff-member-factor"),
]
