"""The publication clock, and the pages kept by it."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from clusters.models import CityProfile
from portal.publishing.clock import Clock, database_now
from portal.publishing.middleware import PublicPages
from portal.publishing.workflow import take
from tests import make

pytestmark = pytest.mark.django_db


def test_clock_moves_with_every_change_of_what_is_public():
    seen = [Clock.read()]
    version = make.live()
    seen.append(Clock.read())
    take("withdraw", version, by=make.user("rob"), reason="x")
    seen.append(Clock.read())
    make.source("another")
    seen.append(Clock.read())
    assert [clock.count for clock in seen] == sorted({clock.count for clock in seen})


def test_clock_stands_still_while_nothing_changes():
    make.live()
    assert Clock.read() == Clock.read()


def test_clock_shows_what_is_live():
    version = make.live()
    assert CityProfile.objects.live(Clock.read().at).get() == version


def test_schedule_moves_the_clock_only_when_its_hour_has_come():
    first = make.live()
    before = Clock.read().at
    make.approved(take("revise", first, by=make.user("ann")), at=database_now() + timedelta(hours=1))
    assert Clock.read().at == before


@pytest.fixture
def pages():
    """A middleware over a view that counts how often it was asked."""

    def view(request):
        view.asked += 1
        response = HttpResponse(f"{view.asked} at {request.clock.count}")
        response.is_public_page = view.public
        response.status_code = view.status
        return response

    view.asked, view.public, view.status = 0, True, 200
    return view, PublicPages(view), RequestFactory()


def test_public_page_is_drawn_once_until_something_changes(pages):
    view, middleware, request = pages
    assert middleware(request.get("/en/")).content == middleware(request.get("/en/")).content
    make.live()
    assert middleware(request.get("/en/")).content.startswith(b"2 ")
    assert view.asked == 2


def test_address_and_query_are_pages_of_their_own(pages):
    view, middleware, request = pages
    for address in ("/en/", "/zh-hans/", "/en/?q=1"):
        middleware(request.get(address))
    assert view.asked == 3


def test_reader_who_has_the_page_is_told_so(pages):
    _view, middleware, request = pages
    tag = middleware(request.get("/en/"))["ETag"]
    assert middleware(request.get("/en/", headers={"If-None-Match": tag})).status_code == 304
    make.live()
    assert middleware(request.get("/en/", headers={"If-None-Match": tag})).status_code == 200


@pytest.mark.parametrize(("public", "status"), [(False, 200), (True, 404)])
def test_other_answers_are_not_kept(pages, public, status):
    view, middleware, request = pages
    view.public, view.status = public, status
    middleware(request.get("/en/private"))
    middleware(request.get("/en/private"))
    assert view.asked == 2


def test_posts_are_not_answered_from_memory(pages):
    view, middleware, request = pages
    middleware(request.get("/en/"))
    middleware(request.post("/en/"))
    assert view.asked == 2
