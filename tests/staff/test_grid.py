"""The figures grid: amounts as typed, saved together or not at all, and nothing lost when several write at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from clusters.models import ClusterProfile
from portal.facts.models import Figure
from portal.lib import amounts
from portal.lib.text import Text
from portal.publishing.models import Event
from portal.publishing.workflow import take
from portal.staff.management.commands.load_samples import SAMPLES, load_file
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


@pytest.fixture
def draft():
    make.metric("exports", unit="CNY", name=Text({"en": "Exports", "zh-hans": "出口额"}))
    draft = make.draft(ClusterProfile)
    make.figure(draft, 100, qualifier="more_than", metric=make.metric(name=Text({"en": "Firms", "zh-hans": "企业数"})))
    draft.refresh_from_db()
    return draft


def url(draft):
    return reverse("staff-section", args=[draft.pk, "figures"])


def typed(page):
    """What a browser would send of the grid as it stands."""
    html, said = page.content.decode(), {}
    for tag in re.findall(r"<input [^>]*>", html):
        got = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if got.get("type") == "checkbox":
            if re.search(r"\bchecked\b", tag):
                said[got["name"]] = "on"
        elif "name" in got and re.match(r"row-|new-|seen", got["name"]):
            said[got["name"]] = got.get("value", "")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        said[name] = chosen[1] if chosen else ""
    return said


def new(place=0, **said):
    row = {
        "metric": "Exports",
        "amount": "11.5亿元",
        "basis": "achieved",
        "as_of": "2023-04",
        "source": str(said.pop("at")),
    }
    return {f"new-{place}-{name}": value for name, value in (row | said).items()}


def named(row, **said):
    return {f"row-{row.pk}-{name}": value for name, value in said.items()}


def test_it_shows_each_figure_as_it_could_be_typed(ann, draft):
    sent = typed(ann.get(url(draft)))
    row = Figure.objects.get()
    assert sent[f"row-{row.pk}-metric"] == "Firms"
    assert sent[f"row-{row.pk}-amount"] == "more than 100 enterprises"
    assert sent["new-2-amount"] == ""


def test_saving_it_as_it_stands_changes_nothing(ann, draft):
    make.figure(draft, "1150000000", unit="CNY", scale_as_reported="billion", metric=make.metric("exports"))
    before = list(Figure.objects.order_by("pk").values())
    assert ann.post(url(draft), typed(ann.get(url(draft)))).status_code == 302
    assert list(Figure.objects.order_by("pk").values()) == before
    assert not Event.objects.filter(actor="ann", action="edit").count() > 2  # those that made the figures


def test_a_row_that_is_touched_keeps_what_the_grid_does_not_show(ann, draft):
    row = Figure.objects.get()
    Figure.objects.update(quote="as printed", note=Text("A note"))
    sent = typed(ann.get(url(draft))) | named(row, amount="116家", as_of="2023年10月")
    assert ann.post(url(draft), sent).status_code == 302
    row.refresh_from_db()
    said = (row.value_min, row.qualifier, row.unit, row.as_of, row.quote, row.note)
    assert said == (116, "exact", "enterprise", "2023-10", "as printed", Text("A note"))


def test_new_rows_are_added_and_empty_ones_are_not(ann, draft):
    sent = (
        typed(ann.get(url(draft))) | new(at=make.source().pk) | new(2, at=make.source().pk, metric="出口额", amount="3")
    )
    assert ann.post(url(draft), sent).status_code == 302
    added = Figure.objects.order_by("order", "pk")[1:]
    assert [(row.value_min, row.unit, row.scale_as_reported) for row in added] == [
        (Decimal("1150000000"), "CNY", "亿"),
        (3, "CNY", ""),
    ]
    assert Figure.objects.order_by("order").last().order > Figure.objects.order_by("order")[1].order


def test_a_row_is_taken_out_by_its_tick(ann, draft):
    sent = typed(ann.get(url(draft))) | named(Figure.objects.get(), remove="on", amount="nonsense")
    assert ann.post(url(draft), sent).status_code == 302
    assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("said", "box", "why"),
    [
        ({"amount": "many"}, "amount", "“many” has no number. Write it in digits."),
        ({"amount": "5 t"}, "amount", "“t” does not measure this: Exports is given in RMB."),
        ({"amount": ""}, "amount", "Say how much."),
        ({"metric": "Export"}, "metric", "“Export” is none of them. Do you mean “Exports”?"),
        ({"metric": "zzz"}, "metric", "“zzz” is none of these: Firms, Exports."),
        ({"basis": ""}, "basis", "Choose: Basis."),
        ({"as_of": ""}, "as_of", "Say when: a day it was true, or the period it covers."),
        ({"source": "0"}, "source", "Select a valid choice. 0 is not one of the available choices."),
    ],
)
def test_an_error_stands_beside_its_cell_and_all_is_kept(ann, draft, said, box, why):
    sent = typed(ann.get(url(draft))) | named(Figure.objects.get(), amount="116家") | new(at=make.source().pk, **said)
    page = ann.post(url(draft), sent)
    assert page.status_code == 422
    assert [(number, field.name, message) for number, field, message in page.context["grid"].errors()] == [
        (2, box, why)
    ]
    assert f'<div class="error" id="id_new-0-{box}_error">' in page.content.decode()
    kept = {name: value for name, value in sent.items() if not name.endswith("source")}
    assert {name: value for name, value in typed(page).items() if name in kept} == kept
    assert Figure.objects.get().value_min == 100


def test_checking_shows_how_it_is_understood_and_saves_nothing(ann, draft):
    sent = typed(ann.get(url(draft))) | new(at=make.source().pk, amount="超过11.5亿") | {"check": "1"}
    page = ann.post(url(draft), sent)
    assert page.status_code == 200
    assert "more than RMB 1.15 bn (1,150,000,000)" in page.content.decode()
    assert Figure.objects.count() == 1
    assert {k: v for k, v in typed(page).items() if k.startswith("new-0")}.items() <= sent.items()


@pytest.mark.parametrize(
    ("amount", "metric", "answer"),
    [
        ("11.5亿元", "Exports", {"says": "RMB 1.15 bn (1,150,000,000)"}),
        ("3", "出口额", {"says": "RMB 3"}),
        ("3", "", {"error": "No unit was typed, and there is no metric yet to take it from."}),
        ("3家", "", {"says": "3 enterprises"}),
        ("3家", "what?", {"says": "3 enterprises"}),
        ("5 t", "Exports", {"error": "“t” does not measure this: Exports is given in RMB."}),
        ("", "Exports", {"says": ""}),
    ],
)
def test_an_amount_is_understood_while_it_is_typed(ann, draft, amount, metric, answer):
    asked = reverse("staff-figure-amount", args=[draft.pk])
    assert ann.post(asked, {"amount": amount, "metric": metric}).json() == answer
    assert ann.get(asked).status_code == 405


def test_who_does_not_write_sees_a_list(client, draft):
    client.force_login(make.user("rob"))
    assert "Save all" not in client.get(url(draft)).content.decode()
    assert client.post(url(draft), {"seen": draft.edits}).status_code == 403
    take("submit", draft, by=make.user("ann"))
    client.force_login(make.user("ann"))
    assert "Save all" not in client.get(url(draft)).content.decode()
    assert (
        client.post(url(draft), {"seen": draft.edits, "new-0-opened": "", **new(at=make.source().pk)}).status_code
        == 409
    )


def test_sources_of_other_cities_are_neither_offered_nor_taken(ann, draft):
    foreign = make.source("foreign", city=make.city("zibo"), title=Text("Secret"))
    page = ann.get(url(draft))
    assert "Secret" not in page.content.decode()
    answer = ann.post(url(draft), typed(page) | new(at=foreign.pk))
    assert answer.status_code == 422
    assert "Secret" not in answer.content.decode()


RUBBISH = ["\0", "-1", "9" * 40, "NaN", "x" * 9_000, "<b>", "\u202e", "٣", "[]", "1e9", "%s", "½"]


@pytest.mark.parametrize("words", RUBBISH)
def test_rubbish_is_refused_in_place(ann, draft, words):
    sent = typed(ann.get(url(draft)))
    rubbish = {name: words for name in sent if not name.endswith(("-source", "-basis", "-key"))}
    assert ann.post(url(draft), sent | rubbish).status_code == 422
    assert ann.post(url(draft), dict.fromkeys(sent, words) | {"seen": draft.edits}).status_code in (302, 422)


# Two at once ----------------------------------------------------------------------------------------------------------


def meanwhile(draft, **said):
    """Somebody else saves."""
    make.figure(draft, by=make.user("ann"), **{"value": 5} | said)


def test_rows_that_nobody_else_touched_merge(ann, draft):
    first = Figure.objects.get()
    other = make.figure(draft, 7)
    sent = typed(ann.get(url(draft))) | named(first, amount="116家") | new(at=make.source().pk)
    Figure.objects.filter(pk=other.pk).update(value_min=8)
    meanwhile(draft)
    assert ann.post(url(draft), sent).status_code == 302
    values = Figure.objects.order_by("pk").values_list("value_min", flat=True)
    assert list(values) == [116, 8, 5, Decimal("1150000000")]


def test_a_row_that_both_changed_shows_both_and_saves_neither(ann, draft):
    row = Figure.objects.get()
    sent = typed(ann.get(url(draft))) | named(row, amount="116家") | new(at=make.source().pk)
    Figure.objects.filter(pk=row.pk).update(value_min=117, qualifier="exact")
    meanwhile(draft)
    page = ann.post(url(draft), sent)
    assert page.status_code == 409
    [clash] = [row.clash for row in page.context["grid"].rows if row.clash]
    assert clash == [("amount", "117 enterprises", "116家")]
    assert typed(page)["new-0-amount"] == "11.5亿元"
    assert Figure.objects.order_by("pk").first().value_min == 117
    assert ann.post(url(draft), typed(page)).status_code == 302  # now knowingly
    assert sorted(Figure.objects.values_list("value_min", flat=True)) == [5, 116, Decimal("1150000000")]


def test_a_conflict_is_seen_after_an_error_as_well(ann, draft):
    row = Figure.objects.get()
    sent = typed(ann.get(url(draft))) | named(row, amount="116家") | new(at=make.source().pk, amount="many")
    Figure.objects.filter(pk=row.pk).update(value_min=117, qualifier="exact")
    meanwhile(draft)
    page = ann.post(url(draft), sent)
    assert page.status_code == 422
    assert ann.post(url(draft), typed(page) | {"new-0-amount": "5"}).status_code == 409
    assert Figure.objects.order_by("pk").first().value_min == 117


def test_a_row_taken_out_meanwhile_is_offered_again(ann, draft):
    row = Figure.objects.get()
    sent = typed(ann.get(url(draft))) | named(row, amount="116家")
    row.delete()
    meanwhile(draft)
    page = ann.post(url(draft), sent)
    assert page.status_code == 409
    assert typed(page)["new-0-amount"] == "116家"
    assert ann.post(url(draft), typed(page)).status_code == 302
    assert sorted(Figure.objects.values_list("value_min", flat=True)) == [5, 116]


def test_a_row_to_be_taken_out_that_somebody_changed_is_asked_about(ann, draft):
    row = Figure.objects.get()
    sent = typed(ann.get(url(draft))) | named(row, remove="on")
    Figure.objects.filter(pk=row.pk).update(value_min=117)
    meanwhile(draft)
    page = ann.post(url(draft), sent)
    assert page.status_code == 409
    assert Figure.objects.filter(pk=row.pk).exists()
    assert ann.post(url(draft), typed(page)).status_code == 302
    assert not Figure.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("amount", ["11.5亿元", "RMB 1.15 bn", "11.5亿", "¥1,150,000,000"])
@pytest.mark.parametrize("metric", ["Exports", "出口额"])
def test_a_second_click_adds_nothing_again(ann, draft, amount, metric):
    sent = typed(ann.get(url(draft))) | new(at=make.source().pk, amount=amount, metric=metric)
    assert [ann.post(url(draft), sent).status_code for _click in range(2)] == [302, 302]
    assert Figure.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_save_one_row_one_wins_and_nine_see_the_difference(draft):
    row = Figure.objects.get()
    page = Client()
    page.force_login(make.user("ann"))
    sent = typed(page.get(url(draft)))

    def save(number):
        client = Client()
        client.force_login(make.user("ann"))
        try:
            return client.post(url(draft), sent | named(row, amount=f"{200 + number}家"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(save, range(10)))
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 9
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 302)
    row.refresh_from_db()
    assert row.value_min == 200 + winner
    for number, answer in enumerate(answers):
        if number != winner:
            difference = f"<td>{200 + winner} enterprises</td><td>{200 + number}家</td>"
            assert answer.content.decode().count(difference) == 1


# Figures of the samples, and speed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_grid(ann, draft, django_assert_num_queries, count):
    for number in range(count - 1):
        make.figure(draft, number, metric=make.metric(f"m{number}"), source=make.source(f"s{number}"))
    ann.get(url(draft))
    with django_assert_num_queries(15):
        ann.get(url(draft))
    sent = typed(ann.get(url(draft)))
    sent = {name: "7家" if name.endswith("amount") and value else value for name, value in sent.items()}
    with django_assert_num_queries(15):
        assert ann.post(url(draft), sent | {"check": "1"}).status_code == 200


def test_many_figures_stand_on_several_pages(ann, draft):
    one = Figure.objects.get()
    copies = [Figure.objects.get(pk=one.pk) for _number in range(101)]
    for place, row in enumerate(copies, 2):
        row.pk, row.order = None, place
    Figure.objects.bulk_create(copies)
    page = ann.get(url(draft) + "?page=2")
    assert len(page.context["grid"].stored) == 2
    sent = typed(page) | new(at=make.source().pk)
    for _click in range(2):
        assert ann.post(url(draft) + "?page=2", sent).status_code == 302
    assert Figure.objects.count() == 103
    assert ann.post(url(draft), typed(ann.get(url(draft)))).status_code == 302


def sample_figures():
    """What the sample content says of each figure."""

    def within(said):
        if isinstance(said, dict):
            if "value_min" in said:
                yield said
            said = list(said.values())
        for inner in said if isinstance(said, list) else ():
            yield from within(inner)

    for path in sorted((SAMPLES / "content").rglob("*.yaml")):
        yield from within(load_file(path))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_figure_of_the_samples_reads_back_as_it_was_shown(language):
    usual = {row["code"]: row["unit"] for row in load_file(SAMPLES / "metrics.yaml")}
    figures = list(sample_figures())
    assert len(figures) > 100
    with override(language):
        for said in figures:
            ends = [None if said.get(name) is None else Decimal(str(said[name])) for name in ("value_min", "value_max")]
            more = said.get("qualifier", "exact"), said["unit"], said.get("scale_as_reported", "")
            amount, unit = amounts.Amount(*ends, *more), usual[said["metric"]]
            got = amounts.read(amounts.write(amount, unit), unit)
            assert got._replace(unit=got.unit or unit) == amount


def test_names_of_sources_are_shown_as_text(ann, draft):
    make.figure(draft, source=make.source("bad", title=Text('<b onclick="x">&')))
    html = ann.get(url(draft)).content.decode()
    assert "&lt;b onclick=&quot;x&quot;&gt;&amp;" in html
    assert "<b onclick" not in html
