"""How a section's form asks, and what two who save it at once see: one wins, the others choose field by field."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from clusters.models import CityProfile, ClusterProfile, ParkProfile
from portal.facts.models import Claim, Figure
from portal.lib.text import Text
from portal.publishing.models import Version
from portal.staff.forms import section_form
from projects.models import CeremonyRecord, Participation
from tests import make
from tests.staff.test_edit import figure_data, hidden, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def body(response):
    return response.content.decode()


# What is asked first --------------------------------------------------------------------------------------------------


def details(page):
    found = re.search(r'<details class="more-details"( open)?>(.*?)</details>', body(page), re.DOTALL)
    return bool(found[1]), found[2]


def test_what_few_rows_need_is_asked_under_details(ann):
    draft = make.draft(ClusterProfile)
    is_open, asked = details(ann.get(url("staff-row-add", draft, "figures")))
    assert not is_open
    assert 'name="yoy"' in asked
    assert 'name="value_min"' not in asked


@pytest.mark.parametrize(("said", "is_open"), [({}, False), ({"note": Text("A note")}, True), ({"yoy": 3}, True)])
def test_details_that_say_something_are_open(ann, said, is_open):
    draft = make.draft(ClusterProfile)
    row = make.figure(draft, **said)
    assert details(ann.get(url("staff-row", draft, "figures", row.pk)))[0] == is_open


def test_details_in_error_are_open(ann):
    draft = make.draft(ClusterProfile)
    page = ann.post(url("staff-row-add", draft, "figures"), figure_data(draft, converted="5"))
    assert details(page)[0]


def test_sources_named_already_come_first_then_the_offices_own(ann):
    draft = make.draft(ClusterProfile)
    shared, own, used = make.source("a"), make.source("b", city=draft.city), make.source("c")
    make.write(draft, Claim, kind="slogan", text=Text("Best"), attributed_to=Text("us"), source=used)
    choices = list(ann.get(url("staff-row-add", draft, "figures")).context["form"].fields["source"].choices)[1:]
    groups = [(str(name), [getattr(value, "value", value) for value, _label in rows]) for name, rows in choices]
    assert groups == [
        ("On this page already", [used.pk]),
        ("Kept by this office", [own.pk]),
        ("Shared by all offices", [shared.pk]),
    ]


def test_one_group_of_sources_has_no_heading(ann):
    draft = make.draft(ClusterProfile)
    source = make.source("a")
    choices = list(ann.get(url("staff-row-add", draft, "figures")).context["form"].fields["source"].choices)[1:]
    assert [getattr(value, "value", value) for value, _label in choices] == [source.pk]


def test_what_must_be_filled_is_named(ann):
    draft = make.draft(ClusterProfile)
    page = ann.post(url("staff-row-add", draft, "figures"), {"seen": draft.edits})
    errors = page.context["form"].errors
    assert errors["value_min"] == ["Fill in: Value."]
    assert errors["metric"] == ["Choose: Metric."]
    summary = re.search(r'<div class="error-summary".*?</div>', body(page), re.DOTALL)[0]
    assert '<a href="#id_value_min">Fill in: Value.</a>' in summary


def test_units_are_offered_in_the_readers_language(ann):
    draft = make.draft(ClusterProfile)
    add = url("staff-row-add", draft, "figures")
    for address, words in ((add, "enterprises"), (add.replace("/en/", "/zh-hans/"), "家（企业）")):
        assert f'<option value="enterprise">{words}</option>' in body(ann.get(address))


@pytest.mark.parametrize(
    ("language", "order"), [("en", ["title_en", "title_zh-hans"]), ("zh-hans", ["title_zh-hans", "title_en"])]
)
def test_the_language_of_the_workspace_stands_first(ann, language, order):
    draft = make.draft(ParkProfile)
    with override(language):
        page = body(ann.get(reverse("staff-main", args=[draft.pk])))
    assert sorted(order, key=lambda name: page.index(f'name="{name}"')) == order


# A new entry ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [make.draft, make.live])
def test_a_city_that_has_its_page_is_led_to_it(ann, begun):
    page = begun(CityProfile)
    answer = body(ann.get(reverse("staff-begin", args=["zaozhuang", "city"])))
    assert f'href="{reverse("staff-version", args=[page.pk])}"' in answer
    assert "title_en" not in answer


def test_a_first_version_is_not_asked_what_it_changes(ann):
    make.city()
    assert 'name="note_en"' not in body(ann.get(reverse("staff-begin", args=["zaozhuang", "park"])))
    assert 'name="note_en"' in body(ann.get(reverse("staff-main", args=[make.draft(ParkProfile).pk])))


def test_a_double_click_begins_one_draft(ann):
    make.city()
    data = {"original_language": "en", "title_en": "New park", "slug": "new"}
    begin = reverse("staff-begin", args=["zaozhuang", "park"])
    answers = [ann.post(begin, data) for _click in range(2)]
    version = Version.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [url("staff-version", version)] * 2


def test_an_address_that_a_colleague_took_is_not_opened_as_ones_own(ann):
    make.draft(ParkProfile, slug="new", title=Text("New park"), by=make.user("ann"))
    Version.objects.update(edits=1)
    data = {"original_language": "en", "title_en": "New park", "slug": "new"}
    answer = ann.post(reverse("staff-begin", args=["zaozhuang", "park"]), data)
    assert "This address is already in use in this city." in body(answer)


# Two at once ----------------------------------------------------------------------------------------------------------


def test_each_field_of_a_conflict_is_chosen_by_itself(ann):
    draft = make.draft(ClusterProfile)
    main = url("staff-main", draft)
    opened = typed(ann.get(main))
    theirs = {"title_en": "Their title", "summary_en": "Their summary", "functions_en": "Their functions"}
    mine = {"title_en": "My title", "summary_en": "My summary", "functions_en": "My functions"}
    assert ann.post(main, opened | theirs).status_code == 302
    late = ann.post(main, opened | mine)
    assert late.status_code == 409
    for words in [*theirs.values(), *mine.values()]:
        assert words in body(late)
    chosen = {"keep_title": "theirs", "keep_summary": "mine", "keep_functions": "theirs"}
    assert ann.post(main, opened | mine | hidden(late) | chosen).status_code == 302
    saved = ClusterProfile.objects.get()
    assert [text["en"] for text in (saved.title, saved.summary, saved.functions)] == [
        "Their title", "My summary", "Their functions",
    ]  # fmt: skip
    assert saved.title["zh-hans"] == draft.title["zh-hans"]


def test_their_boxes_choices_and_numbers_can_be_kept_too(ann):
    draft = make.draft(CeremonyRecord)
    guest = {"name": Text("Ms Li"), "source": make.source(), "roles": ["attend"]}
    row = make.write(draft, Participation, **guest)
    edit = url("staff-row", draft, "participations", row.pk)
    opened = typed(ann.get(edit))
    theirs = {"roles": ["sign", "speak"], "side": "media", "is_group": "on", "locator": "p. 1"}
    assert ann.post(edit, opened | theirs).status_code == 302
    late = ann.post(edit, opened | {"roles": ["host"], "side": "company", "locator": "p. 2"})
    names = [found.name for found in late.context["differences"]]
    assert names == ["side", "roles", "is_group", "locator"]
    chosen = {f"keep_{name}": "theirs" for name in names}
    assert ann.post(edit, opened | {"roles": ["host"]} | hidden(late) | chosen).status_code == 302
    row.refresh_from_db()
    assert (row.roles, row.side, row.is_group, row.locator) == (["sign", "speak"], "media", True, "p. 1")


def test_their_figure_can_be_kept(ann):
    draft = make.draft(ClusterProfile)
    row = make.figure(draft, 100)
    edit = url("staff-row", draft, "figures", row.pk)
    opened = typed(ann.get(edit))
    other = make.metric("jobs")
    ann.post(edit, opened | {"value_min": "1150000000.5", "metric": other.pk, "as_of": "2024"})
    late = ann.post(edit, opened | {"value_min": "7", "as_of": "2025"})
    chosen = {f"keep_{found.name}": "theirs" for found in late.context["differences"]}
    assert ann.post(edit, opened | {"value_min": "7"} | hidden(late) | chosen).status_code == 302
    row = Figure.objects.get()
    assert (str(row.value_min.normalize()), row.metric, str(row.as_of)) == ("1150000000.5", other, "2024")


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_save_a_section_at_once_one_wins_and_nine_see_the_difference():
    draft, ann = make.draft(ClusterProfile), make.user("ann")
    row = make.figure(draft)
    edit = url("staff-row", draft, "figures", row.pk)
    clients = [Client() for _editor in range(10)]
    for client in clients:
        client.force_login(ann)
    opened = typed(clients[0].get(edit))

    def save(number):
        try:
            return clients[number].post(edit, opened | {"quote": f"Words of {number}"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(save, range(10)))
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 9
    won = Figure.objects.get().quote
    for number, answer in enumerate(answers):
        if answer.status_code == 409:
            assert won in body(answer)
            assert f"Words of {number}" in body(answer)
    draft.refresh_from_db()
    assert draft.edits == 2


RUBBISH = ["abc", "\0", "1" * 5000, "9" * 30, "-1", "[]", "²"]


@pytest.mark.parametrize("rubbish", RUBBISH)
@pytest.mark.parametrize("part", ["figures", "passages"])
def test_rubbish_in_a_link_fills_nothing_in(client, part, rubbish):
    client.force_login(make.user("ann"))
    draft = make.draft()
    address = reverse("staff-row-add", args=[draft.pk, part])
    fields = client.get(address).context["form"].fields
    assert all(client.get(address, {name: rubbish}).status_code == 200 for name in fields)


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_the_place_of_a_row_is_no_row(client, rubbish):
    client.force_login(make.user("ann"))
    live = make.live()
    asked = client.post(reverse("staff-mend", args=[live.pk]), {"part": "figures", "row": rubbish, "metric": rubbish})
    assert asked.headers["Location"].endswith("/figures/")
    assert client.post(reverse("usersessions_list"), {"end": rubbish}).status_code == 404


def test_the_office_finds_its_own_entries_before_those_of_others(ann):
    for city in ("zibo", "zaozhuang"):
        make.live(ParkProfile, slug="park", at=city)
    draft = make.draft(CeremonyRecord, slug="signing")
    field = section_form(CeremonyRecord)(instance=draft, user=make.user("ann"), city=draft.city, version=draft).fields[
        "park"
    ]
    assert [entry.city.slug for entry in field.queryset] == ["zaozhuang", "zibo"]
