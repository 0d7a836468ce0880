"""The charts of figures: the same values as the tables beside them, as a picture, a file and data."""

import io

import pytest
from PIL import Image

from clusters.models import ClusterProfile
from portal.lib.brand import Brand
from portal.lib.text import Text
from portal.publishing.workflow import take
from tests import make
from tests.reading import table

pytestmark = pytest.mark.django_db

VALUES = [("2022-01-27", 35), ("2022-08-15", 57), ("2023-05-12", 100), ("2023-08-15", 117)]


def cluster(values, **said):
    draft = make.draft(ClusterProfile)
    for when, value in values:
        make.figure(draft, value, as_of=when, **said)
    return make.approved(draft)


def exports(whole, *parts):
    """A cluster with a whole and its parts, in yuan."""
    draft = make.draft(ClusterProfile)
    yuan = {"metric": make.metric("exports", unit="CNY"), "unit": "CNY", "basis": "reported_flow"}
    total = make.figure(draft, whole, **yuan)
    for name, value in parts:
        make.figure(draft, value, part_of=total, subject=Text(name), **yuan)
    return make.approved(draft)


def charts(client, version):
    return client.get(version.get_absolute_url()).context["charts"]


def test_four_values_make_a_history(client):
    (chart,) = charts(client, cluster(VALUES))
    assert chart.title == "enterprises: from 35 enterprises (27 January 2022) to 117 enterprises (15 August 2023)"
    assert [row[1] for row in chart.table.rows] == [f"{value} enterprises" for _when, value in VALUES]
    assert all(f">{value}</text>" in chart.svg for _when, value in VALUES)


@pytest.mark.parametrize(
    ("values", "said"),
    [(VALUES[:3], {}), (VALUES, {"basis": "target"}), (VALUES, {"visibility": "internal"})],
    ids=["too few", "promises", "not public"],
)
def test_these_are_no_history(client, values, said):
    assert charts(client, cluster(values, **said)) == []


def test_parts_stand_beside_what_nobody_itemises(client):
    (chart,) = charts(client, exports(80_000_000, ("NEVs", 70_000_000), ("Cells", 4_000_000)))
    assert chart.title == "NEVs · exports: 87.5% of exports (RMB 80 m, 12 May 2023)"
    assert [list(row) for row in chart.table.rows] == [
        ["NEVs · exports", "RMB 70 m", "87.5%"],
        ["Cells · exports", "RMB 4 m", "5%"],
        ["not itemised", "RMB 6 m", "7.5%"],
    ]


def test_each_of_six_parts_has_a_colour_of_its_own(client):
    (chart,) = charts(client, exports(100, *((name, 10) for name in "ABCDEF")))
    assert len({piece["color"] for piece in chart.option["series"]}) == 7


def test_parts_larger_than_the_whole_are_not_drawn(client):
    assert charts(client, exports(80, ("NEVs", 70), ("Cells", 20))) == []


def test_chart_is_taken_along_in_each_form(client):
    version = cluster(VALUES)
    (chart,) = charts(client, version)
    page = client.get(version.get_absolute_url()).content.decode()
    assert f'src="{chart.address}.svg"' in page
    svg = client.get(f"{chart.address}.svg")
    assert (svg["Content-Type"], b">117</text>" in svg.content) == ("image/svg+xml", True)
    narrow, dark, sheet = (
        client.get(f"{chart.address}.svg", {form: ""}).content.decode() for form in ("narrow", "dark", "sheet")
    )
    assert 'width="340"' in narrow
    assert ("#14201f" in svg.content.decode().lower(), "#14201f" in dark.lower()) == (True, False)
    assert "A publisher" in sheet
    picture = Image.open(io.BytesIO(client.get(f"{chart.address}.png").content))
    assert picture.width == 2 * (720 + 2 * 28)
    assert table(client.get(f"{chart.address}.csv"))[1:] == [list(row) for row in chart.table.rows]
    assert client.get(f"{chart.address}.json").json()["option"] == chart.option


def test_chart_takes_the_colours_of_the_deployment(client, settings):
    (chart,) = charts(client, cluster(VALUES))
    settings.BRAND = Brand(colour="#1a237e")
    for form in ({}, {"sheet": ""}, {"dark": ""}):
        drawing = client.get(f"{chart.address}.svg", form).content.decode().lower()
        assert settings.BRAND.palette(dark="dark" in form)["jade"] in drawing
        assert "#0f5f56" not in drawing
    picture = Image.open(io.BytesIO(client.get(f"{chart.address}.png").content)).convert("RGB")
    assert (0x1A, 0x23, 0x7E) in {colour for _number, colour in picture.getcolors(1_000_000)}


def test_words_in_a_picture_are_escaped(client):
    draft = make.draft(ClusterProfile)
    for when, value in VALUES:
        make.figure(draft, value, as_of=when, subject=Text("</text><script>alert(1)</script>&"))
    (chart,) = charts(client, make.approved(draft))
    assert "<script" not in client.get(f"{chart.address}.svg", {"sheet": ""}).content.decode()
    assert client.get(f"{chart.address}.png").status_code == 200


def test_chart_goes_with_its_page(client):
    version = cluster(VALUES)
    (chart,) = charts(client, version)
    assert client.get(f"{chart.address}.exe").status_code == 404
    assert client.get(chart.address.replace("history", "nothing") + ".svg").status_code == 404
    take("withdraw", version, by=make.user("rob"), reason="wrong")
    assert client.get(f"{chart.address}.svg").status_code == 404
