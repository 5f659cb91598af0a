"""What pairs do by the clock, outside any unit of work."""

from sqlalchemy import select

from app.schedule import every
from tenants.context import Status
from tenants.models import Tenant
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

AN_HOUR = 3600


def init_app() -> None:
    """Schedule the task."""
    every(AN_HOUR, follow_directories)


def follow_directories() -> None:
    """Have the pairs of each organisation rest, go on and end by the days in its directory."""
    with control_work() as control:
        for tenant_id in control.scalars(select(Tenant.id).where(Tenant.status == Status.OPEN.value)).all():
            later_in_tenant(tenant_id, "pairs.follow_directory")
