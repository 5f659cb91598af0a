"""The seat ledger: who got a seat, who gave it back, and how many there were each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.access.actor import SYSTEM, Actor
from app.billing.models import SeatCounter, SeatDay, SeatEvent
from app.billing.policies import day_of, has_seat, settles_now
from app.billing.queries import (
    Employment,
    find_counter,
    find_counter_to_change,
    find_last_day,
    list_employments,
    list_turns,
)
from tenants.models import TenantOutbox
from tenants.outbox import later, later_in_control
from tenants.unit_of_work import current, session

COUNT: Final = "billing.count_seats"


@dataclass(frozen=True, slots=True)
class Change:
    """One seat given (+1) or taken back (-1), from a day on, for a reason of the directory's dates alone."""

    person_id: UUID
    delta: int
    effective_on: date
    reason: str


def begin_seats(*, now: datetime) -> None:
    """Begin to count at the launch; twice the same changes nothing."""
    if find_counter_to_change() is None:
        session().add(SeatCounter(launched_at=now))
        later("billing.count_seats")


def recount() -> None:
    """Count again after this transaction, if seats are counted at all."""
    if find_counter() is not None and not _is_to_be_counted():
        later("billing.count_seats")


def _is_to_be_counted() -> bool:
    """Whether a count waits, and hold it until this transaction is over, so that it sees what this one writes."""
    waiting = select(TenantOutbox.id).where(TenantOutbox.job == COUNT, TenantOutbox.dead_at.is_(None))
    return session().scalar(waiting.limit(1).with_for_update(skip_locked=True)) is not None


def count_seats(*, by: Actor = SYSTEM, now: datetime) -> int:
    """Bring the ledger in line with the directory and tell the payment side when it is due; returns the seats.

    Under the counter's lock, so two counts at once are two counts in a row, the second of which finds nothing to do.
    """
    counter = find_counter_to_change()
    if counter is None or counter.launched_at is None:
        return 0
    today = day_of(now)
    day = _open_day(counter, today)
    turns = list_turns()
    for change in _differences(counter, list_employments(), turns, today):
        _record(counter, change, turns.get(change.person_id, 0) + 1, by, now)
        day.peak = max(day.peak, counter.seats)
    day.end_of_day = counter.seats
    _tell_payment_side(counter, now)
    return counter.seats


def _open_day(counter: SeatCounter, today: date) -> SeatDay:
    """Return the row of today; days that nobody counted end as they began."""
    last = find_last_day()
    if last is not None and last.day >= today:
        return last
    missed = last.day + timedelta(days=1) if last else today
    while missed < today:
        session().add(SeatDay(day=missed, end_of_day=counter.seats, peak=counter.seats))
        missed += timedelta(days=1)
    row = SeatDay(day=today, end_of_day=counter.seats, peak=counter.seats)
    session().add(row)
    return row


def _differences(
    counter: SeatCounter, employments: dict[UUID, Employment], turns: dict[UUID, int], today: date
) -> Iterator[Change]:
    """Seats to take back, then seats to give, each by the age of the person's row."""
    launched_on = day_of(counter.launched_at) if counter.launched_at else None
    holding = {person_id for person_id, turn in turns.items() if turn % 2}
    due = {
        person_id
        for person_id, work in employments.items()
        if not work.is_off and has_seat(work.starts_on, work.ends_on, launched_on=launched_on, day=today)
    }
    for person_id in sorted(holding - due):
        yield _taken(person_id, employments.get(person_id), today)
    first = counter.settled_on is None
    for person_id in sorted(due - holding):
        is_back = person_id in turns
        yield _given(person_id, employments[person_id], today if is_back else launched_on or today, today, first=first)


def _taken(person_id: UUID, work: Employment | None, today: date) -> Change:
    if work is None:
        return Change(person_id, -1, today, "removed")
    if work.ends_on is not None and work.ends_on < today:
        return Change(person_id, -1, work.ends_on + timedelta(days=1), "ended")
    if work.is_off:
        return Change(person_id, -1, today, "removed")
    return Change(person_id, -1, today, "postponed")


def _given(person_id: UUID, work: Employment, launched_on: date, today: date, *, first: bool) -> Change:
    if first:
        return Change(person_id, 1, launched_on, "launch")
    return Change(person_id, 1, max(work.starts_on or today, launched_on), "began")


def _record(counter: SeatCounter, change: Change, turn: int, by: Actor, now: datetime) -> None:
    counter.number += 1
    counter.seats += change.delta
    session().add(
        SeatEvent(
            number=counter.number,
            person_id=change.person_id,
            turn=turn,
            delta=change.delta,
            effective_on=change.effective_on,
            recorded_at=now,
            reason=change.reason,
            actor_kind=by.kind,
            operation_id=f"{change.person_id}:{turn}",
            seats_after=counter.seats,
        )
    )


def _tell_payment_side(counter: SeatCounter, now: datetime) -> None:
    """Send the count, and nothing but the count, to the control plane when it is due."""
    due = settles_now(settled_seats=counter.settled_seats, settled_on=counter.settled_on, seats=counter.seats, now=now)
    tenant = current().tenant
    if not due or tenant is None or counter.launched_at is None:
        return
    counter.settled_seats, counter.settled_on = counter.seats, day_of(now)
    later_in_control(
        "billing.settle",
        tenant_id=str(tenant.id),
        seats=counter.seats,
        number=counter.number,
        launched_at=counter.launched_at.isoformat(),
    )
