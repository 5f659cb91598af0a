"""Pairs and what the two keep together. What must hold when two act at once is held by constraints."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, Word, new_id


class PairState(StrEnum):
    """How a pair stands. A paused pair keeps its place with the Kamu.

    One rests while one of the two has no access: nobody of the two chose that, and nothing of it is lost.
    """

    LIVE = "live"
    PAUSED = "paused"
    RESTING = "resting"
    ENDED = "ended"


LASTING = text("state IN ('live', 'paused', 'resting')")


class Pair(TenantBase):
    """One Kamu and one Kaveri; who paused or ended is not stored.

    `low_id` and `high_id` are the same two in order, so that neither order is a second pair. A Kamu's `place_no` is
    taken while the pair lasts; a Kaveri has one Kamu at a time. A resting pair that was paused keeps `paused_at`.
    """

    __tablename__ = "pair"
    __table_args__ = (
        CheckConstraint("state IN ('live', 'paused', 'resting', 'ended')", name="state"),
        CheckConstraint("low_id = least(kamu_id, kaveri_id) AND high_id = greatest(kamu_id, kaveri_id)", name="order"),
        CheckConstraint("low_id < high_id", name="two"),
        CheckConstraint("place_no BETWEEN 1 AND 5", name="place_no"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint(
            "(state <> 'paused' OR paused_at IS NOT NULL) AND (state IN ('paused', 'resting') OR paused_at IS NULL)",
            name="paused",
        ),
        CheckConstraint("(state = 'resting') = (rested_at IS NOT NULL)", name="resting"),
        Index("uq_pair_lasting_two", "low_id", "high_id", unique=True, postgresql_where=LASTING),
        Index("uq_pair_lasting_place", "kamu_id", "place_no", unique=True, postgresql_where=LASTING),
        Index("uq_pair_lasting_kaveri", "kaveri_id", unique=True, postgresql_where=LASTING),
        Index(None, "kamu_id"),
        Index(None, "kaveri_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kamu_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kaveri_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    low_id: Mapped[UUID]
    high_id: Mapped[UUID]
    place_no: Mapped[int]
    state: Mapped[Word] = mapped_column(default=PairState.LIVE.value)
    began_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    rested_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Meeting(TenantBase):
    """A time the two agreed on. `place` is sealed in the pair's space."""

    __tablename__ = "meeting"
    __table_args__ = (Index(None, "pair_id", "begins_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    author_id: Mapped[UUID]
    begins_at: Mapped[datetime]
    place: Mapped[bytes | None]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Note(TenantBase):
    """A line for the agenda or a note, sealed in the pair's space. After the end each reads only their own."""

    __tablename__ = "note"
    __table_args__ = (CheckConstraint("kind IN ('agenda', 'note')", name="kind"), Index(None, "pair_id", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pair_id: Mapped[UUID] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    author_id: Mapped[UUID]
    kind: Mapped[str]
    text: Mapped[bytes]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
