"""Logging in and out: few tries, nothing told about who exists, one door, sessions that end."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import make

pytestmark = pytest.mark.django_db

LOGIN, START = "/en/accounts/login/", "/en/staff/"
TOO_MANY = "Too many failed login attempts. Try again later."


def log_in(client, name="ann", password=make.PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def said(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def new_client(address="10.0.0.1"):
    return Client(REMOTE_ADDR=address)


@pytest.mark.parametrize("typed", ["ann", "ANN", "ann@example.org"])
def test_log_in_by_name_or_mail_leads_to_the_workspace(client, typed):
    make.user("ann")
    assert log_in(client, typed).headers["Location"] == START
    assert client.get(START).status_code == 200


def test_log_in_leads_to_the_language_one_works_in(client):
    make.user("ann")
    get_user_model().objects.update(language="zh-hans")
    assert log_in(client).headers["Location"] == "/zh-hans/staff/"


def test_log_in_leads_where_one_wanted_to_go_but_nowhere_else(client):
    make.user("ann")
    assert client.post(f"{LOGIN}?next=/en/staff/sources/", {"login": "ann", "password": make.PASSWORD}).headers[
        "Location"
    ] == ("/en/staff/sources/")
    client.logout()
    answer = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "ann", "password": make.PASSWORD})
    assert answer.headers["Location"] == START


def test_a_session_begins_anew_at_log_in(client):
    make.user("ann")
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    before = session.session_key
    log_in(client)
    assert client.session.session_key != before


def test_nobody_learns_who_exists():
    make.user("ann")
    make.user("rob")
    get_user_model().objects.filter(username="rob").update(is_active=False)
    answers = [log_in(new_client(), name, "wrong password") for name in ("ann", "rob", "nobody")]
    assert {response.status_code for response in answers} == {200}
    assert len({tuple(said(response)) for response in answers}) == 1
    by_mail = [log_in(new_client(), f"{name}@example.org", "wrong password") for name in ("ann", "nobody")]
    assert len({tuple(said(response)) for response in by_mail}) == 1


@pytest.mark.parametrize("names", [["ann"], ["ann", "ann@example.org", "Ann"], ["nobody"]])
def test_an_account_takes_ten_tries_from_wherever(names):
    make.user("ann")
    for number in range(10):
        answer = log_in(new_client(f"10.0.1.{number}"), names[number % len(names)], "wrong")
        assert said(answer) != [TOO_MANY]
    assert said(log_in(new_client("10.0.2.1"), names[0])) == [TOO_MANY]


def test_an_address_takes_ten_tries_for_whomever():
    make.user("ann")
    client = new_client()
    for number in range(10):
        assert said(log_in(client, f"user{number}", "wrong")) != [TOO_MANY]
    assert said(log_in(client)) == [TOO_MANY]
    assert log_in(new_client("10.9.9.9")).status_code == 302


def test_a_forged_address_or_host_earns_no_more_tries():
    make.user("ann")
    client = new_client()
    for number in range(10):
        host = ["localhost", "127.0.0.1", "testserver"][number % 3]
        log_in(client, "ann", "wrong", headers={"X-Forwarded-For": f"1.2.3.{number}", "Host": host})
    assert said(log_in(client, headers={"X-Forwarded-For": "9.9.9.9"})) == [TOO_MANY]


def test_the_owner_is_not_locked_out_of_a_known_device():
    make.user("ann")
    own = new_client("10.0.0.7")
    log_in(own)
    own.post("/en/accounts/logout/")
    for number in range(12):
        log_in(new_client(f"10.0.1.{number}"), "ann", "wrong")
        log_in(new_client("10.0.0.7"), f"user{number}", "wrong")
    assert said(log_in(new_client("10.0.3.1"))) == [TOO_MANY]
    assert log_in(own).status_code == 302


def test_a_known_device_takes_ten_tries_too():
    make.user("ann")
    own = new_client()
    log_in(own)
    own.post("/en/accounts/logout/")
    for _number in range(10):
        log_in(own, "ann", "wrong")
    assert said(log_in(own)) == [TOO_MANY]


def test_a_device_of_one_is_not_known_for_another():
    make.user("ann")
    make.user("rob")
    anns = new_client()
    log_in(anns)
    anns.post("/en/accounts/logout/")
    for number in range(10):
        log_in(new_client(f"10.0.1.{number}"), "rob", "wrong")
    assert said(log_in(anns, "rob")) == [TOO_MANY]


def test_logging_out_needs_a_post_and_ends_the_session(client):
    make.user("ann")
    log_in(client)
    assert client.get("/en/accounts/logout/").status_code == 200
    assert client.get(START).status_code == 200
    client.post("/en/accounts/logout/")
    assert client.get(START).status_code == 302
    assert not Session.objects.exists()


def test_a_new_password_ends_all_other_sessions():
    make.user("ann")
    here, elsewhere = new_client("10.0.0.1"), new_client("10.0.0.2")
    log_in(here)
    log_in(elsewhere)
    new = "a much longer battery staple"
    typed = {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    assert here.post("/en/accounts/password/", typed).status_code == 302
    assert here.get(START).status_code == 200
    assert elsewhere.get(START).status_code == 302
    assert log_in(elsewhere).status_code == 200
    assert log_in(elsewhere, password=new).status_code == 302


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012"])
def test_a_weak_password_is_refused(client, password):
    make.user("ann")
    log_in(client)
    typed = {"oldpassword": make.PASSWORD, "password1": password, "password2": password}
    response = client.post("/en/accounts/password/", typed)
    assert response.status_code == 200
    assert response.context["form"].errors["password1"]


def test_nobody_signs_up(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.post("/en/accounts/signup/", {"username": "x"}).status_code == 404
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("rubbish", ["\0", "x" * 100_000, "<script>", "' OR 1=1 --"])
def test_rubbish_does_not_log_in(client, rubbish):
    make.user("ann")
    for typed in ({"login": rubbish, "password": "x"}, {"login": "ann", "password": rubbish}):
        response = client.post(LOGIN, typed)
        assert response.status_code == 200
        assert response.context["form"].errors
        assert "<script>" not in response.content.decode().replace('<script type="module"', "")


def test_the_form_keeps_the_readers_language(client):
    make.user("ann")
    response = client.post("/zh-hans/accounts/login/", {"login": "ann", "password": ""})
    assert "该字段是必填项" in response.content.decode()


# Django's admin -------------------------------------------------------------------------------------------------------


def test_the_admin_has_no_door_of_its_own(client):
    make.user("ann")
    response = client.post("/admin/login/?next=/admin/", {"username": "ann", "password": make.PASSWORD})
    assert response.status_code == 302
    assert response.headers["Location"] == f"{LOGIN}?next=/admin/"
    assert "_auth_user_id" not in client.session


def test_the_admin_is_for_superusers(client):
    ann = make.user("ann")
    get_user_model().objects.filter(pk=ann.pk).update(is_staff=True)
    client.force_login(ann)
    assert client.get("/admin/").status_code == 302
    get_user_model().objects.filter(pk=ann.pk).update(is_superuser=True)
    make.second_factor(ann)
    assert client.get("/admin/").status_code == 200


def test_login_pages_are_not_kept_or_indexed(client):
    response = client.get(LOGIN)
    assert "no-store" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_thirty_log_ins_a_minute_from_one_address_are_enough():
    make.user("ann")
    answers = [log_in(new_client()) for _number in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]
    assert "Too many requests" in answers[-1].content.decode()
