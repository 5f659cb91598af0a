"""How long a closing takes, and how many may go on at once."""

from datetime import datetime, timedelta

from app.closing.errors import WrongName

GRACE = timedelta(days=30)
REMINDER = timedelta(days=7)
APPROVALS = 2
AT_MOST_A_DAY = 3
A_DAY = timedelta(days=1)
# Requests and jobs that had begun before an organisation was suspended have ended by then.
SETTLES = timedelta(minutes=11)
RECEIPTS_TRIED = timedelta(days=7)
RECEIPTS_PAUSE = timedelta(minutes=10)
BILLS_KEPT = timedelta(days=7 * 366)


def check_name(typed: str, slug: str) -> None:
    """Raise WrongName unless the address name was typed, in any case and with spaces around it."""
    if typed.strip().lower() != slug:
        raise WrongName


def due_from(approved_at: datetime) -> datetime:
    """When an organisation is erased whose closing two people have approved."""
    return approved_at + GRACE
