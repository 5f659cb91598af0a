"""The later life of an organisation: closed for the time being and open again, its schema retired, dropped, entombed.

Everything stands in ``control_work`` and may run twice; dropping needs the DDL login, as building does.
"""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, text

from tenants.context import Status
from tenants.database import DDL, db
from tenants.errors import NotHere, StillInUse, WrongStatus
from tenants.models import ControlOutbox, RetiredSchema, Tenant, TenantProgress, TenantRevision, TenantSlot
from tenants.resolution import forget_tenants
from tenants.unit_of_work import session

LOCK_TIMEOUT = "3s"
OWN_NAMES = re.compile(r"[tr]_[a-z2-7]{16}")


def suspend(*, tenant_id: UUID, now: datetime) -> Tenant:
    """Close an organisation for the time being: sessions and queued work lapse, nothing is lost.

    Raises ``NotHere``, or ``WrongStatus`` for one that never opened or is erased.
    """
    tenant = _hold(tenant_id)
    if tenant.status == Status.SUSPENDED.value:
        return tenant
    if tenant.status != Status.OPEN.value:
        raise WrongStatus(tenant.status)
    tenant.status, tenant.suspended_at = Status.SUSPENDED.value, now
    _bump(tenant)
    return tenant


def resume(*, tenant_id: UUID) -> Tenant:
    """Open a suspended organisation again; everybody signs in anew. Raises ``NotHere`` or ``WrongStatus``."""
    tenant = _hold(tenant_id)
    if tenant.status == Status.OPEN.value:
        return tenant
    if tenant.status != Status.SUSPENDED.value:
        raise WrongStatus(tenant.status)
    tenant.status, tenant.suspended_at = Status.OPEN.value, None
    _bump(tenant)
    return tenant


def retire_schema(
    *, schema: str, role: str, cell: str, tenant_id: UUID | None, reason: str, now: datetime, drop_after: datetime
) -> None:
    """Note that nobody has this schema any more, and from when on it may be dropped."""
    if session().get(RetiredSchema, schema) is None:
        session().add(
            RetiredSchema(
                schema_name=schema,
                role_name=role,
                cell_id=cell,
                tenant_id=tenant_id,
                reason=reason,
                retired_at=now,
                drop_after=drop_after,
            )
        )


def hasten(*, tenant_id: UUID, now: datetime) -> list[str]:
    """Have all schemas that were the organisation's dropped at once, those that restores left too. Names them."""
    left = select(RetiredSchema).where(RetiredSchema.tenant_id == tenant_id, RetiredSchema.dropped_at.is_(None))
    found = session().scalars(left.order_by(RetiredSchema.retired_at).with_for_update()).all()
    for retired in found:
        retired.drop_after = min(retired.drop_after, now)
    return [retired.schema_name for retired in found]


def drop_retired(schema: str, *, now: datetime) -> None:
    """Drop a retired schema with its role, and note when; not before its time. Raises ``NotHere`` or ``StillInUse``.

    The drop commits by itself, on the DDL login; when this transaction does not end well the next try finds nothing to
    drop and only notes it.
    """
    retired = session().get(RetiredSchema, schema, with_for_update=True)
    if retired is None:
        raise NotHere("no such schema is retired")
    if retired.dropped_at is not None:
        return
    if retired.drop_after > now or _is_in_use(schema):
        raise StillInUse(schema)
    with db.engines[DDL].begin() as connection:
        drop_schema(connection, schema, retired.role_name)
    retired.dropped_at = now
    session().execute(delete(TenantRevision).where(TenantRevision.schema_name == schema))


def list_droppable(*, now: datetime) -> list[str]:
    """Name the retired schemas whose time has come."""
    due = select(RetiredSchema.schema_name).where(RetiredSchema.dropped_at.is_(None), RetiredSchema.drop_after <= now)
    return list(session().scalars(due.order_by(RetiredSchema.drop_after)))


def close_to_writing(connection: Connection, schema: str, role: str, *, but: str) -> None:
    """Take from a role the right to write to its schema's tables, except one. On the DDL login.

    A process that has not heard yet that the organisation is closed is refused by the database from now on.
    """
    _check_names(schema, role)
    found = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema AND tablename <> :but ORDER BY 1")
    tables = connection.scalars(found, {"schema": schema, "but": but}).all()
    named = ", ".join(f'{schema}."{table}"' for table in tables)
    connection.exec_driver_sql(f"REVOKE INSERT, UPDATE, DELETE ON {named} FROM {role}")


def drop_schema(connection: Connection, schema: str, role: str) -> None:
    """Drop a schema and its role, if they are there. On the DDL login; a busy one raises after three seconds."""
    _check_names(schema, role)
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    connection.exec_driver_sql(f"DROP ROLE IF EXISTS {role}")


def entomb(*, tenant_id: UUID, now: datetime) -> Tenant:
    """Leave of an erased organisation its ids, its times and its address name, which nobody else is given.

    Raises ``StillInUse`` while its schema has not been dropped.
    """
    tenant = _hold(tenant_id)
    if tenant.status == Status.ERASED.value:
        return tenant
    retired = session().get(RetiredSchema, tenant.schema_name)
    if retired is None or retired.dropped_at is None:
        raise StillInUse(tenant.schema_name)
    tenant.status, tenant.erased_at, tenant.name = Status.ERASED.value, now, ""
    tenant.request_limit = tenant.statement_ms = None
    _bump(tenant)
    session().execute(delete(TenantProgress).where(TenantProgress.tenant_id == tenant_id))
    _forget_work(tenant_id)
    return tenant


def _forget_work(tenant_id: UUID) -> None:
    """Delete what was still to be done for the organisation, addressed to it or about it."""
    about = ControlOutbox.args["tenant_id"].astext == str(tenant_id)
    session().execute(delete(ControlOutbox).where((ControlOutbox.tenant_id == tenant_id) | about))


def _check_names(schema: str, role: str) -> None:
    if not (OWN_NAMES.fullmatch(schema) and OWN_NAMES.fullmatch(role)):
        raise ValueError("not the name of an organisation's schema and role")


def _is_in_use(schema: str) -> bool:
    living = select(Tenant.id).where(
        Tenant.schema_name == schema, Tenant.status.in_([Status.BUILDING.value, Status.OPEN.value])
    )
    waiting = select(TenantSlot.id).where(TenantSlot.schema_name == schema)
    return session().scalar(living) is not None or session().scalar(waiting) is not None


def _hold(tenant_id: UUID) -> Tenant:
    found = select(Tenant).where(Tenant.id == tenant_id).with_for_update().execution_options(populate_existing=True)
    tenant = session().scalars(found).one_or_none()
    if tenant is None:
        raise NotHere("no such organisation")
    return tenant


def _bump(tenant: Tenant) -> None:
    tenant.generation += 1
    forget_tenants()
