"""Rows pasted from a spreadsheet: how they are understood, what is refused, and that all are added or none."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clusters.models import CityProfile, ClusterCompany, ClusterProfile, ClusterStage, Contact, ParkProfile, Related
from portal.facts.models import Figure, Source
from portal.lib.text import Text
from portal.publishing.models import Translation, Version
from portal.publishing.workflow import take
from portal.staff.rows import Reader, read
from portal.staff.sections import sections
from portal.staff.typed import choice_names
from projects.models import AgendaItem, CeremonyRecord, Participation, ProjectListing, SignedProject
from tests import make

pytestmark = pytest.mark.django_db

GUESTS = """姓名\t职务\t单位\t角色\t所属方
曹玉斌\t副市长\t滨州市人民政府\t出席、致辞\t政府
张立江\t副局长\t滨州市商务局\t出席、见证签约\t政府
皮台田\t书记\t中共邹平市委\t出席、见证签约\t政府
胡云江\t市长\t邹平市人民政府\t出席、见证签约\t政府
赵东\t常务副市长\t邹平市人民政府\t投资推介\t政府
赵倩\t秘书长\t山东省铝业协会\t致辞\t协会代表
Zhang Bo\tchairman\tWeiqiao\tspoke; signed\tcompany
李明\t\t\t签约\t企业
王芳\t\t\t签约\t企业
Liu Wei\t\t\t签约\t企业
陈强\t总经理\t某公司\t\t
投资方代表\t\t\t致辞\t企业
"""


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


@pytest.fixture
def ceremony():
    return make.draft(CeremonyRecord)


def url(version, part):
    return reverse("staff-paste", args=[version.pk, part])


def paste(client, version, part, text, **said):
    return client.post(url(version, part), {"seen": version.edits, "text": text, **said})


def table(model, version, text, **said):
    """As read from tabs and lines, in the office of Zaozhuang."""
    lines = [line.split("\t") for line in text.strip("\n").split("\n")]
    return read(model, lines, user=make.user("ann"), city=version.city, version=version, **said)


def faults(found):
    return [*found.problems, *found.faults()]


def test_twelve_guests_are_checked_and_added(ann, ceremony):
    source = ceremony.source_id
    page = paste(ann, ceremony, "participations", GUESTS, source=source)
    assert faults(page.context["table"]) == []
    assert "Add 12 rows" in page.content.decode()
    assert not Participation.objects.exists()
    answer = paste(ann, ceremony, "participations", GUESTS, source=source, add=1)
    assert answer.headers["Location"] == reverse("staff-section", args=[ceremony.pk, "participations"])
    guests = list(Participation.objects.order_by("order"))
    assert [guest.order for guest in guests] == list(range(1, 13))
    assert {guest.source_id for guest in guests} == {source}
    assert guests[0].name == Text({"zh-hans": "曹玉斌"})
    assert guests[0].roles == ["attend", "speak"]
    assert (guests[4].roles, guests[5].side) == (["present"], "association")
    assert guests[6].name == Text({"en": "Zhang Bo"})
    assert (guests[6].roles, guests[6].side, guests[10].side) == (["speak", "sign"], "company", "government")
    ceremony.refresh_from_db()
    assert ceremony.edits == 1


def test_the_ceremonys_own_source_is_picked_already(ann, ceremony):
    assert ann.get(url(ceremony, "participations")).context["form"]["source"].value() == ceremony.source_id


def test_without_headings_columns_stand_in_the_order_of_the_page(ceremony):
    found = table(Participation, ceremony, "曹玉斌\tCao Yubin\t副市长\tvice mayor", source=ceremony.source)
    assert faults(found) == []
    assert found.rows[0].instance.name == Text({"zh-hans": "曹玉斌", "en": "Cao Yubin"})
    assert found.rows[0].instance.position == Text({"zh-hans": "副市长", "en": "vice mayor"})


@pytest.mark.parametrize(
    "heading", ["name (zh)", "Name zh", "姓名（中文）", "name_zh-hans", "NAME (Chinese)", "姓名 zh"]
)
def test_a_text_column_says_its_language(ceremony, heading):
    found = table(Participation, ceremony, f"{heading}\tName (en)\nA\tB", source=ceremony.source)
    assert found.rows[0].instance.name == Text({"zh-hans": "A", "en": "B"})


def test_errors_are_named_by_row_and_column(ceremony):
    found = table(Participation, ceremony, "name\troles\tside\nA\tsang\tgovernment\n\nB\tspoke\tgoverment", source=None)
    source = "No source is named: name one, or choose one for all rows."
    assert [(number, column) for number, column, _message in found.faults()] == [
        (2, "Roles"), (2, "Source"), (4, "Side"), (4, "Source")
    ]  # fmt: skip
    assert (2, "Source", source) in list(found.faults())
    assert (4, "Side", "“goverment” is none of them. Do you mean “government”?") in found.faults()
    assert not found.is_good


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There are no rows in it."),
        ("name\tside", "There are only headings, no rows."),
        ("name\tcolour\nA\tred", "“colour” is no column of this table. Change its heading or take it out."),
        ("name\tname\tside\nA\tB\tgovernment", "Two columns are headed “Name”."),
        ("name\tside\nA\tgovernment\tred", "A row has 3 cells, but there are only 2 columns."),
        ("name\n" + "A\n" * 501, "These are 501 rows; at most 500 can be added at a time."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_table_is_said(ann, ceremony, text, problem):
    assert table(Participation, ceremony, text, source=ceremony.source).problems == [problem]
    page = paste(ann, ceremony, "participations", text or " ", source=ceremony.source_id, add=1)
    assert page.status_code == 422
    assert problem in page.context["table"].problems
    assert not Participation.objects.exists()


def test_one_bad_row_keeps_all_out_and_the_text_in(ann, ceremony):
    text = "name\tside\nA\tgovernment\nB\tnowhere\n"
    page = paste(ann, ceremony, "participations", text, source=ceremony.source_id, add=1)
    assert page.status_code == 422
    assert page.context["form"]["text"].value() == text
    assert not Participation.objects.exists()


def test_figures_are_pasted_with_their_amounts(ann):
    draft = make.draft(ClusterProfile)
    make.metric("exports", unit="CNY", name=Text({"en": "Exports", "zh-hans": "出口额"}))
    text = "指标\t金额\t口径\t截至\n出口额\t超过11.5亿\tachieved\t2023/4/15\nexports\t1-2 bn yuan\t目标\t2024年上半年\n"
    assert paste(ann, draft, "figures", text, source=make.source().pk, add=1).status_code == 302
    first, second = Figure.objects.order_by("order")
    assert (first.amount, first.unit, first.scale_as_reported, first.as_of) == (
        "more than RMB 1.15 bn", "CNY", "亿", "2023-04-15"
    )  # fmt: skip
    assert (second.amount, second.basis, second.as_of) == ("RMB 1–2 bn", "target", "2024-H1")


def test_a_figure_says_how_much_and_in_what(ann):
    draft = make.draft(ClusterProfile)
    make.metric("exports", unit="CNY", name=Text("Exports"))
    rows = ["metric\tamount\tbasis\tas_of", "Exports\t\tachieved\t2023", "Exports\t5 t\tachieved\t2023"]
    text = "\n".join([*rows, "Exports\t5\tachieved\tsoon"])
    found = table(Figure, draft, text, source=make.source())
    assert [(number, column) for number, column, _message in found.faults()] == [
        (2, "Amount"),
        (3, "Amount"),
        (4, "As of"),
    ]


def test_an_amount_beside_its_currency_may_be_one_text(ceremony):
    found = table(
        SignedProject, ceremony, "title\tamount\nCorundum\t2.8亿元\nX\t$5 million\nY\t1,000", source=ceremony.source
    )
    assert faults(found) == []
    assert [(row.instance.amount, row.instance.amount_unit) for row in found.rows] == [
        (280_000_000, "CNY"), (5_000_000, "USD"), (1000, "CNY")
    ]  # fmt: skip


def test_an_amount_is_shown_as_readers_will_read_it(client, ceremony):
    client.force_login(make.user("ann"))
    address = reverse("staff-paste", args=[ceremony.pk, "signed_projects"])
    seen = client.get(address).context["form"].initial["seen"]
    asked = {"text": "title\tamount\nCorundum\t2.8亿元", "source": ceremony.source_id, "seen": seen}
    page = client.post(address, asked).content.decode()
    assert "RMB 280 m" in page
    assert "280000000" not in page


def test_rows_are_named_in_either_language_among_the_permitted_only():
    draft = make.draft(ClusterProfile)
    own = make.organisation("sunwoda")
    own.name = Text({"en": "Sunwoda", "zh-hans": "欣旺达"})
    own.save()
    foreign = make.organisation("secret")
    type(foreign).objects.filter(pk=foreign.pk).update(city=make.city("zibo"))
    stage = make.write(draft, ClusterStage, link=make.link(), strength="gap", source=make.source())
    make.write(
        make.draft(ClusterProfile, slug="two"),
        ClusterStage,
        link=make.link("packs"),
        strength="gap",
        source=make.source(),
    )
    text = "organisation\tstage\tsource\n欣旺达\tCells\trelease\nsunwoda\t\tA release\nSecret\tPacks\tnone"
    found = table(ClusterCompany, draft, text)
    assert [row.instance and (row.instance.organisation, row.instance.stage) for row in found.rows] == [
        (own, stage), (own, None), None
    ]  # fmt: skip
    assert {column for _number, column, _message in found.faults()} == {"Organisation", "Stage", "Source"}


def test_entries_are_named_by_their_titles(ceremony):
    project = make.project("works", title=Text({"en": "The works", "zh-hans": "工程"}))
    secret = make.draft(ProjectListing, at="zibo", slug="hidden")
    text = "项目\ttitle\n工程\tA\nworks\tB\nhidden\tC"
    found = table(SignedProject, ceremony, text, source=ceremony.source)
    assert [row.instance and row.instance.project for row in found.rows] == [project.entry, project.entry, None]
    assert str(secret) not in " ".join(message for _number, _column, message in found.faults())


def test_a_name_of_two_is_asked_about(ceremony):
    for name in ("one", "two"):
        make.source(name, title=Text("Same title"))
    found = table(AgendaItem, ceremony, "kind\tsource\nspeech\tSame title\nspeech\ttwo")
    assert [(number, message) for number, _column, message in found.faults()] == [
        (2, "“Same title” names 2 of them: write the code of the one that is meant.")
    ]


def test_what_may_stand_once_only_is_refused_twice():
    draft = make.draft(ParkProfile, slug="mine")
    make.live(ParkProfile, slug="park", title=Text("Park"))
    found = table(Related, draft, "entry\nPark\nPark")
    assert [(number, column) for number, column, _message in found.faults()] == [(3, "Entry")]
    found = table(Translation, draft, "language\torigin\nSimplified Chinese\toriginal\nEnglish\thuman translation")
    assert [(number, column) for number, column, _message in found.faults()] == [(2, "Language")]


def test_a_rule_of_the_row_is_said_at_its_column():
    draft = make.draft(CityProfile)
    found = table(Contact, draft, "for\tname\nProjects\tAnn")
    assert list(found.faults()) == [(2, "Telephone", "Give a telephone number or an e-mail address.")]


@pytest.mark.parametrize(
    "text",
    ['name,side\n"Cao, Yubin",company\n', "name;side\nCao Yubin;company\n", 'name\tside\n"Cao, Yubin"\tcompany\n'],
)
def test_csv_does_as_well(ann, ceremony, text):
    paste(ann, ceremony, "participations", text, source=ceremony.source_id, add=1)
    assert Participation.objects.get().name["en"].replace(",", "") == "Cao Yubin"


def test_too_much_is_refused_with_its_text_kept(ann, ceremony):
    page = paste(ann, ceremony, "participations", "a\t" * 100_001)
    assert page.status_code == 422
    assert "This is more than 200 kB. Paste it in several parts." in page.content.decode()


def test_only_a_draft_takes_rows(ann, ceremony):
    take("submit", ceremony, by=make.user("ann"))
    assert ann.get(url(ceremony, "participations")).status_code == 302
    page = paste(ann, ceremony, "participations", "name\nA", source=ceremony.source_id, add=1)
    assert page.status_code == 409
    assert not Participation.objects.exists()


def test_a_second_click_adds_nothing_again(ann, ceremony):
    for _click in range(2):
        answer = paste(ann, ceremony, "participations", GUESTS, source=ceremony.source_id, add=1)
        assert answer.status_code == 302
    assert Participation.objects.count() == 12


def test_rows_are_added_though_somebody_saved_meanwhile(ann, ceremony):
    make.figure(ceremony)
    assert paste(ann, ceremony, "participations", GUESTS, source=ceremony.source_id, add=1).status_code == 302
    assert Participation.objects.count() == 12


RUBBISH = [
    "\0",
    "a\0b\tc",
    '"',
    '"a\n',
    "\t" * 500,
    "\t\t\n" * 50,
    "\r\r\r",
    "x" * 3_000,
    "<b>\t\u202e",
    "=1+1",
    "٣\t½",
    "\ud800",
]


@pytest.mark.parametrize("text", RUBBISH)
@pytest.mark.parametrize("heading", [True, False])
def test_rubbish_is_refused(ann, ceremony, text, heading):
    text = text.encode("utf-8", "replace").decode()
    for part in ("participations", "figures", "signed_projects"):
        reader = Reader(sections(CeremonyRecord)[part], user=make.user("ann"), city=ceremony.city, version=ceremony)
        head = "\t".join(column.box for column in reader.columns) + "\n" if heading else ""
        cells = "\t".join([text] * len(reader.columns)) if "\t" not in text and "\n" not in text else text
        assert paste(ann, ceremony, part, head + cells, add=1).status_code == 422
    assert Source.objects.count() == 1


@pytest.mark.parametrize("kind", Version.kinds().values(), ids=Version.kinds())
def test_every_section_takes_rows(ann, kind):
    version = (
        make.draft(kind, **({"nature": "law"} if kind.kind == "policy" else {})) if kind.kind != "ranking" else None
    )
    version = version or make.draft(kind, publisher=make.organisation(), edition="1")
    for part in sections(kind):
        page = ann.get(url(version, part))
        assert page.status_code == 200
        page = paste(ann, version, part, page.context["headings"] + "\nx")
        assert page.status_code in (200, 422)
        assert page.context["table"].problems == []


def test_queries_do_not_grow_with_rows(ann, django_assert_num_queries):
    draft = make.draft(ClusterProfile)
    make.metric("exports", unit="CNY", name=Text("Exports"))
    source = make.source().pk
    paste(ann, draft, "figures", "Exports\t1\tachieved\t2023", source=source)
    for count in (1, 3):
        with django_assert_num_queries(15):
            page = paste(ann, draft, "figures", "Exports\t1\tachieved\t2023\n" * count, source=source)
        assert page.context["table"].is_good


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("speaker", "speak"), ("signer", "sign"), ("hosts", "host"), ("sign/t", None), ("hostages", None)],
)
def test_a_role_is_known_in_its_other_forms(typed, meant):
    names = choice_names(Participation.Role.choices)
    if meant is None:
        with pytest.raises(ValidationError):
            names.find(typed)
    else:
        assert names.find(typed) == meant
