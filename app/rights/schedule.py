"""What is done by the clock for those who have left, outside any unit of work."""

from sqlalchemy import select

from app.schedule import every
from tenants.context import Status
from tenants.models import Tenant
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

A_DAY = 24 * 3600


def init_app() -> None:
    """Schedule the task."""
    every(A_DAY, see_leavers_off)


def see_leavers_off() -> None:
    """Have each open organisation mail the links of leavers, and forget those whose time is over."""
    with control_work() as control:
        for tenant_id in control.scalars(select(Tenant.id).where(Tenant.status == Status.OPEN.value)).all():
            later_in_tenant(tenant_id, "rights.ask_own_files")
            later_in_tenant(tenant_id, "rights.forget_leavers")
