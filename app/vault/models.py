"""Wrapped keys. What they open lives elsewhere; destroying a wrap ends what it opened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import KeysBase, utc_now


class TenantKey(KeysBase):
    """An organisation's key, wrapped by the master key."""

    __tablename__ = "tenant_key"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class SpaceKey(KeysBase):
    """The data key of one space, wrapped by its organisation's key."""

    __tablename__ = "space_key"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
