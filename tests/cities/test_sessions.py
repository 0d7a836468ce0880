"""Sessions end: when unused, after a working day, with the password, and when their owner says so."""

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db

START, SESSIONS = "/en/staff/", "/en/accounts/sessions/"


def logged_in(name="ann", **more):
    make.user(name)
    client = Client(**more)
    client.post("/en/accounts/login/", {"login": name, "password": make.PASSWORD})
    return client


def is_in(client):
    return client.get(START).status_code == 200


def test_a_session_ends_an_hour_after_its_last_use(settings):
    client = logged_in()
    until = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=59) < until <= timedelta(hours=1)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_use_is_noted_once_a_minute(django_assert_num_queries):
    client = logged_in()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=59, seconds=10))
    assert is_in(client)
    assert Session.objects.get().expire_date < timezone.now() + timedelta(minutes=59, seconds=15)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    assert is_in(client)
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=59)
    assert UserSession.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)


def test_a_session_ends_twelve_hours_after_log_in_however_much_it_is_used():
    client = logged_in()
    session = client.session
    assert timedelta(hours=11, minutes=59).seconds < session["ends"] - time.time() <= timedelta(hours=12).seconds
    session["ends"] = time.time() + 600
    session.save()
    assert Session.objects.get().expire_date < timezone.now() + timedelta(minutes=11)
    session["ends"] = time.time() - 1
    session.save()
    assert not is_in(client)


def test_a_public_page_keeps_no_session_alive():
    client = logged_in()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    client.get("/en/about/")
    assert Session.objects.get().expire_date < timezone.now() + timedelta(minutes=11)


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0 Safari/604.1"


def test_one_sees_where_one_is_logged_in_and_nobody_elses(client):
    here = logged_in(headers={"User-Agent": FIREFOX}, REMOTE_ADDR="10.0.0.1")
    logged_in(headers={"User-Agent": WECHAT}, REMOTE_ADDR="10.0.0.2")
    logged_in("olga", REMOTE_ADDR="10.0.0.3")
    page = here.get(SESSIONS).content.decode()
    assert [words for words in ("Firefox · Windows", "WeChat · iPhone") if words in page] == [
        "Firefox · Windows",
        "WeChat · iPhone",
    ]
    assert [address for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3") if address in page] == ["10.0.0.1", "10.0.0.2"]


def test_one_session_is_ended(client):
    here, there, olgas = logged_in(), logged_in(), logged_in("olga")
    end = UserSession.objects.get(session_key=there.session.session_key).pk
    assert here.post(SESSIONS, {"end": end}).status_code == 302
    assert [is_in(client) for client in (here, there, olgas)] == [True, False, True]


def test_all_other_sessions_are_ended():
    here, there, olgas = logged_in(), logged_in(), logged_in("olga")
    here.post(SESSIONS, {"end": "others"})
    assert [is_in(client) for client in (here, there, olgas)] == [True, False, True]


@pytest.mark.parametrize("end", ["", "x", "0", "²", "9" * 30, "-1"])
def test_what_is_no_session_of_ones_own_is_not_found(end):
    assert logged_in().post(SESSIONS, {"end": end}).status_code == 404


def test_nobody_ends_anothers_session():
    here, olgas = logged_in(), logged_in("olga")
    end = UserSession.objects.get(session_key=olgas.session.session_key).pk
    assert here.post(SESSIONS, {"end": end}).status_code == 404
    assert is_in(olgas)


def test_a_new_password_leaves_no_other_session_behind():
    here, there = logged_in(), logged_in()
    new = "a much longer battery staple"
    here.post("/en/accounts/password/", {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    assert [is_in(client) for client in (here, there)] == [True, False]
    assert here.get(SESSIONS).content.decode().count('scope="row"') == 1


# The account page -----------------------------------------------------------------------------------------------------


def test_ones_own_name_language_and_notices(client):
    client = logged_in()
    said = {
        "first_name": "安",
        "language": "zh-hans",
        "username": "root",
        "is_superuser": "on",
        "email": "x@example.org",
    }
    assert client.post("/en/accounts/", said).headers["Location"] == "/zh-hans/accounts/"
    ann = make.user("ann")
    assert (ann.first_name, ann.language, ann.mail_notices) == ("安", "zh-hans", False)
    assert (ann.username, ann.email, ann.is_superuser) == ("ann", "ann@example.org", False)


def test_an_unknown_language_is_refused():
    assert logged_in().post("/en/accounts/", {"language": "xx"}).status_code == 200
    assert make.user("ann").language == ""
