"""The gate: who answers for what is published gets nowhere without a second factor, however they came in."""

import pytest
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import URLResolver, get_resolver, reverse

from portal.cities.models import City, Membership, User
from portal.publishing.workflow import take
from portal.staff.gate import STAFF_PATHS, WAY_TO_THE_GATE
from tests import make
from tests.test_every_url import NAMES, address, it  # noqa: F401

pytestmark = pytest.mark.django_db

SET_UP = "/en/accounts/second-factor/"


def patterns(resolver=None, prefix=""):
    """Every pattern of the portal with the address it begins with."""
    for one in (resolver or get_resolver()).url_patterns:
        here = prefix + str(one.pattern)
        yield from patterns(one, here) if isinstance(one, URLResolver) else [(here, one)]


def bare(name="rob"):
    """Somebody of the cast before the second factor was set up."""
    user = make.user(name)
    user.authenticator_set.all().delete()
    return user


def test_whatever_asks_for_a_log_in_stands_behind_the_gate():
    asking = [
        route
        for route, one in patterns()
        if issubclass(getattr(one.callback, "view_class", object), LoginRequiredMixin)
    ]
    assert asking
    assert [route for route in asking if not STAFF_PATHS.match(f"/{route}")] == []


def test_a_reviewer_without_one_reaches_the_set_up_page_from_everywhere(client, it):  # noqa: F811
    client.force_login(bare())
    addresses = {name: address(name, it) for name in NAMES if name not in WAY_TO_THE_GATE}
    behind = {name: where for name, where in addresses.items() if STAFF_PATHS.match(where)}
    assert len(behind) > 100
    for method in ("get", "post"):
        for name, where in behind.items():
            response = getattr(client, method)(where)
            assert (response.status_code, response.headers.get("Location")) == (302, SET_UP), (name, method)


def test_the_way_there_is_open_and_says_why(client):
    client.force_login(bare())
    response = client.get(SET_UP)
    assert "A password alone can be guessed" in response.content.decode()
    assert reverse("staff-start") not in response.content.decode().partition("<main")[2].partition("</main")[0]
    assert client.get(reverse("mfa_activate_totp")).status_code == 302  # to confirm the password
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize(
    ("role", "sign_off", "asked"),
    [
        ("editor", True, False),
        ("officer", True, False),
        ("leader", False, False),
        ("leader", True, True),
        ("reviewer", False, True),
        ("admin", False, True),
    ],
)
def test_who_is_asked_for_it(client, role, sign_off, asked):
    user = User.objects.create_user("new", "new@example.org", make.PASSWORD)
    Membership.objects.create(user=user, city=make.city(), role=role)
    City.objects.update(sign_off=sign_off)
    client.force_login(user)
    assert client.get("/en/staff/").status_code == (302 if asked else 200)


def test_a_leader_is_asked_for_it_while_something_awaits_sign_off(client):
    """Even when the city has given the third step up since."""
    user = User.objects.create_user("new", "new@example.org", make.PASSWORD)
    Membership.objects.create(user=user, city=make.city(), role="leader")
    City.objects.update(sign_off=True)
    draft = make.draft(slug="another")
    take("submit", draft, by=make.user("ann"))
    take("approve", draft, by=make.user("rob"))
    City.objects.update(sign_off=False)
    client.force_login(user)
    assert client.get("/en/staff/").status_code == 302


def test_a_session_older_than_the_role_meets_the_gate(client):
    ann = make.user("ann")
    client.force_login(ann)
    assert client.get("/en/staff/").status_code == 200
    Membership.objects.create(user=ann, city=make.city("zibo"), role="reviewer")
    assert client.get("/en/staff/").headers["Location"] == SET_UP
    make.second_factor(ann)
    assert client.get("/en/staff/").status_code == 200


def test_a_superuser_without_one_gets_no_admin(client):
    root = make.superuser()
    root.authenticator_set.all().delete()
    client.force_login(root)
    assert client.get("/admin/").headers["Location"] == SET_UP


def test_recovery_codes_alone_are_no_second_factor(client):
    rob = bare()
    rob.authenticator_set.create(type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client.force_login(rob)
    assert client.get("/en/staff/").headers["Location"] == SET_UP


def test_the_gate_costs_no_query(client, django_assert_num_queries):
    client.force_login(make.user("rob"))
    with django_assert_num_queries(5):  # three of every page's clock; the session; the user, with what the gate asks
        client.get(reverse("mfa_list_webauthn"))


def test_public_pages_ask_nobody(client):
    client.force_login(bare())
    response = client.get("/en/about/")
    assert response.status_code == 200
    assert "Cookie" not in response.headers.get("Vary", "")
