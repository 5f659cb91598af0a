"""The time that an organisation promises for Kamu."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id


class TimePolicy(TenantBase):
    """The organisation's one promise of time. Times are minutes a month.

    `core_time_percent`: share of working time for things other than customer work; null when there is no such share.
    `kamu_minutes`: a Kamu's time for each Kaveri; `kaveri_minutes`: a Kaveri's own; `ring_minutes`: a Kamu's time with
    the other Kamus; `places`: how many Kaveris a Kamu has room for unless they say otherwise.
    """

    __tablename__ = "time_policy"
    __table_args__ = (
        CheckConstraint("slot = 1", name="only_one"),
        CheckConstraint("core_time_percent BETWEEN 0 AND 100", name="core_time"),
        CheckConstraint("kamu_minutes > 0 AND kaveri_minutes > 0 AND ring_minutes >= 0", name="minutes"),
        CheckConstraint("places BETWEEN 1 AND 5", name="places"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    core_time_percent: Mapped[int | None]
    kamu_minutes: Mapped[int]
    kaveri_minutes: Mapped[int]
    ring_minutes: Mapped[int]
    places: Mapped[int] = mapped_column(default=3)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]
