"""The order of protocol that positions propose, in both languages; the order recorded stays the source's."""

import pytest

from portal.cities.models import City
from portal.lib.text import Text
from projects.models import Participation
from projects.protocol import key, level_of, longest_in_order, proposal, rank_of, why

PROVINCE = City(name=Text({"en": "Shandong", "zh-hans": "山东"}), level="province")
BINZHOU = City(name=Text({"en": "Binzhou", "zh-hans": "滨州"}), level="prefecture", parent=PROVINCE)
ZOUPING = City(name=Text({"en": "Zouping", "zh-hans": "邹平"}), level="county", parent=BINZHOU)


def guest(position, body="", side="government", **said):
    return Participation(name=Text("Somebody"), position=Text(position), body=Text(body), side=side, **said)


def in_chinese(position, body=""):
    return guest({"zh-hans": position}, {"zh-hans": body})


CHINESE = [
    "市委书记",
    "市委副书记、市长",
    "市人大常委会主任",
    "市政协主席",
    "市委副书记",
    "市委常委、常务副市长",
    "市人大常委会副主任",
    "副市长",
    "市政协副主席",
    "市政府秘书长",
    "市商务局局长",
    "市政府副秘书长",
    "市商务局副局长",
    "投资促进处处长",
    "联络员",
]
ENGLISH = [
    "Secretary of the Municipal CPC Committee",
    " Mayor",
    " Director of the Standing Committee of the People’s Congress",
    "\n    Chairman of the CPPCC Committee",
    " Deputy Party Secretary",
    " Executive Vice Mayor",
    " Deputy Director of the People’s Congress",
    "\n    Vice Mayor",
    " Vice Chairman of the CPPCC",
    " Secretary-General",
    " Director of the Bureau of Commerce",
    "\n    Deputy Secretary-General",
    " Deputy Director of the Bureau of Commerce",
    " Section chief",
    " Liaison",
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_officials_stand_by_their_position(language):
    positions = CHINESE if language == "zh-hans" else ENGLISH
    assert [rank_of(guest({language: words})) for words in positions] == list(range(15))


@pytest.mark.parametrize(
    ("position", "body", "place"),
    [
        ("secretary", "Zouping Municipal CPC Committee", 0),
        ("Deputy Secretary", "Zouping Municipal CPC Committee", 4),
        ("书记", "中共邹平市委", 0),
        ("Director", "Standing Committee of the Zouping People's Congress", 2),
        ("主任", "邹平市人大常委会", 2),
        ("副主任", "邹平市人大常委会", 6),
        ("主席", "邹平市政协", 3),
        ("Vice Chairman", "Zouping Committee of the CPPCC", 8),
        ("secretary", "", 14),
        ("secretary", "Zouping Federation of Trade Unions", 14),
        ("Secretary", "Zouping Committee of the Communist Youth League", 14),
        ("Secretary of the Commission for Discipline Inspection", "Zouping Municipal Committee", 14),
        ("市委常委、纪委书记", "", 5),
        ("Director", "Bureau of Commerce", 10),
    ],
)
def test_a_position_is_read_with_its_body(position, body, place):
    language = "en" if position.isascii() else "zh-hans"
    assert rank_of(guest({language: position}, {language: body})) == place


def test_a_position_in_another_language_than_its_body_still_counts():
    assert rank_of(guest({"zh-hans": "市委书记"}, {"en": "Zouping"})) == 0


@pytest.mark.parametrize(
    "positions",
    [
        ["董事长", "总裁", "总经理", "副董事长", "副总经理", "总监", "区域经理", "代表"],
        [
            "Chairman",
            "President",
            "General Manager",
            "Vice Chairman",
            "Vice President",
            "Chief engineer",
            "Sales manager",
        ],
    ],
)
def test_companies_stand_by_their_position(positions):
    language = "en" if positions[0].isascii() else "zh-hans"
    ranks = [rank_of(guest({language: words}, side="company")) for words in positions]
    assert ranks == list(range(len(positions)))


@pytest.mark.parametrize(
    ("position", "body", "level"),
    [
        ("省工业和信息化厅副厅长", "", 1),
        ("副市长", "滨州市人民政府", 2),
        ("Vice Mayor of Binzhou City", "", 2),
        ("市委书记", "中共邹平市委", 3),
        ("市长", "", 3),
        ("Director", "Bureau of Commerce of Binzhou", 2),
        ("书记", "邹平经济技术开发区", 4),
        ("区长", "", 3),
        ("司长", "国家发展改革委", 0),
    ],
)
def test_the_level_is_the_bodys(position, body, level):
    language = "en" if position.isascii() else "zh-hans"
    assert level_of(guest({language: position}, {language: body}), ZOUPING) == level


def test_a_higher_level_comes_first_then_the_position():
    """The ceremony of Zouping, 2020, as printed: nobody need be moved."""
    printed = [
        guest("vice mayor", "Binzhou City"),
        guest("deputy director of the Bureau of Commerce", "Binzhou"),
        guest("secretary of the Zouping Municipal CPC Committee"),
        guest("Mayor", "Zouping"),
        guest("executive vice mayor", "Zouping"),
        guest("secretary general of Shandong Aluminum Association", side="association"),
    ]
    assert [(row.place, row.proposed, row.is_off) for row in proposal(printed, ZOUPING)] == [
        (place, place, False) for place in range(1, 7)
    ]


def test_who_stands_elsewhere_is_marked_and_nobody_else():
    rows = [in_chinese("市长"), in_chinese("副市长"), in_chinese("市委书记"), in_chinese("商务局局长")]
    found = proposal(rows, ZOUPING)
    assert [row.proposed for row in found] == [2, 3, 1, 4]
    assert [row.is_off for row in found] == [False, False, True, False]


def test_equal_guests_stay_as_the_source_has_them_and_groups_come_last():
    rows = [in_chinese("副市长"), guest("vice mayor"), guest("vice mayor", is_group=True), guest("")]
    assert [row.proposed for row in proposal(rows, ZOUPING)] == [1, 2, 3, 4]
    assert key(rows[2], ZOUPING) > key(rows[1], ZOUPING)


def test_the_proposal_says_what_it_rests_on():
    assert why(guest("Vice Mayor", "Binzhou City"), ZOUPING) == "vice mayor or vice governor, city"
    assert why(guest("Poet"), ZOUPING) == "position not recognised"
    assert why(guest("Chairman", side="company"), ZOUPING) == "chairman"


@pytest.mark.parametrize(
    ("keys", "kept"), [([], set()), ([1, 1, 2], {0, 1, 2}), ([2, 3, 1, 4], {0, 1, 3}), ([3, 1, 2], {1, 2})]
)
def test_the_fewest_are_called_out_of_place(keys, kept):
    assert longest_in_order(keys) == kept
