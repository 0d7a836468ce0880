"""The publication clock, and the pages kept by it."""

import gzip
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from clusters.models import CityProfile
from portal.publishing.clock import Clock, database_now
from portal.publishing.middleware import PublicationClock, PublicPages
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
    assert [clock.ticks for clock in seen] == sorted({clock.ticks for clock in seen})


def test_clock_stands_still_while_nothing_changes():
    make.live()
    assert Clock.read() == Clock.read()


def test_clock_shows_what_is_live():
    version = make.live()
    assert CityProfile.objects.live(Clock.read().at).get() == version


def test_schedule_moves_the_clock_only_when_its_hour_has_come():
    first = make.live()
    before = Clock.read().at
    make.approved(make.revised(first), at=database_now() + timedelta(hours=1))
    assert Clock.read().at == before


@pytest.fixture
def pages():
    """A middleware over a view that counts how often it was asked."""

    def view(request):
        view.asked += 1
        response = HttpResponse(f"{view.asked} at {request.clock.ticks}")
        response.public_at = request.clock if view.public else None
        response.status_code = view.status
        for name in view.cookies:
            response.set_cookie(name, "x")
        return response

    view.asked, view.public, view.status, view.cookies = 0, True, 200, []
    return view, PublicPages(PublicationClock(view)), RequestFactory()


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


@pytest.mark.parametrize(
    ("asked", "encoding"),
    [
        ("gzip, deflate, br", "gzip"),
        ("br;q=1.0, GZIP;q=0.8", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.0, br", ""),
        ("br", ""),
        ("x-notgzip", ""),
        ("", ""),
    ],
)
def test_page_is_given_compressed_to_who_takes_it(client, asked, encoding):
    make.live()
    plain = client.get("/en/cities/zaozhuang/")
    for _drawn_then_kept in range(2):
        answer = client.get("/en/cities/zaozhuang/", headers={"accept-encoding": asked})
        assert answer.get("Content-Encoding", "") == encoding
        assert (gzip.decompress(answer.content) if encoding else answer.content) == plain.content
        assert int(answer["Content-Length"]) == len(answer.content)
        assert (answer["ETag"] == plain["ETag"]) == (not encoding)
    told = {"accept-encoding": asked, "If-None-Match": answer["ETag"]}
    kept = client.get("/en/cities/zaozhuang/", headers=told)
    assert (kept.status_code, kept.content, "Content-Encoding" in kept) == (304, b"", False)


def test_pictures_are_not_compressed_again(client):
    make.live()
    assert "Content-Encoding" not in client.get("/en/cards/site.png", headers={"accept-encoding": "gzip"})


@pytest.mark.parametrize(("public", "status", "cookies"), [(False, 200, []), (True, 404, []), (True, 200, ["own"])])
def test_other_answers_are_not_kept(pages, public, status, cookies):
    view, middleware, request = pages
    view.public, view.status, view.cookies = public, status, cookies
    middleware(request.get("/en/private"))
    middleware(request.get("/en/private"))
    assert view.asked == 2


def test_posts_are_not_answered_from_memory(pages):
    view, middleware, request = pages
    middleware(request.get("/en/"))
    middleware(request.post("/en/"))
    assert view.asked == 2


def headers(response):
    return {name: value for name, value in response.items() if name != "Content-Security-Policy"} | {
        "csp": set(response["Content-Security-Policy"].split("; "))  # in any order
    }


def test_kept_page_has_every_header_of_the_first_answer(client, settings):
    settings.SECURE_HSTS_SECONDS = 60
    make.live()
    first = client.get("/en/cities/zaozhuang/", secure=True)
    kept = client.get("/en/cities/zaozhuang/", secure=True)
    assert kept.content == first.content
    assert kept.templates == []  # nothing was drawn for it
    assert headers(kept) == headers(first)
    assert {"Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "ETag"} <= set(kept.headers)


def test_reader_who_has_the_page_gets_the_security_headers_too(client):
    make.live()
    tag = client.get("/en/cities/zaozhuang/")["ETag"]
    answer = client.get("/en/cities/zaozhuang/", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer["X-Frame-Options"]) == (304, b"", "DENY")
    assert not {"Content-Length", "Content-Type"} & set(answer.headers)


def test_kept_page_is_not_given_under_a_name_that_is_not_ours(client):
    make.live()
    assert client.get("/en/cities/zaozhuang/").status_code == 200
    assert client.get("/en/cities/zaozhuang/", headers={"host": "evil.example"}).status_code == 400


def test_kept_page_is_not_given_without_tls_where_tls_is_demanded(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    make.live()
    assert client.get("/en/cities/zaozhuang/", secure=True).status_code == 200
    assert client.get("/en/cities/zaozhuang/").status_code == 301


@pytest.mark.django_db(transaction=True)
def test_who_changes_what_is_public_sees_it_at_once_in_the_same_process(settings):
    settings.CLOCK_MEMO_SECONDS = 3600
    Clock.forget()
    before = Clock.recent()
    make.live()
    assert Clock.recent() != before
    Clock.forget()
