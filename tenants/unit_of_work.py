"""The only commit. One unit of work writes one plane and one tenant."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import DeclarativeBase, Session

from tenants.context import Door, Plane, TenantRef
from tenants.database import CONTROL, CONTROL_READER, CONTROL_ROLE, KEYS, door_engine
from tenants.errors import AlreadyInUnitOfWork, ForeignPlane, NoUnitOfWork
from tenants.models import ControlBase, KeysBase, TenantBase

STATEMENT_TIMEOUT_MS = 15_000
JOB_STATEMENT_TIMEOUT_MS = 120_000
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

BASES: dict[Plane, type[DeclarativeBase]] = {
    Plane.CONTROL: ControlBase,
    Plane.TENANT: TenantBase,
    Plane.KEYS: KeysBase,
}


@dataclass(slots=True)
class UnitOfWork:
    """An open transaction, whose it is, and when the earliest work it left in its outbox is due."""

    plane: Plane
    tenant: TenantRef | None
    session: Session
    queues: dict[str, datetime] = field(default_factory=dict)


class PlaneSession(Session):
    """A session of one plane and one organisation: it takes no row of another one, and nothing once it is closed."""

    def merge(self, instance: Any, **_: Any) -> Any:
        """Refuse: a copy of a row that was read somewhere else would be written here."""
        raise ForeignPlane(f"{type(instance).__name__} belongs to the unit of work that read it")


@event.listens_for(PlaneSession, "before_attach")
def _refuse_rows_from_elsewhere(_: Session, row: object) -> None:
    if inspect(row).has_identity:
        raise ForeignPlane(f"{type(row).__name__} belongs to the unit of work that read it")


@event.listens_for(PlaneSession, "before_flush")
def _refuse_other_planes(opened: Session, *_: object) -> None:
    base = BASES[opened.info["plane"]]
    for row in [*opened.new, *opened.dirty, *opened.deleted]:
        if not isinstance(row, base):
            raise ForeignPlane(f"{type(row).__name__} does not live in the {opened.info['plane']} plane")


_current: ContextVar[UnitOfWork | None] = ContextVar("unit_of_work", default=None)

# Called after a commit that left work in an outbox; set by whoever runs the queue.
after_commit: list[Callable[[UnitOfWork], None]] = []


def session() -> Session:
    """Return the session of the current unit of work.

    Raises:
        NoUnitOfWork: there is none, so no organisation and no plane is meant.

    """
    return current().session


def current() -> UnitOfWork:
    """Return the current unit of work, or raise ``NoUnitOfWork``."""
    work = _current.get()
    if work is None:
        raise NoUnitOfWork("no unit of work is open here")
    return work


@contextmanager
def tenant_work(tenant: TenantRef, *, timeout_ms: int | None = None) -> Iterator[Session]:
    """Read and write one organisation's schema; commits when the block ends well, else rolls back.

    A statement may take ``timeout_ms``, else what the organisation was given, else what everybody has.
    """
    door = Door(tenant.schema, tenant.role, timeout_ms or tenant.statement_ms or STATEMENT_TIMEOUT_MS)
    with _work(Plane.TENANT, tenant, _session(tenant.cell, door, Plane.TENANT)) as opened:
        yield opened


@contextmanager
def control_work(*, timeout_ms: int = STATEMENT_TIMEOUT_MS) -> Iterator[Session]:
    """Read and write the control schema; commits when the block ends well, else rolls back."""
    door = Door("control", CONTROL_ROLE, timeout_ms)
    with _work(Plane.CONTROL, None, _session(CONTROL, door, Plane.CONTROL)) as opened:
        yield opened


@contextmanager
def reading_control() -> Iterator[Session]:
    """Read the control schema on a connection of its own, also from inside an organisation's unit of work.

    The role may only SELECT; nothing is committed.
    """
    door = Door("control", CONTROL_READER, STATEMENT_TIMEOUT_MS)
    with _session(CONTROL, door, Plane.CONTROL) as opened:
        yield opened


@contextmanager
def keys_work(login: str) -> Iterator[Session]:
    """Read and write the keys plane on its own login; committed at once, before what the key will close.

    For ``app.vault`` alone.
    """
    opened = _session(KEYS, Door("keys", login, STATEMENT_TIMEOUT_MS), Plane.KEYS)
    with opened, opened.begin():
        yield opened


@contextmanager
def tenant_snapshot(tenant: TenantRef, *, timeout_ms: int = JOB_STATEMENT_TIMEOUT_MS) -> Iterator[Session]:
    """Read one organisation's schema as it is at one moment, on a connection of its own; ``session()`` means this one.

    Also from inside a unit of work of the same organisation, which goes on afterwards. Nothing can be written.

    Raises:
        AlreadyInUnitOfWork: the open unit of work is not this organisation's.

    """
    around = _current.get()
    if around is not None and (around.tenant is None or around.tenant.id != tenant.id):
        raise AlreadyInUnitOfWork("a unit of work of somebody else is open: it reads one plane and one tenant")
    opened = _session(tenant.cell, Door(tenant.schema, tenant.role, timeout_ms), Plane.TENANT, **_SNAPSHOT)
    token = _current.set(UnitOfWork(Plane.TENANT, tenant, opened))
    try:
        with opened:
            yield opened
    finally:
        _current.reset(token)


def _session(engine: str, door: Door, plane: Plane, **options: Any) -> Session:
    bind = door_engine(engine, door).execution_options(**options)
    return PlaneSession(bind=bind, expire_on_commit=False, close_resets_only=False, info={"plane": plane})


@contextmanager
def _work(plane: Plane, tenant: TenantRef | None, opened: Session) -> Iterator[Session]:
    if _current.get() is not None:
        raise AlreadyInUnitOfWork("a unit of work is open already: it writes one plane and one tenant")
    work = UnitOfWork(plane, tenant, opened)
    token = _current.set(work)
    try:
        with opened:
            yield opened
            opened.commit()
    finally:
        _current.reset(token)
    if work.queues:
        for tell in after_commit:
            tell(work)
