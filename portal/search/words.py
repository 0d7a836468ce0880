"""How text becomes words: Latin ones by a light stem, Chinese runs by pairs of characters, names by pinyin."""

import re
import unicodedata
from collections.abc import Iterator

from pypinyin import lazy_pinyin

RUN = re.compile(r"(?P<chinese>[\u3400-\u9fff\U00020000-\U0003ffff]+)|(?P<latin>[^\W_\u3400-\u9fff]+)")

#: Words for one thing: whoever writes the one also finds the others. Each phrase is spelt as its words.
SYNONYMS = [
    {"锂电", "锂离子电池", "lithium battery", "lithium ion battery", "li ion battery"},
    {"新能源汽车", "新能源车", "nev", "new energy vehicle", "electric vehicle"},
    {"光伏", "photovoltaic", "solar pv"},
    {"氧化铝", "alumina"},
    {"储能", "energy storage"},
    {"开发区", "development zone"},
]


def stem(word: str) -> str:
    """The singular of an English plural, near enough that both spellings meet."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def phrases(text: str) -> Iterator[list[str]]:
    """The words of each run of one script, in the order in which they stand side by side.

    >>> list(phrases("锂电池 batteries"))
    [['锂电', '电池', '池'], ['battery']]
    """
    for run in RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
        characters = run["chinese"]
        if characters:
            yield [characters[at : at + 2] for at in range(len(characters))]
        else:
            yield [stem(run["latin"])]


def indexed(text: str) -> str:
    """All words of a text, ready for an index that splits at spaces."""
    return " ".join(word for phrase in phrases(text) for word in phrase)


def pinyin(name: str) -> str:
    """A Chinese name as it is typed in Latin letters: "zaozhuang zao zhuang"."""
    syllables = [part for part in lazy_pinyin(name) if part.isascii() and part.isalpha()]
    return f"{''.join(syllables)} {' '.join(syllables)}" if syllables else ""


def asked(query: str) -> list[list[str]]:
    """The phrases a reader asks for: all must be found. A run's last character needs no word of its own."""
    return [phrase[:-1] if len(phrase) > 1 else phrase for phrase in phrases(query)]


def alternatives(query: str) -> list[list[list[str]]]:
    """The query, and the same said with each synonym of a phrase in it."""
    said = asked(query)
    flat = [word for phrase in said for word in phrase]
    found = [said]
    for group in SYNONYMS:
        spelt = {phrase: [word for words in asked(phrase) for word in words] for phrase in sorted(group)}
        for words in spelt.values():
            at = place(words, flat)
            if at is not None:
                rest = [[word] for word in flat[:at] + flat[at + len(words) :]]
                found += [rest + asked(other) for other in spelt if spelt[other] != words]
                break
    return found


def place(words: list[str], among: list[str]) -> int | None:
    """Where the words stand side by side."""
    size = len(words)
    return next((at for at in range(len(among) - size + 1) if among[at : at + size] == words), None)
