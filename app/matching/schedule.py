"""What matching does by the clock, outside any unit of work."""

from sqlalchemy import select

from app.schedule import every
from tenants.context import Status
from tenants.models import Tenant
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

A_DAY = 24 * 3600


def init_app() -> None:
    """Schedule the tasks."""
    every(A_DAY, lapse_everywhere)


def lapse_everywhere() -> None:
    """Have each open organisation close the questions whose time is over; most were closed by their own job."""
    with control_work() as control:
        for tenant_id in control.scalars(select(Tenant.id).where(Tenant.status == Status.OPEN.value)).all():
            later_in_tenant(tenant_id, "matching.lapse_asks")
