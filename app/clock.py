"""The one place that asks what time it is."""

from datetime import UTC, datetime, time, timedelta

MORNING = time(6, 0, tzinfo=UTC)
FRIDAY = 4


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


def working_morning(at: datetime) -> datetime:
    """Return the first weekday morning from ``at`` on: eight or nine in Finland. Quiet mails wait for it."""
    morning = datetime.combine(at.astimezone(UTC).date(), MORNING)
    while morning < at or morning.weekday() > FRIDAY:
        morning += timedelta(days=1)
    return morning
