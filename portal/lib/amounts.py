"""Amounts as a city officer types them: 11.5亿元, more than 100 enterprises, 近30%, 10–20 GWh.

Read from left to right as known words around one number, or two for a range; a word nobody knows is an error, never
left out. Values are exact decimals in the unit itself.
"""

import re
import unicodedata
from decimal import Decimal, localcontext
from functools import cache
from typing import Any, NamedTuple, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .dates import chinese
from .units import UNITS

LONGEST = 80
WHOLE_DIGITS, DECIMALS = 18, 6


class Amount(NamedTuple):
    """`qualifier` is a value of a figure's Qualifier; `unit` a key of UNITS, "" when none was typed; `value_max` the
    upper end of a range."""

    value_min: Decimal
    value_max: Decimal | None = None
    qualifier: str = "exact"
    unit: str = ""
    scale_as_reported: str = ""


# Words ----------------------------------------------------------------------------------------------------------------

BEFORE = {
    "more_than": "> more than|over|above|exceeding|in excess of|超过|超|逾|多于|大于|高于|突破",
    "at_least": ">= ≥ at least|no less than|not less than|no fewer than|minimum|至少|不少于|不低于|最少",
    "less_than": "< less than|fewer than|below|under|不足|不到|少于|低于|小于",
    "up_to": "<= ≤ up to|no more than|not more than|at most|maximum|不超过|不多于|不高于|至多|最多",
    "nearly": "nearly|almost|close to|近|将近|接近",
    "about": "~ ≈ about|around|approximately|approx.|approx|some|roughly|circa|ca.|约|大约|约为|大概",
}
AFTER = {
    "more_than": "+ plus|多|余|有余",
    "at_least": "or more|and more|and above|以上|及以上",
    "up_to": "or less|or fewer|以下|及以下|以内",
    "about": "or so|左右|上下",
}
SCALES = {
    "百": (10**2, ""),
    "千": (10**3, ""),
    "万": (10**4, "万"),
    "亿": (10**8, "亿"),
    "thousand": (10**3, ""),
    "k": (10**3, ""),
    "million": (10**6, "million"),
    "mn": (10**6, "million"),
    "m": (10**6, "million"),
    "billion": (10**9, "billion"),
    "bn": (10**9, "billion"),
    "b": (10**9, "billion"),
    "trillion": (10**12, ""),
    "tn": (10**12, ""),
}
FILLERS = "a total of|total of|in total|from|between|in all|达到|达|共计|共|总计|合计|为|在|介于|之间|of|the"
PER = "/ per|a|an|每|each"
RANGE = re.compile(r"--|[-–—‒―~至到]|\bto\b|\band\b")

#: What units are called beside their names and codes.
CALLED = {
    "CNY": "¥ rmb|yuan|cny|人民币|元人民币|元|renminbi",
    "USD": "$ us$|usd|us dollars|us dollar|dollars|dollar|美元|美金",
    "percent": "% percent|per cent|pct|百分之",
    "enterprise": "家企业|户|企业|companies|company|firms|firm|家",
    "category": "类|product categories|varieties|个品种|kinds|types",
    "project": "个项目|个",
    "chain": "条产业链|条",
    "city": "城市|座城市|座",
    "line": "条生产线|条产线|条|production lines|production line",
    "park": "园区|家园区|个",
    "link": "环节|个",
    "partner": "家",
    "platform": "个平台|个",
    "item": "items|项",
    "patent": "专利|件专利|项专利|项",
    "branch": "网点|个网点|家",
    "person": "名|位|persons|employees",
    "vehicle": "台|cars|car",
    "set": "台|台套|套组|packs",
    "t": "tonnes|tonne|tons|ton|metric tons|metric tonnes",
    "kWh": "度",
    "km": "千米|kilometres|kilometers",
    "km2": "square kilometres|square kilometers|sq km|sqkm|平方千米",
    "m2": "square metres|square meters|sq m|sqm|平米|平方",
    "m3": "立方米|方|cubic metres|cubic meters",
    "day": "日|个工作日|工作日",
    "hour": "个小时",
    "place": "# no.|rank|第|位|名|th|st|nd|rd",
    "a": "年|year|yr|y|annum",
    "month": "月|month",
}
#: A word that fits whatever is counted.
ANY_COUNT = "个"

NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?")
AREA = re.compile(r"(?<![a-z])(k?m)([23])(?![0-9])")


class Word(NamedTuple):
    """What a word says: a "qualifier", "scale", "unit" (its possible codes), "per", "filler", "tenths" or "annual"."""

    kind: str
    value: Any = None


def words_in(listed: str) -> list[str]:
    """ "> more than|over": signs first, each by itself, then words between bars."""
    signs = re.match(r"(?:[^\w\s|]+ )*", listed)
    head = signs.group() if signs else ""
    return [*head.split(), *(word for word in listed[len(head) :].split("|") if word)]


def unit_words() -> dict[str, list[str]]:
    """{word: codes it may mean, the likeliest first}"""
    found: dict[str, list[str]] = {}

    def call(code: str, word: str) -> None:
        if word and code not in found.setdefault(fold(word), []):
            found[fold(word)].append(code)

    for code, listed in CALLED.items():
        for word in words_in(listed):
            call(code, word)
    for code, unit in UNITS.items():
        for word in (code, *unit.name.values(), unit.name.get("en", "").removesuffix("s")):
            call(code, word)
    counts = [code for code, unit in UNITS.items() if unit.kind == "count"]
    found[ANY_COUNT] = sorted(counts, key=lambda code: code not in found[ANY_COUNT])
    for code in UNITS:  # a code means itself first
        found[fold(code)] = [code, *(other for other in found[fold(code)] if other != code)]
    return found


@cache
def vocabulary(place: str) -> dict[str, Word]:
    """Every word that may stand "before" or "after" a number."""
    words = {word: Word("unit", tuple(codes)) for word, codes in unit_words().items()}
    words |= {word: Word("per") for word in words_in(PER)}
    words |= {word: Word("filler") for word in words_in(FILLERS)}
    qualifiers = BEFORE if place == "before" else AFTER
    if place == "before":
        words |= {"年产": Word("annual"), "annual": Word("annual"), "-": Word("minus"), "minus": Word("minus")}
        words["a"] = Word("filler")
    else:
        words |= {word: Word("scale", said) for word, said in SCALES.items()}
        words |= {word: Word("annual") for word in ("annually", "p.a.")} | {"成": Word("tenths")}
    for qualifier, listed in qualifiers.items():
        words |= {word: Word("qualifier", qualifier) for word in words_in(listed)}
    return words


@cache
def longest_word(place: str) -> int:
    return max(map(len, vocabulary(place)))


# Reading --------------------------------------------------------------------------------------------------------------


def fold(typed: str) -> str:
    """Full-width, upper case, invisible marks and double spaces make no difference; the 2 of m2 is no number."""
    plain = unicodedata.normalize("NFKC", typed).casefold().replace("−", "-")
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc") or sign.isspace())
    return AREA.sub(lambda found: found[1] + {"2": "²", "3": "³"}[found[2]], " ".join(plain.split()))


def refuse(said: str, **words: Any) -> NoReturn:
    raise ValidationError(said, params=words)


def read(typed: Any, usual: str = "") -> Amount:
    """The amount that was typed. `usual` is the unit that is meant by a word of several meanings (家, 个, 条).

    Raises ValidationError, in the reader's language, that says what was not understood.
    """
    typed = str(typed or "")
    if len(typed) > LONGEST:
        refuse(_("At most %(most)d characters, not %(count)d."), most=LONGEST, count=len(typed))
    plain = fold(typed)
    numbers = list(NUMBER.finditer(plain))
    if not numbers:
        refuse(_("“%(typed)s” has no number. Write it in digits."), typed=typed.strip())
    if len(numbers) > 2:
        refuse(_("“%(typed)s” has more than two numbers."), typed=typed.strip())
    first, last = numbers[0], numbers[-1]
    halves = RANGE.split(plain[first.end() : last.start()], maxsplit=1) if first is not last else []
    if first is not last and (len(halves) != 2 or halves[1].strip(" $¥us")):
        refuse(_("“%(typed)s” has two numbers that are not the ends of a range."), typed=typed.strip())
    before = understood(plain[: first.start()], "before")
    if halves and sign(before) < 0 and "--" in plain[first.end() : last.start()]:  # -5--3: to 3, or to -3?
        refuse(_("“%(typed)s” has two numbers that are not the ends of a range."), typed=typed.strip())
    after = understood(plain[last.end() :], "after")
    with localcontext() as exact:
        exact.prec = 200
        if first is last:
            return single(first.group(), [*before, *after], usual)
        own = understood(halves[0], "after")
        return spread((first.group(), last.group()), before, own, after, usual, typed.strip())


def understood(words: str, place: str) -> list[Word]:
    """The words before or after a number, longest first."""
    known, found, at = vocabulary(place), [], 0
    while at < len(words):
        if words[at].isspace():
            at += 1
            continue
        for length in range(min(longest_word(place), len(words) - at), 0, -1):
            word = words[at : at + length]
            if word in known and ends(words, at + length, word):
                found.append(known[word])
                at += length
                break
        else:
            refuse(_("“%(words)s” was not understood."), words=words[at:].strip())
    return found


def ends(words: str, at: int, word: str) -> bool:
    """Whether a Latin word ends here: "m" does not begin "mu"."""
    latin = word[-1].isascii() and word[-1].isalpha()
    return not (latin and at < len(words) and words[at].isascii() and words[at].isalpha())


def single(digits: str, words: list[Word], usual: str) -> Amount:
    scale, reported = scale_of(words)
    value = bounded(sign(words) * number(digits) * scale)
    return Amount(value, None, qualifier_of(words) or "exact", unit_of(words, usual), reported)


def spread(
    digits: tuple[str, str], before: list[Word], own: list[Word], after: list[Word], usual: str, typed: str
) -> Amount:
    """Two numbers: the first takes scale and unit of the second, unless it has its `own` (9000万–1.2亿元)."""
    if qualifier_of([*before, *own, *after]):
        refuse(_("A range stands alone: leave out “about” or “more than” in “%(typed)s”."), typed=typed)
    has_own = any(word.kind in ("scale", "tenths") for word in own)
    low_scale, low_reported = scale_of(own if has_own else after)
    scale, reported = scale_of(after)
    units = {unit for unit in (unit_of([*before, *own], usual), unit_of([*before, *after], usual)) if unit}
    if len(units) > 1:
        refuse(_("The two ends of “%(typed)s” have different units."), typed=typed)
    low = bounded(sign(before) * number(digits[0]) * low_scale)
    high = bounded(number(digits[1]) * scale)
    if high < low:
        refuse(_("“%(typed)s” runs from more to less."), typed=typed)
    return Amount(low, high, "range", next(iter(units), ""), reported if reported == low_reported else "")


def number(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def sign(words: list[Word]) -> int:
    return -1 if any(word.kind == "minus" for word in words) else 1


def scale_of(words: list[Word]) -> tuple[Decimal, str]:
    """(factor, scale as reported): 1.2万亿 counts in 亿."""
    factor, reported = Decimal(1), ""
    for word in words:
        if word.kind == "tenths":
            factor *= 10
        elif word.kind == "scale":
            factor *= word.value[0]
            reported = word.value[1] or reported
    return factor, reported


def qualifier_of(words: list[Word]) -> str:
    said = {word.value for word in words if word.kind == "qualifier"}
    if len(said) > 1:
        refuse(_("Two words say how exact it is, and not the same: keep one."))
    return said.pop() if said else ""


def unit_of(words: list[Word], usual: str) -> str:
    """The code of the unit that is said, with what it is per; "" when none is."""
    per = [place for place, word in enumerate(words) if word.kind == "per"]
    if len(per) > 1:
        refuse(_("The unit was not understood."))
    cut = per[0] if per else len(words)
    base, under = of_kind_unit(words[:cut]), of_kind_unit(words[cut:])
    if any(word.kind == "tenths" for word in words):
        base.append(("percent",))
    annual = any(word.kind == "annual" for word in words)
    if (per and not (base and under)) or len(under) + annual > 1:
        refuse(_("The unit was not understood."))
    said = one_of(base, usual.partition("/")[0] if under or annual else usual)
    if not said:
        if annual:
            refuse(_("The unit was not understood."))
        return ""
    below = ["a"] if annual else list(under[0]) if under else []
    codes = [f"{one}/{other}" for one in said for other in below] if below else said
    known = [code for code in codes if code in UNITS]
    if not known:
        refuse(_("“%(unit)s” is no unit that is used here."), unit=codes[0])
    return usual if usual in known else known[0]


def of_kind_unit(words: list[Word]) -> list[tuple[str, ...]]:
    return [word.value for word in words if word.kind == "unit"]


def one_of(said: list[tuple[str, ...]], usual: str) -> list[str]:
    """The codes that all unit words may mean (“RMB 100元” says one unit twice)."""
    if not said:
        return []
    common = [code for code in said[0] if all(code in other for other in said[1:])]
    if not common:
        refuse(_("Two units that are not the same: keep one."))
    return sorted(common, key=lambda code: code != usual)


def bounded(value: Decimal) -> Decimal:
    """As a figure can hold it: 18 digits before the point, 6 after."""
    if abs(value) >= Decimal(10) ** WHOLE_DIGITS:
        refuse(_("That is more than a figure can hold."))
    if value != round(value, DECIMALS):
        refuse(_("At most six digits after the point."))
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain  # 100, not 1E+2


# Writing --------------------------------------------------------------------------------------------------------------

SAID = {
    "zh": {
        "about": "约",
        "more_than": "超过",
        "at_least": "至少",
        "less_than": "不足",
        "up_to": "不超过",
        "nearly": "近",
    },
    "en": {
        "about": "about ",
        "more_than": "more than ",
        "at_least": "at least ",
        "less_than": "less than ",
        "up_to": "up to ",
        "nearly": "nearly ",
    },
}


def write(amount: Amount, usual: str = "") -> str:
    """As it could have been typed: `read` gives the same amount back. In the manner of its scale as reported (11.5亿元,
    RMB 80 million), else in the reader's."""
    manner = {"万": "zh", "亿": "zh", "million": "en", "billion": "en"}.get(amount.scale_as_reported)
    manner = manner or ("zh" if chinese() else "en")
    size = Decimal(SCALES[amount.scale_as_reported][0] if amount.scale_as_reported else 1)
    with localcontext() as exact:
        exact.prec = 200
        ends = [end / size for end in (amount.value_min, amount.value_max) if end is not None]
    digits = "–".join(f"{end.normalize():,f}" for end in ends)
    said = SAID[manner].get(amount.qualifier, "")
    code = f"{said}{digits}{'' if manner == 'zh' else ' '}{amount.scale_as_reported} {amount.unit}"
    for words in (in_words(amount, digits, said, manner), " ".join(code.split())):
        if reads_back(words, amount, usual):
            return words
    return f"{said}{'–'.join(f'{end * size:f}' for end in ends)} {amount.unit}"


def in_words(amount: Amount, digits: str, said: str, manner: str) -> str:
    unit = UNITS[amount.unit]
    if manner == "zh":
        return f"{said}{digits}{amount.scale_as_reported}{unit.name.get('zh-hans', '')}"
    name, scaled = unit.name.get("en", ""), f"{digits} {amount.scale_as_reported}".strip()
    gap = " " if unit.spaced and name else ""
    return f"{said}{name}{gap}{scaled}" if unit.before else f"{said}{scaled}{gap}{name}"


def reads_back(words: str, amount: Amount, usual: str) -> bool:
    try:
        got = read(words, usual)
    except ValidationError:
        return False
    return got._replace(unit=got.unit or usual) == amount
