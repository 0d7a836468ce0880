"""Inviting and giving roles: by administrators of that office only, never to oneself, never down to nobody."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.cities.models import Invitation, Membership, User
from portal.inquiries.models import Mail
from portal.publishing.models import Event
from tests import make

pytestmark = pytest.mark.django_db

OFFICE = "/en/staff/people/zaozhuang/"
NEW = "a much longer battery staple"


@pytest.fixture
def ada(client):
    """An administrator's browser."""
    client.force_login(make.user("ada"))
    return client


def roles(user, city="zaozhuang"):
    return sorted(Membership.objects.filter(user=user, city__slug=city).values_list("role", flat=True))


def trail():
    said = Event.objects.order_by("pk").values_list("actor", "action", "city", "subject")
    return [row for row in said if row[1] not in {"begin", "edit"}]


def invited(client, email="ivan@example.org", *given, follow=False):
    """The address in the mail that goes out."""
    Mail.objects.all().delete()
    answer = client.post(f"{OFFICE}invite/", {"email": email, "language": "en", "roles": given or ["editor"]})
    assert answer.status_code == 302
    return re.search(r"http://\S+?(/\S+/)\n", Mail.objects.get(to=email).body).group(1)


def joining(**said):
    return {"first_name": "Ivan", "username": "ivan", "password1": NEW, "password2": NEW} | said


def test_an_office_shows_its_members_and_nobody_elses(ada):
    for name in ("ann", "rob", "eve"):
        make.user(name)
    page = ada.get(OFFICE).content.decode()
    assert [name for name in ("ann@", "rob@", "ada@", "eve@") if name in page] == ["ann@", "rob@", "ada@"]
    assert ada.get("/en/staff/people/").headers["Location"] == OFFICE
    assert ada.get("/en/staff/people/zibo/").status_code == 404


def test_a_superuser_administers_every_office(client):
    make.city("zibo"), make.city()
    client.force_login(make.superuser())
    assert client.get(OFFICE).status_code == 200
    assert client.get("/en/staff/people/").content.decode().count("/en/staff/people/z") == 2


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_an_office(ada, count, django_assert_num_queries):
    for number in range(count):
        user = User.objects.create_user(f"user{number}")
        for role in ("editor", "reviewer"):
            Membership.objects.create(user=user, city=make.city(), role=role)
        make.invitation(f"user{number}@example.org")
    with django_assert_num_queries(12):
        ada.get(OFFICE)


# Invitations ----------------------------------------------------------------------------------------------------------


def test_the_invited_chooses_name_and_password_and_has_the_roles(ada):
    link = invited(ada, "ivan@example.org", "editor", "officer")
    assert "ivan@example.org" in ada.get(OFFICE).content.decode()
    ivan = Client()
    assert ivan.get(link).status_code == 200
    assert ivan.post(link, joining()).status_code == 302
    user = User.objects.get(username="ivan")
    assert (user.email, roles(user), user.is_staff) == ("ivan@example.org", ["editor", "officer"], False)
    answer = ivan.post("/en/accounts/login/", {"login": "ivan", "password": NEW})
    assert answer.headers["Location"] == "/en/staff/"
    assert trail() == [
        ("ada", "invite", "zaozhuang", f"invitation {Invitation.objects.get().pk}"),
        ("ivan", "join", "zaozhuang", "account ivan"),
    ]


def test_a_link_works_once(ada):
    link = invited(ada)
    Client().post(link, joining())
    for answer in (Client().get(link), Client().post(link, joining(username="second"))):
        assert answer.status_code == 410
    assert not User.objects.filter(username="second").exists()


@pytest.mark.parametrize(
    "case", ["old", "withdrawn", "replaced", "changed", "made up", "inviter gone", "inviter dismissed"]
)
def test_a_link_that_must_not_work(ada, case, monkeypatch):
    link = invited(ada)
    if case == "old":
        Invitation.objects.update(invited_at=Invitation.objects.get().invited_at - timedelta(days=7))
    elif case == "withdrawn":
        ada.post(reverse("staff-invitation", args=["zaozhuang", Invitation.objects.get().pk]))
    elif case == "replaced":
        invited(ada, "IVAN@example.org")
    elif case == "changed":
        link = link[:-4] + "AAA/"
    elif case == "made up":
        link = "/en/staff/invitations/1/"
    elif case == "inviter gone":
        User.objects.filter(username="ada").update(is_active=False)
    else:
        Membership.objects.filter(user__username="ada").delete()
    assert Client().post(link, joining()).status_code == 410
    assert not User.objects.filter(username="ivan").exists()


@pytest.mark.parametrize(
    "said",
    [
        {"username": "ANN"},
        {"username": "ann@example.org"},
        {"username": ""},
        {"password2": "another"},
        {"password1": "short", "password2": "short"},
        {"password1": "ivan-example-ivan", "password2": "ivan-example-ivan", "username": "ivan-example-ivan"},
        {"first_name": "\0"},
    ],
)
def test_what_the_invited_must_mend_loses_nothing(ada, said):
    make.user("ann")
    link = invited(ada)
    answer = Client().post(link, joining(**said))
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert 'value="Ivan"' in answer.content.decode() or "first_name" in said
    assert Client().post(link, joining()).status_code == 302


def test_nobody_becomes_more_than_invited(ada):
    Client().post(invited(ada), joining(is_superuser="on", is_staff="on", roles="admin", email="x@example.org"))
    user = User.objects.get(username="ivan")
    assert (user.is_superuser, user.is_staff, user.email, roles(user)) == (False, False, "ivan@example.org", ["editor"])


def test_who_has_an_account_logs_in_and_joins_with_it(ada):
    eve = make.user("eve")
    link = invited(ada, "EVE@example.org", "leader")
    stranger, other, own = Client(), Client(), Client()
    assert "You have an account already" in stranger.get(link).content.decode()
    other.force_login(make.user("ann"))
    for browser in (stranger, other):
        browser.post(link, joining())
    assert roles(eve) == []
    own.force_login(eve)
    assert own.post(link).status_code == 302
    assert roles(eve) == ["leader"]
    assert roles(eve, "zibo") == ["editor", "officer", "reviewer"]


def test_a_closed_account_is_not_opened_by_an_invitation(ada):
    eve = make.user("eve")
    User.objects.filter(pk=eve.pk).update(is_active=False)
    link = invited(ada, "eve@example.org")
    assert "Your account is closed" in Client().get(link).content.decode()
    Client().post(link, joining())
    assert User.objects.filter(email="eve@example.org").count() == 1
    assert roles(eve) == []


@pytest.mark.parametrize("said", [{"email": "no"}, {"roles": []}, {"roles": ["king"]}, {"language": "xx"}])
def test_an_invitation_says_to_whom_and_as_what(ada, said):
    answer = ada.post(f"{OFFICE}invite/", {"email": "i@example.org", "language": "en", "roles": ["editor"]} | said)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Invitation.objects.exists()


# Roles ----------------------------------------------------------------------------------------------------------------


def address(name, page="staff-member"):
    return reverse(page, args=["zaozhuang", make.user(name).pk])


def test_roles_are_changed_told_and_recorded(ada):
    ann = make.user("ann")
    ada.post(address("ann"), {"roles": ["editor", "officer"]})
    assert roles(ann) == ["editor", "officer"]
    assert "investment officer" in Mail.objects.get(to=ann.email).body
    assert trail() == [("ada", "roles", "zaozhuang", "account ann")]
    assert Event.objects.first().detail == {"from": ["editor"], "to": ["editor", "officer"]}
    ada.post(address("ann"), {"roles": ["editor", "officer"]})
    assert len(trail()) == 1


def test_a_membership_ends_at_once(ada):
    anns = Client()
    anns.force_login(make.user("ann"))
    ada.post(address("ann"), {"end": "1"})
    assert roles(make.user("ann")) == []
    assert anns.get("/en/staff/cities/zaozhuang/project/new/").status_code == 404
    assert "no longer belong" in Mail.objects.get(to="ann@example.org").body


def test_no_role_is_a_mistake_not_an_end(ada):
    assert ada.post(address("ann"), {}).status_code == 200
    assert roles(make.user("ann")) == ["editor"]


def test_nobody_gives_roles_to_oneself(ada):
    assert ada.get(address("ada")).status_code == 403
    assert ada.post(address("ada"), {"roles": ["admin", "reviewer"]}).status_code == 403
    assert roles(make.user("ada")) == ["admin"]


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@Example.org"])
def test_nobody_invites_oneself_to_more_roles(ada, email):
    asked = ada.post(f"{OFFICE}invite/", {"email": email, "language": "en", "roles": ["reviewer", "leader"]})
    assert list(asked.context["form"].errors) == ["email"]
    make.invitation(email, "reviewer")  # even when one is there
    [link] = re.findall(r"http://\S+?(/\S+/)\n", Mail.objects.get(to=email).body)
    assert ada.post(link).status_code == 410
    assert roles(make.user("ada")) == ["admin"]


def test_superusers_are_not_an_administrators_to_change(ada):
    root = make.superuser()
    Membership.objects.create(user=root, city=make.city(), role="reviewer")
    where = reverse("staff-member", args=["zaozhuang", root.pk])
    assert ada.post(where, {"end": "1"}).status_code == 403
    assert ada.post(f"{where}second-factor/").status_code == 403
    assert roles(root) == ["reviewer"]


def test_people_of_other_offices_do_not_exist(ada):
    eve = make.user("eve")
    for where in (f"{OFFICE}{eve.pk}/", f"/en/staff/people/zibo/{eve.pk}/", f"{OFFICE}{10**30}/"):
        assert ada.post(where, {"roles": ["admin"]}).status_code == 404
    assert roles(eve, "zibo") == ["editor", "officer", "reviewer"]


def test_the_last_administrator_stays(client):
    client.force_login(make.superuser())
    answer = client.post(address("ada"), {"roles": ["editor"]})
    assert "no administrator" in answer.content.decode()
    assert client.post(address("ada"), {"end": "1"}).status_code == 200
    assert roles(make.user("ada")) == ["admin"]
    Membership.objects.create(user=make.user("ann"), city=make.city(), role="admin")
    client.post(address("ada"), {"roles": ["editor"]})
    assert roles(make.user("ada")) == ["editor"]


def test_a_lost_telephone(ada):
    rob = make.user("rob")
    robs = Client()
    robs.force_login(rob)
    assert "second-factor/" in ada.get(address("rob")).content.decode()
    ada.post(address("rob", "staff-member-factor"))
    assert robs.get("/en/staff/").headers["Location"] == "/en/accounts/second-factor/"
    assert Mail.objects.get(to=rob.email)
    assert trail() == [("ada", "reset_factor", "zaozhuang", "account rob")]


def test_the_second_factor_of_who_works_elsewhere_too_is_not_this_offices_to_take(ada):
    rob = make.user("rob")
    Membership.objects.create(user=rob, city=make.city("zibo"), role="editor")
    assert ada.post(address("rob", "staff-member-factor")).status_code == 403
    assert rob.authenticator_set.exists()
