"""A backup made into a schema again, beside all others: built at its revision, loaded, compared, brought to head."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, text

from tenants.backup import LEFT_OUT, Backup, Part
from tenants.context import Door, TenantRef
from tenants.database import DDL, db, door_engine
from tenants.errors import BackupIsDamaged, CannotRestore
from tenants.faults import Fault, fault_point
from tenants.fleet import BuiltSchema, build_schema, head_revision
from tenants.fleet.ledger import Schema, note_revision
from tenants.fleet.steps import Outcome, bring
from tenants.models import RetiredSchema, TenantRevision, utc_now
from tenants.rows import Table, copy_in, digest_of, in_order, list_links, list_tables, quoted, speak_plainly

HALF_DONE_FOR: Final = timedelta(days=1)
LOAD_TIMEOUT_MS: Final = 600_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One table of a backup, and whether the restored one has the same rows."""

    name: str
    rows: int
    is_same: bool


def rebuild(tenant: TenantRef, backup: Backup, reason: str) -> tuple[BuiltSchema, tuple[Compared, ...]]:
    """Build a schema at the backup's revision, load it under its own role, compare, and bring it to head.

    ``reason`` is why it is dropped in a day, should nothing become of it.
    """
    with db.engines[DDL].begin() as connection:
        built = build_schema(connection, backup.manifest.revision)
        _empty(connection, built.schema)
        retire(connection, tenant, built, reason, HALF_DONE_FOR)
    with door_engine(tenant.cell, Door(built.schema, built.role, LOAD_TIMEOUT_MS)).begin() as connection:
        compared = _load(connection, built.schema, backup)
    _bring_to_head(built)
    fault_point(Fault.RESTORE_LOADED)
    return built, compared


def retire(connection: Connection, tenant: TenantRef, built: BuiltSchema, reason: str, keep: timedelta) -> None:
    """Note on the DDL login that nobody has a schema, and from when on it may be dropped."""
    now = utc_now()
    enter_control(connection)
    values = {
        "schema_name": built.schema,
        "role_name": built.role,
        "cell_id": tenant.cell,
        "tenant_id": tenant.id,
        "reason": reason,
        "retired_at": now,
        "drop_after": now + keep,
    }
    connection.execute(insert(RetiredSchema).values(values))


def unretire(connection: Connection, schema: str) -> None:
    """Forget that nobody has a schema: somebody has it now."""
    enter_control(connection)
    connection.execute(delete(RetiredSchema).where(RetiredSchema.schema_name == schema))


def forget(connection: Connection, schema: str) -> None:
    """Forget a schema that was dropped."""
    unretire(connection, schema)
    connection.execute(delete(TenantRevision).where(TenantRevision.schema_name == schema))


def enter_control(connection: Connection) -> None:
    """On the DDL login: have names without a schema mean the control plane, for the rest of this transaction."""
    connection.execute(text("SELECT set_config('search_path', 'control', true)"))


def _empty(connection: Connection, schema: str) -> None:
    """Delete what revisions put in by themselves: all rows come from the backup."""
    for name in reversed(in_order(list_tables(connection, schema), list_links(connection, schema))):
        connection.exec_driver_sql(f"DELETE FROM {schema}.{quoted(name)}")  # noqa: S608  names of our own catalogue


def _load(connection: Connection, schema: str, backup: Backup) -> tuple[Compared, ...]:
    speak_plainly(connection)
    tables = list_tables(connection, schema)
    parts = {part.name: part for part in backup.manifest.parts}
    _refuse_other_tables(tables, parts)
    for name in in_order(parts, list_links(connection, schema)):
        copy_in(connection, schema, _as_in(parts[name], tables[name]), backup.read(parts[name]))
    return tuple(_compare(connection, schema, tables[name], part) for name, part in parts.items())


def _refuse_other_tables(tables: dict[str, Table], parts: dict[str, Part]) -> None:
    for name, part in parts.items():
        if name in LEFT_OUT or name not in tables or set(part.columns) != set(tables[name].columns):
            raise BackupIsDamaged(name)
    missing = set(tables) - set(parts) - set(LEFT_OUT)
    if missing:
        raise BackupIsDamaged(min(missing))


def _as_in(part: Part, table: Table) -> Table:
    """The table with its columns in the order of the backup."""
    return Table(table.name, part.columns, table.key)


def _compare(connection: Connection, schema: str, table: Table, part: Part) -> Compared:
    found = digest_of(connection, schema, _as_in(part, table))
    return Compared(part.name, found.rows, (found.rows, found.sha256) == (part.rows, part.sha256))


def _bring_to_head(built: BuiltSchema) -> None:
    """Migrate it as every other schema with rows in it; a way that waits for a backfill ends in ``CannotRestore``."""
    head = head_revision("tenant")
    schema = Schema(built.schema, built.role, "", built.revision, None, (), None, None)
    with db.engines[DDL].execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        step = bring(connection, schema, head)
    if step.outcome is not Outcome.DONE:
        raise CannotRestore(step.outcome)
    with db.engines[DDL].begin() as connection:
        note_revision(connection, [built.schema], head)
