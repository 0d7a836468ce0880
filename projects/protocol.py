"""A proposed order of protocol: by side, by the level of the body, by position. A proposal only: the order in which a
source names its guests is what is recorded and shown."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from portal.cities.models import City
from portal.lib.text import Text

from .models import Participation

Side = Participation.Side


class Rank(NamedTuple):
    """A position by the words that tell of it, in Chinese or in English. Some are told by position and body together:
    "secretary" is the first of a party committee and nobody's first elsewhere."""

    label: Any
    words: re.Pattern
    with_body: bool = False


def rank(label: Any, words: str, with_body: bool = False) -> Rank:
    return Rank(label, re.compile(words, re.IGNORECASE), with_body)


def is_mayor(deputy: str) -> str:
    return rf"{deputy}(?:市长|省长|县长|区长|州长|镇长)"


# ruff: noqa: E501  a position is a line
#: Positions by side, the first first. Of the positions one guest holds the highest counts.
OFFICIALS = [
    rank(pgettext_lazy("protocol", "party secretary"), r"(?<!副)(?<!组)(?<!纪委)(?<!法委)(?<!团委)书记|(?<!deputy )party secretary|(?<!deputy )(?<!vice )secretary of (?!.*(?:league|discipline)).*committee", with_body=True),
    rank(pgettext_lazy("protocol", "mayor or governor"), is_mayor("(?<!副)") + r"|(?<!vice )(?<!deputy )(?:\bmayor|\bgovernor|county head|district head)"),
    rank(pgettext_lazy("protocol", "chair of the people’s congress"), r"人大[^、，,副]*主任|(?<!vice )(?<!deputy )(?:chair\w*|director) of .*people.s congress", with_body=True),
    rank(pgettext_lazy("protocol", "chair of the consultative conference"), r"政协[^、，,副]*主席|(?<!vice )(?<!deputy )chair\w* of .*(?:consultative conference|cppcc)", with_body=True),
    rank(pgettext_lazy("protocol", "deputy party secretary"), r"副书记|deputy (?:party )?secretary(?![ -]general)"),
    rank(pgettext_lazy("protocol", "standing committee or executive vice mayor"), r"常委(?!会)|常务副|executive (?:vice|deputy)|member of the (?:party )?standing committee|standing committee member"),
    rank(pgettext_lazy("protocol", "vice chair of the people’s congress"), r"人大.*副主任|(?:vice|deputy) (?:chair\w*|director) of .*people.s congress", with_body=True),
    rank(pgettext_lazy("protocol", "vice mayor or vice governor"), is_mayor("副") + r"|(?:vice|deputy)[ -](?:mayor|governor|county head|district head)"),
    rank(pgettext_lazy("protocol", "vice chair of the consultative conference"), r"政协.*副主席|(?:vice|deputy) chair\w* of .*(?:consultative conference|cppcc)", with_body=True),
    rank(pgettext_lazy("protocol", "secretary-general"), r"(?<!副)秘书长|(?<!deputy )secretary[ -]general"),
    rank(pgettext_lazy("protocol", "head of a department or bureau"), r"(?<!副)(?:局长|主任|厅长|部长|署长)|党组书记|(?<!deputy )(?<!vice )(?:\bdirector\b|head of|minister)"),
    rank(pgettext_lazy("protocol", "deputy secretary-general"), r"副秘书长|deputy secretary[ -]general"),
    rank(pgettext_lazy("protocol", "deputy head of a department or bureau"), r"副(?:局长|主任|厅长|部长|署长)|deputy director|deputy head|vice director"),
    rank(pgettext_lazy("protocol", "head of a division"), r"[处科]长|division chief|section chief"),
]  # fmt: skip
COMPANIES = [
    rank(
        pgettext_lazy("protocol", "chairman"), r"(?<!副)董事长|(?<!vice )(?<!deputy )(?:chair(?:man|woman|person)?\b)"
    ),
    rank(
        pgettext_lazy("protocol", "president"),
        r"(?<!副)总裁|首席执行官|(?<!vice )(?<!vice-)president|\bceo\b|chief executive",
    ),
    rank(pgettext_lazy("protocol", "general manager"), r"(?<!副)总经理|(?<!deputy )(?<!vice )general manager"),
    rank(pgettext_lazy("protocol", "vice chairman"), r"副董事长|vice[ -]chair|deputy chair"),
    rank(
        pgettext_lazy("protocol", "vice president or deputy general manager"),
        r"副总|vice[ -]president|deputy general manager",
    ),
    rank(pgettext_lazy("protocol", "chief officer or director"), r"总监|总工程师|\bchief\b|director"),
    rank(pgettext_lazy("protocol", "manager"), r"经理|manager"),
]
ASSOCIATIONS = [
    rank(pgettext_lazy("protocol", "president"), r"(?<!副)(?:会长|理事长|主席)|(?<!vice )president|(?<!vice )chair"),
    rank(pgettext_lazy("protocol", "vice president"), r"副(?:会长|理事长|主席)|vice[ -](?:president|chair)"),
    rank(pgettext_lazy("protocol", "secretary-general"), r"(?<!副)秘书长|(?<!deputy )secretary[ -]general"),
    rank(pgettext_lazy("protocol", "deputy secretary-general"), r"副秘书长|deputy secretary[ -]general"),
]
RANKS = {Side.COMPANY: COMPANIES, Side.ASSOCIATION: ASSOCIATIONS}
#: As seen in reports: associations stand with the officials, before the companies.
SIDES = [Side.GOVERNMENT, Side.ASSOCIATION, Side.COMPANY, Side.MEDIA]

NATION, PROVINCE, PREFECTURE, COUNTY, BELOW = range(5)
LEVELS = {
    City.Level.COUNTRY: NATION,
    City.Level.PROVINCE: PROVINCE,
    City.Level.PREFECTURE: PREFECTURE,
    City.Level.COUNTY: COUNTY,
}
LEVEL_NAMES = {
    NATION: pgettext_lazy("protocol", "national"),
    PROVINCE: pgettext_lazy("protocol", "province"),
    PREFECTURE: pgettext_lazy("protocol", "city"),
    COUNTY: pgettext_lazy("protocol", "county or district"),
    BELOW: pgettext_lazy("protocol", "zone or town"),
}
#: What tells of a body's level, the lowest first: a zone of a city is a zone.
LEVEL_WORDS = [
    (BELOW, re.compile(r"开发区|高新区|工业园|园区|管委会|街道|镇(?!长)|\bzone\b|\bpark\b|township", re.IGNORECASE)),
    (COUNTY, re.compile(r"[县旗](?!长)|(?<![开发高新园])区(?![长域])|county|\bdistrict", re.IGNORECASE)),
    (PREFECTURE, re.compile(r"市(?!长)|municipal|\bcity\b|prefecture", re.IGNORECASE)),
    (PROVINCE, re.compile(r"省(?!长)|自治区|provinc|自治区主席", re.IGNORECASE)),
    (NATION, re.compile(r"国家|全国|中央|国务院|national|ministry|state council", re.IGNORECASE)),
]


class Proposed(NamedTuple):
    """A guest with the place held and the place proposed, and what the proposal rests on."""

    guest: Participation
    place: int
    proposed: int
    why: str
    is_off: bool


def proposal(guests: Iterable[Participation], city: City) -> list[Proposed]:
    """The guests in the order recorded, each with the proposed place. `city`: the ceremony's, whose bodies stand
    without its name; those the fewest moves would bring into the proposed order are marked."""
    guests = list(guests)
    keys = [key(guest, city) for guest in guests]
    in_order = sorted(range(len(guests)), key=lambda here: (keys[here], here))
    proposed = {here: place for place, here in enumerate(in_order, 1)}
    in_place = longest_in_order(keys)
    return [
        Proposed(guest, here + 1, proposed[here], why(guest, city), here not in in_place)
        for here, guest in enumerate(guests)
    ]


def key(guest: Participation, city: City) -> tuple[int, int, int, int]:
    level = level_of(guest, city) if guest.side == Side.GOVERNMENT else 0
    return SIDES.index(guest.side), level, rank_of(guest), int(guest.is_group)


def rank_of(guest: Participation) -> int:
    """The highest of the positions named; past the last when none is known."""
    words, together = said(guest.position), with_body(guest)
    found = [
        place
        for place, rank in enumerate(ranks(guest))
        if any(rank.words.search(text) for text in (together if rank.with_body else words))
    ]
    return min(found, default=len(ranks(guest)))


def with_body(guest: Participation) -> list[str]:
    """The position with its body, as each language puts them: 邹平市委书记, secretary of Zouping Municipal Committee."""
    body = guest.body or Text()
    return [
        f"{body.get(language, '')}{position}"
        if language.startswith("zh")
        else f"{position} of {body.get(language, '')}"
        for language, position in (guest.position or Text()).items()
    ]


def ranks(guest: Participation) -> list[Rank]:
    return RANKS.get(guest.side, OFFICIALS)  # type: ignore[call-overload]


def level_of(guest: Participation, city: City) -> int:
    """By the places of the ceremony that the body or the position names, else by its words, else the city's own."""
    texts = [*said(guest.body), *said(guest.position)]
    lowest = next((level for level, words in LEVEL_WORDS[:2] if any(words.search(text) for text in texts)), None)
    if lowest is not None:
        return lowest
    for place in reversed(city.lineage):
        if any(name.lower() in text.lower() for name in place.name.values() for text in texts):
            return LEVELS[place.level]  # type: ignore[index]
    own = LEVELS[city.level]  # type: ignore[index]
    found = next((level for level, words in LEVEL_WORDS[2:] if any(words.search(text) for text in texts)), own)
    return own if found == PREFECTURE else found  # a county-level city is called a city too


def said(text: Text | None) -> list[str]:
    return list((text or Text()).values())


def why(guest: Participation, city: City) -> str:
    place = rank_of(guest)
    if place == len(ranks(guest)):
        return _("position not recognised")
    label = ranks(guest)[place].label
    if guest.side != Side.GOVERNMENT:
        return str(label)
    return _("%(position)s, %(level)s") % {"position": label, "level": LEVEL_NAMES[level_of(guest, city)]}


def longest_in_order(keys: list) -> set[int]:
    """The places of a longest run of keys that do not fall."""
    best: list[list[int]] = []
    for here, wanted in enumerate(keys):
        before = [run for run in best if keys[run[-1]] <= wanted]
        best.append([*max(before, key=len, default=[]), here])
    return set(max(best, key=len, default=[]))
