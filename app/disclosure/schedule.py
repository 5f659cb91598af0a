"""What the door for figures does by the clock, outside any unit of work."""

from typing import Final

from sqlalchemy import select

from app.schedule import every
from tenants.context import Status
from tenants.models import Tenant, TenantProgress
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

SIX_HOURS: Final = 6 * 3600


def init_app() -> None:
    """Schedule the count."""
    every(SIX_HOURS, freeze_everywhere)


def freeze_everywhere() -> None:
    """Have each organisation that has launched count its month, should the day have come."""
    launched = (
        select(Tenant.id)
        .join(TenantProgress, TenantProgress.tenant_id == Tenant.id)
        .where(Tenant.status == Status.OPEN.value, TenantProgress.launched_at.is_not(None))
    )
    with control_work() as control:
        for tenant_id in control.scalars(launched).all():
            later_in_tenant(tenant_id, "disclosure.freeze_month")
