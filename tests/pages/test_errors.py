"""Error pages: in the reader's language, telling nothing, leading on."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import RequestFactory
from django.urls import get_resolver, reverse
from django.utils import translation

from tests import make
from tests.reading import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "language"), [("/en/nothing/", "en"), ("/zh-hans/nothing/", "zh-Hans"), ("/zh-hans/cities/x/", "zh-Hans")]
)
def test_missing_page_is_told_in_the_language_of_its_address(client, path, language):
    answer = client.get(path)
    html = answer.content.decode()
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in html
    assert f'href="{path.split("/nothing")[0].split("/cities")[0]}/cities/"' in html
    assert 'name="robots" content="noindex"' in html
    assert "canonical" not in html


def test_missing_page_leads_on(client):
    html = client.get("/en/nothing/").content.decode()
    assert "There is no such page" in html
    assert 'action="/en/search/"' in html


@pytest.mark.parametrize(
    ("code", "cause", "said"),
    [
        (400, SuspiciousOperation("secret detail"), "This request could not be understood"),
        (403, PermissionDenied("secret detail"), "You may not open this page"),
        (500, None, "Something went wrong"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_error_page_is_drawn_in_the_readers_language_and_tells_nothing(rf: RequestFactory, code, cause, said, language):
    handler = get_resolver().resolve_error_handler(code)
    with translation.override(language):
        answer = handler(rf.get(f"/{language}/"), *([cause] if cause else []))
    assert answer.status_code == code
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in answer.content.decode()
    assert "secret detail" not in answer.content.decode()
    if language == "en":
        assert said in words(answer)


def test_last_resort_pages_ask_neither_database_nor_session(rf, django_assert_num_queries):
    for code in (400, 500):
        handler = get_resolver().resolve_error_handler(code)
        with django_assert_num_queries(0):
            handler(rf.get("/"), *([SuspiciousOperation()] if code == 400 else []))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_who_sends_too_much_is_told_what_to_do(client, settings, language):
    client.force_login(make.user("ann"))
    draft = make.draft()
    address = reverse("staff-main", args=[draft.pk]).replace("/en/", f"/{language}/")
    too_long = {"title_en": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
    answer = client.post(address, urlencode(too_long), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}">' in answer.content.decode()
    if language == "en":
        assert "go back in your browser" in words(answer)
    draft.refresh_from_db()
    assert draft.edits == 0
