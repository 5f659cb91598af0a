"""The way of an organisation to its erasure, in control; what its own people are told, in its schema."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import ControlBase, TenantBase, Word, new_id, utc_now

NOTICE_READ = "closing_notice"  # where a request's session keeps what its pages tell of a closing


class ClosingState(StrEnum):
    """Where a closing stands. Each step is resumed by the clock; from `SUSPENDED` on nothing brings it back."""

    ASKED = "asked"
    GRACE = "grace"
    SUSPENDED = "suspended"
    KEYS_DESTROYED = "keys_destroyed"
    RECEIPTS_SENT = "receipts_sent"
    ERASED = "erased"
    CANCELLED = "cancelled"


class Closing(ControlBase):
    """One request to erase an organisation. Names nobody of it: who asked is known there, by `asked_by`'s account.

    `due_at` is set by the second approval, `begun_at` when the erasure has begun. `receipts` and `bounced` count mails,
    not people's names.
    """

    __tablename__ = "closing"
    __table_args__ = (
        CheckConstraint(
            "state IN ('asked', 'grace', 'suspended', 'keys_destroyed', 'receipts_sent', 'erased', 'cancelled')",
            name="state",
        ),
        CheckConstraint("asked_by_kind IN ('owner', 'operator')", name="asked_by_kind"),
        Index("uq_closing_live", "tenant_id", unique=True, postgresql_where=text("state <> 'cancelled'")),
        Index(None, "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"))
    asked_by_kind: Mapped[str]
    asked_by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=ClosingState.ASKED.value)
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    approved_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    keys_destroyed_at: Mapped[datetime | None]
    moved_at: Mapped[datetime] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)
    receipts: Mapped[int] = mapped_column(default=0)
    bounced: Mapped[int] = mapped_column(default=0)


class ClosingApproval(ControlBase):
    """One of Nitor's staff says yes to a closing; it takes two different people."""

    __tablename__ = "closing_approval"
    __table_args__ = (UniqueConstraint("closing_id", "staff_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    closing_id: Mapped[UUID] = mapped_column(ForeignKey("closing.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    approved_at: Mapped[datetime] = mapped_column(default=utc_now)


class ClosingNotice(TenantBase):
    """What the organisation's own pages say of its closing; one row or none, gone when it is called off."""

    __tablename__ = "closing_notice"
    __table_args__ = (
        UniqueConstraint("slot"),
        CheckConstraint("slot = 1", name="slot"),
        CheckConstraint("state IN ('asked', 'grace')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(default=1)
    closing_id: Mapped[UUID]
    state: Mapped[Word]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]


class Farewell(TenantBase):
    """One mail about a closing to one person: at once, a week before, when it is called off, or after the erasure."""

    __tablename__ = "farewell"
    __table_args__ = (
        UniqueConstraint("closing_id", "kind", "email"),
        CheckConstraint("kind IN ('notice', 'reminder', 'called_off', 'receipt')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    closing_id: Mapped[UUID]
    kind: Mapped[str]
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    sent_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
