"""Migrations over all planes and organisations, and the head script that new organisations are built from.

Three Alembic trees: ``migrations/control``, ``migrations/tenant``, ``migrations/keys``. Control and keys are run by
Alembic itself. The tenant tree is rendered to SQL once and run per schema as one string in one transaction.
"""

import functools
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, text
from sqlalchemy.exc import OperationalError

from tenants.database import CONTROL_READER, CONTROL_ROLE, LOCAL_CELL
from tenants.models import ControlBase, TenantBase

TREES = Path(__file__).parent.parent / "migrations"
ROLE_MARK = "__tenant_role__"
LOCK_TIMEOUT = "3s"


@dataclass(frozen=True, slots=True)
class Migrated:
    """What one run over the fleet did: schemas brought to head, those at head already, those that failed."""

    head: str
    done: int
    untouched: int
    failed: tuple[str, ...]


def migrate_all(ddl_url: str, keys_url: str) -> Migrated:
    """Bring control, keys and every organisation's schema to head. Run again, it resumes."""
    with _engine(ddl_url) as engine:
        prepare(engine)
        upgrade_tree("control", ddl_url, "control")
        with engine.begin() as connection:
            _seed_control(connection)
        upgrade_tree("keys", keys_url, "keys")
        return migrate_tenants(engine)


def prepare(engine: Engine) -> None:
    """Make what the first migration stands on: schemas, and the roles that transactions take on."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(4210)"))
        for role in (CONTROL_ROLE, CONTROL_READER):
            if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
                connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
            connection.execute(text(f"GRANT {role} TO app_rt WITH INHERIT FALSE, SET TRUE"))
        for schema in ("control", "ext"):
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA control TO {CONTROL_ROLE}, {CONTROL_READER}"))


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


def run_in_schema(connection: Connection, schema: str, script: str) -> None:
    """Run a rendered script as one string, with only ``schema`` on the path."""
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": f"{schema},ext"})
    connection.exec_driver_sql(script.replace("%", "%%"))


@functools.cache
def head_revision(tree: str) -> str:
    """Name the head of a tree; a tree has one, or this raises."""
    head = ScriptDirectory.from_config(config_of(tree)).get_current_head()
    if head is None:
        raise LookupError(f"the {tree} tree has no revision")
    return head


@functools.cache
def render_tenant(start: str, end: str) -> str:
    """Render the way between two tenant revisions to SQL, grants included; ``base`` is an empty schema."""
    out = io.StringIO()
    config = config_of("tenant")
    config.output_buffer = out
    command.upgrade(config, f"{start}:{end}", sql=True)
    grants = "\n".join(f"{line};" for line in grant_lines(TenantBase.metadata, ROLE_MARK))
    return re.sub(r"^--.*$", "", out.getvalue(), flags=re.MULTILINE) + grants


def grant_lines(metadata: MetaData, role: str, rights: str | None = None) -> list[str]:
    """List the grants of a role by table. Append-only tables say so in ``info['grants']``."""
    everything = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"GRANT {rights or table.info.get('grants', everything)} ON {table.name} TO {role}"
        for table in metadata.sorted_tables
    ]


def config_of(tree: str, url: str | None = None) -> Config:
    """Return Alembic's settings for one tree; no ini file, nothing read from the working directory."""
    config = Config()
    config.set_main_option("script_location", str(TREES / tree))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    config.attributes["tree"] = tree
    return config


def upgrade_tree(tree: str, url: str, schema: str) -> None:
    """Run Alembic itself over a plane that exists once, then grant what its roles may do."""
    command.upgrade(config_of(tree, url), "head")
    if schema != "control":
        return
    with _engine(url) as engine, engine.begin() as connection:
        connection.execute(text("SELECT set_config('search_path', 'control', true)"))
        for line in grant_lines(ControlBase.metadata, CONTROL_ROLE):
            connection.execute(text(line))
        for line in grant_lines(ControlBase.metadata, CONTROL_READER, "SELECT"):
            connection.execute(text(line))


def _seed_control(connection: Connection) -> None:
    insert = "INSERT INTO control.cell (id, kind, created_at) VALUES (:id, 'postgres', now()) ON CONFLICT DO NOTHING"
    connection.execute(text(insert), {"id": LOCAL_CELL})


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


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
