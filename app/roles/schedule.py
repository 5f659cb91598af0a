"""What is done about owners by the clock, outside any unit of work."""

from app.clock import now
from app.roles.actions import recover
from app.schedule import every
from tenants.context import Status
from tenants.outbox import later_in_tenant
from tenants.resolution import list_tenants
from tenants.unit_of_work import control_work

HOURS_A_DAY, A_MINUTE, AN_HOUR = 24, 60, 3600


def init_app() -> None:
    """Schedule the tasks."""
    every(A_MINUTE, finish_recoveries)
    every(AN_HOUR, look_at_owners)


def finish_recoveries() -> None:
    """Let new owners in whose week is over."""
    with control_work():
        recover.finish_due(now=now())


def look_at_owners() -> None:
    """Once a day look whether each open organisation has an owner who can come in; a share of them each hour."""
    hour = now().hour
    with control_work():
        for tenant in list_tenants(Status.OPEN):
            if tenant.id.int % HOURS_A_DAY == hour:
                later_in_tenant(tenant.id, "roles.look_at_owners")
