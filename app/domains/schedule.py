"""What is done about domains by the clock, outside any unit of work."""

from app.clock import now
from app.domains import actions
from app.domains.queries import list_tenants_with_domains
from app.schedule import every
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import control_work

AN_HOUR, A_DAY = 3600, 24 * 3600


def init_app() -> None:
    """Schedule the tasks."""
    every(A_DAY, check_everywhere)
    every(AN_HOUR, sweep_searches)


def check_everywhere() -> None:
    """Have each organisation look whether the records of its domains still stand."""
    with control_work():
        for tenant_id in list_tenants_with_domains():
            later_in_tenant(tenant_id, "domains.check_all")


def sweep_searches() -> None:
    """Forget who asked where their organisation is."""
    with control_work():
        actions.forget_searches(now=now())
