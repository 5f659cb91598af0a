"""The planes that exist once, and bringing everything to head in the order of a release."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from tenants.database import CONTROL_READER, CONTROL_ROLE, LOCAL_CELL
from tenants.fleet.rendering import grant_lines
from tenants.fleet.trees import config_of
from tenants.fleet.waves import Migrated, migrate_tenants
from tenants.models import ControlBase


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


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
