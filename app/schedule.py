"""What happens by the clock. One process runs it; every task is safe to run twice and to miss."""

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import queue
from tenants.context import Status, TenantRef
from tenants.models import ControlOutbox
from tenants.outbox import later, list_queues_due
from tenants.provisioning import POOL_SIZE, count_ready
from tenants.resolution import list_tenants
from tenants.unit_of_work import control_work, reading_control

SECONDS_A_TICK = 1.0
ORGANISATIONS_A_SWEEP = 500
_log = structlog.get_logger("kamu.clock")


@dataclass(slots=True)
class Task:
    """A function and how often it runs."""

    run: Callable[[], object]
    seconds: float
    due: float = field(default=0.0)


TASKS: list[Task] = []


def every(seconds: float, run: Callable[[], object]) -> None:
    """Have ``run`` called every so many seconds, inside an app context and outside any unit of work."""
    if all(task.run is not run for task in TASKS):
        TASKS.append(Task(run, seconds))


def init_app() -> None:
    """Schedule the ground's own tasks."""
    every(1, queue.enqueue_due)
    every(60, sweep_outboxes)
    every(60, keep_pool_warm)


def run(app: Flask) -> None:
    """Tick until the process is told to stop."""
    while True:
        tick(app, time.monotonic())
        time.sleep(SECONDS_A_TICK)


def tick(app: Flask, at: float) -> None:
    """Run what is due at ``at`` (monotonic seconds). A task that fails is logged and tried at its next time."""
    for task in TASKS:
        if task.due > at:
            continue
        task.due = at + task.seconds
        with app.app_context():
            try:
                task.run()
            except Exception as error:  # noqa: BLE001  one task's failure must not stop the clock
                _log.error("task_failed", task=task.run.__name__, error=type(error).__name__)


class Sweep:
    """Whose turn it was last, in this process's clock."""

    last: UUID | None = None


def sweep_outboxes(most: int = ORGANISATIONS_A_SWEEP) -> None:
    """Enqueue a drain for every outbox that holds rows which are due; an empty one costs one query and no entry.

    At most ``most`` organisations at a time, in turn: looking at each costs about a millisecond, and the clock has more
    to do. With more of them work that the queue forgot waits that much longer.
    """
    with reading_control() as control:
        waiting = set(control.scalars(select(ControlOutbox.queue).where(ControlOutbox.dead_at.is_(None)).distinct()))
    for name in waiting & set(queue.QUEUES):
        queue.enqueue_drain(queue.envelope_for(None, name))
    for tenant in _next_in_turn(list_tenants(Status.OPEN, Status.BUILDING), most):
        for name in _list_queues_due(tenant) if tenant.is_served else ():
            queue.enqueue_drain(queue.envelope_for(tenant, name))


def _next_in_turn(tenants: Sequence[TenantRef], most: int) -> Sequence[TenantRef]:
    by_id = sorted(tenants, key=lambda tenant: tenant.id)
    first = bisect_right([tenant.id for tenant in by_id], Sweep.last) if Sweep.last else 0
    turn = (by_id[first:] + by_id[:first])[:most]
    Sweep.last = turn[-1].id if turn else None
    return turn


def _list_queues_due(tenant: TenantRef) -> list[str]:
    try:
        return list_queues_due(tenant)
    except SQLAlchemyError as error:
        # One organisation whose outbox can not be read keeps nobody else's work waiting.
        _log.error("outbox_not_read", organisation=str(tenant.id), error=type(error).__name__)
        return []


def keep_pool_warm() -> None:
    """Ask for a refill when the warm pool is short."""
    with control_work():
        if count_ready() < POOL_SIZE:
            later("tenants.fill_pool")
