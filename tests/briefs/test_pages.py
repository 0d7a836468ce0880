"""Asking for a brief, its status page, its file."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.timezone import localtime

from clusters.models import ParkProfile
from portal.briefs import making
from portal.briefs.models import Brief
from portal.lib.text import Text
from portal.publishing.workflow import take
from tests import make

from . import asking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ready(language="en"):
    brief = asking.brief(language)
    making.make_next()
    brief.refresh_from_db()
    return brief


def test_page_says_what_the_brief_holds(client):
    asking.city()
    page = client.get("/en/cities/zaozhuang/brief/")
    assert page.context["held"] == [("cluster", 1), ("park", 1), ("policy", 1), ("project", 1), ("ceremony", 1)]
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert page.context["form"]["language"].value() == "en"


def test_asking_leads_to_the_status_page(client):
    asking.city()
    answer = client.post("/en/cities/zaozhuang/brief/", {"language": "zh-hans"})
    brief = Brief.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/en/briefs/{brief.code}/")
    assert brief.language == "zh-hans"
    page = client.get(answer["Location"])
    assert (page.status_code, page.context["state"]) == (200, "queued")
    assert f'data-poll="/en/briefs/{brief.code}/"' in page.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()


@pytest.mark.parametrize("language", ["", "fr", "en'--"])
def test_asking_for_another_language_is_refused_beside_the_field(client, language):
    asking.city()
    page = client.post("/en/cities/zaozhuang/brief/", {"language": language})
    assert page.context["form"].errors.keys() == {"language"}
    assert not Brief.objects.exists()


def test_asking_needs_the_token():
    asking.city()
    answer = Client(enforce_csrf_checks=True).post("/en/cities/zaozhuang/brief/", {"language": "en"})
    assert answer.status_code == 403
    assert not Brief.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_city_that_is_not_public_is_not_found(client, method):
    make.draft()
    assert getattr(client, method)("/en/cities/zaozhuang/brief/", {"language": "en"}).status_code == 404


def test_file_is_downloaded_under_its_name(client):
    brief = ready()
    answer = client.get(reverse("brief-file", args=[brief.code]))
    assert b"".join(answer.streaming_content) == brief.path.read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="Zaozhuang-investment-brief-{brief.printed_code}.pdf"'
    )


def test_file_of_a_chinese_brief_is_named_in_chinese(client):
    answer = client.get(reverse("brief-file", args=[ready("zh-hans").code]))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9E%A3%E5%BA%84")


def test_file_that_is_not_ready_leads_to_the_status_page(client):
    brief = asking.brief()
    answer = client.get(reverse("brief-file", args=[brief.code]))
    assert (answer.status_code, answer["Location"]) == (302, f"/en/briefs/{brief.code}/")


def test_unknown_code_is_not_found(client):
    assert client.get("/en/briefs/7f3a91c2ab03/").status_code == 404
    assert client.get("/en/briefs/7f3a91c2ab03/file/").status_code == 404


def test_status_page_of_a_copy_says_that_nothing_has_changed(client):
    brief = ready()
    page = client.get(reverse("brief-status", args=[brief.code]))
    assert (page.context["state"], page.context["changes"]) == ("ready", [])
    assert brief.digest in page.content.decode()


def test_status_page_of_an_english_brief_gives_its_dates_in_the_readers_language(client):
    brief = ready("en")
    page = client.get(f"/zh-hans/briefs/{brief.code}/").content.decode()
    assert brief.snapshot["published"] not in page
    assert page.count(f"<dd>{date_format(localtime(brief.finished_at), 'Y年n月j日')}") == 2


def test_status_page_names_what_is_newer(client):
    brief = ready()
    park = brief.versions.get(entry__kind="park")
    revised = make.revised(park).specific
    revised = make.approved(revised)
    added = make.live(ParkProfile, slug="new")
    page = client.get(reverse("brief-status", args=[brief.code]))
    assert {(change.version.pk, change.is_new) for change in page.context["changes"]} == {
        (revised.pk, False),
        (added.pk, True),
    }
    assert client.get(reverse("brief-file", args=[brief.code])).status_code == 200


def test_a_brief_that_prints_something_withdrawn_is_gone(client):
    brief = ready()
    take("withdraw", brief.versions.get(entry__kind="project"), by=make.user("rob"), reason="wrong")
    for name in ("brief-status", "brief-file"):
        answer = client.get(reverse(name, args=[brief.code]))
        assert answer.status_code == 410
        assert brief.digest not in answer.content.decode()


def test_failed_brief_says_why_and_can_be_tried_again(client):
    brief = asking.brief()
    Path(settings.MEDIA_ROOT, "briefs").write_text("a file where the folder should be")
    for _try in range(3):
        Brief.objects.update(next_try=brief.requested_at)
        making.make_next()
    page = client.get(reverse("brief-status", args=[brief.code]))
    assert page.context["state"] == "failed"
    assert "no room to store" in page.content.decode()
    Path(settings.MEDIA_ROOT, "briefs").unlink()
    client.post("/en/cities/zaozhuang/brief/", {"language": "en"})
    making.make_next()
    assert client.get(reverse("brief-status", args=[brief.code])).context["state"] == "ready"
    assert Brief.objects.count() == 1


def test_status_page_escapes_what_a_version_says(client):
    brief = ready()
    make.live(ParkProfile, slug="new", title=Text("<script>alert(1)</script>"))
    page = client.get(reverse("brief-status", args=[brief.code])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
