"""What may be shown of counts of people. Pure: numbers in, numbers or nothing out.

A count is shown when it and its complement are `k` people or more, so that no group is shown as all or as none. Two
counts of which one lies within the other differ by nobody or by `k`. When parts of a whole are shown beside it, what is
hidden of them is together a count that could itself be shown, and no part of it can be worked out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Final

LEAST: Final = 5
FIRST_COUNT_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many people."""

    value: int
    among: int


@dataclass(frozen=True, slots=True)
class Cells:
    """A whole and its parts as they may be shown; None is hidden."""

    total: int | None
    parts: Mapping[str, int | None]


def raise_only(wanted: int, last: int | None) -> int:
    """The threshold in force: never below five, never below what it was."""
    return max(LEAST, wanted, last or LEAST)


def is_fit(count: Count, k: int) -> bool:
    """Whether a count may stand alone: it and its complement are `k` or more."""
    return k <= count.value <= count.among - k


def hold(value: int, last: int | None, k: int) -> int:
    """A figure follows the truth in strides of `k`: a smaller change waits, so that two months never name a few."""
    return value if last is None or abs(value - last) >= k else last


def show_one(count: Count, k: int) -> int | None:
    """A count as it may be shown."""
    return count.value if is_fit(count, k) else None


def show_within(
    whole: int | None, values: Mapping[str, int], k: int, within: Sequence[int] = ()
) -> dict[str, int | None]:
    """Counts of parts of one whole that overlap: each two that are shown differ by nobody or by `k`.

    Those named first go first. `within`: further counts that have been shown of the same whole.
    """
    shown = [*within] if whole is None else [*within, whole]
    told: dict[str, int | None] = {}
    for name, value in values.items():
        fits = whole is not None and k <= value <= whole and all(_is_apart(value, other, k) for other in shown)
        told[name] = value if fits else None
        shown += [value] if fits else []
    return told


def show_cells(cells: Mapping[str, Count], k: int) -> Cells:
    """A whole by its parts, which do not overlap: the whole, and each part that is fit, or the whole alone.

    Parts are shown only when the others stay in doubt even to somebody who knows this method.
    """
    whole = Count(sum(cell.value for cell in cells.values()), sum(cell.among for cell in cells.values()))
    if not is_fit(whole, k):
        return Cells(None, dict.fromkeys(cells))
    hidden = [cell for cell in cells.values() if not is_fit(cell, k)]
    tells = not hidden or _stay_in_doubt(hidden, k)
    return Cells(whole.value, {name: show_one(cell, k) if tells else None for name, cell in cells.items()})


def _stay_in_doubt(hidden: Sequence[Count], k: int) -> bool:
    """Whether hidden parts are together fit to be shown, and their sum forces none of them to be nobody or all."""
    value, sizes = sum(cell.value for cell in hidden), [cell.among for cell in hidden]
    if not is_fit(Count(value, sum(sizes)), k):
        return False
    return all(
        _is_in_doubt(size, value, _reachable([*sizes[:place], *sizes[place + 1 :]], k), k)
        for place, size in enumerate(sizes)
    )


def _is_in_doubt(size: int, value: int, others: int, k: int) -> bool:
    """Whether a hidden part may be something else than nobody, and something else than all, of `value` in all."""
    possible = {own for own in _unfit(size, k) if own <= value and others >> (value - own) & 1}
    return bool(possible - {0}) and bool(possible - {size})


def _reachable(sizes: Sequence[int], k: int) -> int:
    """Sums that parts of these sizes can have while each is hidden, as the bits of a number."""
    bits = 1
    for size in sizes:
        bits = reduce(or_, (bits << own for own in _unfit(size, k)))
    return bits


def _unfit(size: int, k: int) -> list[int]:
    return [*range(min(k, size + 1)), *range(max(k, size - k + 1), size + 1)]


def _is_apart(one: int, other: int, k: int) -> bool:
    return one == other or abs(one - other) >= k


def find_due(month: date, launched_on: date) -> date:
    """The day on which a month is counted: its first, or a week after the launch."""
    return max(month.replace(day=1), launched_on + FIRST_COUNT_AFTER)


def find_next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
