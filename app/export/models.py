"""Exports that owners asked for."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class OrganisationExport(TenantBase):
    """One archive: who asked, when, and the file while it is kept. `counts` tells rows by the file's name."""

    __tablename__ = "organisation_export"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[str] = mapped_column(default=ExportState.WAITING.value)
    asked_at: Mapped[datetime]
    snapshot_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), index=True)
    sha256: Mapped[str | None]
    counts: Mapped[dict[str, Any] | None]
