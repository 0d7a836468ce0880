"""The drawn file, read back."""

import base64
import re
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
from pikepdf import Name

from portal.briefs import drawing, making
from portal.briefs.models import Brief
from portal.facts.models import Claim
from portal.lib.brand import Brand
from portal.lib.text import Text
from portal.publishing.clock import database_now
from tests import make

from . import asking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def drawn(brief):
    return pikepdf.open(BytesIO(drawing.pdf(drawing.html(brief))))


def structure(node):
    """Every tag of the document, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from structure(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from structure(node.get("/K", pikepdf.Array()))


def tags(pdf):
    return [str(node.S) for node in structure(pdf.Root.StructTreeRoot.K)]


def links(pdf):
    return {str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", []) if link.get("/A", {}).get("/URI")}


def fonts(pdf):
    """The descriptor of every font on every page."""
    for page in pdf.pages:
        for font in page.Resources.get("/Font", {}).values():
            yield font.DescendantFonts[0].FontDescriptor


def printed(pdf):
    """The text of the file, by way of each font's map to Unicode."""
    return "".join(text_of(page) for page in pdf.pages)


def text_of(page):
    said, font = [], {}
    maps = {name: to_unicode(font) for name, font in page.Resources.Font.items()}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = maps[str(operands[0])]
        elif str(operator) in ("TJ", "Tj"):
            strings = operands[0] if str(operator) == "TJ" else operands
            raw = b"".join(bytes(piece) for piece in strings if isinstance(piece, pikepdf.String))
            said += [font.get(raw[at : at + 2], "") for at in range(0, len(raw), 2)]
    return "".join(said)


def to_unicode(font):
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>", table.partition("beginbfchar")[2])
    return {bytes.fromhex(code): bytes.fromhex(said).decode("utf-16-be") for code, said in pairs}


@pytest.mark.parametrize(("language", "pdf_language"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_pdf_is_tagged_and_says_its_language(language, pdf_language):
    pdf = drawn(asking.brief(language))
    found = tags(pdf)
    assert str(pdf.Root.Lang) == pdf_language
    assert pdf.Root.MarkInfo.Marked
    assert found.count("/H1") == 1
    assert {"/H2", "/H3", "/P", "/L", "/Table", "/TH", "/Figure", "/Link"} <= set(found)
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"]


def test_every_picture_has_words():
    pdf = drawn(asking.brief())
    pictures = [str(node.get("/Alt", "")) for node in structure(pdf.Root.StructTreeRoot.K) if Name.Figure == node.S]
    assert len(pictures) == 2
    assert pictures[0].startswith("QR code of http")
    assert pictures[1] == "Number of listed projects by the furthest stage reported of each: in production 1."


def test_fonts_are_embedded_and_ours():
    pdf = drawn(asking.brief("zh-hans"))
    found = list(fonts(pdf))
    assert found
    assert all("/FontFile2" in font or "/FontFile3" in font for font in found)
    assert {re.sub(r".*\+", "", str(font.FontName)).lstrip("/").split("-")[0] for font in found} <= {
        "Noto",
        "NotoSans",
        "NotoSansSC",
        "NotoSerif",
    }


def test_links_lead_to_the_portal_alone(settings):
    brief = asking.brief()
    assert links(drawn(brief)) == {
        f"{settings.BASE_URL}/en/briefs/{brief.code}/",
        f"{settings.BASE_URL}/en/inquiry/?about=city/zaozhuang/zaozhuang",
    }


def test_contents_point_into_the_document():
    pdf = drawn(asking.brief())
    outline = [str(item.title) for item in pdf.open_outline().root[0].children]
    assert outline[:3] == ["Contents", "Key figures", "The city"]
    assert outline[-2:] == ["Sources", "What this brief rests on"]


def test_pdf_carries_no_file_and_no_script():
    pdf = drawn(asking.brief())
    assert not {"/AF", "/OpenAction", "/AA"} & set(pdf.Root.keys())
    assert not {"/EmbeddedFiles", "/JavaScript"} & set(pdf.Root.get("/Names", {}).keys())


def test_figures_say_what_kind_they_are_and_every_page_its_date():
    brief = asking.brief()
    said = printed(drawn(brief))
    for words in ("117", "achieved", "800", "target", "Capital of lithium", "land price", brief.printed_code):
        assert words.replace(" ", "") in said.replace(" ", "")


def test_sample_content_says_so_on_every_page(settings):
    settings.SAMPLE_MODE = True
    pdf = drawn(asking.brief())
    assert all("notanofficialdocument" in text_of(page).replace(" ", "") for page in pdf.pages)
    settings.SAMPLE_MODE = False
    assert "notanofficial" not in printed(drawn(asking.brief(of=Brief.objects.get().city))).replace(" ", "")


HOSTILE = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import url(http://127.0.0.1:9/x.css)</style>",
    '<a rel="attachment" href="file:///etc/hostname">x</a>',
    "</section></body><script>x</script>",
    '<object data="file:///etc/passwd"></object>',
    "{% include 'base.html' %}{{ settings.SECRET_KEY }}",
]


def test_hostile_text_is_printed_as_text():
    profile = make.draft(title=Text({"en": "Zaozhuang!"}))
    for hostile in HOSTILE:
        said = {"text": Text(hostile), "attributed_to": Text(hostile)}
        make.write(profile, Claim, kind="slogan", source=make.source(), **said)
    pdf = drawn(asking.brief(of=make.approved(profile).city))
    words = printed(pdf).replace(" ", "")
    assert [words.count(hostile.replace(" ", "")) for hostile in HOSTILE] == [2] * len(HOSTILE)
    assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
    assert all(link.startswith("http://localhost:8000/") for link in links(pdf))


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "file:///etc/passwd", "ftp://x/y", "{fonts}../css/brief.css", "{fonts}%2e%2e/x"]
)
def test_nothing_but_our_fonts_is_fetched(address, monkeypatch):
    """Even if a document named it."""
    fetched = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda self, request, **_: fetched.append(request))
    address = address.replace("{fonts}", drawing.FONTS)
    drawing.pdf(f'<html lang="en"><title>x</title><img alt="x" src="{address}"><p>y</p></html>')
    assert fetched == []


def test_the_same_brief_is_the_same_file():
    brief = asking.brief()
    making.make(claimed(brief))
    first = brief.path.read_bytes()
    brief.path.unlink()
    drawing.write(brief)
    assert brief.path.read_bytes() == first
    assert brief.path.stat().st_mode & 0o777 == 0o644
    assert [path.name for path in brief.path.parent.iterdir()] == [brief.path.name]


def claimed(brief):
    return Brief.objects.claim(brief.pk, database_now())


def test_a_full_city_stays_small():
    city = asking.city()
    for number in range(30):
        asking.project(f"project-{number}")
    brief = asking.brief("zh-hans", of=city)
    drawing.write(brief)
    assert brief.path.stat().st_size <= 800_000


def test_bars_are_as_long_as_their_counts_and_named_as_text():
    address = drawing.picture({"rows": [["<signed>", 2], ["in production", 4]]})
    svg = ElementTree.fromstring(base64.b64decode(address.partition("base64,")[2]))
    assert [bar.get("width") for bar in svg.iter("{http://www.w3.org/2000/svg}rect")] == ["150", "300"]
    assert [words.text for words in svg.iter("{http://www.w3.org/2000/svg}text")] == [
        "<signed>",
        "2",
        "in production",
        "4",
    ]


def test_bars_take_the_colours_of_the_deployment(settings):
    settings.BRAND = Brand(colour="#1a237e")
    address = drawing.picture({"rows": [["signed", 2]]})
    assert b'fill="#1a237e"' in base64.b64decode(address.partition(",")[2])
