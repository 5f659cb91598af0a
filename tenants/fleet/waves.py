"""Every organisation's schema, from its own revision to head."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from tenants.fleet.rendering import ROLE_MARK, render_tenant, run_in_schema
from tenants.fleet.trees import head_revision

LOCK_TIMEOUT = "3s"


@dataclass(frozen=True, slots=True)
class Migrated:
    """What one run over the fleet did: schemas brought to head, those at head already, those that failed."""

    head: str
    done: int
    untouched: int
    failed: tuple[str, ...]


def migrate_tenants(engine: Engine) -> Migrated:
    """Bring every schema, claimed or waiting in the pool, from its own revision to head."""
    head, done, untouched, failed = head_revision("tenant"), 0, 0, []
    for schema, role, revision in _schemas(engine):
        if revision == head:
            untouched += 1
            continue
        try:
            with engine.begin() as connection:
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
                run_in_schema(connection, schema, render_tenant(revision, head).replace(ROLE_MARK, role))
                _mirror(connection, schema, head)
            done += 1
        except OperationalError:
            failed.append(schema)
    return Migrated(head, done, untouched, tuple(failed))


def _schemas(engine: Engine) -> list[tuple[str, str, str]]:
    """List (schema, role, revision) of every built schema; the revision is read from the schema itself."""
    known = (
        "SELECT schema_name, role_name FROM control.tenant_slot UNION ALL "
        "SELECT schema_name, role_name FROM control.tenant WHERE status <> 'erased' ORDER BY 1"
    )
    with engine.connect() as connection:
        return [
            (
                schema,
                role,
                connection.scalar(text(_version_of(schema))) or "base",
            )
            for schema, role in connection.execute(text(known)).all()
        ]


def _version_of(schema: str) -> str:
    return f"SELECT version_num FROM {schema}.alembic_version"  # noqa: S608  our own opaque name


def _mirror(connection: Connection, schema: str, revision: str) -> None:
    upsert = (
        "INSERT INTO control.tenant_revision (schema_name, revision, migrated_at) VALUES (:schema, :revision, now()) "
        "ON CONFLICT (schema_name) DO UPDATE SET revision = excluded.revision, migrated_at = excluded.migrated_at"
    )
    connection.execute(text(upsert), {"schema": schema, "revision": revision})
    connection.execute(
        text("UPDATE control.tenant_slot SET revision = :revision WHERE schema_name = :schema"),
        {"schema": schema, "revision": revision},
    )
