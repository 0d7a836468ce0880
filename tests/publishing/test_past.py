"""A page as it was: `?at=`."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from clusters.models import CityProfile, ClusterProfile, Contact
from portal.lib.text import Text
from portal.publishing import past
from portal.publishing.clock import database_now
from portal.publishing.past import at_its_beginning
from portal.publishing.workflow import take
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/en/cities/zaozhuang/"


def text(response):
    return response.content.decode()


@pytest.fixture
def then(settings):
    """The moment at which the first of two versions was public, as an address says it."""
    settings.CLOCK_MEMO_SECONDS = 0
    draft = make.draft(CityProfile)
    make.write(draft, Contact, name=Text("Wang Wei"), purpose=Text("Investors"), email="wang@example.org")
    first = make.approved(draft)
    moment = at_its_beginning(first)
    make.approved(make.revised(first, title=Text("Second title")))
    return moment


def test_page_is_shown_as_it_was_marked_and_kept_out_of_indexes(client, settings, then):
    response = client.get(ADDRESS, {"at": then})
    assert "Title zaozhuang" in text(response)
    assert "Second title" not in text(response).split("<main")[1].split("what-changed")[0]
    assert "This page as it was on" in text(response)
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text(response)
    assert f'rel="canonical" href="{settings.BASE_URL}{ADDRESS}"' in text(response)


def test_persons_to_contact_are_shown_today_only(client, then):
    assert "wang@example.org" in text(client.get(ADDRESS))
    assert "wang@example.org" not in text(client.get(ADDRESS, {"at": then}))


def test_a_chart_of_the_past_is_drawn_on_its_page(client, then):
    """At its address it is drawn from what is public today."""
    draft = make.draft(ClusterProfile, slug="one")
    for day, value in (("2020", 1), ("2021", 2), ("2022", 3), ("2023", 4)):
        make.figure(draft, value, as_of=day)
    cluster = make.approved(draft)
    make.live(at="zibo")
    today = text(client.get(cluster.get_absolute_url()))
    past = text(client.get(cluster.get_absolute_url(), {"at": at_its_beginning(cluster)}))
    assert ("<picture" in today, "<picture" in past, 'role="img"' in past) == (True, False, True)


def test_what_changed_leads_to_each_version(client, then):
    page = text(client.get(ADDRESS))
    link = re.search(r'href="([^"]*\?at=[^"]*)"', page)[1]
    assert "This page as it was on" in text(client.get(link))


def test_what_was_called_off_takes_no_place_among_the_editions(monkeypatch):
    monkeypatch.setattr(past, "MOST_EDITIONS", 1)
    first = make.live(CityProfile)
    later = database_now() + timedelta(hours=1)
    second = make.approved(make.revised(first), at=later)
    take("call_off", second, by=make.user("rob"), reason="not yet")
    found = past.editions(first.entry_id, later + timedelta(hours=1))
    assert [(edition.version.pk, edition.at) for edition in found] == [(first.pk, "")]


def test_what_was_withdrawn_is_not_read_in_the_past_either(client, then):
    cluster = make.live(ClusterProfile, slug="gone")
    moment = at_its_beginning(cluster)
    make.live(at="zibo")  # the clock moves on
    assert client.get("/en/clusters/zaozhuang/gone/", {"at": moment}).status_code == 200
    assert "Title gone" in text(client.get(ADDRESS, {"at": moment}))
    take("withdraw", cluster, by=make.user("rob"), reason="An error.")
    assert client.get("/en/clusters/zaozhuang/gone/", {"at": moment}).status_code == 404
    assert "Title gone" not in text(client.get(ADDRESS, {"at": moment}))


def test_before_it_was_public_the_page_says_so(client, then):
    response = client.get(ADDRESS, {"at": "1999-01-01"})
    assert (response.status_code, "Nothing was published here then" in text(response)) == (404, True)
    assert "Title zaozhuang" not in text(client.get("/en/cities/", {"at": "1999-01-01"}))


@pytest.mark.parametrize(
    "words", ["yesterday", "2024-13-01", "0000-00-00", "0001-01-01", "2024-06-01T99:00", "9" * 5000, "\0", ""]
)
def test_what_is_no_day_is_refused_with_a_way_on(client, words):
    response = client.get("/en/cities/", {"at": words})
    assert (response.status_code, 'href="/en/cities/"' in text(response)) == (400, True)


@pytest.mark.parametrize("days", [0, 1, 400])
def test_today_and_later_is_the_page_itself(client, then, days):
    day = localdate() + timedelta(days=days)
    response = client.get(ADDRESS, {"at": day.isoformat(), "x": "1"})
    assert (response.status_code, response["Location"]) == (302, f"{ADDRESS}?x=1")


def test_page_of_the_past_is_kept_until_something_changes(client, then):
    first, again = (client.get(ADDRESS, {"at": then}) for _ in range(2))
    assert first["ETag"] == again["ETag"]
    make.live(at="zibo")
    assert client.get(ADDRESS, {"at": then})["ETag"] != first["ETag"]


@pytest.mark.parametrize("address", ["organisations/", "chains/lithium/", "chains/lithium/cells/"])
@pytest.mark.parametrize("number", ["99", "x", "0", "-1", "9" * 5000])
def test_page_beyond_the_end_is_said_to_be_none_on_any_day(client, then, address, number):
    make.link()
    for day in ({}, {"at": then}):
        response = client.get(f"/en/{address}", {"page": number, "kind": "company"} | day)
        assert response.status_code == 404
        assert f"There is no page {number[:80]} of these results." in text(response)
        assert 'href="?kind=company' in text(response)


@pytest.mark.parametrize("address", ["cities/", "projects/", "costs/"])
def test_form_of_a_page_of_the_past_stays_on_its_day(client, then, address):
    said = text(client.get(f"/en/{address}", {"at": then}))
    form = said[re.search('<form class="filters"|<form method="get" class="cost-form"', said).start() :]
    assert f'<input type="hidden" name="at" value="{then}">' in form[: form.index("</form>")]
