"""What the sign-in does by the clock, outside any unit of work."""

from sqlalchemy import select

from app.schedule import every
from tenants.context import Status
from tenants.models import Tenant
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

SIX_HOURS = 6 * 3600


def init_app() -> None:
    """Schedule the task."""
    every(SIX_HOURS, look_after_connections_everywhere)


def look_after_connections_everywhere() -> None:
    """Have each organisation retire what was replaced a week ago, and tell of secrets that end soon."""
    with control_work() as control:
        for tenant_id in control.scalars(select(Tenant.id).where(Tenant.status == Status.OPEN.value)).all():
            later_in_tenant(tenant_id, "sign_in.look_after_connections")
