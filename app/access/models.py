"""Who can come in: accounts, and the roles given to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, Word, new_id


class Account(TenantBase):
    """Somebody who can sign in. ``person_id`` is set for those in the directory; an owner may be an account alone.

    `came_in_at`: the first time; shown of those who hold a role they were invited to, and of nobody else.
    `sessions_end_at`: sessions that began before it are over. `notice_version`: the privacy notice they have read.
    `private_address`: sealed in the person's own space, for one mail after they have left.
    `offered_by`: the owner who offers them the ownership, `offered_until` when; `offerer_stays`: an owner as well.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    came_in_at: Mapped[datetime | None]
    sessions_end_at: Mapped[datetime | None]
    notice_version: Mapped[int | None]
    notice_read_at: Mapped[datetime | None]
    private_address: Mapped[bytes | None]
    offered_by: Mapped[UUID | None]
    offered_until: Mapped[datetime | None]
    offerer_stays: Mapped[bool | None]


class RoleGrant(TenantBase):
    """One role of one account; `group_id` is the provisioned group that gives it, and that takes it away again.

    One that is `asleep` was given to an address, and opens nothing until whoever signs in by the account has shown that
    the mailbox is theirs: the directory, which somebody else writes, may have put the address there.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "role"),
        CheckConstraint(
            "role IN ('owner', 'programme_lead', 'it_contact', 'billing_contact', 'employee_representative', 'member')",
            name="role",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    group_id: Mapped[UUID | None]
    role: Mapped[Word]
    asleep: Mapped[bool | None]
    granted_at: Mapped[datetime]
