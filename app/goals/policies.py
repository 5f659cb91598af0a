"""How long a goal's line is, and when people look back unless they say otherwise."""

from datetime import date, timedelta
from typing import Final

LONGEST_GOAL: Final = 300
LONGEST_LINE: Final = 1000
A_MONTH: Final = timedelta(days=28)
FARTHEST: Final = timedelta(days=731)


def in_a_month(today: date) -> date:
    """Return the same weekday four weeks on."""
    return today + A_MONTH


def is_due(look_back_on: date, today: date) -> bool:
    """Whether the day to look back has come."""
    return look_back_on <= today
