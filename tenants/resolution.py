"""From a host or an id to the organisation; open ones are remembered for at most five seconds in this process.

Those that are not open are asked for each time, so that a page is there the moment its organisation opens.
"""

import threading
import time
from uuid import UUID

from sqlalchemy import ColumnElement, select

from tenants.context import Status, TenantRef
from tenants.errors import NotHere
from tenants.models import Tenant
from tenants.unit_of_work import reading_control

SECONDS_REMEMBERED = 5.0
_remembered: dict[str | UUID, tuple[float, TenantRef]] = {}
_lock = threading.Lock()


def find_tenant(slug: str) -> TenantRef | None:
    """Find the organisation of an address name, whatever its status; None when there is none."""
    return _find(slug, Tenant.slug == slug)


def get_tenant(tenant_id: UUID) -> TenantRef:
    """Return the organisation with this id; raises ``NotHere`` when there is none."""
    found = _find(tenant_id, Tenant.id == tenant_id)
    if found is None:
        raise NotHere("no such organisation")
    return found


def forget_tenants() -> None:
    """Drop what is remembered; for the process that has just changed an organisation, and for tests."""
    with _lock:
        _remembered.clear()


def ref_of(tenant: Tenant) -> TenantRef:
    """Turn a row into the value that the router and the door need."""
    return TenantRef(
        id=tenant.id,
        slug=tenant.slug,
        name=tenant.name,
        schema=tenant.schema_name,
        role=tenant.role_name,
        generation=tenant.generation,
        cell=tenant.cell_id,
        status=Status(tenant.status),
    )


def _find(key: str | UUID, condition: ColumnElement[bool]) -> TenantRef | None:
    with _lock:
        known = _remembered.get(key)
    if known and time.monotonic() - known[0] < SECONDS_REMEMBERED:
        return known[1]
    with reading_control() as control:
        row = control.scalars(select(Tenant).where(condition)).one_or_none()
    found = ref_of(row) if row else None
    if found and found.status is Status.OPEN:
        with _lock:
            _remembered[key] = (time.monotonic(), found)
    return found
