"""A table that is sent: read and checked, then imported as drafts, all of it or nothing, and never twice."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from clusters.models import CityProfile, Cost, Organisation
from portal.cities.models import Membership, User
from portal.facts.models import Figure
from portal.lib.jobs import State
from portal.lib.text import Text
from portal.publishing.models import Entry, Event, Version
from portal.publishing.workflow import take
from portal.staff import importing
from portal.staff.models import Import
from projects.models import ProjectListing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


def named(name, words):
    file = io.BytesIO(words if isinstance(words, bytes) else words.encode())
    file.name = name
    return file


def sent(client, what, words, name="table.csv", language="en", **said):
    """The import of a table that somebody sends."""
    with importing.translation.override(language):
        address = reverse("staff-import-new", args=["zaozhuang"])
    answer = client.post(address, {"what": what, "file": named(name, words)} | said)
    assert answer.status_code == 302, answer.context["form"].errors
    return Import.objects.latest("pk")


def checked(client, what, words, **said):
    table = sent(client, what, words, **said)
    importing.do_next()
    table.refresh_from_db()
    assert table.state == State.DONE, table.error
    return table


def imported(client, what, words, **said):
    table = checked(client, what, words, **said)
    assert table.is_good, table.report.get("errors") or table.report
    client.post(reverse("staff-import-confirm", args=[table.pk]))
    importing.do_next()
    table.refresh_from_db()
    return table


@pytest.fixture
def basics():
    make.city()
    make.source("release", title=Text({"en": "A release", "zh-hans": "一份新闻稿"}))
    make.metric("total-investment", unit="CNY", name=Text({"en": "total investment", "zh-hans": "总投资"}))
    make.organisation("sunwoda")


BEFORE = "signed 2021-12-14; construction started 2022"
PROJECTS = f"""Title (zh),Title (en),total investment,stage,stage: when,earlier stages,parties,source
欣旺达动力电池项目,Sunwoda power,200亿元,in production,2023-08,{BEFORE},"Sunwoda (investor, 51%); 2 × (partner)",release
锂电正极材料,,约11.5亿元,签约,2023年5月12日,,,一份新闻稿
"""


def test_projects_become_drafts_with_investment_stages_and_parties(ann, basics):
    table = imported(ann, "projects", PROJECTS)
    assert table.is_imported
    first, second = ProjectListing.objects.order_by("pk")
    assert (first.state, first.created_by, first.original_language) == ("draft", make.user("ann"), "zh-hans")
    assert first.entry.slug == "sunwoda-power"
    figure = first.figures.get()
    assert (figure.value_min, figure.unit, figure.basis, figure.scale_as_reported) == (
        20_000_000_000,
        "CNY",
        "agreed",
        "亿",
    )
    assert [(row.stage, str(row.when)) for row in first.stage_events.all()] == [
        (40, "2021-12-14"),
        (50, "2022"),
        (70, "2023-08"),
    ]
    assert [party.words for party in first.parties.all()] == ["Sunwoda (investor)", "2 × not named (partner)"]
    assert first.parties.first().share == 51
    assert (str(second.title), second.figures.get().qualifier) == ("锂电正极材料", "about")
    assert list(table.drafts.order_by("pk")) == [first.version_ptr, second.version_ptr]
    assert Event.objects.filter(action="begin", actor="ann").count() == 2
    assert not table.path.exists()


def test_nothing_is_made_before_its_sender_says_so(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    assert (table.report["new"], table.report["wrong"]) == (2, 0)
    assert not Entry.objects.exists()
    page = ann.get(table.get_absolute_url()).content.decode()
    assert "Import 2 rows" in page
    assert "RMB 20 bn" in page
    assert table.path.exists()


def test_date_that_was_taken_from_the_signing_is_a_doubt(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    assert table.report["doubts"][0] == [
        2,
        "Total investment: as of",
        "No date: that of the signing was taken, 14 December 2021.",
    ]


def test_only_the_sender_imports_a_table_since_the_drafts_bear_that_name(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    colleague = User.objects.create_user("al", "al@example.org", make.PASSWORD)
    Membership.objects.create(user=colleague, city=table.city, role="editor")
    other = Client()
    other.force_login(colleague)
    assert other.post(reverse("staff-import-confirm", args=[table.pk])).status_code == 403
    assert importing.do_next() is False
    assert not Entry.objects.exists()


def test_rows_that_are_there_already_are_said_to_be_and_never_doubled(ann, basics):
    imported(ann, "projects", PROJECTS)
    again = checked(ann, "projects", PROJECTS + "新项目,,,,,,,release\n")
    assert (again.report["new"], again.report["there"]) == (1, 2)
    ann.post(reverse("staff-import-confirm", args=[again.pk]))
    importing.do_next()
    assert Entry.objects.count() == 3
    nothing_new = checked(ann, "projects", PROJECTS)
    assert not nothing_new.is_good
    assert "Every row is in the portal already" in ann.get(nothing_new.get_absolute_url()).content.decode()
    ann.post(reverse("staff-import-confirm", args=[nothing_new.pk]))
    assert importing.do_next() is False
    assert Entry.objects.count() == 3


def test_row_that_stands_twice_in_the_table_is_imported_once(ann, basics):
    table = imported(ann, "projects", "Title (en)\nCells\ncells\n")
    assert [row["there"] for row in table.report["understood"]] == ["", "the same as row 2"]
    assert Entry.objects.count() == 1


LONG = "枣庄高新区新能源动力电池及储能系统生产基地建设项目"


@pytest.mark.parametrize("titles", [("公益项目", "工艺项目"), (f"{LONG}一期", f"{LONG}二期")])
def test_projects_whose_titles_make_one_address_are_not_taken_for_one(ann, basics, titles):
    told = checked(ann, "projects", "Title (zh)\n" + "\n".join(titles))
    assert [(row, label) for row, label, _says in told.report["errors"]] == [(3, "Address of the page")]
    imported(ann, "projects", f"Title (zh)\n{titles[0]}")
    later = checked(ann, "projects", f"Title (zh)\n{titles[1]}")
    assert (later.report["there"], later.report["wrong"]) == (0, 1)
    imported(ann, "projects", f"Title (zh),address of the page\n{titles[1]},second")
    assert Entry.objects.count() == 2


def test_page_that_appeared_since_the_check_is_not_made_again(ann, basics):
    table = checked(ann, "projects", "Title (en)\nCells\nModules\n")
    make.draft(ProjectListing, slug="cells", title=Text("Cells"))
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    importing.do_next()
    assert sorted(Entry.objects.values_list("slug", flat=True)) == ["cells", "modules"]


WRONG = [
    (
        "Title (en),total investment,total investment: as of\nA,much,2023\n",
        [2, "Total investment", "“much” has no number"],
    ),
    ("Title (en),total investment,source\nA,11.5亿元,release\n", [2, "Total investment: as of", "Say when"]),
    ("Title (en),total investment,total investment: as of\nA,11.5亿元,2023\n", [2, "Source", "No source is named"]),
    ("Title (en),stage,source\nA,dreaming,release\n", [2, "Stage", "“dreaming” is none of"]),
    ("Title (en),stage,stage: when,source\nA,signed,soon,release\n", [2, "Stage: when", "“soon” is not a date"]),
    ("Title (en),source,stage\nA,nowhere,signed\n", [2, "Source", "“nowhere” is none of"]),
    ("Title (en),earlier stages,source\nA,dreaming 2023,release\n", [2, "Earlier stages", "“dreaming” is none of"]),
    ('Title (en),parties,source\nA,"B (investor, 99999999%)",release\n', [2, "Parties", ""]),
    (
        'Title (en),parties,source\nA,"B (investor, 120%)",release\n',
        [2, "Parties", "Ensure this value is less"],
    ),
    ("Title (en),parties\nA,B\n", [2, "Source", "No source is named"]),
    ("Title (en),nature\nA,new\n,new\n", [3, "Title (zh)", "Fill in: Title"]),
    ("Title (en),summary (en)\nA,b,c\n", [2, "", "A cell stands in a column without a heading"]),
    ("标题 (zh),性质\nA,全新\n", [2, "Nature", "“全新” is none of"]),
]


@pytest.mark.parametrize(("words", "says"), WRONG)
def test_what_is_wrong_is_named_by_row_and_column(ann, basics, words, says):
    table = checked(ann, "projects", words)
    assert not table.is_good
    row, label, message = says
    assert [error for error in table.report["errors"] if error[:2] == [row, label] and error[2].startswith(message)], (
        table.report
    )
    assert message in ann.get(table.get_absolute_url()).content.decode().replace("&#x27;", "'")


def test_one_wrong_row_keeps_all_out(ann, basics):
    table = checked(ann, "projects", PROJECTS + "坏,,many,,,,,release\n")
    assert (table.report["new"], table.report["wrong"]) == (2, 1)
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    assert importing.do_next() is False
    assert not Entry.objects.exists()


def test_error_at_the_end_undoes_all(ann, basics, monkeypatch):
    table = checked(ann, "projects", PROJECTS)

    def stumble(*_said, **_more):
        assert Entry.objects.count() == 2
        raise RuntimeError("the machine stumbles")

    monkeypatch.setattr(Event, "record_all", stumble)
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    importing.do_next()
    table.refresh_from_db()
    assert (Entry.objects.count(), table.state) == (0, State.QUEUED)
    monkeypatch.undo()
    Import.objects.update(next_try=table.asked_at)
    importing.do_next()
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Title (en),Colour\nA,b\n", "Column B: “Colour” is no column of this table."),
        ("Title (en),title (en)\nA,b\n", "Column B: a second column is headed “title (en)”."),
        ("Nature\nnew\n", "These columns are missing: Title (zh)"),
        ("Title (en)\n" + "A\n" * 501, "at most 500 of this kind"),
    ],
)
def test_header_that_is_not_the_templates_is_explained(ann, basics, words, says):
    table = checked(ann, "projects", words)
    assert any(says in problem for problem in table.report["problems"]), table.report
    assert "Nothing was imported" in ann.get(table.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("words", "says"), [(b"\x89PNG\r\n\x1a\n" + bytes(99), "This is no table"), (b"\r\n", "The file is empty")]
)
def test_file_that_is_no_table_is_refused_with_its_reason(ann, basics, words, says):
    table = checked(ann, "projects", words)
    assert says in table.report["refused"]
    assert says in ann.get(table.get_absolute_url()).content.decode()


def test_file_that_is_too_large_is_refused_at_once(ann, basics):
    answer = ann.post("/en/staff/cities/zaozhuang/import/", {"what": "costs", "file": named("a.csv", "a" * 5_300_000)})
    assert "The file is larger than 5 MB." in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("data", [{}, {"what": "secrets"}, {"what": "costs", "file": "no file"}])
def test_form_without_what_it_needs_says_so(ann, basics, data):
    answer = ann.post("/en/staff/cities/zaozhuang/import/", data)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_name_of_the_file_is_only_shown(ann, basics, settings):
    table = sent(ann, "costs", "a", name="../../<b>secret.csv")
    assert table.path.parent == settings.DATA_DIR / "imports"
    assert "&lt;b&gt;secret.csv" in ann.get(table.get_absolute_url()).content.decode()
    assert not table.path.is_relative_to(settings.MEDIA_ROOT)


FIGURES = """page,metric,amount,as of,basis,source
{page},enterprises,117家,2023-08-15,achieved,release
{page},enterprises,116,45058,已实现,A release
{other},总投资,more than 1.15 billion yuan,2023,agreed,release
"""


@pytest.fixture
def pages(basics):
    make.metric("enterprises", name=Text({"en": "enterprises", "zh-hans": "企业数"}))
    live = make.live(slug="zaozhuang")
    draft = make.draft(ProjectListing, slug="cells")
    return live, draft


def test_figures_land_in_a_draft_of_each_page(ann, pages):
    live, draft = pages
    words = FIGURES.format(page="city/zaozhuang/zaozhuang", other="标题cells").replace(
        ",growth on the year before，%", ""
    )
    table = imported(ann, "figures", words.replace(",\n", "\n"))
    newer = CityProfile.objects.get(state="draft")
    assert [(figure.value_min, str(figure.as_of)) for figure in newer.figures.all()] == [
        (117, "2023-08-15"),
        (116, "2023-05-12"),
    ]
    assert newer.number == live.number + 1
    assert [figure.value_min for figure in draft.figures.all()] == [1_150_000_000]
    assert table.report["doubts"] == [[3, "As of", "45058 was read as the day 2023-05-12."]]
    assert set(table.drafts.values_list("pk", flat=True)) == {newer.pk, draft.pk}
    again = checked(ann, "figures", words)
    assert again.report["there"] == 3


def test_figures_without_a_page_column_go_to_the_page_that_is_named(ann, pages):
    _live, draft = pages
    words = "metric,amount,as of,basis,source\n企业数,12,2023,achieved,release\n"
    refused = ann.post(
        "/en/staff/cities/zaozhuang/import/", {"what": "figures", "page": "x", "file": named("a", words)}
    )
    assert "“x” is none of" in refused.content.decode()
    imported(ann, "figures", words, page="Title cells")
    assert draft.figures.get().value_min == 12
    assert "missing: Page" in str(checked(ann, "figures", words).report["problems"])


def test_page_that_is_in_review_takes_no_figures(ann, pages):
    _live, draft = pages
    words = "metric,amount,as of,basis,source\nenterprises,12,2023,achieved,release\n"
    table = checked(ann, "figures", words, page="Title cells")
    take("submit", draft, by=make.user("ann"))
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    importing.do_next()
    table.refresh_from_db()
    assert table.report["problems"] == ["Only a draft can be edited; this version is in review."]
    assert not Figure.objects.exists()


def test_companies_become_organisations_of_the_city(ann, basics):
    words = "Name (zh),Name (en),Kind,Other names,Parent company\n欣旺达,,公司,Sunwoda Electronic；SWD,\n"
    words = words.replace("公司", "company") + "枣庄欣旺达,,合资公司,,Sunwoda\n,Sunwoda,company,,\n"
    table = imported(ann, "companies", words)
    assert (table.report["new"], table.report["there"]) == (2, 1)
    made = Organisation.objects.get(slug="xin-wang-da")
    assert (made.city, made.aliases) == (make.city(), ["Sunwoda Electronic", "SWD"])
    assert Organisation.objects.get(kind="joint_venture").parent == make.organisation("sunwoda")
    assert [event.action for event in Event.objects.filter(subject="organisations")] == ["begin"]


def test_costs_land_in_a_draft_of_the_citys_page(ann, pages):
    words = "category,what exactly (zh),price,unit,valid until,source\n"
    words += "electricity,峰段,1.12,CNY/kWh,2026-12-31,release\nwater,,３.６,元/立方米,,release\n"
    imported(ann, "costs", words)
    assert [(cost.category, str(cost.price.normalize()), cost.unit) for cost in Cost.objects.all()] == [
        ("electricity", "1.12", "CNY/kWh"),
        ("water", "3.6", "CNY/m3"),
    ]
    assert checked(ann, "costs", words).report["there"] == 2


def test_costs_of_a_city_without_a_page_are_refused(ann, basics):
    table = checked(ann, "costs", "category,price,unit,source\nwater,3,CNY/m3,release\n")
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    importing.do_next()
    table.refresh_from_db()
    assert table.report["problems"] == ["The city has no page yet: begin it first."]


def test_foreign_drafts_sources_and_organisations_are_not_found(ann, basics):
    zibo = make.city("zibo")
    make.source("foreign", city=zibo, title=Text("Foreign source"))
    Organisation.objects.create(slug="foreign", city=zibo, name=Text("Foreign firm"))
    table = checked(ann, "projects", "Title (en),stage,parties,source\nA,signed,Foreign firm,Foreign source\n")
    assert [error[1] for error in table.report["errors"]] == ["Source"]
    assert "foreign" not in str(table.report["errors"]).replace("Foreign source", "")
    named_so = imported(ann, "projects", "Title (en),parties,source\nA,Foreign firm,release\n")
    party = named_so.drafts.get().specific.parties.get()
    assert (party.organisation, str(party.name)) == (None, "Foreign firm")


def test_report_is_in_the_language_of_who_sent_the_table(ann, basics):
    table = checked(ann, "projects", "标题 (zh),性质\nA,全新\n", language="zh-hans")
    assert table.report["errors"][0][1] == "性质"


def test_sender_who_no_longer_writes_for_the_city_imports_nothing(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    table.by.memberships.all().delete()
    importing.do_next()
    table.refresh_from_db()
    assert "You may not write for this city." in table.report["refused"]
    assert not Entry.objects.exists()


def test_sending_once_more_what_was_said_imports_once(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    for _click in range(2):
        assert ann.post(reverse("staff-import-confirm", args=[table.pk])).status_code == 302
    importing.do_next()
    assert importing.do_next() is False
    assert Version.objects.count() == 2


def test_late_worker_leaves_nothing_behind(ann, basics, monkeypatch):
    table = checked(ann, "projects", PROJECTS)
    ann.post(reverse("staff-import-confirm", args=[table.pk]))
    late = Import.objects.claim_next(importing.database_now())
    Import.objects.filter(pk=table.pk).update(tries=2)  # another has claimed it meanwhile
    importing.do(late)
    assert not Entry.objects.exists()


def test_page_counts_the_rows_while_they_are_read(ann, basics):
    table = sent(ann, "projects", PROJECTS)
    assert "Waiting for its turn." in ann.get(table.get_absolute_url()).content.decode()
    Import.objects.update(state=State.WORKING, rows_done=50, rows_total=400)
    page = ann.get(table.get_absolute_url()).content.decode()
    assert "50 of 400 rows read." in page
    assert f'data-poll="{table.get_absolute_url()}?status"' in page
    assert '<meta http-equiv="refresh" content="3">' in page


def test_status_alone_leads_to_what_was_found(ann, basics):
    table = sent(ann, "projects", PROJECTS)
    assert "data-poll" in ann.get(table.get_absolute_url() + "?status").content.decode()
    importing.do_next()
    status = ann.get(table.get_absolute_url() + "?status").content.decode()
    assert "data-poll" not in status
    assert "Look at what was found" in status
    assert "<html" not in status


def test_old_imports_and_their_files_are_cleared(ann, basics):
    table = checked(ann, "projects", PROJECTS)
    Import.objects.update(asked_at=table.asked_at.replace(year=2020))
    importing.clear_old()
    assert not Import.objects.exists()
    assert not table.path.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_one_as_for_three(ann, basics, django_assert_num_queries, count):
    words = "Title (en)\n" + "".join(f"Project {number}\n" for number in range(count))
    table = imported(ann, "projects", words)
    for _more in range(count - 1):
        checked(ann, "projects", words)
    ann.get(table.get_absolute_url())
    with django_assert_num_queries(11):
        ann.get(table.get_absolute_url())
    with django_assert_num_queries(11):
        ann.get("/en/staff/cities/zaozhuang/import/")


@pytest.mark.parametrize("what", ["projects", "figures", "companies", "costs"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_template_is_understood_when_it_comes_back(ann, pages, what, language):
    with importing.translation.override(language):
        address = reverse("staff-import-template", args=["zaozhuang", what, "xlsx"])
    content = b"".join(ann.get(address).streaming_content)
    book = load_workbook(io.BytesIO(content))
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "visible", "hidden"]
    assert book.worksheets[0].data_validations.dataValidation
    assert book.worksheets[0].max_row == 1
    table = checked(ann, what, content, name="table.xlsx")
    assert (table.report.get("problems"), table.report.get("rows")) == (None, 0)
    plain = ann.get(address.replace(".xlsx", ".csv")).content
    assert plain.startswith(b"\xef\xbb\xbf")
    assert checked(ann, what, plain).report.get("rows") == 0
