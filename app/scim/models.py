"""The organisation's own directory at work here: its tokens and its groups. Its users are those of `app.people`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, Word, new_id

LONGEST_GROUP_NAME = 255
LONGEST_EXTERNAL_ID = 128


class ScimToken(TenantBase):
    """A bearer token of a provisioning client; only its digest is kept. Two may live at once, to change over."""

    __tablename__ = "scim_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    label: Mapped[Word]
    digest: Mapped[Word]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ScimGroup(TenantBase):
    """A group of the organisation's directory. `role`: what its members get in Kamu, never owner or member."""

    __tablename__ = "scim_group"
    __table_args__ = (
        CheckConstraint(
            "role IN ('programme_lead', 'it_contact', 'billing_contact', 'employee_representative')", name="role"
        ),
        CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    display_name: Mapped[str] = mapped_column(String(LONGEST_GROUP_NAME))
    external_id: Mapped[str | None] = mapped_column(String(LONGEST_EXTERNAL_ID))
    role: Mapped[Word | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ScimGroupMember(TenantBase):
    """Somebody in a group."""

    __tablename__ = "scim_group_member"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("scim_group.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
