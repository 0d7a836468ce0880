"""The buttons: every role in every state, what is refused and how it is said, times in the city's zone."""

from datetime import UTC, datetime, timedelta
from itertools import product
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.cities.models import City
from portal.publishing.clock import database_now
from portal.publishing.models import Version
from portal.publishing.workflow import STEPS, take
from tests import make
from tests.staff.test_edit import hidden

pytestmark = pytest.mark.django_db

ROLES = {"ann": "editor", "rob": "reviewer", "olga": "officer", "lee": "leader"}
WHO = {
    "submit": "editor",
    "send_back": "reviewer",
    "approve": "reviewer",
    "sign_off": "leader",
    "withdraw": "reviewer",
    "call_off": "reviewer",
    "revise": "editor",
    "discard": "editor",
}


def in_state(state):
    """A version that got there through the workflow."""
    draft = make.draft()
    if state == "discarded":
        take("discard", draft, by=make.user("ann"), reason="a test")
    if state in ("in_review", "reviewed", "approved"):
        take("submit", draft, by=make.user("ann"))
    if state == "reviewed":
        City.objects.filter(pk=draft.city.pk).update(sign_off=True)
        take("approve", draft, by=make.user("rob"))
    if state == "approved":
        later = database_now() + timedelta(days=1)  # so that it may be called off as well as withdrawn
        take("approve", draft, by=make.user("rob"), at=later)
    return Version.objects.get(pk=draft.pk)


def who_may(step, state, role):
    """A leader who is asked to sign off may also send back."""
    return role == WHO[step] or (step, state, role) == ("send_back", "reviewed", "leader")


def press(client, step, version, **said):
    return client.post(reverse("staff-step", args=[version.pk, step]), {"reason": "a reason"} | said)


def test_the_roles_table_is_complete():
    assert set(WHO) == set(STEPS)


def tried(name, act, *what):
    """What comes of it when this person does so; it is undone, so that a version is brought into a state only once."""
    client = Client()
    with transaction.atomic():
        client.force_login(make.user(name))
        found = act(client, *what)
        transaction.set_rollback(True)
    return found


def pressed(client, step, version):
    return press(client, step, version).status_code, Version.objects.get(pk=version.pk).state


def shown(client, version):
    page = client.get(reverse("staff-version", args=[version.pk])).content.decode()
    return {step for step in STEPS if f"/steps/{step}/" in page}


@pytest.mark.parametrize("state", Version.State.values)
def test_role_state_and_step(state):
    version = in_state(state)
    wrong = []
    for (name, role), step in product(ROLES.items(), STEPS):
        may, fits = who_may(step, state, role), state in STEPS[step].sources
        code, after = tried(name, pressed, step, version)
        if code != (403 if not may else 302 if fits else 409) or not ((may and fits) or after == state):
            wrong.append((name, step, code, after))
    assert not wrong


@pytest.mark.parametrize("state", Version.State.values)
def test_buttons_are_those_that_work(state):
    version = in_state(state)
    for name, role in ROLES.items():
        works = {step for step in STEPS if who_may(step, state, role) and state in STEPS[step].sources}
        assert tried(name, shown, version) == works


def test_the_writer_may_not_approve(client):
    zoe = make.user("zoe")  # editor and reviewer of Zibo
    draft = make.draft(at="zibo", by=zoe)
    take("submit", draft, by=zoe)
    client.force_login(zoe)
    page = client.get(reverse("staff-version", args=[draft.pk])).content.decode()
    assert "/steps/approve/" not in page
    assert "You wrote in this version, so somebody else approves it." in page
    assert press(client, "approve", draft).status_code == 403
    assert Version.objects.get().state == "in_review"


def test_an_unknown_step_is_not_found(client):
    client.force_login(make.user("ann"))
    assert press(client, "publish_at_once", in_state("draft")).status_code == 404


def test_get_changes_nothing(client):
    version = in_state("draft")
    client.force_login(make.user("ann"))
    assert client.get(reverse("staff-step", args=[version.pk, "submit"])).status_code == 405


def test_a_double_click_says_what_is_so_and_does_it_once(client):
    version = in_state("draft")
    client.force_login(make.user("ann"))
    assert press(client, "submit", version).status_code == 302
    second = press(client, "submit", version)
    assert second.status_code == 409
    assert "This version is in review now." in second.content.decode()


def test_a_missing_reason_is_said_beside_the_box(client):
    version = in_state("in_review")
    client.force_login(make.user("rob"))
    response = press(client, "send_back", version, reason="  ")
    assert response.status_code == 422
    assert 'id="send_back_reason_error"' in response.content.decode()
    assert Version.objects.get().state == "in_review"


def test_the_reason_of_the_reviewer_meets_the_editor(client):
    version = in_state("in_review")
    client.force_login(make.user("rob"))
    press(client, "send_back", version, reason="The total is wrong & <b>bold</b>.")
    client.force_login(make.user("ann"))
    page = client.get(reverse("staff-version", args=[version.pk])).content.decode()
    assert "The total is wrong &amp; &lt;b&gt;bold&lt;/b&gt;." in page


def local(at, zone):
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def test_a_time_is_the_citys_own(client):
    City.objects.filter(pk=make.city().pk).update(time_zone="America/Sao_Paulo")
    version = in_state("in_review")
    client.force_login(make.user("rob"))
    at = (database_now() + timedelta(days=3)).replace(second=0, microsecond=0)
    assert press(client, "approve", version, at=local(at, "America/Sao_Paulo")).status_code == 302
    assert Version.objects.get().live_from == at


def refused_time(client, at, zone="Europe/Berlin"):
    City.objects.filter(pk=make.city().pk).update(time_zone=zone)
    version = in_state("in_review")
    client.force_login(make.user("rob"))
    response = press(client, "approve", version, at=at)
    assert response.status_code == 422
    assert 'id="approve_at_error"' in response.content.decode()
    assert f'value="{at}"' in response.content.decode()
    assert Version.objects.get().state == "in_review"


def change_of_clocks(month):
    """The last Sunday of the month, next year: the clocks of Berlin go forward (March) or back (October) that night."""
    day = datetime(database_now().year + 1, month, 31, tzinfo=UTC)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def test_an_hour_that_is_skipped_is_refused(client):
    refused_time(client, f"{change_of_clocks(3):%Y-%m-%d}T02:30")


def test_an_hour_that_comes_twice_is_refused(client):
    refused_time(client, f"{change_of_clocks(10):%Y-%m-%d}T02:30")


def test_a_past_time_is_refused(client):
    refused_time(client, local(database_now() - timedelta(minutes=2), "Europe/Berlin"))


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01T00:00", "soon", "1" * 5000])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Sao_Paulo"])
def test_times_nobody_means_are_refused(client, at, zone):
    refused_time(client, at, zone)


def test_revise_leads_to_the_new_draft(client):
    version = make.live()
    client.force_login(make.user("ann"))
    response = press(client, "revise", version)
    draft = Version.objects.get(state="draft")
    assert response.headers["Location"] == reverse("staff-version", args=[draft.pk])
    assert "Done: Revise." in client.get(response.headers["Location"]).content.decode()
    page = client.get(reverse("staff-version", args=[version.pk])).content.decode()
    assert "/steps/revise/" not in page


def test_what_would_do_nothing_has_no_button(client):
    version = make.live()
    client.force_login(make.user("rob"))
    page = client.get(reverse("staff-version", args=[version.pk])).content.decode()
    assert "/steps/withdraw/" in page
    assert "/steps/call_off/" not in page
    press(client, "withdraw", version)
    assert "/steps/withdraw/" not in client.get(reverse("staff-version", args=[version.pk])).content.decode()


def test_submitting_what_is_incomplete_says_what_is_missing(client):
    version = in_state("draft")
    Version.objects.filter(pk=version.pk).update(title=make.Text())
    client.force_login(make.user("ann"))
    response = press(client, "submit", version)
    assert response.status_code == 409
    assert "“Submit for review” was not done" in response.content.decode()
    assert Version.objects.get().state == "draft"


def test_a_new_entry_may_begin_where_all_was_discarded(client):
    in_state("discarded")
    assert make.draft().number == 2


def test_nobody_approves_words_that_came_after_those_they_read(client):
    draft = make.draft()
    take("submit", draft, by=make.user("ann"))
    client.force_login(make.user("rob"))
    overview = reverse("staff-version", args=[draft.pk])
    read = hidden(client.get(overview))
    take("send_back", draft, by=make.user("rob"), reason="a reason")
    make.figure(draft, 666)
    take("submit", draft, by=make.user("ann"))

    late = press(client, "approve", draft, **read)
    assert late.status_code == 409
    assert "Somebody has saved since you were asked" in late.content.decode()
    assert not Version.objects.live().exists()
    assert press(client, "approve", draft, **hidden(late)).status_code == 302
    assert Version.objects.live().count() == 1


@pytest.mark.parametrize("sent_from", ["/en/staff/versions/{}/review/?against=1", None, "https://elsewhere.example/x"])
def test_who_was_logged_out_meanwhile_comes_back_to_the_page_that_sent(client, sent_from):
    version = in_state("in_review")
    page = sent_from and sent_from.format(version.pk)
    headers = {"referer": page if page.startswith("https") else f"http://testserver{page}"} if page else {}
    answer = client.post(reverse("staff-review-step", args=[version.pk, "approve"]), headers=headers)
    back = page if page and page.startswith("/") else reverse("staff-start")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={quote(back)}"
    assert Version.objects.get().state == "in_review"
