"""Declarative bases of the planes, and the control plane's own tables.

Models carry no schema: the door decides which one a transaction sees.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tenants.context import Status

# A table of none but short columns needs no second one for what is long: two relations fewer for each organisation.
Word = Annotated[str, mapped_column(String(64))]
Address = Annotated[str, mapped_column(String(254))]
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
COLUMN_TYPES: dict[Any, Any] = {
    str: Text,
    int: BigInteger,
    bytes: LargeBinary,
    datetime: DateTime(timezone=True),
    UUID: Uuid,
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
}


def new_id() -> UUID:
    """Make a row's key: UUIDv7, so that indexes grow at one end. Made here: Python 3.11 has none."""
    return uuid_utils.compat.uuid7()


def utc_now() -> datetime:
    """Tell the time of a row's making, aware and in UTC."""
    return datetime.now(UTC)


class ControlBase(DeclarativeBase):
    """Tables that name organisations and Nitor's staff; never people of an organisation."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = COLUMN_TYPES


class TenantBase(DeclarativeBase):
    """Tables that each organisation has for itself, in its own schema."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = COLUMN_TYPES


class KeysBase(DeclarativeBase):
    """Wrapped data keys, apart from what they open."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = COLUMN_TYPES


class Cell(ControlBase):
    """One database that holds organisations, at most 2,000."""

    __tablename__ = "cell"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(CheckConstraint("kind IN ('postgres', 'citus')", name="kind"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Tenant(ControlBase):
    """One customer organisation. Its schema and role names are opaque and never used again.

    `request_limit` (requests in flight in one process) and `statement_ms` replace the limits that hold for everybody.
    `ownerless_since`: it was noticed then that no owner can come in any more.
    Once erased, the row is the tombstone: it keeps ids and times, and its address name is given to nobody else.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("status IN ('building', 'open', 'suspended', 'erased')", name="status"),
        CheckConstraint("generation > 0", name="generation"),
        CheckConstraint("request_limit > 0", name="request_limit"),
        CheckConstraint("statement_ms >= 100", name="statement_ms"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    schema_name: Mapped[str] = mapped_column(unique=True)
    role_name: Mapped[str] = mapped_column(unique=True)
    cell_id: Mapped[str] = mapped_column(ForeignKey("cell.id"), index=True)
    status: Mapped[str] = mapped_column(default=Status.BUILDING.value)
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    opened_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    request_limit: Mapped[int | None]
    statement_ms: Mapped[int | None]
    ownerless_since: Mapped[datetime | None]


class TenantSlot(ControlBase):
    """A blank, finished schema waiting for an organisation: the warm pool."""

    __tablename__ = "tenant_slot"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    schema_name: Mapped[str] = mapped_column(unique=True)
    role_name: Mapped[str] = mapped_column(unique=True)
    cell_id: Mapped[str] = mapped_column(ForeignKey("cell.id"), index=True)
    revision: Mapped[str]
    built_at: Mapped[datetime] = mapped_column(default=utc_now)


class TenantRevision(ControlBase):
    """Mirror of each schema's own version row; the truth stays in the schema.

    `served_by`: the revisions at whose head an application works with this schema too, besides its own.
    `error`: the name of what stopped the last try, null after one that went well.
    """

    __tablename__ = "tenant_revision"

    schema_name: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[str]
    migrated_at: Mapped[datetime]
    served_by: Mapped[list[Any] | None]
    error: Mapped[str | None]
    failed_at: Mapped[datetime | None]


class MigrationRun(ControlBase):
    """One run over the fleet: how far it came, and how it ended."""

    __tablename__ = "migration_run"
    __table_args__ = (CheckConstraint("state IN ('running', 'done', 'stopped')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    head: Mapped[str]
    state: Mapped[str]
    workers: Mapped[int]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None]


class RetiredSchema(ControlBase):
    """A schema that no organisation has any more and that waits to be dropped; its names are never used again."""

    __tablename__ = "retired_schema"
    __table_args__ = (CheckConstraint("reason IN ('restored', 'erased', 'drilled')", name="reason"),)

    schema_name: Mapped[str] = mapped_column(primary_key=True)
    role_name: Mapped[str]
    cell_id: Mapped[str] = mapped_column(ForeignKey("cell.id"), index=True)
    tenant_id: Mapped[UUID | None]
    reason: Mapped[str]
    retired_at: Mapped[datetime] = mapped_column(default=utc_now)
    drop_after: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class TenantProgress(ControlBase):
    """How far an organisation's set-up is, in counts and states only: what Nitor's staff may see without a visit.

    `figures`: the newest month of how many take part, as its lead sees it: null where that is fewer than five.
    """

    __tablename__ = "tenant_progress"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    steps: Mapped[dict[str, Any]]
    people_range: Mapped[str | None]
    launch_on: Mapped[datetime | None]
    launched_at: Mapped[datetime | None]
    as_of: Mapped[datetime]
    figures: Mapped[dict[str, Any] | None]


class ControlOutbox(ControlBase):
    """Work to be done after a control transaction; deleted when done, kept with its error when it can't be."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due_at", "due_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    job: Mapped[str]
    args: Mapped[dict[str, Any]]
    queue: Mapped[str]
    tenant_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    dead_at: Mapped[datetime | None]


class TenantOutbox(TenantBase):
    """Work to be done after an organisation's transaction, in its own plane or (``plane``) in control.

    `queue`: which worker does it; null is the default one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due_at", "due_at", "id"),
        CheckConstraint("plane IN ('tenant', 'control')", name="plane"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    job: Mapped[str]
    args: Mapped[dict[str, Any]]
    plane: Mapped[str]
    queue: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    dead_at: Mapped[datetime | None]


class Backfill(TenantBase):
    """How far a piece of work over an organisation's own rows is; `cursor` is where its next batch begins."""

    __tablename__ = "backfill"

    name: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[dict[str, Any] | None]
    rows: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None]
