"""Lists as tables: typed, safe from formulas, for those who see the list; what is exported can be imported again."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from clusters.models import ClusterProfile, Cost, Organisation, ParkProfile
from portal.facts.models import Figure
from portal.lib import spreadsheets
from portal.lib.text import Text
from portal.publishing.models import Version
from portal.publishing.workflow import take
from portal.staff import importing
from projects.models import ProjectListing, ProjectParty
from tests import make
from tests.inquiries.asking import asked
from tests.reading import content, sheet
from tests.reading import table as cells
from tests.staff.test_import import imported, named

pytestmark = pytest.mark.django_db

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|cmd", "%0A", "＝1", " =1"]


@pytest.fixture
def ann(client):
    client.force_login(make.user("ann"))
    return client


# Formats --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_is_a_formula(words):
    book = sheet(spreadsheets.file("xlsx", "x", ["a"], [[words]]))
    assert (book["A2"].data_type, book["A2"].value) == ("s", words)
    assert book["A2"].quotePrefix
    [_head, [cell]] = cells(spreadsheets.file("csv", "x", ["a"], [[words]]))
    assert cell == f"'{words}"


def test_numbers_dates_and_moments_are_such():
    moment = datetime.fromisoformat("2023-05-12T06:08:30.5+00:00")
    row = [Decimal("1150000000.000000"), Decimal("-0.5"), 3, date(2023, 5, 12), moment, None, "", "x\0y\x07"]
    book = sheet(spreadsheets.file("xlsx", "x", ["a"] * 8, [row]))
    found = [cell.value for cell in book[2]]
    assert found == [
        1150000000, -0.5, 3, datetime.fromisoformat("2023-05-12"), datetime.fromisoformat("2023-05-12T14:08:30"), None,
        None, "xy",
    ]  # fmt: skip
    [_head, line] = cells(spreadsheets.file("csv", "x", ["a"] * 8, [row]))
    assert line == ["1150000000", "-0.5", "3", "2023-05-12", "2023-05-12 14:08:30", "", "", "xy\x07"]


def test_number_longer_than_a_spreadsheet_keeps_is_words():
    book = sheet(spreadsheets.file("xlsx", "x", ["a"], [[Decimal("1234567890123456.5")]]))
    assert book["A2"].value == "1234567890123456.5"


# Lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_list_of_entries_has_every_row_of_ones_own_cities(ann, form):
    for number in range(60):
        make.draft(ClusterProfile, slug=f"c{number}", title=Text({"en": f"Cluster {number}", "zh-hans": "集群"}))
    make.draft(ClusterProfile, at="zibo", slug="foreign", title=Text("Foreign"))
    [head, *rows] = cells(ann.get(reverse("staff-list", args=["cluster"]), {"export": form}))
    assert head[:4] == ["Title (zh)", "Title (en)", "City", "Address of the page"]
    assert len(rows) == 60
    assert rows[0][:6] == ["集群", "Cluster 0", "Zaozhuang", "c0", "1" if form == "csv" else 1, "draft"]


def test_list_of_references_is_exported(ann):
    make.source("own", city=make.city(), title=Text("=cmd"), published="2023-05")
    make.source("foreign", city=make.city("zibo"))
    [head, *rows] = cells(ann.get(reverse("staff-references", args=["sources"]), {"export": "csv"}))
    assert [row[0] for row in rows] == ["own"]
    assert rows[0][head.index("Title (en)")] == "'=cmd"
    Organisation.objects.create(slug="firm", city=make.city(), name=Text("Firm"), aliases=["A", "B"])
    [head, row] = cells(ann.get(reverse("staff-references", args=["organisations"]), {"export": "xlsx"}))
    assert (row[head.index("Name (en)")], row[head.index("Other names")]) == ("Firm", "A; B")


def test_list_of_inquiries_names_nobody_and_is_the_officers(client, ann):
    make.live()
    inquiry = asked(client, name="Ivy Investor", email="ivy@example.org", message="Secret plan")
    make.user("olga")
    assert ann.get(reverse("staff-inquiry-list"), {"export": "csv"}).status_code == 404
    client.force_login(make.user("olga"))
    answer = client.get(reverse("staff-inquiry-list"), {"export": "csv"})
    words = content(answer).decode()
    assert inquiry.number in words
    assert "Ivy" not in words
    assert "Secret" not in words


@pytest.mark.parametrize("wanted", ["pdf", "", "xlsx/../../x"])
def test_unknown_format_is_the_page(ann, wanted):
    make.city()
    answer = ann.get(reverse("staff-list", args=["cluster"]), {"export": wanted})
    assert answer.headers["Content-Type"].startswith("text/html")


def test_pages_offer_their_list_as_a_table(ann):
    make.draft(ClusterProfile)
    page = ann.get(reverse("staff-list", args=["cluster"]), {"page": 1, "city": "zaozhuang"}).content.decode()
    assert "?city=zaozhuang&amp;export=xlsx" in page


# There and back -------------------------------------------------------------------------------------------------------


@pytest.fixture
def everything():
    """A city with what the tables can say, in all the ways they can say it."""
    invest = make.metric("total-investment", unit="CNY", name=Text({"en": "total investment", "zh-hans": "总投资"}))
    output = make.metric("output", unit="t/a", name=Text({"en": "output", "zh-hans": "产量"}))
    city = make.draft(title=Text({"en": "Zaozhuang", "zh-hans": "枣庄"}))
    for said in (
        {"qualifier": "more_than", "scale_as_reported": "亿", "metric": invest, "unit": "CNY"},
        {"qualifier": "range", "value_max": Decimal(130), "yoy": Decimal("-3.5"), "yoy_period": "2022"},
        {
            "metric": output,
            "unit": "t/a",
            "basis": "design",
            "subject": Text("The =plant"),
            "as_of": "",
            "period": "2024-Q1",
        },
        {"note": Text({"en": "-a note", "zh-hans": "说明"}), "visibility": "internal", "key": True, "quote": "1,\n2"},
        {"converted": Decimal(5), "converted_unit": "USD", "as_of": "XXXX-08-26", "locator": "[1]"},
    ):
        make.figure(city, 120_000_000 if said.get("scale_as_reported") else 120, **said)
    park = make.live(ParkProfile, slug="park", title=Text({"en": "The park", "zh-hans": "园区"})).entry
    cost = {"category": "electricity", "unit": "CNY/kWh", "source": make.source()}
    make.write(city, Cost, price=Decimal("0.67"), price_max=Decimal("0.72"), tax="included", what=Text("flat"), **cost)
    make.write(city, Cost, price=Decimal("1.2"), valid_from="2024-01", valid_until="2025-12-31", park=park, **cost)
    firm = Organisation.objects.create(
        slug="firm", city=city.city, name=Text({"zh-hans": "公司"}), credit_code="91370400"
    )
    Organisation.objects.create(slug="child", city=city.city, name=Text("Child"), parent=firm, aliases=["C", "D"])
    first = make.draft(
        ProjectListing, slug="first", title=Text({"en": "First", "zh-hans": "第一"}), industry=make.industry(),
        link=make.link(), nature="new", cooperation="joint_venture", summary=Text({"en": "One,\n“two”"}),
        park=park, start_by="2024-06",
    )  # fmt: skip
    make.figure(
        first, 1_150_000_000, metric=invest, unit="CNY", basis="agreed", scale_as_reported="亿", as_of="2023-05"
    )
    make.stage(first, 40, when="2023-05-12")
    make.stage(first, 50, when="2024~")
    make.write(first, ProjectParty, organisation=firm, role="investor", share=Decimal(51), source=make.source())
    make.write(first, ProjectParty, name=Text("Partner (Ltd)"), role="partner", count=3, source=make.source())
    bare = make.draft(ProjectListing, slug="bare", title=Text("Bare"))
    make.stage(bare, -1, when="")
    make.approved(make.draft(ProjectListing, slug="dollars", title=Text("Dollars")))
    return city


def exported(client, what, form, language="en"):
    with importing.translation.override(language):
        return client.get(reverse("staff-city-export", args=["zaozhuang", what, form]))


def emptied(what):
    """The city without what the table says, as if it had never been written."""
    if what == "projects":
        for version in Version.objects.of_kind("project").filter(state="draft"):
            take("discard", version, by=make.user("ann"), reason="anew")
    else:
        {"figures": Figure, "costs": Cost}[what].objects.filter(version__state="draft").delete()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["projects", "figures", "costs", "companies"])
def test_what_is_exported_is_already_there(ann, everything, what, form, language):
    table = named(f"table.{form}", content(exported(ann, what, form, language)))
    ann.post(reverse("staff-import-new", args=["zaozhuang"]), {"what": what, "file": table})
    importing.do_next()
    report = importing.Import.objects.get().report
    assert (report.get("errors"), report.get("problems"), report.get("new")) == ([], None, 0), report
    assert report["rows"] == report["there"] > 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("what", ["figures", "costs"])
def test_what_is_exported_is_imported_unchanged(ann, everything, what, form, language):
    before = exported(ann, what, form, language)
    before, table = cells(before), content(exported(ann, what, form, language))
    emptied(what)
    assert len(cells(exported(ann, what, form, language))) == 1
    imported(ann, what, table, name=f"table.{form}")
    assert cells(exported(ann, what, form, language)) == before


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_projects_that_are_exported_are_imported_unchanged(ann, everything, form, language):
    before, table = cells(exported(ann, "projects", form, language)), content(exported(ann, "projects", form, language))
    before = [row for row in before if "dollars" not in row]
    emptied("projects")
    imported(ann, "projects", table, name=f"table.{form}")
    after = cells(exported(ann, "projects", form, language))
    assert [row for row in after if "dollars" not in row] == before
    assert ProjectListing.objects.filter(state="draft").count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_export_asks_the_database_as_often_for_one_as_for_three(ann, django_assert_num_queries, count):
    for number in range(count):
        draft = make.draft(ProjectListing, slug=f"p{number}", industry=make.industry(f"i{number}"))
        make.stage(draft, 40)
        make.write(
            draft, ProjectParty, organisation=make.organisation(f"o{number}"), role="investor", source=make.source()
        )
        make.figure(draft, 1, metric=make.metric("total-investment", unit="CNY"), unit="CNY", basis="agreed")
    with django_assert_num_queries(13):
        content(exported(ann, "projects", "csv"))
    with django_assert_num_queries(9):
        content(exported(ann, "figures", "csv"))
