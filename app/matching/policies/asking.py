"""When a question is over, and when mails about it may leave.

A yes is told at once. Every other outcome is told at one and the same moment, fixed when the question is put: the first
working morning after seven days. So a no, a full calendar and a week of silence look alike in time too.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from app.clock import FRIDAY, working_morning

WAIT: Final = timedelta(days=7)
SAID_FOR: Final = timedelta(days=14)
FIRST_HOUR, LAST_HOUR = 6, 15


def told_at(asked_at: datetime) -> datetime:
    """When the Kaveri learns of any outcome but a yes."""
    return working_morning(asked_at + WAIT)


def mail_at(at: datetime) -> datetime:
    """When a mail about news of this moment may leave: at once in working hours, else on the next working morning."""
    here = at.astimezone(UTC)
    working = here.weekday() <= FRIDAY and FIRST_HOUR <= here.hour < LAST_HOUR
    return at if working else working_morning(at)
