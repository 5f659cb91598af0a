"""The rules of seats and money, as plain functions."""

from datetime import UTC, date, datetime, timedelta

TRIAL = timedelta(days=14)
LONGEST_FREE = timedelta(days=150)
SETTLES_AT_HOUR = 3
PLAN_MINIMUM = 1
ANSWER_KEPT = timedelta(hours=20)


def day_of(at: datetime) -> date:
    """Tell the day in the organisation's time zone. There is no such setting yet: it is UTC."""
    return at.astimezone(UTC).date()


def has_seat(starts_on: date | None, ends_on: date | None, *, launched_on: date | None, day: date) -> bool:
    """Tell whether a member has a seat that day: from launch on, while employed, whether or not they take part."""
    if launched_on is None or day < launched_on:
        return False
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def settles_now(*, settled_seats: int | None, settled_on: date | None, seats: int, now: datetime) -> bool:
    """Tell whether the count goes to the payment service: the first one, a rise of a tenth, once each morning."""
    if settled_seats is None or settled_on is None:
        return True
    if seats > settled_seats and seats * 10 >= settled_seats * 11:
        return True
    morning = now.astimezone(UTC).hour >= SETTLES_AT_HOUR
    return settled_on < day_of(now) and morning


def billable(seats: int) -> int:
    """Tell the quantity to pay for."""
    return max(PLAN_MINIMUM, seats)


def trial_ends_at(*, signed_up_at: datetime, launched_at: datetime | None) -> datetime:
    """Tell when paying begins: 14 days after the launch, at the latest 150 days after the sign-up."""
    latest = signed_up_at + LONGEST_FREE
    ends = latest if launched_at is None else min(launched_at + TRIAL, latest)
    return ends.replace(microsecond=0)
