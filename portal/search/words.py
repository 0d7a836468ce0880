"""How text becomes words: Latin ones by a light stem, Chinese runs by pairs of characters, names by their sound too."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from opencc import OpenCC

from .asking import MARK
from .sounds import INITIALS, SOUND, heard, sounds_of

CHINESE = "\u3400-\u9fff\U00020000-\U0003ffff"
RUN = re.compile(rf"(?P<chinese>[{CHINESE}]+)|(?P<latin>[^\W_{CHINESE}{MARK}]+)")
MARKS = re.compile("[\u0300-\u036f]")  # accents, taken off their letters
SIMPLIFIED = OpenCC("t2s")
ENDS_IN_ES = re.compile("(?:ss|x|ch|sh|(?<![ao])us|gas)es$")  # taxes, buses; but enterprise-s, house-s


def plain(text: str) -> str:
    """As it is compared: in small letters without accents, in simplified characters.

    >>> plain("棗莊 ＬＩＴＨＩＵＭ café")
    '枣庄 lithium cafe'
    """
    if text.isascii():
        return text.lower()
    text = MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()
    return SIMPLIFIED.convert(text)


def stem(word: str) -> str:
    """The singular of an English plural, near enough that both spellings meet.

    >>> [stem(word) for word in ("cities", "taxes", "buses", "enterprises", "houses", "process")]
    ['city', 'tax', 'bus', 'enterprise', 'house', 'process']
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and ENDS_IN_ES.search(word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """The stretches of one script, in order: whether it is Chinese, and its characters."""
    for run in RUN.finditer(plain(text)):
        yield bool(run["chinese"]), run[0]


def pairs(characters: str) -> list[str]:
    """
    >>> pairs("锂电池")
    ['锂电', '电池', '池']
    """
    return [characters[at : at + 2] for at in range(len(characters))]


def indexed(text: str) -> str:
    """All words of a text, ready for an index that splits at spaces."""
    return " ".join(word for chinese, run in runs(text) for word in (pairs(run) if chinese else [stem(run)]))


@lru_cache(10_000)
def sounds(name: str) -> str:
    """A Chinese name as it is typed in Latin letters, and its initials: "ƿyzao0zhuang ƿyzhuang ƿxzz"."""
    said = [sound for chinese, run in runs(name) if chinese for sound in sounds_of(run)]
    return " ".join([*heard(said), SOUND + said[-1], INITIALS + "".join(sound[0] for sound in said)]) if said else ""


def latin(texts: Iterable[str]) -> set[str]:
    """The words of indexed text that a typing mistake may have meant."""
    return {word for text in texts for word in text.split() if len(word) > 3 and word.isascii() and word.isalpha()}
