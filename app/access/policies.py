"""How long a sign-in lasts: facts in, an answer out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

IDLE_HOURS, ABSOLUTE_DAYS = 24, 7


@dataclass(frozen=True, slots=True)
class Stay:
    """What a session says of itself.

    `since` is its beginning for whoever ends all that began before; somebody who ended all others moved it on.
    """

    began: datetime
    since: datetime
    used: datetime
    connection_id: UUID | None = None


def is_over(
    stay: Stay, ends: tuple[datetime | None, ...], *, idle_hours: int | None, absolute_days: int | None, now: datetime
) -> bool:
    """Whether a stay is over: by its age, unused for too long, or because it began before one of the `ends`."""
    return (
        now - stay.began > timedelta(days=absolute_days or ABSOLUTE_DAYS)
        or now - stay.used > timedelta(hours=idle_hours or IDLE_HOURS)
        or any(end is not None and stay.since <= end for end in ends)
    )
