"""Work that follows a transaction, written in it and done after it: at least once, in order of its due time.

A job is named ``feature.function``. Its arguments are JSON values, ids rather than rows, never private text.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from tenants.context import Plane, Status, TenantRef
from tenants.errors import NeverFinished, NotHere, UnknownJob
from tenants.faults import Fault, fault_point
from tenants.models import ControlOutbox, TenantOutbox, utc_now
from tenants.resolution import get_tenant
from tenants.unit_of_work import JOB_STATEMENT_TIMEOUT_MS, control_work, current, session, tenant_work

Json = str | int | float | bool | list[Any] | dict[str, Any] | None
Job = Callable[..., None]
Row = TenantOutbox | ControlOutbox

DEFAULT_QUEUE, HEAVY_QUEUE, PROVISIONING_QUEUE = "default", "heavy", "provisioning"
# A turn is short, so that no organisation's mails wait for long behind another's; a job that takes longer ends it.
ROWS_A_TURN, SECONDS_A_TURN = 50, 2.0
ATTEMPTS = 8
LATE = timedelta(minutes=1)
PAUSE_WHILE_CLOSED = timedelta(minutes=1)
PAUSE_WHILE_BUSY = timedelta(seconds=1)

_in_hand: ContextVar[UUID | None] = ContextVar("row_in_hand", default=None)


class Look(Enum):
    """What a look into an outbox found: a row that was tried, nothing due, or another runner at it."""

    DONE = "done"
    EMPTY = "empty"
    BUSY = "busy"


class JobNames:
    """Finds the function behind a job's name; filled by the package that knows the features."""

    resolve: Callable[[str], Job]


def on_queue(name: str) -> Callable[[Job], Job]:
    """Mark a job as work for another queue than the default one.

    ``HEAVY_QUEUE`` is for what may take more than a few seconds: nobody's mails wait behind it.
    """

    def mark(job: Job) -> Job:
        job.__dict__["queue"] = name
        return job

    return mark


def by_itself(job: Job) -> Job:
    """Mark a job of the control plane that opens its own units of work, because it concerns more than one plane.

    Its row is not locked while it runs: it may run twice at once.
    """
    job.__dict__["by_itself"] = True
    return job


def _is_by_itself(name: str) -> bool:
    return bool(getattr(JobNames.resolve(name), "by_itself", False))


def queue_of(name: str) -> str:
    """Tell which queue serves the job ``name``; raises ``UnknownJob`` for a name that nothing answers to."""
    return cast("str", getattr(JobNames.resolve(name), "queue", DEFAULT_QUEUE))


def later(job: str, *, delay: timedelta | None = None, **args: Json) -> None:
    """Have ``job`` done after this transaction, in the same plane and for the same organisation."""
    work = current()
    due = utc_now() + (delay or timedelta())
    queue = queue_of(job)
    if work.plane is Plane.TENANT:
        own = None if queue == DEFAULT_QUEUE else queue
        work.session.add(TenantOutbox(job=job, args=args, plane=Plane.TENANT.value, queue=own, due_at=due))
    else:
        work.session.add(ControlOutbox(job=job, args=args, queue=queue, due_at=due))
    _note(due, queue)


def later_in_control(job: str, **args: Json) -> None:
    """From an organisation's transaction: have ``job`` done after it, in the control plane."""
    due = utc_now()
    session().add(TenantOutbox(job=job, args=args, plane=Plane.CONTROL.value, due_at=due))
    _note(due)


def later_in_tenant(tenant_id: UUID, job: str, **args: Json) -> None:
    """From a control transaction: have ``job`` done after it, in the organisation's plane."""
    due, queue = utc_now(), queue_of(job)
    session().add(ControlOutbox(job=job, args=args, queue=queue, tenant_id=tenant_id, due_at=due))
    _note(due, queue)


def _note(due: datetime, queue: str = DEFAULT_QUEUE) -> None:
    queues = current().queues
    queues[queue] = min(due, queues.get(queue, due))


def drain(tenant: TenantRef | None, queue: str = DEFAULT_QUEUE) -> datetime | None:
    """Work off one queue of an outbox for at most one turn, a row a transaction; one runner at a time.

    Returns when the next row is due, or None when nothing is left to do. While another runner is at it, that is in a
    moment: asked again at once, this one would do nothing but ask. A row whose job fails waits alone with growing
    pauses and at last rests with its error's name.
    """
    end = time.monotonic() + SECONDS_A_TURN
    for _ in range(ROWS_A_TURN):
        look = _do_next(tenant, queue)
        if look is Look.BUSY:
            return utc_now() + PAUSE_WHILE_BUSY
        if look is Look.EMPTY or time.monotonic() > end:
            break
    return _next_due(tenant, queue)


def list_queues_due(tenant: TenantRef) -> list[str]:
    """Name the queues in which an organisation has work that is due."""
    due = select(TenantOutbox.queue).where(TenantOutbox.dead_at.is_(None), TenantOutbox.due_at <= utc_now())
    with plane_work(tenant) as opened:
        return [name or DEFAULT_QUEUE for name in opened.scalars(due.distinct())]


def plane_work(tenant: TenantRef | None) -> Any:
    """Open the unit of work of an outbox: an organisation's, or with None the control plane's."""
    timeout = JOB_STATEMENT_TIMEOUT_MS
    return control_work(timeout_ms=timeout) if tenant is None else tenant_work(tenant, timeout_ms=timeout)


def model_of(tenant: TenantRef | None) -> type[TenantOutbox] | type[ControlOutbox]:
    """Name the rows of an outbox."""
    return ControlOutbox if tenant is None else TenantOutbox


def _do_next(tenant: TenantRef | None, queue: str) -> Look:
    """Do one due row, and tell what there was."""
    row: Row | None = None
    try:
        with plane_work(tenant) as opened:
            if not _is_only_runner(tenant, queue):
                return Look.BUSY
            row = opened.scalars(_due_rows(tenant, queue).with_for_update(skip_locked=True)).first()
            if row is None:
                return Look.EMPTY
            if row.due_at > utc_now() - LATE and not _goes_elsewhere(row):
                _do_here(row)
                return Look.DONE
            _count_if_late(row)
        return _do_apart(tenant, queue, row)
    except Exception as error:  # the shell around jobs: whatever fails rests in the row, by name, never by content
        if row is None:
            raise
        _set_back(tenant, row, error)
    return Look.DONE


def _do_apart(tenant: TenantRef | None, queue: str, row: Row) -> Look:
    """Do a row in another transaction than the one that took it out."""
    if _goes_elsewhere(row):
        pause = _do_elsewhere(row)
        fault_point(Fault.JOB_DONE_ELSEWHERE)
        _put_off(row, pause) if pause else _forget(tenant, row)
        return Look.DONE
    with plane_work(tenant) as opened:
        again = opened.get(type(row), row.id, with_for_update={"skip_locked": True})
        if again is None or not _is_only_runner(tenant, queue):
            return Look.BUSY
        _do_here(again)
    return Look.DONE


def _count_if_late(row: Row) -> None:
    """Count the try before it begins: what is late may have ended processes, and must neither go first nor for ever."""
    if row.due_at > utc_now() - LATE:
        return
    if row.attempts >= ATTEMPTS:
        raise NeverFinished(row.job)
    row.attempts += 1
    row.due_at = utc_now() + timedelta(seconds=2**row.attempts)


def _do_here(row: Row) -> None:
    _run(row)
    session().delete(row)
    fault_point(Fault.JOB_DONE)


def _run(row: Row) -> None:
    token = _in_hand.set(row.id)
    try:
        JobNames.resolve(row.job)(**row.args)
    finally:
        _in_hand.reset(token)


def row_in_hand() -> UUID | None:
    """Name the row whose job is running, None outside of jobs. It is the same when a job is done again."""
    return _in_hand.get()


def _is_only_runner(tenant: TenantRef | None, queue: str) -> bool:
    """Take the transaction's lock on this outbox; released by its end, however that comes."""
    key = f"{tenant.schema if tenant else 'control'}:{queue}"
    lock = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
    return bool(session().scalar(lock, {"key": key}))


def _due_rows(tenant: TenantRef | None, queue: str) -> Any:
    model = model_of(tenant)
    rows = select(model).where(model.dead_at.is_(None), model.due_at <= utc_now())
    return rows.where(_is_of(model, queue)).order_by(model.due_at, model.id).limit(1)


def _is_of(model: type[TenantOutbox] | type[ControlOutbox], queue: str) -> Any:
    return model.queue.is_(None) if model is TenantOutbox and queue == DEFAULT_QUEUE else model.queue == queue


def _goes_elsewhere(row: Row) -> bool:
    if isinstance(row, ControlOutbox):
        return row.tenant_id is not None or _is_by_itself(row.job)
    return row.plane == Plane.CONTROL.value


def _do_elsewhere(row: Row) -> timedelta | None:
    """Do the row in its own plane. Returns how long it should wait when its organisation can not take it now."""
    if _is_by_itself(row.job):
        _run(row)
        return None
    target = get_tenant(row.tenant_id) if isinstance(row, ControlOutbox) and row.tenant_id else None
    if target and (target.status is Status.SUSPENDED or not target.is_served):
        return PAUSE_WHILE_CLOSED
    if target and target.status is Status.ERASED:
        raise NotHere("the organisation is erased")
    with plane_work(target):
        if target and not _is_only_runner(target, queue_of(row.job)):
            return PAUSE_WHILE_BUSY
        _run(row)
    return None


def _put_off(row: Row, pause: timedelta) -> None:
    """Keep work until its organisation is open, or no other job of it runs; that is nobody's failure."""
    with control_work() as opened:
        again = utc_now() + pause
        opened.execute(update(ControlOutbox).where(ControlOutbox.id == row.id).values(due_at=again))


def _forget(tenant: TenantRef | None, row: Row) -> None:
    model = model_of(tenant)
    with plane_work(tenant) as opened:
        opened.execute(delete(model).where(model.id == row.id))


def _set_back(tenant: TenantRef | None, row: Row, error: Exception) -> None:
    """Keep the row for another try, or lay it to rest. Only the error's name is kept: messages can quote people."""
    model = model_of(tenant)
    attempts = row.attempts + (row.due_at <= utc_now())  # one that is due later has been counted already
    lost = attempts >= ATTEMPTS or isinstance(error, UnknownJob)
    values = {
        "attempts": attempts,
        "error": type(error).__name__,
        "due_at": utc_now() + timedelta(seconds=2**attempts),
        "dead_at": utc_now() if lost else None,
    }
    with plane_work(tenant) as opened:
        opened.execute(update(model).where(model.id == row.id).values(values))
    on_failure(row.job, tenant, error, lost=lost)


def _next_due(tenant: TenantRef | None, queue: str) -> datetime | None:
    model = model_of(tenant)
    soonest = select(func.min(model.due_at)).where(model.dead_at.is_(None), _is_of(model, queue))
    with plane_work(tenant) as opened:
        return cast("datetime | None", opened.scalar(soonest))


def on_failure(job: str, tenant: TenantRef | None, error: Exception, *, lost: bool) -> None:
    """Tell the log that a job failed; a hook of its own so that whoever runs the queue can say more."""
    for tell in failure_listeners:
        tell(job, tenant, error, lost)


failure_listeners: list[Callable[[str, TenantRef | None, Exception, bool], None]] = []
