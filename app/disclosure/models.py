"""Figures about people as they were once shown: they never change afterwards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, new_id


class FrozenFigure(TenantBase):
    """One figure in one fixed cut for one month, as shown to everybody who may see it. Never changed.

    `month`: its first day; `value`: what the page shows, already without what may not be shown.
    """

    __tablename__ = "frozen_figure"
    __table_args__ = (UniqueConstraint("name", "cut", "month"), {"info": {"grants": "SELECT, INSERT"}})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    cut: Mapped[str]
    month: Mapped[date]
    value: Mapped[dict[str, Any]]
    frozen_at: Mapped[datetime]
