"""The office at a glance: the public numbers, counted by the same code; what is behind each; on one page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clusters.models import CityProfile, ParkProfile
from portal.cities.models import Membership
from portal.facts.models import Figure
from portal.inquiries.models import Inquiry, Mail
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.models import Translation
from portal.publishing.workflow import take
from projects.models import ProjectListing, Stage
from tests import make
from tests.inquiries.asking import asked
from tests.reading import table

pytestmark = pytest.mark.django_db

GLANCE = "/en/staff/glance/"


@pytest.fixture
def lee(client):
    client.force_login(make.user("lee"))
    return client


def project(slug, *stages, at="zaozhuang"):
    draft = make.draft(ProjectListing, slug=slug, at=at)
    for stage, when in stages:
        make.stage(draft, stage, when=when)
    return make.approved(draft)


def glance(client, **query):
    page = client.get(GLANCE, query)
    assert page.status_code == 200
    return page.context


def test_the_ledger_is_the_public_one(lee):
    make.live(CityProfile)
    project("a", (Stage.SIGNED, "2020"))
    project("b", (Stage.SIGNED, "2022"), (Stage.STARTED, "2023"))
    project("c", (Stage.SIGNED, "2022"), (Stage.CANCELLED, "2023"))
    project("foreign", (Stage.SIGNED, "2019"), at="zibo")
    public = Client().get("/en/cities/zaozhuang/").context["ledger"]
    assert [row for row, _links in glance(lee)["ledger"]] == public
    total = glance(lee)["total"]
    assert (total.signed, total.started, total.producing) == (3, 1, 0)


def test_each_number_leads_to_what_is_behind_it(lee):
    project("a", (Stage.SIGNED, "2020"))
    project("b", (Stage.SIGNED, "2022"), (Stage.STARTED, "2023"))
    for row, links in glance(lee)["ledger"]:
        for column, link in links.items():
            assert lee.get(link).context["page_obj"].paginator.count == getattr(row, column)


def test_figures_are_counted_by_their_freshness(lee):
    draft = make.draft(ParkProfile)
    today = database_now().date()
    for age in (30, 350, 400):
        make.figure(draft, as_of=(today - timedelta(days=age)).isoformat(), subject=Text(f"Of age {age}"))
    make.figure(draft, as_of="2001", subject=Text("Of age 30"))  # history: a newer one continues it
    make.figure(draft, as_of="2000", basis="planned")  # a promise does not grow stale
    make.approved(draft)
    make.figure(make.draft(ParkProfile, slug="draft"), as_of="2000")
    assert glance(lee)["freshness"] == (3, 1, 1)
    assert glance(lee)["freshness"].fresh == 2
    work = lee.get(reverse("staff-work", args=["figures"])).context["page_obj"].paginator.count
    assert work == 2
    assert Figure.objects.count() == 6


def test_languages_are_counted(lee):
    both = make.draft(ParkProfile)
    make.write(both, Translation, language="en", origin="machine")
    make.approved(both)
    make.live(ParkProfile, slug="half", title=Text({"en": "Half"}))
    make.draft(ParkProfile, slug="draft")
    assert glance(lee)["languages"] == (2, 1, 0, 0, 1, 0)


def test_inquiries_are_counted_by_their_clock(lee):
    make.live(CityProfile)
    make.user("olga")
    now = database_now()
    for number in range(3):
        asked(Client(), message=f"Question {number}")
    first, second, third = Inquiry.objects.order_by("pk")
    set_clock(first, received=now - timedelta(days=4), reply_by=now.date(), answered=now - timedelta(days=2))
    set_clock(second, received=now - timedelta(days=9), reply_by=now.date() - timedelta(days=5), answered=now)
    set_clock(third, received=now - timedelta(days=9), reply_by=now.date() - timedelta(days=5))
    Mail.objects.filter(inquiry=first, purpose="received").update(sent_at=now)
    assert glance(lee)["clock"] == (3, 1, 2, 1, 1, 5.5)
    set_clock(third, received=now - timedelta(days=366), reply_by=now.date())
    assert glance(lee)["clock"].received == 2


def set_clock(inquiry, *, received, reply_by, answered=None):
    by = make.user("olga") if answered else None
    said = {"received_at": received, "reply_by": reply_by, "answered_at": answered, "answered_by": by}
    Inquiry.objects.filter(pk=inquiry.pk).update(**said)


def test_open_work_is_counted_by_age(lee):
    draft = make.draft(ParkProfile)
    submitted = make.draft(ParkProfile, slug="two")
    take("submit", submitted, by=make.user("ann"))
    ParkProfile.objects.filter(pk=draft.pk).update(created_at=database_now() - timedelta(days=31))
    assert glance(lee)["open_work"] == [
        ("draft", {"total": 1, "new": 0, "old": 0, "very_old": 1}),
        ("in review", {"total": 1, "new": 1, "old": 0, "very_old": 0}),
    ]
    assert lee.get(reverse("staff-work", args=["in-work"])).context["page_obj"].paginator.count == 2


def test_overdue_projects_are_named(lee):
    project("late", (Stage.SIGNED, "2020"))
    assert glance(lee)["total"].overdue == 1
    assert [row.version.entry.slug for row in glance(lee)["late"]] == ["late"]


def test_of_all_cities_led_or_of_one(lee):
    Membership.objects.create(user=make.user("lee"), city=make.city("zibo"), role="leader")
    project("a", (Stage.SIGNED, "2020"))
    project("b", (Stage.SIGNED, "2020"), at="zibo")
    assert glance(lee)["total"].signed == 2
    assert glance(lee, city="zibo")["total"].signed == 1
    assert lee.get(GLANCE, {"city": "nowhere"}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("lee", 200), ("ada", 200), ("ann", 404), ("olga", 404), ("eve", 404)])
def test_it_is_for_those_who_lead(client, who, status):
    make.city()
    client.force_login(make.user(who))
    for address in (GLANCE, f"{GLANCE}csv/"):
        assert client.get(address).status_code == status


def test_one_of_another_office_sees_no_foreign_city(client):
    make.city()
    Membership.objects.create(user=make.user("eve"), city=make.city("zibo"), role="leader")
    client.force_login(make.user("eve"))
    assert client.get(GLANCE, {"city": "zaozhuang"}).status_code == 404


def test_the_file_says_the_same(lee):
    project("a", (Stage.SIGNED, "2020"))
    rows = table(lee.get(f"{GLANCE}csv/"))
    assert ["Promise ledger", "2020: signed", "1"] in rows
    assert ["Projects", "overdue", "1"] in rows


def test_an_empty_office_is_told_so(lee):
    page = lee.get(GLANCE).content.decode()
    assert "No signed project is public yet." in page
    assert "Nothing is in work." in page


@pytest.mark.parametrize("items", [1, 3])
def test_it_asks_as_often_for_three_as_for_one(lee, items, django_assert_num_queries):
    for number in range(items):
        make.draft(ParkProfile, slug=f"draft-{number}")
        project(f"p{number}", (Stage.SIGNED, "2020"))
    for count in (19, 11):  # the second time what is public is known
        with django_assert_num_queries(count):
            lee.get(GLANCE)


@pytest.mark.parametrize(
    ("name", "offered"), [("lee", True), ("ada", True), ("root", True), ("ann", False), ("rob", False)]
)
def test_who_leads_finds_it_on_every_page(client, name, offered):
    make.city()
    client.force_login(make.superuser() if name == "root" else make.user(name))
    page = client.get("/en/staff/sources/").content.decode()
    assert [f'href="{GLANCE}"' in page, 'href="/en/staff/trail/"' in page] == [offered, offered]
