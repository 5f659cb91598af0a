"""Work that was given up: seen and tried again by operators."""

from sqlalchemy import func, select, update

from tenants.context import TenantRef
from tenants.models import utc_now
from tenants.outbox import model_of, plane_work


def count_dead(tenant: TenantRef | None) -> dict[tuple[str, str], int]:
    """Count the rows at rest by (job, error's name), of one organisation or of the control plane."""
    model = model_of(tenant)
    dead = (
        select(model.job, model.error, func.count()).where(model.dead_at.is_not(None)).group_by(model.job, model.error)
    )
    with plane_work(tenant) as opened:
        return {(job, error or ""): count for job, error, count in opened.execute(dead.order_by(model.job))}


def retry_dead(tenant: TenantRef | None) -> int:
    """Have every row at rest tried again from the beginning; returns how many."""
    model = model_of(tenant)
    again = update(model).where(model.dead_at.is_not(None)).values(dead_at=None, attempts=0, due_at=utc_now())
    with plane_work(tenant) as opened:
        return int(opened.execute(again).rowcount)
