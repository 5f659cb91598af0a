"""From a host or an id to the organisation; open ones are remembered for at most five seconds in this process.

Those that are not open are asked for each time, so that a page is there the moment its organisation opens. Whoever asks
the database asks for all others in use with it: a process that serves hundreds of organisations in turn would else ask
for nearly every page.
"""

import threading
import time
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, any_, literal, or_, select

from tenants.context import Status, TenantRef
from tenants.errors import NotHere
from tenants.models import Tenant, TenantRevision
from tenants.unit_of_work import reading_control

SECONDS_REMEMBERED = 5.0
SECONDS_IN_USE = 60.0
_remembered: dict[str | UUID, tuple[float, TenantRef]] = {}
_asked_for: dict[str | UUID, float] = {}
_lock = threading.Lock()


def find_tenant(slug: str) -> TenantRef | None:
    """Find the organisation of an address name, whatever its status; None when there is none."""
    return _find(slug)


def get_tenant(tenant_id: UUID) -> TenantRef:
    """Return the organisation with this id; raises ``NotHere`` when there is none."""
    found = _find(tenant_id)
    if found is None:
        raise NotHere("no such organisation")
    return found


def list_tenants(*statuses: Status) -> list[TenantRef]:
    """List the organisations that have one of these statuses; also those that this application does not serve."""
    wanted = _with_revision().where(Tenant.status.in_([status.value for status in statuses])).order_by(Tenant.slug)
    with reading_control() as control:
        return [ref_of(row.Tenant, is_served=serves(row.TenantRevision)) for row in control.execute(wanted)]


def forget_tenants() -> None:
    """Drop what is remembered; for the process that has just changed an organisation, and for tests."""
    with _lock:
        _remembered.clear()
        _asked_for.clear()


def ref_of(tenant: Tenant, *, is_served: bool = True) -> TenantRef:
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
        is_served=is_served,
        request_limit=tenant.request_limit,
        statement_ms=tenant.statement_ms,
    )


def serves(revision: TenantRevision | None) -> bool:
    """Tell whether this application works with a schema, by the mirror of its version row.

    It does with its own head and with what the schema's revision says of it. One that nobody has noted yet was built
    at head.
    """
    from tenants.fleet import head_revision

    head = head_revision("tenant")
    return revision is None or revision.revision == head or head in (revision.served_by or ())


def _find(key: str | UUID) -> TenantRef | None:
    now = time.monotonic()
    with _lock:
        known = _remembered.get(key)
        if known and now - known[0] < SECONDS_REMEMBERED:
            _asked_for[key] = now
            return known[1]
        wanted = {key, *_grown_old(now)}
    found = _read(wanted)
    with _lock:
        for each in wanted:
            _remembered.pop(each, None)
            if (ref := found.get(each)) and ref.status is Status.OPEN:
                _remembered[each] = (now, ref)
        if key in _remembered:
            _asked_for[key] = now
    return found.get(key)


def _grown_old(now: float) -> list[str | UUID]:
    """Name what is in use and half forgotten; forget what nobody has asked for in a while."""
    for key in [key for key, at in _asked_for.items() if now - at > SECONDS_IN_USE]:
        del _asked_for[key]
        _remembered.pop(key, None)
    return [key for key in _asked_for if key in _remembered and now - _remembered[key][0] > SECONDS_REMEMBERED / 2]


def _read(keys: set[str | UUID]) -> dict[str | UUID, TenantRef]:
    slugs = literal([key for key in keys if isinstance(key, str)], ARRAY(Text))
    ids = literal([key for key in keys if isinstance(key, UUID)], ARRAY(Uuid))
    wanted = _with_revision().where(or_(Tenant.slug == any_(slugs), Tenant.id == any_(ids)))
    with reading_control() as control:
        refs = [ref_of(row.Tenant, is_served=serves(row.TenantRevision)) for row in control.execute(wanted)]
    return {key: ref for ref in refs for key in (ref.slug, ref.id)}


def _with_revision() -> Select[Tenant, TenantRevision]:
    mirrored = TenantRevision.schema_name == Tenant.schema_name
    return select(Tenant, TenantRevision).outerjoin(TenantRevision, mirrored)
