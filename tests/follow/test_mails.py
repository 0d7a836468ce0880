"""Following by mail: asked, confirmed, told when something is new, stopped; and what nobody learns on the way."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.follow import following, views
from portal.follow.models import Follow, next_look
from portal.inquiries import mail
from portal.inquiries.models import Mail
from portal.publishing.models import Event
from portal.publishing.workflow import take
from tests import make
from tests.reading import page, words

pytestmark = pytest.mark.django_db
CITY = "/en/follow/?city=zaozhuang"
IVY = "ivy@example.com"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What is published now is told now."""
    make.city()
    monkeypatch.setattr(following, "SETTLED", timedelta(0))


def ask(client, address=CITY, **said):
    shown = client.get(address).context["form"]
    consent = shown.fields["consent"].consent.version
    return client.post(address, {"email": IVY, "frequency": "daily", "language": "en", "consent": consent} | said)


def followed(client, address=CITY, **said) -> Follow:
    """Asked for and confirmed."""
    assert ask(client, address, **said).url == "/en/follow/asked/"
    follow = Follow.objects.latest("pk")
    client.post(follow.get_absolute_url(), {"do": "confirm"})
    follow.refresh_from_db()
    return follow


def delivered():
    """What the worker sends now."""
    outbox.outbox.clear()
    while Mail.objects.due(timezone.now()).exists():
        mail.send_due()
    return outbox.outbox


def morning():
    """What is sent when the time of all of them has come."""
    Follow.objects.confirmed().update(look_at=timezone.now())
    following.tell_due()
    return delivered()


def test_of_everything_a_part_may_be_chosen(client):
    make.live()
    make.link()
    parts = client.get("/en/follow/").context["parts"]
    assert parts["city"] == [("zaozhuang", {"en": "Zaozhuang", "zh-hans": "枣庄"})]
    assert parts["chain"] == [("lithium", {"en": "Lithium chain"})]
    chosen = client.get("/en/follow/?city=zaozhuang&chain=lithium&kind=&q=").context
    assert (chosen["subject"].label, chosen["parts"]) == ("Zaozhuang · Lithium chain", {})


def test_nothing_is_sent_before_its_owner_confirms(client):
    make.live()
    ask(client, email=" Ivy@Example.com")
    [letter] = delivered()
    follow = Follow.objects.get()
    assert (letter.to, follow.email, follow.confirmed_at) == ([IVY], IVY, None)
    assert "Zaozhuang" in letter.body
    assert f"/en/follow/{follow.code}/" in letter.body
    assert Mail.objects.get().body == ""  # the outbox keeps no secret link
    Follow.objects.update(asked_at=timezone.now() - timedelta(days=8))
    following.tell_due()
    assert delivered() == []
    following.forget_unconfirmed()
    assert not Follow.objects.exists()
    assert not Mail.objects.exists()
    assert client.get(follow.get_absolute_url()).status_code == 410


def test_looking_at_the_page_confirms_nothing(client):
    make.live()
    ask(client)
    follow = Follow.objects.get()
    assert "Do you want these mails? Zaozhuang" in page(client, follow.get_absolute_url())
    client.head(follow.get_absolute_url())
    assert not Follow.objects.confirmed().exists()
    client.post(follow.get_absolute_url(), {"do": "confirm"})
    assert "You follow this Zaozhuang" in page(client, follow.get_absolute_url())


def test_the_answer_is_the_same_for_who_follows_already_and_changes_nothing(client):
    make.live()
    follow = followed(client)
    Follow.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
    delivered()
    stranger = ask(Client(), frequency="weekly", language="zh-hans")
    other = ask(Client(), email="new@example.com")
    assert (stranger.status_code, stranger.url) == (other.status_code, other.url)
    follow.refresh_from_db()
    assert (follow.frequency, follow.language) == ("daily", "en")
    assert sorted(letter.subject for letter in delivered()) == [
        "Please confirm that you want these mails",
        "You follow this already",
    ]


def test_no_mail_to_a_stranger_carries_words_that_somebody_typed(client):
    ask(client, "/en/follow/?q=Buy+at+spam.example")
    ask(client, "/en/follow/?kind=project&q=Buy+at+spam.example")
    assert Mail.objects.count() == 2
    assert not [row for row in Mail.objects.all() if "spam" in f"{row.subject} {row.body}"]
    assert "“Buy at spam.example”" in page(client, Follow.objects.first().get_absolute_url())


def test_what_is_new_is_told_once_in_the_language_asked_for(client):
    follow = followed(client, language="zh-hans")
    delivered()
    assert morning() == []
    make.live()
    make.live(at="zibo")
    make.draft(make.ProjectListing, slug="secret", title=make.Text("Secret"))
    [letter] = morning()
    assert letter.to == [IVY]
    assert "标题zaozhuang" in letter.body
    assert "/zh-hans/cities/zaozhuang/" in letter.body
    assert "zibo" not in letter.body.lower()
    assert "Secret" not in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"/zh-hans/follow/{follow.code}/stop/>")
    assert morning() == []


def test_what_is_withdrawn_before_the_morning_is_not_told(client):
    followed(client)
    take("withdraw", make.live(), by=make.user("rob"), reason="wrong")
    delivered()
    assert morning() == []


def test_of_two_workers_one_tells(client):
    follow = followed(client)
    make.live()
    delivered()
    [_letter] = morning()
    stale = Follow.objects.get()
    stale.look_at = follow.look_at
    following.tell(stale, timezone.now())
    assert delivered() == []


def test_a_mail_program_stops_it_with_one_post_and_a_person_through_a_page(client):
    make.live()
    follow = followed(client)
    other = followed(client, "/en/follow/?city=zaozhuang&kind=project")
    strict = Client(enforce_csrf_checks=True)
    stop = f"/en/follow/{follow.code}/stop/"
    assert strict.get(stop).status_code == 302
    assert Follow.objects.filter(pk=follow.pk).exists()
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert strict.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert [row.pk for row in Follow.objects.all()] == [other.pk]
    assert client.post(other.get_absolute_url(), {"do": "stop"}).url == "/en/follow/stopped/"
    assert not Follow.objects.exists()
    assert not Mail.objects.exists()


def test_its_owner_sees_all_and_changes_it(client):
    make.live()
    follow = followed(client)
    followed(client, "/en/follow/?kind=project&stage=signed")
    said = page(client, follow.get_absolute_url())
    assert "What else this address follows Projects · signed" in said
    client.post(follow.get_absolute_url(), {"do": "change", "frequency": "weekly", "language": "zh-hans"})
    follow.refresh_from_db()
    assert (follow.frequency, follow.language, follow.email) == ("weekly", "zh-hans", IVY)
    assert client.post(follow.get_absolute_url(), {"do": "change", "frequency": "hourly"}).status_code == 422
    client.post(follow.get_absolute_url(), {"do": "stop-all"})
    assert not Follow.objects.exists()


def test_a_mailbox_that_takes_no_mail_is_forgotten(client):
    followed(client)
    Mail.objects.update(state="failed")
    morning()
    assert not Follow.objects.exists()


def test_so_many_may_be_asked_for_and_a_double_click_is_one(client, settings):
    settings.FOLLOW_LIMITS = {"address": (9, 3600), "mailbox": (2, 3600)}
    asked = [ask(client, f"/en/follow/?kind={kind}") for kind in ("project", "project", "park", "city")]
    assert [answer.status_code for answer in asked] == [302, 302, 302, 429]
    assert "You can ask again in 60 minutes." in words(asked[-1])
    assert Mail.objects.count() == 2


def test_a_mailbox_is_not_asked_the_same_again_and_again(client, monkeypatch):
    places, _seconds = settings.FOLLOW_LIMITS["mailbox"]
    begun = timezone.now()
    for turn in range(places + 3):
        monkeypatch.setattr(views, "database_now", lambda turn=turn: begun + turn * following.PAUSE)
        answer = ask(client)
    assert answer.status_code == 429
    assert Mail.objects.count() == places


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "no address"}, "E-mail address: Enter a valid email address."),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Enter a valid email address."),
        ({"consent": ""}, "Without your consent"),
        ({"frequency": "hourly"}, "is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(client, wrong, said):
    assert said in words(ask(client, **wrong))
    assert not Follow.objects.exists()


def test_a_person_is_shown_and_erased(client, capsys):
    followed(client)
    followed(client, email="other@example.com")
    call_command("export_person", email=IVY)
    [kept] = json.loads(capsys.readouterr().out)["follows"]
    assert (kept["query"], kept["frequency"]) == ("city=zaozhuang", "daily")
    assert "every mail has a link for that" in kept["consent"]
    call_command("erase_person", email=IVY.upper())
    assert [row.email for row in Follow.objects.all()] == ["other@example.com"]
    assert not Mail.objects.filter(to=IVY).exists()
    assert Event.objects.first().action == "erase"


@pytest.mark.parametrize(
    ("now", "frequency", "then"),
    [
        ((2026, 11, 20, 23), "daily", (2026, 11, 21, 0)),  # Saturday 7:00 in China
        ((2026, 11, 21, 0), "daily", (2026, 11, 22, 0)),
        ((2026, 11, 21, 0), "weekly", (2026, 11, 23, 0)),
        ((2026, 11, 22, 23), "weekly", (2026, 11, 23, 0)),
        ((2026, 11, 23, 0), "weekly", (2026, 11, 30, 0)),
    ],
)
def test_mails_come_at_eight_in_the_morning(now, frequency, then):
    assert next_look(datetime(*now, tzinfo=UTC), frequency) == datetime(*then, tzinfo=UTC)
