"""What the benchmark prints: figures, each with what it should be where there is an aim."""

import json
import math
import operator
from dataclasses import asdict, dataclass
from typing import Literal

AT_MOST, AT_LEAST, SAME = "≤", "≥", "="
COMPARE = {AT_MOST: operator.le, AT_LEAST: operator.ge, SAME: operator.eq}
HEADINGS = ("name", "value", "unit", "aim", "verdict")


@dataclass(frozen=True)
class Figure:
    """One line. `aim` is how the value should compare with `bound`."""

    name: str
    value: float
    unit: str
    aim: Literal["", "≤", "≥", "="] = ""
    bound: float = 0

    @property
    def verdict(self) -> str:
        if not self.aim:
            return "-"
        return "met" if COMPARE[self.aim](self.value, self.bound) else "short"

    @property
    def cells(self) -> tuple[str, ...]:
        aim = f"{self.aim} {short(self.bound)}" if self.aim else "-"
        return self.name, short(self.value), self.unit, aim, self.verdict


def short(value: float) -> str:
    """Three digits that matter, and no more decimals than that leaves: 0.612, 14.3, 6120."""
    if value == int(value):
        return str(int(value))
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def line(cells: tuple[str, ...]) -> str:
    name, value, unit, aim, verdict = cells
    return f"{name:<48} {value:>8}  {unit:<11} {aim:<8} {verdict}"


def percentile(values: list[float], share: float) -> float:
    """The smallest of the values that `share` of them do not exceed (the nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def dump(figures: list[Figure]) -> str:
    return json.dumps([asdict(figure) | {"verdict": figure.verdict} for figure in figures], ensure_ascii=False)


def load(words: str) -> list[Figure]:
    rows = json.loads(words)
    return [Figure(**{name: row[name] for name in Figure.__dataclass_fields__}) for row in rows]
