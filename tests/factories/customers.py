"""Organisations as staff see them: rows of the control plane, without schemas behind them."""

from datetime import datetime, timedelta

from app.support.queries.customers import STEP_ORDER as ORDER
from tenants.models import Tenant, TenantProgress, new_id, utc_now
from tenants.unit_of_work import control_work

DONE = ("done",) * len(ORDER)
UNTOUCHED = (*["open"] * (len(ORDER) - 1), "later")


def begun(key: str) -> tuple[str, ...]:
    """Every step before this one is done, this one is begun, those after it are open."""
    place = ORDER.index(key)
    return (*["done"] * place, "now", *["open"] * (len(ORDER) - place - 1))


class Customers:
    """Makes customers in any state of set-up."""

    def add(
        self,
        name: str,
        states: tuple[str, ...] | None = UNTOUCHED,
        *,
        still: float = 0,
        people: str | None = None,
        launch_in: int | None = None,
        live: bool = False,
        **fields: object,
    ) -> Tenant:
        """`still` days have passed since the last change; `states` None: nothing was reported yet."""
        then = utc_now() - timedelta(days=still)
        tenant = self._tenant(name, then, **fields)
        with control_work() as control:
            control.add(tenant)
            control.flush()  # flush: the progress refers to it
            if states:
                control.add(self._progress(tenant, states, people, launch_in, then, live=live))
        return tenant

    def _tenant(self, name: str, then: datetime, **fields: object) -> Tenant:
        slug = name.lower().replace(" ", "-")
        values = {"slug": slug, "status": "open", "opened_at": then - timedelta(days=3), "created_at": then, **fields}
        opaque = new_id().hex
        return Tenant(
            id=new_id(), name=name, schema_name=f"x_{opaque}", role_name=f"y_{opaque}", cell_id="local", **values
        )

    def _progress(
        self,
        tenant: Tenant,
        states: tuple[str, ...],
        people: str | None,
        launch_in: int | None,
        then: datetime,
        *,
        live: bool,
    ) -> TenantProgress:
        return TenantProgress(
            tenant_id=tenant.id,
            steps=dict(zip(ORDER, states, strict=True)),
            people_range=people,
            launch_on=utc_now() + timedelta(days=launch_in) if launch_in else None,
            launched_at=then if live else None,
            as_of=then,
        )

    def remove(self) -> None:
        """Forget them all: they have no schemas that could go back to the pool."""
        with control_work() as control:
            for model in (TenantProgress, Tenant):
                control.query(model).delete()
