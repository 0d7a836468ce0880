"""The brief of a shortlist: a comparison as one file."""

import json

import pytest
from django.http import QueryDict

from clusters.models import CityProfile, ParkProfile, PolicyRecord
from portal.briefs import drawing, making, shortlist
from portal.briefs.models import Brief
from portal.lib.text import Text
from portal.publishing.clock import database_now
from portal.publishing.workflow import take
from tests import make
from tests.clusters.publications import incentive
from tests.reading import queries, words

pytestmark = pytest.mark.django_db

QUERY = "city=zaozhuang&city=zibo&weight-enterprises=2"
ADDRESS = f"/en/compare/brief/?{QUERY}"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cities():
    metric = make.metric(name=Text({"en": "Enterprises", "zh-hans": "企业数"}), better="more")
    made = {}
    for at, value in (("zaozhuang", 117), ("zibo", 40)):
        draft = make.draft(CityProfile, at=at)
        make.figure(draft, value, metric=metric, quote="CANARY")
        make.figure(draft, 987654, metric=make.metric("secret"), visibility="internal")
        made[at] = make.approved(draft)
    return made


def snapshot(language="en"):
    now, query = database_now(), QueryDict(QUERY)
    return shortlist.snapshot(shortlist.chosen(query, now), query, language, now)


def test_a_snapshot_says_the_comparison_in_one_language(cities):
    said = snapshot("zh-hans")
    assert said["city"]["name"] == "枣庄、淄博"
    [row] = [row for group in said["groups"] for row in group["rows"] if row["cells"][0]["numbers"]]
    assert [(cell["numbers"][0]["amount"], cell["is_best"]) for cell in row["cells"]] == [
        ("117家", True),
        ("40家", False),
    ]
    assert row["cells"][0]["numbers"][0]["notes"] == [1]
    assert [place["points"] for place in said["ranking"]["places"]] == ["100.0", "34.2"]
    assert said["query"] == QUERY
    assert {version["id"] for version in said["versions"]} == {version.pk for version in cities.values()}


def test_what_is_not_public_is_nowhere_in_it(cities):
    assert "987" not in json.dumps(snapshot())


def test_asking_makes_one_brief_that_is_drawn(client, cities):
    for _twice in range(2):
        answer = client.post(ADDRESS, {"language": "en"})
    brief = Brief.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/en/briefs/{brief.code}/")
    assert (brief.city, brief.shortlist) == (None, QUERY)
    making.make_next()
    page = client.get(answer["Location"])
    assert (page.context["state"], page.context["changes"]) == ("ready", [])
    assert "Shortlist: Zaozhuang, Zibo" in page.content.decode()
    file = client.get(f"/en/briefs/{brief.code}/file/")
    assert file["Content-Disposition"] == f'attachment; filename="shortlist-brief-{brief.printed_code}.pdf"'
    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_the_page_names_what_is_newer_and_makes_a_newer_one(client, cities):
    client.post(ADDRESS, {"language": "en"})
    revised = make.revised(cities["zibo"])
    make.figure(revised, 41)
    make.approved(revised)
    page = client.get(Brief.objects.get().get_absolute_url())
    assert page.context["state"] == "queued"
    making.make_next()
    page = client.get(Brief.objects.get().get_absolute_url())
    assert [change.version.pk for change in page.context["changes"]] == [revised.pk]
    assert f'action="/en/compare/brief/?{QUERY.replace("&", "&amp;")}"' in page.content.decode()


def test_what_has_changed_is_what_it_would_rest_on(client, cities):
    client.post(ADDRESS, {"language": "en"})
    making.make_next()
    policy = make.draft(PolicyRecord, at="zibo", nature="incentive")
    incentive(policy)
    new = [make.live(ParkProfile, at="zibo"), make.approved(policy)]
    page = client.get(Brief.objects.get().get_absolute_url())
    assert {(change.version.pk, change.is_new) for change in page.context["changes"]} == {(one.pk, True) for one in new}
    said = snapshot()
    assert {one["id"] for one in said["versions"]} == {one.pk for one in [*cities.values(), *new]}


def test_its_file_is_given_without_comparing_anew(client, cities):
    client.post(ADDRESS, {"language": "en"})
    making.make_next()
    assert queries(client, f"/en/briefs/{Brief.objects.get().code}/file/") == 5


def test_a_shortlist_that_prints_something_withdrawn_is_gone(client, cities):
    client.post(ADDRESS, {"language": "en"})
    take("withdraw", cities["zibo"], by=make.user("zoe"), reason="wrong")
    assert client.get(Brief.objects.get().get_absolute_url()).status_code == 410


@pytest.mark.parametrize("query", ["", "city=zaozhuang", "city=zaozhuang&city=nowhere", "city=%00&project=x"])
def test_fewer_than_two_lead_back_to_the_comparison(client, cities, query):
    for method in ("get", "post"):
        answer = getattr(client, method)(f"/en/compare/brief/?{query}", {} if method == "get" else {"language": "en"})
        assert answer.status_code in (200, 302)
    assert not Brief.objects.exists()


def from_address(client, address, query=QUERY):
    """Asks for a brief of this comparison in Chinese, its last."""
    return client.post(f"/en/compare/brief/?{query}", {"language": "zh-hans"}, REMOTE_ADDR=address)


@pytest.fixture
def few(settings):
    settings.SHORTLIST_LIMITS = {"address": (1, 3600), "everybody": (2, 3600)}


def test_one_address_cannot_ask_for_any_number(client, cities, few):
    assert client.post(ADDRESS, {"language": "en"}).status_code == 302
    assert client.post(ADDRESS, {"language": "en"}).status_code == 302  # the one there is
    answer = client.post(ADDRESS, {"language": "zh-hans"})
    assert answer.status_code == 429
    assert 3590 <= int(answer["Retry-After"]) <= 3600
    assert "You can ask again in 60 minutes." in words(answer)
    assert Brief.objects.count() == 1


def test_a_household_is_one_address(client, cities, few):
    assert from_address(client, "2001:db8::1").status_code == 302
    assert from_address(client, "2001:db8::2", f"{QUERY}&weight-enterprises=1").status_code == 429
    assert from_address(client, "2001:db8:0:1::1", f"{QUERY}&weight-enterprises=1").status_code == 302


def test_who_is_refused_takes_nobodys_place(client, cities, few):
    for weight in (1, 3, 4):
        from_address(client, "192.0.2.1", f"{QUERY}&weight-enterprises={weight}")
    assert from_address(client, "192.0.2.2").status_code == 302
    assert from_address(client, "192.0.2.3", f"{QUERY}&weight-enterprises=5").status_code == 429


def test_hostile_words_are_printed_as_words(client, cities):
    revised = make.revised(cities["zibo"])
    make.figure(revised, 5, metric=make.metric("x", name=Text("<img src=http://evil/>")))
    make.approved(revised)
    client.post(ADDRESS, {"language": "en"})
    assert "<img src=http" not in drawing.html(Brief.objects.get())
