"""What a person chose about taking part, and with whom they would rather not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id


class Participation(TenantBase):
    """One person's choices; no row means "not now". Also the row that is locked while a pair of theirs begins.

    `topics`, `languages`, `ways`: keys of `policies`; languages are ISO 639-1 codes. `introduction`: a Kamu's own
    words, read by the few they are suggested to, and by all members when `lists_self`.
    """

    __tablename__ = "participation"
    __table_args__ = (CheckConstraint("places BETWEEN 0 AND 5", name="places"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    wants_kamu: Mapped[bool] = mapped_column(default=False)
    offers_kamu: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int] = mapped_column(default=0)
    introduction: Mapped[str] = mapped_column(default="")
    lists_self: Mapped[bool] = mapped_column(default=False)
    topics: Mapped[list[Any]] = mapped_column(default=list)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    ways: Mapped[list[Any]] = mapped_column(default=list)
    chosen_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Veto(TenantBase):
    """One person would rather not be paired with another. Nobody but the first ever learns of it."""

    __tablename__ = "veto"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="another"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
