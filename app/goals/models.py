"""Goals and how they go. Both are sealed in their owner's own space."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id


class How(StrEnum):
    """How a goal goes, in the words of whoever owns it."""

    WELL = "well"
    SLOWLY = "slowly"
    STUCK = "stuck"
    LET_GO = "let_go"


class Goal(TenantBase):
    """One goal of one person. `told_pair_id`: the pair whose Kamu may read it while the pair is live."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'reached', 'let_go')", name="state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        Index(None, "owner_id"),
        Index(None, "told_pair_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    line: Mapped[bytes]
    look_back_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    told_pair_id: Mapped[UUID | None] = mapped_column(ForeignKey("pair.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class FollowUp(TenantBase):
    """One look at a goal: how it goes, and a line if wanted."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("how IN ('well', 'slowly', 'stuck', 'let_go')", name="how"),
        Index(None, "goal_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    how: Mapped[str]
    line: Mapped[bytes | None]
    created_at: Mapped[datetime]
