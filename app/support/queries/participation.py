"""How many take part in an organisation, as staff may know it: what its lead sees, taken over by a job."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from tenants.models import TenantProgress
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Participation:
    """A month's figures; None is fewer than five, or too nearly everybody."""

    month: date
    wants: int | None
    kamus: int | None


def find_participation(tenant_id: UUID) -> Participation | None:
    """Find the newest month; None before the first count."""
    figures = session().scalar(select(TenantProgress.figures).where(TenantProgress.tenant_id == tenant_id))
    if not figures:
        return None
    return Participation(date.fromisoformat(figures["month"]), figures["wants"], figures["kamus"])
