"""Time and money of subscriptions, in whole seconds and cents, as plain functions."""

import calendar
from datetime import UTC, datetime


def add_months(at: int, months: int) -> int:
    """The same day and time some months later; the last day of a month that is too short."""
    begun = datetime.fromtimestamp(at, UTC)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    day = min(begun.day, calendar.monthrange(year, month + 1)[1])
    return int(begun.replace(year=year, month=month + 1, day=day).timestamp())


def next_after(anchor: int, months: int, at: int) -> int:
    """The first turn of a cycle that begins at ``anchor`` and is ``months`` long, later than ``at``."""
    count = 1
    while add_months(anchor, count * months) <= at:
        count += 1
    return add_months(anchor, count * months)


def share(amount: int, part: int, whole: int) -> int:
    """``amount`` × ``part`` / ``whole``, rounded to the nearest cent, halves away from zero."""
    size = (2 * abs(amount) * part + whole) // (2 * whole)
    return size if amount >= 0 else -size


def prorations(unit_amount: int, before: int, after: int, at: int, period: tuple[int, int]) -> list[tuple[int, int]]:
    """Lines (quantity, amount) of a change within a period: the rest of the old seats back, of the new ones on top."""
    begins, ends = period
    rest, whole = ends - at, ends - begins
    lines = [(before, -share(before * unit_amount, rest, whole)), (after, share(after * unit_amount, rest, whole))]
    return [line for line in lines if line[0]]
