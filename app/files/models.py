"""Files as rows of the organisation: web and worker share no disk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id

CHUNK = 1024 * 1024


class StoredFile(TenantBase):
    """One file. Its bytes are in chunks of 1 MiB; nothing reads it after `expires_at`."""

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        Index(None, "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class FileChunk(TenantBase):
    """One part of a file; `place` counts from 0."""

    __tablename__ = "file_chunk"
    __table_args__ = (
        UniqueConstraint("file_id", "place"),
        CheckConstraint("place >= 0", name="place"),
        CheckConstraint("octet_length(data) <= 1048576", name="data"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"))
    place: Mapped[int]
    data: Mapped[bytes]
