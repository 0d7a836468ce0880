"""One deployment's own colours and seal: read from its settings, completed, and refused where they could not be read.

A deployment names one colour for links and what is done, one for the action of a page. What goes with them (paler,
deeper, and all of it in the dark) is worked out here, and keeps the contrast that WCAG 2.2 AA asks for.
"""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

STATIC = Path(__file__).resolve().parents[2] / "static"
BLACK, WHITE = "#000000", "#ffffff"
TEXT = 4.5  # the contrast of words to their ground (WCAG 1.4.3)
DARK_TEXT, DARK_DEEP = 7.0, 10.0
HEX = re.compile(r"#[0-9a-f]{6}")
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6}|#[0-9a-f]{3});")
PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
LARGEST = 100_000  # bytes of a seal, which every page loads
OWN_SEAL = STATIC / "img/seal.svg"


def own_palettes() -> list[dict[str, str]]:
    """The colours of base.css, in light and in the dark: the one list of them."""
    schemes = (STATIC / "css/base.css").read_text().split("@media (prefers-color-scheme: dark)")[:2]
    return [{name: whole(value) for name, value in TOKEN.findall(scheme)} for scheme in schemes]


def whole(colour: str) -> str:
    """#fff as #ffffff."""
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


OWN, OWN_DARK = own_palettes()
GROUNDS = OWN["paper"], OWN["card"], OWN["sunk"]  # what a colour must be told from


class File(NamedTuple):
    content: bytes
    type: str


class Brand(NamedTuple):
    """What the settings name: two colours ("" for our own) and a seal: "", one character, or the path of a picture."""

    colour: str = ""
    action: str = ""
    seal: str = ""

    @property
    def files(self) -> dict[str, File]:
        """What is served under /brand/, by names that change with the content. Empty when all is our own."""
        return drawn(self)

    def address_of(self, beginning: str) -> str:
        """The name of the file that begins so; "" when there is none."""
        return next((name for name in self.files if name.startswith(beginning)), "")

    def tokens(self, dark: bool = False) -> str:
        """The tokens of base.css that differ from ours, as CSS declarations."""
        return " ".join(f"--{name}: {value};" for name, value in differing(self, dark).items())

    def palette(self, dark: bool = False) -> dict[str, str]:
        """Every colour by its name in base.css, where no style sheet reaches."""
        return (OWN_DARK if dark else OWN) | differing(self, dark)


def read(colour: str, action: str, seal: str) -> Brand:
    """From the settings, or the reason why the portal cannot start with them."""
    return Brand(readable("SITE_COLOUR", colour), readable("SITE_ACTION_COLOUR", action), usable_seal(seal))


def readable(setting: str, given: str) -> str:
    colour = given.strip().lower()
    if not colour:
        return ""
    if not HEX.fullmatch(colour):
        raise ImproperlyConfigured(f"{setting} is {given!r}; write it as #rrggbb, for example #0f5f56.")
    lowest = min(contrast(colour, ground) for ground in (*GROUNDS, mix(colour, WHITE, 0.88)))
    if lowest < TEXT:
        raise ImproperlyConfigured(
            f"{setting}={given} cannot be read on this site’s paper: its contrast is {lowest:.1f}, "
            f"and {TEXT} is the least. "
            f"The same colour deep enough is {deep_enough(colour)}."
        )
    return colour


def usable_seal(given: str) -> str:
    if len(given) <= 1:
        if given and not glyph(given):
            raise ImproperlyConfigured(
                f"SITE_SEAL is {given!r}; no font here has that character. Name a picture instead."
            )
        return given
    path = Path(given)
    if path.suffix.lower() not in PICTURES or not path.is_file():
        raise ImproperlyConfigured(
            f"SITE_SEAL is {given!r}; it must be one character, or the path of a file in {', '.join(PICTURES)}."
        )
    if path.stat().st_size > LARGEST:
        raise ImproperlyConfigured(f"SITE_SEAL={given} is larger than {LARGEST // 1000} kB; every page would load it.")
    return given


# Colours -------------------------------------------------------------------------------------------------------------


def channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def mix(colour: str, other: str, share: float) -> str:
    """With this share of the other colour in it."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(own + (its - own) * share):02x}" for own, its in pairs)


def luminance(colour: str) -> float:
    red, green, blue = (linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    """The light of a channel, taken out of the curve sRGB stores it in."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """Between 1 and 21, as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def deep_enough(colour: str) -> str:
    steps = (mix(colour, BLACK, step / 100) for step in range(101))
    return next(
        deep for deep in steps if min(contrast(deep, OWN["sunk"]), contrast(deep, mix(deep, WHITE, 0.88))) >= TEXT
    )


def light_enough(colour: str, least: float) -> str:
    """The same hue for words in the dark."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in channels(colour)))
    steps = (hls_to_rgb(hue, lightness + (1 - lightness) * step / 100, saturation) for step in range(101))
    colours = ("#" + "".join(f"{round(255 * part):02x}" for part in step) for step in steps)
    return next(light for light in colours if contrast(light, OWN_DARK["card"]) >= least)


@cache
def differing(brand: Brand, dark: bool) -> dict[str, str]:
    families = (("jade", brand.colour), ("vermilion", brand.action))
    return {name: value for root, colour in families if colour for name, value in family(root, colour, dark).items()}


def family(name: str, colour: str, dark: bool) -> dict[str, str]:
    """A colour and its relations, under the names base.css gives them."""
    if dark:
        main, paper = light_enough(colour, DARK_TEXT), OWN_DARK["paper"]
        deep, mid, pale = light_enough(colour, DARK_DEEP), mix(main, paper, 0.5), mix(main, paper, 0.82)
        on = mix(colour, BLACK, 0.85)
    else:
        main, deep, mid = colour, mix(colour, BLACK, 0.22), mix(colour, WHITE, 0.54)
        pale, on = mix(colour, WHITE, 0.88), WHITE
    said = {name: main, f"{name}-deep": deep, f"{name}-mid": mid, f"{name}-pale": pale, f"on-{name}": on}
    return said if dark else {**said, f"{name}-print": deep}


# Files ---------------------------------------------------------------------------------------------------------------


@cache
def drawn(brand: Brand) -> dict[str, File]:
    made = []
    if brand.colour or brand.action:
        made.append(("colours", ".css", File(stylesheet(brand).encode(), "text/css")))
    if len(brand.seal) > 1:
        ending = Path(brand.seal).suffix.lower()
        made.append(("seal", ending, File(Path(brand.seal).read_bytes(), PICTURES[ending])))
    elif brand.seal or brand.action:
        made.append(("seal", ".svg", File(seal(brand).encode(), PICTURES[".svg"])))
    return {f"{name}-{sha256(file.content).hexdigest()[:12]}{ending}": file for name, ending, file in made}


def stylesheet(brand: Brand) -> str:
    return (
        "@layer tokens, base, layout, components, print;\n"
        f"@layer tokens {{ :root {{ {brand.tokens()} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {brand.tokens(dark=True)} }} }} }}\n"
    )


def seal(brand: Brand) -> str:
    """Our own in the deployment's colour, or its character in the same frame."""
    ground = brand.palette()["vermilion"]
    if not brand.seal:
        return OWN_SEAL.read_text().replace(OWN["vermilion"], ground)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="5" fill="{ground}"/>'
        '<rect x="2" y="2" width="28" height="28" rx="3.5" fill="none" stroke="#fff" stroke-opacity=".55"/>'
        f'<path fill="#fff" {glyph(brand.seal)}/></svg>'
    )


def glyph(character: str) -> str:
    """A character's outline in the middle of 32 by 32, from the fonts of the briefs: the same on every machine."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.ttLib import TTFont

    for name in ("NotoSerif-SemiBold.ttf", "NotoSansSC-Bold.ttf"):
        with TTFont(STATIC / "fonts" / name, lazy=True) as font:
            code, glyphs = font.getBestCmap().get(ord(character)), font.getGlyphSet()
            if code:
                pen, bounds = SVGPathPen(glyphs, ntos=lambda number: f"{number:g}"), BoundsPen(glyphs)
                glyphs[code].draw(pen)
                glyphs[code].draw(bounds)
                left, low, right, high = bounds.bounds or (0, 0, 1, 1)
                scale = min(20 / (right - left), 20 / (high - low))
                x, y = 16 - scale * (left + right) / 2, 16 + scale * (low + high) / 2
                place = f"translate({x:.2f} {y:.2f}) scale({scale:.5f} {-scale:.5f})"
                return f'transform="{place}" d="{pen.getCommands()}"'
    return ""
