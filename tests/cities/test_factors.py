"""Codes and keys: each opens once, few may be wrong, and none can be had by another way."""

import json
import re
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from portal.inquiries.models import Mail
from portal.publishing.models import Event
from portal.staff.factors import give_sample_factor
from tests import make

pytestmark = pytest.mark.django_db

LOGIN, CODE, START = "/en/accounts/login/", "/en/accounts/second-factor/code/", "/en/staff/"
SET_UP, APP = "/en/accounts/second-factor/", "/en/accounts/second-factor/app/"


def code(step=0, secret=make.SECRET):
    """Of the half minute that is now, or of one before or after it."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + step))


def log_in(client, name="rob", password=make.PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def typed(client, what):
    return client.post(CODE, {"code": what})


def wrong(response):
    return str(response.context["form"].errors.get("code", [""])[0])


@pytest.fixture
def rob():
    return make.user("rob")


@pytest.fixture
def asked(client, rob):
    """A browser in which rob has typed the password."""
    assert log_in(client).headers["Location"] == CODE
    return client


def test_a_password_alone_opens_nothing(asked):
    assert asked.get(START).headers["Location"].startswith(LOGIN)
    assert asked.get(LOGIN).headers["Location"] == CODE
    assert typed(asked, code()).headers["Location"] == START
    assert asked.get(START).status_code == 200


def test_one_leads_where_one_wanted_to_go(client, rob):
    client.post(f"{LOGIN}?next=/en/staff/sources/", {"login": "rob", "password": make.PASSWORD})
    assert typed(client, code()).headers["Location"] == "/en/staff/sources/"


def test_a_code_opens_once_wherever_it_is_typed(asked):
    used = code()
    typed(asked, used)
    elsewhere = Client()
    log_in(elsewhere)
    cache.clear()  # what a flushed memory forgets must not open again
    assert "not right, or it has been used" in wrong(typed(elsewhere, used))
    assert "not right, or it has been used" in wrong(typed(elsewhere, code(-1)))  # nor one older than that
    assert typed(elsewhere, code(1)).status_code == 302


@pytest.mark.parametrize("step", [-3, -2, 2, 3])
def test_a_code_of_another_time_is_wrong(asked, step):
    assert wrong(typed(asked, code(step)))


def test_ten_wrong_codes_are_enough_for_a_quarter_of_an_hour(rob):
    for number in range(10):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        log_in(client)
        assert "not right" in wrong(typed(client, "000000"))
    assert wrong(typed(client, code())) == "Too many failed login attempts. Try again later."


def test_a_right_code_does_not_wipe_out_the_wrong_ones(asked):
    for _number in range(9):
        typed(asked, "000000")
    assert typed(asked, code()).status_code == 302
    client = Client()
    log_in(client)
    typed(client, "000000")
    assert "Too many" in wrong(typed(client, code(1)))


@pytest.mark.parametrize("rubbish", ["", "\0", "x" * 100_000, "１２３４５６", "-1", "' OR 1=1 --"])
def test_rubbish_is_a_wrong_code(asked, rubbish):
    response = typed(asked, rubbish)
    assert response.status_code == 200
    assert response.context["form"].errors


# Setting up -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ann(client):
    """A browser in which ann has just logged in."""
    user = make.user("ann")
    log_in(client, "ann")
    return user


def shown_secret(client):
    return re.search(r'id="secret">(\w+)<', client.get(APP).content.decode()).group(1)


def test_an_app_is_set_up_and_then_asked_for(client, ann):
    secret = shown_secret(client)
    page = client.get(APP).content.decode()
    assert '<img class="qr" src="data:image/svg+xml' in page
    secret = shown_secret(client)
    response = client.post(APP, {"code": code(secret=secret)}, follow=True)
    codes = re.findall(r'class="otp">(\d{8})<', response.content.decode())
    assert len(codes) == 10
    assert secret not in Authenticator.objects.get(type="totp").data["secret"]
    client.logout()
    log_in(client, "ann")
    assert wrong(typed(client, code(secret=secret)))  # spent by setting up
    assert typed(client, codes[0]).status_code == 302
    client.logout()
    log_in(client, "ann")
    assert wrong(typed(client, codes[0]))
    assert typed(client, codes[1]).status_code == 302


def test_a_wrong_code_keeps_the_same_secret(client, ann):
    secret = shown_secret(client)
    page = client.post(APP, {"code": "000000"})
    assert wrong(page)
    assert secret in page.content.decode()


def test_recovery_codes_are_shown_once(client, ann):
    client.post(APP, {"code": code(secret=shown_secret(client))})
    address = f"{SET_UP}recovery-codes/"
    assert client.get(address).content.decode().count('class="otp"') == 10
    assert client.get(address).content.decode().count('class="otp"') == 0


def test_setting_up_ends_other_sessions_tells_the_owner_and_stands_in_the_trail(
    client, ann, django_capture_on_commit_callbacks
):
    elsewhere = Client()
    log_in(elsewhere, "ann")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(APP, {"code": code(secret=shown_secret(client))})
    assert client.get(START).status_code == 200
    assert elsewhere.get(START).status_code == 302
    assert Mail.objects.get().to == ann.email
    assert "app that shows codes was added" in Mail.objects.get().body
    assert list(Event.objects.values_list("action", "subject")) == [("totp_activated", "account ann")]


def test_what_opens_the_account_changes_only_after_the_password(client):
    """Who finds a browser open cannot take the account over."""
    client.force_login(make.user("ann"))
    for address in (APP, "/en/accounts/passkeys/add/", f"{SET_UP}recovery-codes/new/"):
        for answer in (client.get(address), client.post(address, {"code": "1", "credential": "{}"})):
            assert answer.status_code == 302
            assert "/en/accounts/confirm/" in answer.headers["Location"]
    assert not Authenticator.objects.exists()


def test_who_must_have_one_cannot_remove_the_last(asked):
    typed(asked, code())
    response = asked.post(f"{APP}remove/")
    assert response.status_code == 200
    assert "Add another one before you remove this one" in response.content.decode()
    assert Authenticator.objects.count() == 1


def test_a_database_alone_opens_nothing(rob, settings):
    kept = rob.authenticator_set.get().data["secret"]
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert len({get_adapter().decrypt(kept), get_adapter().decrypt(kept), make.SECRET}) == 3  # unknown each time
    settings.SECRET_KEY_FALLBACKS = [key]
    assert get_adapter().decrypt(kept) == make.SECRET


def test_the_server_itself_can_take_a_factor_away(asked):
    typed(asked, code())
    call_command("forget_second_factor", "rob")
    assert asked.get(START).status_code == 302
    assert log_in(asked).headers["Location"] == START
    assert asked.get(START).headers["Location"] == SET_UP
    with pytest.raises(CommandError):
        call_command("forget_second_factor", "nobody")


# Sample log-ins -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sample(client):
    user = make.user("rob")
    user.authenticator_set.all().delete()
    give_sample_factor(user)
    log_in(client)
    return client


def test_the_sample_site_shows_the_code(sample, settings):
    settings.SAMPLE_MODE = True
    page = sample.get(CODE).content.decode()
    shown = re.search(r'id="sample-code">(\d{6})<', page).group(1)
    assert typed(sample, shown).headers["Location"] == START


def test_the_sample_code_is_worth_nothing_elsewhere(sample, settings):
    assert not settings.SAMPLE_MODE
    assert 'id="sample-code"' not in sample.get(CODE).content.decode()
    from portal.staff.factors import SAMPLE_SECRET

    assert wrong(typed(sample, code(secret=SAMPLE_SECRET)))


def test_the_sample_site_shows_nobody_elses_code(asked, settings):
    settings.SAMPLE_MODE = True
    assert 'id="sample-code"' not in asked.get(CODE).content.decode()


def test_sample_log_ins_are_not_made_elsewhere():
    with pytest.raises(CommandError):
        call_command("load_samples")


# Passkeys; with a real browser in tests/browser/test_passkeys.py ------------------------------------------------------


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "{}",
        "[]",
        "1",
        "null",
        '"x"',
        '{"id": 1}',
        '{"response": {"userHandle": "AAAA"}}',
        "{" * 1000,
        "9" * 5000,
        "[" * 100_000,
    ],
    ids=lambda rubbish: rubbish[:20],
)
def test_rubbish_is_no_passkey(client, asked, rubbish):
    asked.get(CODE)
    assert asked.post(CODE, {"credential": rubbish}).status_code == 200
    stranger = Client()
    stranger.get("/en/accounts/passkeys/login/", headers={"Accept": "application/json"})
    assert stranger.post("/en/accounts/passkeys/login/", {"credential": rubbish}).headers["Location"] == LOGIN
    owner = Client()
    make.user("ann")
    log_in(owner, "ann")
    owner.get("/en/accounts/passkeys/add/")
    response = owner.post("/en/accounts/passkeys/add/", {"name": "x", "credential": rubbish})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_asking_for_a_passkey_names_no_account(client):
    answer = client.get("/en/accounts/passkeys/login/", headers={"Accept": "application/json"})
    assert json.loads(answer.content)["request_options"]["publicKey"].get("allowCredentials", []) == []
