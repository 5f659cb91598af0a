"""What an owner comes in with when the organisation's own sign-in does not work: a passkey, or codes on paper."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, Word, new_id


class AccountPasskey(TenantBase):
    """A passkey of an account."""

    __tablename__ = "account_passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[Word]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RescueCode(TenantBase):
    """One of a set of one-use codes. Only a digest is kept; a new set replaces the old one."""

    __tablename__ = "rescue_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    digest: Mapped[Word]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
