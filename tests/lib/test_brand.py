"""A deployment's own colours and seal."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.lib import brand
from portal.lib.brand import Brand, contrast

BASE = (brand.STATIC / "css/base.css").read_text()


def declared(css):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css))


def test_palette_is_that_of_the_style_sheet_with_what_the_deployment_names():
    light, dark = map(declared, BASE.split("@media (prefers-color-scheme: dark)")[:2])
    own, named = Brand(), Brand(colour="#1a237e")
    for palette, said in ((own.palette(), light), (own.palette(dark=True), dark)):
        assert palette == {name: brand.whole(value) for name, value in said.items()}
    assert (named.palette()["jade"], named.palette()["vermilion"]) == ("#1a237e", light["vermilion"])
    assert named.palette(dark=True)["jade"] not in (dark["jade"], "#1a237e")


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_colour_that_cannot_be_read_is_refused_and_the_next_one_named():
    with pytest.raises(
        ImproperlyConfigured, match=r"SITE_COLOUR=#FFCC00 cannot be read.*its contrast is 1\.3"
    ) as refused:
        brand.read("#FFCC00", "", "")
    named = re.search(r"deep enough is (#\w{6})", str(refused.value))[1]
    assert brand.read(named, "", "").colour == named


@pytest.mark.parametrize("given", ["red", "#fff", "0f5f56", "#0f5f5g", "#0f5f56; }"])
def test_colour_in_another_form_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match="write it as #rrggbb"):
        brand.read("", given, "")


@pytest.mark.parametrize("colour", ["#0f5f56", "#8b0000", "#000000", "#1a237e", "#5b5b5b"])
def test_what_follows_from_a_colour_can_be_read_in_light_and_dark(colour):
    chosen = brand.read(colour, "", "")
    light, dark = declared(chosen.tokens()), declared(chosen.tokens(dark=True))
    light |= {"card": brand.OWN["card"]}
    dark |= {"card": brand.OWN_DARK["card"]}
    pairs = [
        ("jade", "card"),
        ("jade", "jade-pale"),
        ("jade-deep", "jade-pale"),
        ("on-jade", "jade"),
        ("on-jade", "jade-deep"),
    ]
    assert min(contrast(said[one], said[other]) for said in (light, dark) for one, other in pairs) >= 4.5


def test_nothing_named_serves_nothing(client, db):
    assert Brand().files == {}
    assert client.get("/brand/colours-1.css").status_code == 404


def test_colours_and_seal_are_linked_and_served(client, db, settings):
    settings.BRAND = brand.read("#1a237e", "#8b0000", "枣")
    html = client.get("/en/about/").content.decode()
    colours, seal = re.findall(r'"(/brand/[^"]+)"', html)[1::-1][:2]
    sheet = client.get(colours)
    assert (sheet["Content-Type"], sheet["Cache-Control"]) == ("text/css", "public, max-age=31536000, immutable")
    assert b"--jade: #1a237e;" in sheet.content
    drawing = client.get(seal)
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b'fill="#8b0000"' in drawing.content
    assert client.get("/favicon.ico")["Location"] == seal


def test_own_seal_takes_the_colour_of_the_action():
    chosen = Brand(action="#8b0000")
    assert b'fill="#8b0000"' in chosen.files[chosen.address_of("seal")].content


@pytest.mark.parametrize("given", ["/nowhere/seal.svg", "seal", "/etc/passwd", "\U0010fffd"])
def test_seal_that_cannot_be_shown_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match="SITE_SEAL is"):
        brand.read("", "", given)


def test_picture_is_served_as_it_is_unless_it_is_large(tmp_path):
    picture = tmp_path / "seal.png"
    picture.write_bytes(b"PNG")
    assert [(file.content, file.type) for file in brand.read("", "", str(picture)).files.values()] == [
        (b"PNG", "image/png")
    ]
    picture.write_bytes(b"0" * (brand.LARGEST + 1))
    with pytest.raises(ImproperlyConfigured, match="larger than 100 kB"):
        brand.read("", "", str(picture))
