"""RQ between a commit and its drain. A queue entry holds no work, only whose outbox to look into.

Losing an entry loses nothing: the clock sweeps all outboxes. Getting one twice does nothing twice: rows are locked.
"""

import importlib
import inspect
import json
import os
import time
from datetime import datetime
from typing import Any, TypedDict, TypeGuard, cast
from uuid import UUID

import redis
import structlog
from flask import Flask
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from app.clock import now
from app.valkey import valkey
from tenants import outbox, unit_of_work
from tenants.context import Plane, Status, TenantRef
from tenants.database import db
from tenants.errors import NotHere, UnknownJob
from tenants.resolution import get_tenant
from tenants.unit_of_work import UnitOfWork

QUEUES = (outbox.DEFAULT_QUEUE, outbox.HEAVY_QUEUE, outbox.PROVISIONING_QUEUE)
SECONDS_A_DRAIN, SECONDS_A_HEAVY_DRAIN = 600, 3600
# Pages come first: a worker takes the processor only where nobody else wants it.
NICENESS = 10
DUE_LATER = "outbox:due"
_log = structlog.get_logger("kamu.queue")


class Envelope(TypedDict):
    """Whose outbox an entry is for. ``generation`` must still be the organisation's when the entry is taken out."""

    plane: str
    tenant: str | None
    generation: int
    queue: str


class WorkerApp:
    """The app that this worker process runs its entries in, and the queue it serves."""

    app: Flask | None = None
    pid: int = 0
    queue: str = ""


class Entry(Job):
    """An entry as a worker takes it out. RQ would run whatever function it names: here it is a drain, and no more."""

    func = property(lambda _: run_drain)
    success_callback = failure_callback = stopped_callback = property(lambda _: None)

    def send_webhooks(self, *_: object, **__: object) -> None:
        """Tell nobody."""


def init_app(app: Flask) -> None:
    """Tell the ground how jobs are found and what follows a commit."""
    outbox.JobNames.resolve = staticmethod(resolve_job)
    if _announce not in unit_of_work.after_commit:
        unit_of_work.after_commit.append(_announce)
    if _log_failure not in outbox.failure_listeners:
        outbox.failure_listeners.append(_log_failure)
    WorkerApp.app, WorkerApp.pid = app, os.getpid()


def resolve_job(name: str) -> outbox.Job:
    """Find ``feature.function`` in ``app.<feature>.jobs``, ``onboarding.jobs`` or ``tenants.jobs``."""
    feature, _, function = name.partition(".")
    home = f"{feature}.jobs" if feature in {"onboarding", "tenants"} else f"app.{feature}.jobs"
    try:
        job = getattr(importlib.import_module(home), function)
    except (ModuleNotFoundError, AttributeError) as error:
        raise UnknownJob(name) from error
    if function.startswith("_") or not inspect.isfunction(job) or _is_borrowed(job, home):
        raise UnknownJob(name)
    return cast("outbox.Job", job)


def _is_borrowed(job: outbox.Job, home: str) -> bool:
    """Tell whether a function of ours was only imported into the module of jobs."""
    return job.__module__ != home and job.__module__.startswith(("app.", "onboarding.", "tenants."))


def enqueue_drain(envelope: Envelope) -> None:
    """Put an entry at the queue's tail. Ids carry a counter: RQ's own uniqueness refuses entries it should take."""
    connection = valkey()
    queue = Queue(envelope["queue"], connection=connection, serializer=JSONSerializer)
    queue.enqueue_call(
        "app.queue.run_drain",
        kwargs={"envelope": envelope},
        job_id=f"drain-{connection.incr('outbox:entries')}",
        timeout=SECONDS_A_HEAVY_DRAIN if envelope["queue"] == outbox.HEAVY_QUEUE else SECONDS_A_DRAIN,
        result_ttl=0,
        failure_ttl=24 * 3600,
    )


def run_drain(envelope: Envelope) -> None:
    """Work off one outbox for one turn; what is left goes to the tail, or waits for its time."""
    app = WorkerApp.app
    if app is None:
        raise RuntimeError("drains run in a worker started by `kamu worker`")
    with app.app_context():
        _leave_parents_connections()
        if not _is_in_order(envelope):
            _log.error("entry_refused")
            return
        tenant = _addressee(envelope)
        if tenant is None and envelope["plane"] == Plane.TENANT:
            return
        due = outbox.drain(tenant, envelope["queue"])
        if due is not None:
            come_back(envelope, due)


def come_back(envelope: Envelope, due: datetime) -> None:
    """Have the outbox looked into again at ``due``, or at once when that has passed."""
    if due <= now():
        enqueue_drain(envelope)
    else:
        # Never later than was asked for before: that may be for another row.
        valkey().zadd(DUE_LATER, {json.dumps(envelope, sort_keys=True): due.timestamp()}, lt=True)


def enqueue_due() -> int:
    """Enqueue the drains whose time has come; returns how many."""
    ready = cast("list[bytes]", valkey().zrangebyscore(DUE_LATER, 0, time.time()))
    for member in ready:
        if valkey().zrem(DUE_LATER, member) and (envelope := _read(member)):
            enqueue_drain(envelope)
    return len(ready)


def _read(member: bytes) -> Envelope | None:
    try:
        envelope = json.loads(member)
    except ValueError:
        return None
    return envelope if _is_in_order(envelope, to_be_queued=True) else None


def _is_in_order(envelope: object, *, to_be_queued: bool = False) -> TypeGuard[Envelope]:
    """Tell whether an entry says just what ours say, and is for this worker's queue."""
    if not isinstance(envelope, dict) or set(envelope) != set(Envelope.__annotations__):
        return False
    if envelope["queue"] not in (QUEUES if to_be_queued or not WorkerApp.queue else (WorkerApp.queue,)):
        return False
    if envelope["plane"] == Plane.CONTROL:
        return envelope["tenant"] is None and envelope["generation"] == 0
    whose = (envelope["plane"], type(envelope["tenant"]), type(envelope["generation"]))
    return whose == (Plane.TENANT.value, str, int)


def envelope_for(tenant: TenantRef | None, queue: str = outbox.DEFAULT_QUEUE) -> Envelope:
    """Address an entry: to an organisation, or with None to the control plane."""
    if tenant is None:
        return {"plane": Plane.CONTROL.value, "tenant": None, "generation": 0, "queue": queue}
    return {
        "plane": Plane.TENANT.value,
        "tenant": str(tenant.id),
        "generation": tenant.generation,
        "queue": queue,
    }


def work(app: Flask, queue: str) -> None:
    """Serve one queue until told to stop. One, because listening to several loses a job when a worker dies."""
    if queue not in QUEUES:
        raise ValueError(f"there is no queue {queue}")
    WorkerApp.app, WorkerApp.pid, WorkerApp.queue = app, os.getpid(), queue
    os.nice(NICENESS)
    with app.app_context():
        connection = worker_connection(app)
        worker = Worker([queue], connection=connection, serializer=JSONSerializer, job_class=Entry)
        worker.work(logging_level="WARNING")


def worker_connection(app: Flask) -> redis.Redis:
    """Make a client for blocking reads: RQ sets their time limit itself, and waits for a server that is away."""
    return redis.Redis.from_url(app.config["KAMU"].redis_url, socket_connect_timeout=2)


def _addressee(envelope: Envelope) -> TenantRef | None:
    if envelope["tenant"] is None:
        return None
    try:
        tenant = get_tenant(UUID(envelope["tenant"]))
    except (NotHere, ValueError):
        return None
    is_valid = tenant.generation == envelope["generation"] and tenant.status in {Status.OPEN, Status.BUILDING}
    return tenant if is_valid and tenant.is_served else None


def _announce(work: UnitOfWork) -> None:
    """After a commit: ask for a drain. Should Valkey be away, the clock's sweep finds the rows."""
    for queue, due in work.queues.items():
        try:
            come_back(envelope_for(work.tenant, queue), due)
        except redis.RedisError as error:
            _log.warning("drain_not_announced", error=type(error).__name__)


def _leave_parents_connections() -> None:
    """After a fork, drop the parent's connections without closing them: two processes must not share one."""
    if os.getpid() != WorkerApp.pid:
        for engine in db.engines.values():
            engine.dispose(close=False)
        WorkerApp.pid = os.getpid()


def _log_failure(job: str, tenant: TenantRef | None, error: Exception, lost: Any) -> None:
    organisation = str(tenant.id) if tenant else None
    _log.error("job_failed", job=job, organisation=organisation, lost=lost, exc_info=error)
