"""E-mail domains that are an organisation's own, proved by a DNS record: people find its address by their own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import Address, ControlBase, TenantBase, Word, new_id


class Domain(TenantBase):
    """A domain that somebody says is theirs. `token` is the text that its DNS record has to hold.

    `verified_at`: since when it counts as theirs; `checked_at`: when the record was last looked for; `lost_at`: since
    when it is missing. After seven days of that it does not count any more.
    `connection_id`: people of this domain sign in by that connection; null for any.
    """

    __tablename__ = "domain"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[Address] = mapped_column(unique=True)
    token: Mapped[Word]
    connection_id: Mapped[UUID | None] = mapped_column(ForeignKey("connection.id"))
    verified_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class EmailDomain(ControlBase):
    """A verified domain of an organisation, as its start host knows it. One domain may be several organisations'."""

    __tablename__ = "email_domain"

    name: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    verified_at: Mapped[datetime]


class PlaceSearch(ControlBase):
    """Somebody asked at the start host where their organisation's Kamu is; answered by mail, and gone after a day."""

    __tablename__ = "place_search"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
