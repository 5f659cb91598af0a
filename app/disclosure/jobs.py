"""Counting, and telling staff what they may know. Each may run twice; the envelope says in whose plane."""

from datetime import date
from uuid import UUID

from app.clock import now
from app.disclosure import actions


def freeze_month() -> None:
    """Tenant: count the month when its day has come."""
    actions.freeze_month(now=now())


def record_figures(*, tenant_id: str, month: str, wants: int | None, kamus: int | None) -> None:
    """Control: keep what an organisation's month says of participation."""
    actions.record_figures(tenant_id=UUID(tenant_id), month=date.fromisoformat(month), wants=wants, kamus=kamus)
