"""What is the same for all pairs: the clock they meet by, how much fits into a line, who may read what."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.pairs.models import PairState

# Neither organisations nor people say where they are yet; both of the first ones are in Finland.
ZONE: Final = ZoneInfo("Europe/Helsinki")
LONGEST_LINE: Final = 200
LONGEST_NOTE: Final = 4000
MOST_PLACES: Final = 5
# How long a meeting stays the next one after it has begun.
UNDER_WAY: Final = timedelta(hours=2)
# How long the sentence about an ending stands on the first page.
SAID_FOR: Final = timedelta(days=14)
# A pair rests from a last day on, and ends so much later; without one it ends after a year of rest.
ENDS_AFTER: Final = timedelta(days=14)
LONGEST_REST: Final = timedelta(days=365)


def moment(day: date, at: time) -> datetime:
    """Return the moment, in UTC, of a day and a time of day as the two read them off their clocks."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def local(at: datetime) -> datetime:
    """Return a moment as the clocks of the two show it."""
    return at.astimezone(ZONE)


def is_over(last_day: date | None, at: datetime) -> bool:
    """Whether somebody's last day of work is over."""
    return last_day is not None and last_day < local(at).date()


def work_is_over(last_day: date | None, at: datetime) -> bool:
    """Whether somebody's last day is so long ago that it was no mistake: their pairs end, resting until then."""
    return last_day is not None and last_day + ENDS_AFTER < local(at).date()


def lasts(state: str) -> bool:
    """Whether the two are a pair, on a break or not."""
    return state != PairState.ENDED
