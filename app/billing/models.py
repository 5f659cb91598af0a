"""Seats, in each organisation's own plane; what is known of its plan at the payment service, in the control plane.

Only counts cross from the one to the other: the control plane never learns whose seats they are.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import ControlBase, TenantBase, Word, new_id

LIVE = ("trialing", "active", "past_due", "unpaid", "paused")
_STATUSES = (*LIVE, "incomplete", "incomplete_expired", "canceled")


class Plan(StrEnum):
    """How an organisation pays; also the price's lookup key at the payment service, after ``kamu_seat_``."""

    MONTHLY = "monthly"
    YEARLY = "yearly"


class SeatCounter(TenantBase):
    """The one row under whose lock seats are counted. ``number`` and ``seats`` are the last event's."""

    __tablename__ = "seat_counter"
    __table_args__ = (CheckConstraint("slot = 1", name="only_one"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    number: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int] = mapped_column(default=0)
    launched_at: Mapped[datetime | None]
    settled_seats: Mapped[int | None]
    settled_on: Mapped[date | None]


class SeatEvent(TenantBase):
    """One person got a seat (+1) or gave it back (-1). Never changed: the role may only read and add.

    ``turn`` counts a person's events from 1; odd ones give a seat, even ones take it, so nobody can hold two. There is
    no foreign key to the person: the ledger stays right when somebody leaves the directory.
    """

    __tablename__ = "seat_event"
    __table_args__ = (
        UniqueConstraint("person_id", "turn"),
        CheckConstraint("delta IN (-1, 1) AND (delta = 1) = (turn & 1 = 1)", name="one_seat"),
        CheckConstraint("turn > 0 AND number > 0 AND seats_after >= 0", name="counts"),
        CheckConstraint("reason IN ('launch', 'began', 'ended', 'removed', 'postponed')", name="reason"),
        Index(None, "recorded_at"),
        {"info": {"grants": "SELECT, INSERT"}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    person_id: Mapped[UUID]
    turn: Mapped[int]
    delta: Mapped[int]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    reason: Mapped[Word]
    actor_kind: Mapped[Word]
    operation_id: Mapped[Word] = mapped_column(unique=True)
    seats_after: Mapped[int]


class SeatDay(TenantBase):
    """The seats of one day in the organisation's time zone: at its end, and the most at any time."""

    __tablename__ = "seat_day"
    __table_args__ = (CheckConstraint("end_of_day >= 0 AND peak >= end_of_day", name="peak"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    end_of_day: Mapped[int]
    peak: Mapped[int]


class PlanChoice(TenantBase):
    """Which plan the owner chose, and what came back of it: ``status`` is the payment service's word, or None."""

    __tablename__ = "plan_choice"
    __table_args__ = (
        CheckConstraint("slot = 1", name="only_one"),
        CheckConstraint("plan IN ('monthly', 'yearly')", name="plan"),
        CheckConstraint(f"status IN {_STATUSES}", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    choice_id: Mapped[UUID]
    plan: Mapped[Word]
    chosen_at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    returned_at: Mapped[datetime | None]
    status: Mapped[Word | None]
    status_at: Mapped[datetime | None]


class BillingAccount(ControlBase):
    """One organisation as the payment service's customer, and how far its seats are told there.

    ``desired`` is the ledger's count at ``ledger_number``. ``version`` numbers the questions put to the service;
    ``asked_quantity`` and ``prorate_at`` are what was asked, kept so that asking again is the same question;
    ``answered_at`` is None while the answer is owed.
    """

    __tablename__ = "billing_account"
    __table_args__ = (CheckConstraint("version >= 0 AND desired >= 0", name="counts"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    customer_ref: Mapped[str | None] = mapped_column(unique=True)
    choice_id: Mapped[UUID | None]
    checkout_ref: Mapped[str | None]
    checkout_url: Mapped[str | None]
    checkout_plan: Mapped[str | None]
    launched_at: Mapped[datetime | None]
    desired: Mapped[int | None]
    ledger_number: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    asked_quantity: Mapped[int | None]
    asked_at: Mapped[datetime | None]
    prorate_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    preview: Mapped[dict[str, Any] | None]
    preview_at: Mapped[datetime | None]

    @property
    def is_owed_an_answer(self) -> bool:
        """Whether something was asked that the payment service has not answered."""
        return self.asked_quantity is not None and self.answered_at is None


class Subscription(ControlBase):
    """Mirror of a subscription at the payment service, as it was at ``mirrored_at``. Money is in minor units."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint(f"status IN {_STATUSES}", name="status"),
        CheckConstraint("plan IN ('monthly', 'yearly')", name="plan"),
        Index("uq_subscription_live", "tenant_id", unique=True, postgresql_where=text(f"status IN {LIVE}")),
        Index(None, "tenant_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"))
    ref: Mapped[str] = mapped_column(unique=True)
    item_ref: Mapped[str]
    plan: Mapped[str]
    status: Mapped[str]
    quantity: Mapped[int]
    unit_amount: Mapped[int]
    currency: Mapped[str]
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    trial_end: Mapped[datetime | None]
    mirrored_at: Mapped[datetime]

    @property
    def is_live(self) -> bool:
        """Whether it stands: paid for, on trial, or late."""
        return self.status in LIVE
