"""One measured value beside its limit."""

from dataclasses import dataclass
from typing import Any

# The target of what is measured only so that something else can be compared with it.
ANY = 1_000_000


@dataclass(frozen=True)
class Row:
    """What was measured, and how much is good enough. `reason` says why the limit is not the usual one.

    A value of None was not to be had, and does not hold. With `at_least` more is better.
    """

    name: str
    value: float | None
    unit: str
    target: float
    reason: str = ""
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.target if self.at_least else self.value <= self.target

    def as_json(self) -> dict[str, Any]:
        told = {"name": self.name, "value": self.value, "unit": self.unit, "target": self.target, "holds": self.holds}
        return told | ({"reason": self.reason} if self.reason else {})

    def __str__(self) -> str:
        value = "not to be had" if self.value is None else f"{self.value:g} {self.unit}"
        limit = "" if self.target == ANY else f"{'≥' if self.at_least else '≤'} {self.target:g}"
        mark = "" if self.holds else "   DOES NOT HOLD"
        return f"{self.name:<64} {value:>14}  {limit:>8}{mark}"
