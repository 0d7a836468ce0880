"""The numbers that a text names, in English and in Chinese, so that two languages of one text can be compared.

    "RMB 1.15 bn" == "11.5亿元"    "mid-April 2023" == "2023年4月中旬"    "fifteen projects" == "15个项目"

What is written in digits is *stated*: it must stand in the other language too. What is written in words ("one of",
"first", 一期, 三家, April) only *may* be a number: it answers a stated one and never asks for one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

Values = frozenset[Decimal]


class Numbers(NamedTuple):
    """Stated: {as printed: all that it can mean}. Possible: whatever a number of the other language may be."""

    stated: dict[str, Values]
    possible: Values


WIDE = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
GROUPS = "[,\u00a0\u202f]"
DIGITS = (
    rf"(?<![A-Za-z\d.])(?:\d{{1,3}}(?:\.\d{{3}}){{2,}}(?!\d)|"  # 5.007.702, as some languages group
    rf"(?:\d{{1,3}}(?:{GROUPS}\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)"
)
GLUED = re.compile(r"\b(RMB|CNY|USD|EUR|HKD|JPY|No\.?)(?=\d)")

# Watts stand for one another: 100万千瓦 is 1 GW.
WATTS = {"kW": 10**3, "MW": 10**6, "GW": 10**9, "TW": 10**12, "千瓦": 10**3, "兆瓦": 10**6, "吉瓦": 10**9}
WATT = re.compile(r"\s*(kW|MW|GW|TW|千瓦|兆瓦|吉瓦)")


def read(number: str) -> Decimal:
    grouped_by_dots = number.count(".") > 1
    return Decimal(re.sub(r"\." if grouped_by_dots else GROUPS, "", number))


def values(numbers: Iterable[Decimal | int]) -> Values:
    return frozenset(Decimal(number) for number in numbers)


def in_watts(number: Decimal, rest: str) -> Values:
    """The number itself and, where a unit of power or energy follows it, its watts."""
    unit = WATT.match(rest)
    return values({number, number * WATTS[unit[1]]} if unit else {number})


def gather(stated: Iterable[tuple[str, Values]], possible: Iterable[Values]) -> Numbers:
    found = dict(stated)
    return Numbers(found, frozenset().union(*found.values(), *possible))


# English -------------------------------------------------------------------------------------------------------------

EN_SCALES = {"hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6}
EN_SCALES |= {"billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12}
EN_NUMBER = re.compile(rf"({DIGITS})(s\b)?(?:[ -]?({'|'.join(sorted(EN_SCALES, key=len, reverse=True))})\b)?")
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
ONES += " seventeen eighteen nineteen"
ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
ORDINALS += " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
MONTHS = "January February March April May June July August September October November December"
WORDS = {word: number for words in (ONES, ORDINALS) for number, word in enumerate(words.split())}
WORDS |= {word: 10 * number for number, word in enumerate(TENS.split(), 2)}
WORDS |= {word: number for word, number in EN_SCALES.items() if len(word) > 2}
EN_WORDS = re.compile(rf"\b(?:{'|'.join(WORDS)})s?(?:(?:[ -]| and )(?:{'|'.join(WORDS)})s?)*\b", re.IGNORECASE)
EN_OTHERS = {"dozen": {12}, "half": {2, 50}, "quarter": {4, 25}, "third": {3, 33}, "double": {2}, "twice": {2}}
EN_OTHERS |= {"once": {1}, "both": {2}, "decade": {10}}
EN_OTHERS |= {name.lower(): {number} for number, name in enumerate(MONTHS.split(), 1)}
EN_OTHERS |= {name[:3].lower(): {number} for number, name in enumerate(MONTHS.split(), 1)} | {"sept": {9}}
EN_OTHERS |= {f"{letter}{number}": {number} for letter in "qh" for number in range(1, 5)}
EN_OTHER = re.compile(rf"\b({'|'.join(EN_OTHERS)})(?:s|d|ly)?\b", re.IGNORECASE)


def english(text: str) -> Numbers:
    text = GLUED.sub(r"\1 ", text.translate(WIDE))
    spoken = (values({spell(found[0])}) for found in EN_WORDS.finditer(text))
    others = (values(EN_OTHERS[found[1].lower()]) for found in EN_OTHER.finditer(text))
    return gather(english_digits(text), [*spoken, *others])


def english_digits(text: str) -> Iterator[tuple[str, Values]]:
    for found in EN_NUMBER.finditer(text):
        digits, plural, scale = found.groups()
        number = read(digits)
        if plural:  # the 1990s
            yield found[0], values({number, number % 100})
        elif scale:  # "80 m" may also be eighty metres
            yield found[0], values({number * EN_SCALES[scale]} | ({number} if len(scale) == 1 else set()))
        elif short := re.search(r"(\d\d)\d\d[–-]$", text[: found.start()]):  # 2023–24
            yield found[0], values({number, read(short[1] + digits)} if len(digits) == 2 else {number})
        else:
            yield found[0], in_watts(number, text[found.end() :])


def spell(words: str) -> int:
    """ "twenty-three" is 23, "two hundred thousand" 200,000."""
    total = current = 0
    for word in re.split(r"[ -]+", words.lower()):
        number = WORDS.get(word, WORDS.get(word.removesuffix("s")))
        if number is None:  # and
            continue
        if number < 100:
            current += number
        elif number == 100:
            current = max(current, 1) * 100
        else:
            total, current = total + max(current, 1) * number, 0
    return total + current


# Chinese -------------------------------------------------------------------------------------------------------------

ZH_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
ZH_NUMBER = re.compile(
    rf"({DIGITS})(?:[多余]?({'|'.join(sorted(ZH_SCALES, key=len, reverse=True))})(?!瓦))?"
    "(世纪(?:\\d0)?|年代|成(?!立|为|都|功|员|交|果|长|本))?"
)
ZH_DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
ZH_WORDS = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
ZH_OTHERS = {"半": {2, 50}, "翻番": {2}, "倍增": {2}, "双": {2}, "首": {1}, "次年": {1}}


def chinese(text: str) -> Numbers:
    text = text.translate(WIDE)
    spoken = (values(count(found[0])) for found in ZH_WORDS.finditer(text))
    others = (values(numbers) for word, numbers in ZH_OTHERS.items() if word in text)
    return gather(chinese_digits(text), [*spoken, *others])


def chinese_digits(text: str) -> Iterator[tuple[str, Values]]:
    for found in ZH_NUMBER.finditer(text):
        digits, scale, after = found.groups()
        number = read(digits)
        if after and after.startswith("世纪"):  # 20世纪90年代 is the 1990s
            decade = after.removeprefix("世纪")
            yield found[0], values({(number - 1) * 100 + int(decade), int(decade)} if decade else {number})
        elif after == "年代":
            yield found[0], values({number, 1900 + number, 2000 + number})
        elif after:  # 3成 is 30 %
            yield found[0], values({number * 10})
        else:
            yield found[0], in_watts(number * ZH_SCALES.get(scale, 1), text[found.end() :])


def count(words: str) -> set[int]:
    """三十七 is 37, 二〇二三 2023; 十四五, the plan, is 14 and 5."""
    if not set(words) & set("十百千万亿"):
        return {int("".join(str(ZH_DIGITS[word]) for word in words)), *(ZH_DIGITS[word] for word in words)}
    plan = re.fullmatch(r"十([一二三四五六])五", words)
    if plan:
        return {10 + ZH_DIGITS[plan[1]], 5}
    total = section = digit = 0
    for word in words:
        if word in ZH_DIGITS:
            digit = ZH_DIGITS[word]
        elif word in "十百千":
            section += max(digit, 0 if digit else 1) * {"十": 10, "百": 100, "千": 1000}[word]
            digit = 0
        else:
            total = (total + section + digit or 1) * ZH_SCALES[word]
            section = digit = 0
    return {total + section + digit}


# Both ----------------------------------------------------------------------------------------------------------------

READERS: dict[str, Callable[[str], Numbers]] = {"en": english, "zh-hans": chinese}


def unmatched(one: Numbers, other: Numbers) -> list[str]:
    """What the one states and the other does not, as printed."""
    return [printed for printed, meant in one.stated.items() if not meant & other.possible]


def differing(texts: dict[str, str]) -> dict[str, list[str]]:
    """By language, the numbers it states that another language of the same text lacks. Nothing when they agree."""
    said = {code: READERS[code](words) for code, words in texts.items() if code in READERS}
    alone = {
        code: sorted({printed for other in said.values() for printed in unmatched(numbers, other)})
        for code, numbers in said.items()
    }
    return {code: printed for code, printed in alone.items() if printed}
