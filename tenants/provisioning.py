"""Building organisations' schemas ahead of need, and handing one out.

Building needs the DDL login and happens only where ``DATABASE_DDL_URL`` is known: the worker of the provisioning queue,
release, operators' commands. Handing out is one short transaction in the control plane.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, text
from sqlalchemy.exc import IntegrityError

from tenants.context import Status
from tenants.database import DDL, LOCAL_CELL, db
from tenants.errors import NoSlotReady, NotHere, SlugTaken
from tenants.faults import Fault, fault_point
from tenants.fleet import build_schema, head_revision
from tenants.models import Tenant, TenantSlot, new_id
from tenants.outbox import later
from tenants.resolution import forget_tenants
from tenants.unit_of_work import session

POOL_SIZE = 3


def claim(*, tenant_id: UUID, slug: str, name: str) -> Tenant:
    """Give a warm slot to an organisation; the same id again returns the same row. In ``control_work``.

    With an empty pool, a process that may build builds one on the spot.

    Raises:
        NoSlotReady: the pool is empty and this process may not build; try again in a moment.
        SlugTaken: another organisation holds the address name.

    """
    present = session().get(Tenant, tenant_id)
    if present:
        return present
    slot = _take_slot()
    if slot is None and may_build():
        build_slots(1)
        slot = _take_slot()
    if slot is None:
        raise NoSlotReady("no blank schema is ready")
    return _hand_out(slot, tenant_id, slug, name)


def _take_slot() -> TenantSlot | None:
    at_head = select(TenantSlot).where(TenantSlot.revision == head_revision("tenant"))
    oldest = at_head.order_by(TenantSlot.built_at).limit(1).with_for_update(skip_locked=True)
    return session().scalars(oldest).first()


def _hand_out(slot: TenantSlot, tenant_id: UUID, slug: str, name: str) -> Tenant:
    tenant = Tenant(
        id=tenant_id,
        slug=slug,
        name=name,
        schema_name=slot.schema_name,
        role_name=slot.role_name,
        cell_id=slot.cell_id,
        status=Status.BUILDING.value,
        generation=1,
    )
    # Before the row is added: a statement would flush it outside of the try below.
    session().execute(delete(TenantSlot).where(TenantSlot.id == slot.id))
    session().add(tenant)
    try:
        session().flush()  # flush: the unique address name decides here who of two comes first
    except IntegrityError as error:
        raise SlugTaken("another organisation has this address name") from error
    later("tenants.fill_pool")
    return tenant


def open_tenant(*, tenant_id: UUID, now: datetime) -> None:
    """Make an organisation routable. In ``control_work``; doing it twice changes nothing."""
    tenant = session().get(Tenant, tenant_id)
    if tenant is None:
        raise NotHere("no such organisation")
    if tenant.status == Status.BUILDING.value:
        tenant.status = Status.OPEN.value
        tenant.opened_at = now
    forget_tenants()


def count_ready() -> int:
    """Count the blank schemas at head. In ``control_work`` or with a control session open."""
    at_head = select(func.count()).select_from(TenantSlot).where(TenantSlot.revision == head_revision("tenant"))
    return session().scalar(at_head) or 0


def may_build() -> bool:
    """Tell whether this process holds the DDL login."""
    return DDL in db.engines


def build_slots(count: int) -> int:
    """Build ``count`` blank schemas on the DDL login, one transaction each, and put them in the pool."""
    for _ in range(count):
        with db.engines[DDL].begin() as connection:
            build_slot(connection)
            fault_point(Fault.SLOT_BUILT)
    return count


def build_slot(connection: Connection, revision: str | None = None) -> str:
    """Build one blank schema at ``revision``, or at head, and put it in the pool; returns the schema's name.

    A schema that is not for the pool comes from ``fleet.build_schema``. The pool gives out those at head only.
    """
    built = build_schema(connection, revision)
    insert = (
        "INSERT INTO control.tenant_slot (id, schema_name, role_name, cell_id, revision, built_at) "
        "VALUES (:id, :schema, :role, :cell, :revision, now())"
    )
    values = {
        "id": new_id(),
        "schema": built.schema,
        "role": built.role,
        "cell": LOCAL_CELL,
        "revision": built.revision,
    }
    connection.execute(text(insert), values)
    return built.schema
