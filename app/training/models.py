"""What a person has read and written in Kamu training, and where the organisation says help is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id


class TrainingPlan(TenantBase):
    """The organisation's one decision on training: somebody has read the module and offers it."""

    __tablename__ = "training_plan"
    __table_args__ = (CheckConstraint("slot = 1", name="only_one"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class HelpContact(TenantBase):
    """Somebody to turn to when a peer is not enough: occupational health, a shop steward. Shown to every member."""

    __tablename__ = "help_contact"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    detail: Mapped[str]
    position: Mapped[int]


class TrainingRecord(TenantBase):
    """How far one person is with one module. What they wrote is sealed in their own space."""

    __tablename__ = "training_record"
    __table_args__ = (UniqueConstraint("person_id", "module"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    module: Mapped[str]
    sections_read: Mapped[list[Any]] = mapped_column(default=list)
    first_exercise: Mapped[bytes | None]
    second_exercise: Mapped[bytes | None]
    reflection: Mapped[bytes | None]
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
