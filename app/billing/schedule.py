"""What billing does by the clock, outside any unit of work."""

from sqlalchemy import select

from app.billing.actions.choose_plan import refresh_everybody
from app.schedule import every
from tenants.context import Status
from tenants.models import Tenant, TenantProgress
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

AN_HOUR, A_NIGHT = 3600, 24 * 3600


def init_app() -> None:
    """Schedule the tasks."""
    every(AN_HOUR, count_everywhere)
    every(A_NIGHT, reconcile)


def count_everywhere() -> None:
    """Have each organisation that has launched count its seats; who joins or leaves today does so without an event."""
    launched = (
        select(Tenant.id)
        .join(TenantProgress, TenantProgress.tenant_id == Tenant.id)
        .where(Tenant.status == Status.OPEN.value, TenantProgress.launched_at.is_not(None))
    )
    with control_work() as control:
        for tenant_id in control.scalars(launched).all():
            later_in_tenant(tenant_id, "billing.count_seats")


def reconcile() -> None:
    """Have every customer of the payment service read afresh, and put right what differs from the ledger."""
    with control_work():
        refresh_everybody()
