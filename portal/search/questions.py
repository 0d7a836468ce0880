"""What a question asks of the index: all its words or what they also mean, else what sounds so, else some of them."""

import re
from collections.abc import Iterator
from itertools import groupby

from .asking import All, Node, OneOf, Phrase
from .sounds import INITIALS, SOUND, heard, sounds_of, spelt_out
from .words import pairs, runs, stem

#: Words for one thing: whoever writes the one also finds the others.
SYNONYMS = [
    {"锂电", "锂离子电池", "lithium battery", "lithium ion battery", "li ion battery"},
    {"新能源汽车", "新能源车", "电动汽车", "nev", "new energy vehicle", "electric vehicle"},
    {"光伏", "太阳能", "photovoltaic", "solar pv", "solar"},
    {"氧化铝", "alumina"},
    {"储能", "energy storage"},
    {"开发区", "development zone"},
    {"产业园", "工业园", "园区", "industrial park"},
    {"集成电路", "半导体", "芯片", "semiconductor", "integrated circuit", "chip"},
    {"氢能", "燃料电池", "hydrogen", "fuel cell"},
    {"生物医药", "制药", "pharmaceutical", "biomedicine"},
    {"正极材料", "正极", "cathode", "cathode material"},
    {"负极材料", "负极", "anode", "anode material"},
    {"隔膜", "separator"},
    {"回收", "recycling"},
    {"补贴", "补助", "subsidy", "grant"},
    {"电价", "电费", "electricity price", "power price", "electricity cost", "electricity tariff"},
    {"地价", "土地价格", "land price", "land cost"},
    {"水价", "water price", "water cost"},
    {"气价", "gas price", "gas cost"},
    {"工资", "薪酬", "wage", "wages cost", "salary"},
    {"运费", "freight", "freight cost"},
    {"税收优惠", "税收减免", "tax incentive", "tax break"},
    {"签约", "signing"},
]
#: Said in every question and in no answer.
STOP_WORDS = {
    "the", "a", "an", "of", "in", "on", "for", "and", "or", "to", "with", "by", "at", "from", "is", "are", "what",
    "which", "where", "how",
}  # fmt: skip
MOST_WORDS = 12  # a longer question is cut there


def asked(query: str, *, begun: bool = False) -> Node | None:
    """What must be found of a question, whose last word may be only `begun`; None when it asks for nothing."""
    read = tokens(query)
    return All(list(terms(read, begun))) if read else None


def tokens(query: str) -> list[tuple[bool, str]]:
    """The runs of a question without its stop words, cut where one says 的."""
    said = [(chinese, part) for chinese, run in runs(query) for part in (run.split("的") if chinese else [run]) if part]
    said = said or list(runs(query))
    telling = [(chinese, run) for chinese, run in said if chinese or run not in STOP_WORDS]
    return (telling or said)[:MOST_WORDS]


def terms(said: list[tuple[bool, str]], begun: bool) -> Iterator[Node]:
    for chinese, group in groupby(said, key=lambda token: token[0]):
        run = list(group)
        is_last = begun and run[-1] is said[-1]
        words = [word for _chinese, word in run]
        if chinese:
            yield from (of_chinese(word, is_last and at == len(words) - 1) for at, word in enumerate(words))
        else:
            yield from of_latin(words, is_last)


def of_chinese(run: str, is_last: bool) -> Node:
    """The run as it stands, or what its known words also mean."""
    whole = Phrase(pairs_asked(run), is_last or len(run) == 1)  # a character begins the pairs in which it stands
    parts = [part for part in KNOWN_IN_CHINESE.split(run) if part in MEANINGS or len(part) > 1]
    if not any(part in MEANINGS for part in parts):
        return whole
    return OneOf([whole, All([meaning(part) or Phrase(pairs_asked(part), is_last) for part in parts])])


def pairs_asked(run: str) -> list[str]:
    """A run's last character needs no word of its own."""
    return pairs(run)[:-1] if len(run) > 1 else [run]


def of_latin(words: list[str], is_last: bool) -> Iterator[Node]:
    """Each word, or what several side by side mean, or the Chinese they spell."""
    at = 0
    while at < len(words):
        size = known_size(words[at:])
        if size:
            said = " ".join(stem(word) for word in words[at : at + size])
            yield OneOf([All([Phrase([word]) for word in said.split()]), *MEANINGS[said]])
        else:
            size = 1
            while spelt_out(words[at]) and words[at + size :] and spelt_out(words[at + size]):
                size += 1
            yield spoken(words[at : at + size], is_last and at + size == len(words))
        at += size


def known_size(words: list[str]) -> int:
    """How many of the words, from the first on, are a phrase that means something else too."""
    stems = [stem(word) for word in words[:3]]
    return next((size for size in range(len(stems), 0, -1) if " ".join(stems[:size]) in MEANINGS), 0)


def spoken(words: list[str], is_last: bool) -> Node:
    """Words of Latin letters; where they spell two syllables or more, also the Chinese that sounds so."""
    begun = is_last and len(words[-1]) > 1
    said = All([*(Phrase([stem(word)]) for word in words[:-1]), Phrase([stem(words[-1])], begun)])
    last = spelt_out(words[-1]) or (spelt_out(words[-1], unfinished=True) if is_last else [])
    first = [spelling for word in words[:-1] for spelling in spelt_out(word)[:1]]
    ways = [[*(sound for spelling in first for sound in spelling), *spelling] for spelling in last]
    return OneOf([said, *(by_ear(way, is_last) for way in ways if len(way) > 1)])


def by_ear(sounds: list[str], begun: bool = False) -> Node:
    if len(sounds) > 1:
        return Phrase(heard(sounds), begun)
    return OneOf([Phrase([SOUND + sounds[0]]), Phrase([f"{SOUND}{sounds[0]}0"], True)])


def sounding(query: str) -> Node | None:
    """The question by its sound alone, as an input method may have got it wrong: 锂店池, li, zzld."""
    read = tokens(query)
    return All([by_sound(*token, token is read[-1]) for token in read]) if read else None


def by_sound(chinese: bool, run: str, is_last: bool) -> Node:
    if chinese:
        sounds = sounds_of(run)
        return by_ear(sounds) if sounds else Phrase(pairs_asked(run))
    initials = Phrase([INITIALS + run], is_last and len(run) > 1)
    return OneOf([Phrase([stem(run)]), initials, *map(by_ear, spelt_out(run))])


def some(query: str) -> Node | None:
    """Any of a question's words."""
    said = [word for chinese, run in tokens(query) for word in (pairs_asked(run) if chinese else [stem(run)])]
    return OneOf([Phrase([word]) for word in dict.fromkeys(said[:MOST_WORDS])]) if said else None


def synonyms() -> tuple[dict[str, list[Node]], re.Pattern[str]]:
    """{a phrase, stemmed: all phrases of its group}, and what splits a Chinese run at those it says."""
    found: dict[str, list[Node]] = {}
    chinese = []
    for group in SYNONYMS:
        nodes = [as_phrase(words) for words in sorted(group)]
        found |= {" ".join(stem(word) for word in words.split()): nodes for words in group}
        chinese += [words for words in group if not words.isascii()]
    return found, re.compile("(" + "|".join(sorted(chinese, key=len, reverse=True)) + ")")


def as_phrase(words: str) -> Phrase:
    return Phrase([stem(word) for word in words.split()] if words.isascii() else pairs_asked(words))


def meaning(phrase: str) -> Node | None:
    said = MEANINGS.get(phrase)
    return OneOf(said) if said else None


MEANINGS, KNOWN_IN_CHINESE = synonyms()


def sought(query: str) -> re.Pattern[str] | None:
    """What to mark in a text that is `plain`: the words of a question and what they also mean."""
    read = tokens(query)
    if not read:
        return None
    said = [re.escape(run) if chinese else begun_with(stem(run)) for chinese, run in read]
    stems = " ".join(stem(run) for _chinese, run in read)
    for group in SYNONYMS:
        if any(words in stems for words in group):
            said += [begun_with(words) if words.isascii() else re.escape(words) for words in sorted(group)]
    said += [re.escape(pair) for chinese, run in read if chinese and len(run) > 2 for pair in pairs_asked(run)]
    return re.compile("|".join(sorted(set(said), key=len, reverse=True)))


def begun_with(words: str) -> str:
    """What finds a stem and what begins with it, plurals too: city, cities, citywide."""
    last = r"(?:y\w*|ies\b)" if words.endswith("y") else rf"{re.escape(words[-1])}\w*"
    return rf"\b{re.escape(words[:-1])}{last}"
