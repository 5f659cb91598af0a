"""The organisation's rules for pairs, and what Kaveris asked of Kamus."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, Word, new_id


class MatchingRules(TenantBase):
    """The organisation's one set of switches; each that is on leaves out pairs. No row means all are on, undecided.

    Always on, and so not here: both are volunteers, not one's own superior, room with the Kamu, private wishes.
    """

    __tablename__ = "matching_rules"
    __table_args__ = (CheckConstraint("slot = 1", name="only_one"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    only_trained: Mapped[bool] = mapped_column(default=True)
    not_skip_level: Mapped[bool] = mapped_column(default=True)
    not_same_supervisor: Mapped[bool] = mapped_column(default=True)
    not_same_unit: Mapped[bool] = mapped_column(default=True)
    shared_language: Mapped[bool] = mapped_column(default=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class Ask(TenantBase):
    """A Kaveri asked a Kamu.

    `closed` is every kind of no: declined, taken back, unanswered, full. They are not told apart, so that no page can.
    """

    __tablename__ = "ask"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'yes', 'closed')", name="state"),
        CheckConstraint("kaveri_id <> kamu_id", name="another"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        Index("uq_ask_open", "kaveri_id", unique=True, postgresql_where=text("state = 'open'")),
        Index(None, "kamu_id"),
        Index(None, "kaveri_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kaveri_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kamu_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[Word] = mapped_column(default="open")
    asked_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
