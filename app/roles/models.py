"""The way back for an organisation that has no owner left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import ControlBase, new_id


class OwnerRecovery(ControlBase):
    """A signed request to make somebody owner: two of Nitor's people, seven days in which every role is told.

    `reference`: where the signed request is kept, outside of Kamu. `opens_at`: when the link to the new owner leaves.
    """

    __tablename__ = "owner_recovery"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (opens_at IS NULL)", name="approved"),
        Index(
            "uq_owner_recovery_under_way",
            "tenant_id",
            unique=True,
            postgresql_where=text("done_at IS NULL AND called_off_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"))
    email: Mapped[str]
    name: Mapped[str]
    reference: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    asked_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    opens_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
