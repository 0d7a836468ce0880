"""The audit trail as leaders read it and take it away."""

import pytest
from django.urls import reverse

from portal.publishing.models import Event
from tests import make
from tests.reading import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def lee(client):
    make.live()
    make.live(at="zibo")
    client.force_login(make.user("lee"))
    return client


def shown(client, **asked):
    response = client.get(reverse("staff-trail"), asked)
    return [(event.actor, event.did) for event in response.context["page_obj"].object_list]


def test_a_leader_reads_who_did_what_in_the_own_city_only(lee):
    assert shown(lee) == [("rob", "Approve"), ("ann", "Submit for review"), ("ann", "Began")]


def test_the_trail_is_filtered_by_who_what_and_day(lee):
    assert shown(lee, who="ROB") == [("rob", "Approve")]
    assert len(shown(lee, what="zaozhuang/zaozhuang")) == 3
    assert shown(lee, what="zibo") == []
    assert shown(lee, until="2020-01-01") == []
    assert len(shown(lee, since="2020-01-01", city="zaozhuang")) == 3


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"since": "soon"}, "since"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
        ({"city": "zibo"}, "city"),
    ],
)
def test_nonsense_is_said_beside_its_field_and_finds_nothing(lee, asked, field):
    response = lee.get(reverse("staff-trail"), asked)
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert not response.context["page_obj"].object_list


def test_the_exported_trail_can_be_checked_link_by_link(lee):
    """The whole of a chain is needed for that; here, the rows and digests are those of the database."""
    rows = table(lee.get(reverse("staff-trail"), {"export": "csv"}))
    mine = Event.objects.filter(city="zaozhuang")
    assert [row[-1] for row in rows[1:]] == [event.digest for event in mine]


@pytest.mark.parametrize("events", [1, 3])
def test_queries_do_not_grow_with_the_trail(client, django_assert_num_queries, events):
    for number in range(events):
        make.draft(slug=f"city-{number}" if number else "")
    client.force_login(make.user("lee"))
    client.get(reverse("staff-trail"))
    with django_assert_num_queries(11):
        client.get(reverse("staff-trail"))
