"""Work over an organisation's own rows that is too long for a migration: a batch a transaction, resumed where it was.

A backfill is a function among a feature's jobs, ``def fill_x(*, cursor, limit) -> Batch``: it changes at most
``limit`` rows from ``cursor`` on (None at first) and says where the next batch begins. A tenant revision names it in
``backfills``; a later one may name it in ``requires``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from tenants.errors import UnknownJob
from tenants.faults import Fault, fault_point
from tenants.models import Backfill, utc_now
from tenants.outbox import JobNames, later
from tenants.unit_of_work import session

A_BATCH = 500
# An older application's worker may come by first: it leaves the backfill to those who know it.
PAUSE_UNTIL_KNOWN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did: how many rows, and where the next one begins; ``cursor`` None means that it was the last."""

    rows: int
    cursor: dict[str, Any] | None


Fills = Callable[..., Batch]


def begin(name: str, *, is_asked_for: bool = True) -> bool:
    """Have a backfill done in this organisation; returns False where it has been begun before."""
    if session().get(Backfill, name):
        return False
    session().add(Backfill(name=name))
    if is_asked_for:
        later("tenants.backfill", name=name)
    return True


def fill(name: str) -> None:
    """Do one batch and ask for the next, in the transaction that keeps how far it is."""
    try:
        is_done = fill_once(name)
    except UnknownJob:
        later("tenants.backfill", delay=PAUSE_UNTIL_KNOWN, name=name)
        return
    if not is_done:
        later("tenants.backfill", name=name)
    fault_point(Fault.BACKFILL_BATCH)


def fill_once(name: str) -> bool:
    """Do one batch; returns whether it was the last. Raises ``UnknownJob`` where no module has the function."""
    row = session().get(Backfill, name, with_for_update=True)
    if row is None or row.done_at is not None:
        return True
    batch = find_function(name)(cursor=row.cursor, limit=A_BATCH)
    row.rows += batch.rows
    row.cursor = batch.cursor
    row.done_at = utc_now() if batch.cursor is None else None
    return batch.cursor is None


def find_function(name: str) -> Fills:
    """Return the function of a backfill; raises ``UnknownJob``."""
    return cast("Fills", JobNames.resolve(name))


def find_backfill(name: str) -> Backfill | None:
    """Return how far a backfill is in this organisation, or None where it was never begun."""
    return session().get(Backfill, name)
