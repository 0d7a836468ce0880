import re
import threading
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import pytest
import quickjs

from portal.lib import brand
from portal.lib.charts import COLOURS, Chart, Table, recoloured, render_svg, tidy

BARS = {
    "xAxis": {"type": "category", "data": ["2021", "2022", "2023 年"]},
    "yAxis": {"type": "value"},
    "series": [{"type": "bar", "data": [9.2, 12.6, 7.1], "label": {"show": True, "position": "top"}}],
}
SVG = "{http://www.w3.org/2000/svg}"


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_render_svg_draws_labels_and_values():
    drawn = words(render_svg(BARS, 600, 300))
    assert [word for word in drawn if word in {"2021", "2022", "2023 年", "9.2", "12.6", "7.1"}] == [
        "2021",
        "2022",
        "2023 年",
        "9.2",
        "12.6",
        "7.1",
    ]


def test_render_svg_carries_no_style_and_no_class():
    """A strict policy refuses both inline."""
    svg = render_svg(BARS, 600, 300)
    found = {name for node in ET.fromstring(svg).iter() for name in node.attrib}
    assert not found & {"style", "class"}
    assert f"{SVG}style" not in {node.tag for node in ET.fromstring(svg).iter()}
    assert "font-size" in found


def test_render_svg_of_the_same_option_is_the_same():
    assert render_svg(BARS, 600, 300) == render_svg(BARS, 600, 300)


def test_render_svg_escapes_names():
    svg = render_svg({**BARS, "xAxis": {"type": "category", "data": ["<script>x</script>", "&", '"']}}, 600, 300)
    assert "<script>x</script>" in words(svg)
    assert "<script" not in svg


def test_render_svg_serves_many_threads():
    one = render_svg(BARS, 600, 300)
    barrier = threading.Barrier(4)

    def draw(_):
        barrier.wait()
        return render_svg(BARS, 600, 300)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(draw, range(8))) == {one}


def test_render_svg_survives_a_bad_option():
    with pytest.raises(quickjs.JSException):
        render_svg({"xAxis": {"type": "category"}, "series": [{"type": "bar", "data": [1]}]}, 600, 300)
    assert words(render_svg(BARS, 600, 300))


def test_tidy_takes_the_halo_off_words_only():
    halo = '<path stroke="#fff"></path><text x="1" stroke="#fff" stroke-width="2" paint-order="stroke">a</text>'
    assert tidy(halo) == '<path stroke="#fff"></path><text x="1">a</text>'


def test_chart_is_one_labelled_image():
    chart = Chart('A "finding"', "Bars & years.", BARS, Table(["Year", "bn"], [["2021", "9.2"]]))
    root = ET.fromstring(chart.svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'A "finding". Bars & years.'
    assert ET.fromstring(chart.narrow).attrib["width"] == "340"


def test_a_sign_that_no_xml_may_hold_is_left_out():
    option = BARS | {"xAxis": {"type": "category", "data": ["a\x08", "b\ud800"]}}
    chart = Chart("A\x0b finding", "B", option, Table([], []), source="C\x1f")
    for drawing in (chart.svg, chart.sheet("D\x00")):
        ET.fromstring(drawing)
    assert chart.png("D\x00").startswith(b"\x89PNG")


def test_style_sheet_knows_every_colour_of_a_drawing():
    rules = (brand.STATIC / "css/components/content.css").read_text()
    told = re.findall(r'\.chart \[\w+="(#\w+)" i\] \{ \w+: var\(--([\w-]+)\); \}', rules)
    assert {(brand.OWN[name], name) for name in COLOURS} == set(told)


def test_recoloured_is_the_same_drawing_in_other_colours():
    svg, dark = Chart("A", "B", BARS, Table([], [])).svg, brand.OWN_DARK
    assert brand.OWN["jade"] in svg.lower()
    drawing = recoloured(svg, dark)
    assert words(drawing) == words(svg)
    colours = {colour.lower() for colour in re.findall(r"#[0-9a-f]{6}", drawing, re.IGNORECASE)}
    assert colours <= {dark[name] for name in COLOURS}
    assert dark["jade"] in colours
