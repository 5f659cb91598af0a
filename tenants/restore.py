"""A backup put back: into a fresh schema, checked there, and only then swapped in.

Until the swap nobody notices anything; a schema that never got there waits to be dropped. The swap is one transaction.
What stands for the world outside stays as it is today: mails that have left, the ledger of seats, figures that were
shown.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select, text, update

from tenants.backup import Manifest, open_backup, write_backup
from tenants.context import Plane, Status, TenantRef
from tenants.database import DDL, db
from tenants.errors import BackupIsDamaged, BackupIsNewer, BackupIsOfAnother, CannotRestore
from tenants.faults import Fault, fault_point
from tenants.fleet import BuiltSchema, fingerprint, head_revision
from tenants.fleet.trees import BASE, is_known
from tenants.lifecycle import drop_schema
from tenants.models import Tenant, TenantOutbox, utc_now
from tenants.outbox import later
from tenants.rebuilding import Compared, enter_control, forget, rebuild, retire, unretire
from tenants.resolution import forget_tenants, get_tenant
from tenants.rows import Link, Table, list_links, list_tables, quoted
from tenants.unit_of_work import reading_control, tenant_work

KEPT_FOR: Final = timedelta(days=30)
LOCK_TIMEOUT: Final = "3s"
SHAPE: Final = "(columns, indexes, grants)"
# Rows that a restore takes from the organisation as it is today, as far as their people are in the backup, and why.
LIVE_STAYS: Final = {
    "seat_event": "the ledger is told to the payment service by its number, which only rises",
    "seat_counter": "it belongs to the ledger",
    "seat_day": "it belongs to the ledger",
    "frozen_figure": "figures that were shown never change",
    "plan_choice": "what was agreed with the payment service stands",
    "launch": "invitations that have left are not sent again",
    "invitation": "an invitation that has left or was taken is not sent, and not open, again",
    "closing_notice": "a closing goes on in the control plane",
    "farewell": "a mail about a closing is not sent again",
}
# Work that was asked for and is owed whatever is restored: text that somebody shredded, also if that was just before
# the backup; then what the live schema still tells the control plane, and invitations of the launch that stays.
SHREDS: Final = ("vault.destroy_space",)
OWED: Final = (*SHREDS, "onboarding.invite_people", "onboarding.send_invitation")
# The first work of a restored organisation.
AFTER: Final = ("rights.forget_unreadable", "people.forget_changes", "billing.count_seats")

_BEGUN = """
SELECT EXISTS (SELECT FROM control.closing
               WHERE tenant_id = :tenant_id AND state NOT IN ('asked', 'grace', 'cancelled'))
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore, or a drill, did."""

    manifest: Manifest
    tables: tuple[Compared, ...]
    schema: str

    @property
    def is_same(self) -> bool:
        """Whether every table came back as it was written."""
        return all(table.is_same for table in self.tables)


def look_at(tenant: TenantRef, path: Path) -> Manifest:
    """Read a backup through and tell what is in it; raises what ``restore`` would, and changes nothing."""
    with open_backup(path) as backup:
        _refuse(tenant, backup.manifest)
        backup.check()
        return backup.manifest


def restore(tenant: TenantRef, path: Path) -> Restored:
    """Put an organisation back as it was when the backup was written. Sessions and queued work lapse.

    Run again after it was cut off, it begins anew; after it has come to its end, it does the same once more.

    Raises:
        BackupIsDamaged: a part is missing, or is not what was written.
        BackupIsOfAnother: it is of another organisation.
        BackupIsNewer: it was written by a newer application.
        CannotRestore: the organisation is erased, is being restored by somebody else, or is not at head.

    """
    with open_backup(path) as backup:
        _refuse(tenant, backup.manifest)
        backup.check()
        built, tables = rebuild(tenant, backup, "restored")
    done = Restored(backup.manifest, tables, built.schema)
    if not done.is_same:
        raise BackupIsDamaged(next(table.name for table in tables if not table.is_same))
    with db.engines[DDL].begin() as connection:
        _swap(connection, tenant, built)
    fault_point(Fault.RESTORE_SWAPPED)
    forget_tenants()
    _wake(tenant)
    return done


def drill(tenant: TenantRef, folder: Path) -> Restored:
    """Back an organisation up, restore it beside itself, compare table by table, and leave nothing behind."""
    path = folder / "drill.zip"
    try:
        write_backup(tenant, path)
        with open_backup(path) as backup:
            _refuse(tenant, backup.manifest)
            backup.check()
            built, tables = rebuild(tenant, backup, "drilled")
    finally:
        path.unlink(missing_ok=True)
    with db.engines[DDL].begin() as connection:
        alike = fingerprint(connection, built.schema) == fingerprint(connection, tenant.schema)
        drop_schema(connection, built.schema, built.role)
        forget(connection, built.schema)
    return Restored(backup.manifest, (*tables, Compared(SHAPE, 0, alike)), built.schema)


def _wake(tenant: TenantRef) -> None:
    """Have the queue look at what waits; cut off before, the clock finds it a little later."""
    found = get_tenant(tenant.id)
    if found.status is Status.OPEN:
        with tenant_work(found):
            later("files.sweep")


def _refuse(tenant: TenantRef, manifest: Manifest) -> None:
    if manifest.tenant_id != tenant.id:
        raise BackupIsOfAnother(manifest.slug)
    with reading_control() as control:
        _refuse_who_leaves(control.connection(), tenant, tenant.status)
    if not is_known(manifest.revision) or manifest.revision == BASE:
        raise BackupIsNewer(manifest.revision)


def _refuse_who_leaves(connection: Connection, tenant: TenantRef, status: str) -> None:
    """Once the erasure has begun nothing brings an organisation back."""
    begun = connection.scalar(text(_BEGUN), {"tenant_id": tenant.id})
    if begun or status not in {Status.OPEN, Status.SUSPENDED}:
        raise CannotRestore(status)


def _swap(connection: Connection, tenant: TenantRef, built: BuiltSchema) -> None:
    """Give the organisation its new schema and role; the old ones are closed at once and dropped after a while."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    enter_control(connection)
    row = connection.execute(select(Tenant.__table__).where(Tenant.id == tenant.id).with_for_update()).one()
    _refuse_who_leaves(connection, tenant, row.status)
    if row.schema_name != tenant.schema:
        raise CannotRestore(row.schema_name)
    old = BuiltSchema(row.schema_name, row.role_name, head_revision("tenant"))
    _prepare(connection, built.schema)
    _keep_live_rows(connection, old.schema, built.schema)
    _keep_owed_work(connection, old.schema, built.schema)
    if list_tables(connection, old.schema):
        connection.exec_driver_sql(f"REVOKE USAGE ON SCHEMA {old.schema} FROM {old.role}")
    unretire(connection, built.schema)
    values = {"schema_name": built.schema, "role_name": built.role, "generation": row.generation + 1}
    connection.execute(update(Tenant).where(Tenant.id == tenant.id).values(values))
    retire(connection, tenant, old, "restored", KEPT_FOR)


def _keep_live_rows(connection: Connection, old: str, new: str) -> None:
    """Take over what only goes forward; who writes there now ends first, and whoever comes later is refused."""
    live, restored, links = list_tables(connection, old), list_tables(connection, new), list_links(connection, new)
    for name in LIVE_STAYS:
        if name not in live:
            continue
        if set(live[name].columns) != set(restored[name].columns):
            raise CannotRestore(name)
        connection.exec_driver_sql(f"LOCK TABLE {old}.{quoted(name)} IN SHARE MODE")
        connection.exec_driver_sql(f"DELETE FROM {new}.{quoted(name)}")  # noqa: S608  names of our own catalogue
        connection.exec_driver_sql(_take_over(restored[name], links, old, new))


def _keep_owed_work(connection: Connection, old: str, new: str) -> None:
    """Take over what waits in the live outbox and must not be forgotten; the rest would speak of rows that are gone."""
    outbox = list_tables(connection, old).get("outbox")
    if outbox is None:
        return
    columns = ", ".join(quoted(name) for name in outbox.columns)
    owed = (
        f"INSERT INTO {new}.outbox ({columns}) SELECT {columns} FROM {old}.outbox o "  # noqa: S608  our own names
        f"WHERE (plane = 'control' OR job = ANY(:owed)) AND (job <> 'onboarding.send_invitation' OR EXISTS "
        f"(SELECT FROM {new}.invitation i WHERE i.id::text = o.args ->> 'invitation_id')) ON CONFLICT DO NOTHING"
    )
    connection.execute(text(owed), {"owed": list(OWED)})


def _take_over(table: Table, links: list[Link], old: str, new: str) -> str:
    """Write the statement that copies a table; a row whose other row is not there comes without it, or not at all."""
    here = {quoted(link.column): link for link in links if link.table == table.name}
    columns = [quoted(name) for name in table.columns]
    taken = [
        f"CASE WHEN {_is_there(here[name], new)} THEN {name} END" if name in here and here[name].is_loose else name
        for name in columns
    ]
    kept = " AND ".join(_is_there(link, new) for link in here.values() if not link.is_loose) or "true"
    # Names come from the catalogue of our own schemas.
    into = f"INSERT INTO {new}.{quoted(table.name)} ({', '.join(columns)})"
    return f"{into} SELECT {', '.join(taken)} FROM {old}.{quoted(table.name)} o WHERE {kept}"  # noqa: S608


def _is_there(link: Link, new: str) -> str:
    same = f"t.{quoted(link.to_column)} = o.{quoted(link.column)}"
    return f"EXISTS (SELECT FROM {new}.{quoted(link.to_table)} t WHERE {same})"


def _prepare(connection: Connection, schema: str) -> None:
    """Leave out work that waited and files whose time is over, and write down what is to be done first.

    Nothing is mailed twice. The clock finds what waits.
    """
    now = utc_now()
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": schema})
    connection.execute(text("DELETE FROM outbox WHERE job <> ALL(:shreds)"), {"shreds": list(SHREDS)})
    connection.execute(text("DELETE FROM stored_file WHERE expires_at <= :now"), {"now": now})
    swept = connection.scalar(text("SELECT max(expires_at) FROM stored_file"))
    due = [*((job, now) for job in AFTER), *([("files.sweep", swept)] if swept else [])]
    rows = [{"job": job, "args": {}, "plane": Plane.TENANT.value, "due_at": at} for job, at in due]
    connection.execute(insert(TenantOutbox), rows)
