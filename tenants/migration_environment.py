"""What Alembic runs for each of the three trees: offline to render SQL, online against one schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import MetaData, Table, create_engine, event, pool, text

from tenants.models import ControlBase, KeysBase, TenantBase

METADATA: dict[str, MetaData] = {
    "control": ControlBase.metadata,
    "tenant": TenantBase.metadata,
    "keys": KeysBase.metadata,
}
# Stands in rendered SQL for the role that the script is run for.
ROLE_MARK = "__tenant_role__"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
VERSION_TABLE = "alembic_version"


def run() -> None:
    """Run the tree named in the configuration, in ``attributes['schema']`` or the schema of the tree's name."""
    attributes = context.config.attributes
    metadata = METADATA[attributes["tree"]]
    if context.is_offline_mode():
        # Named parameters: with the driver's own style a per cent sign would come out doubled.
        plain = {"paramstyle": "named"}
        context.configure(
            dialect_name="postgresql", dialect_opts=plain, target_metadata=metadata, transactional_ddl=False
        )
        with _granting():
            context.run_migrations()
        return
    _run_online(attributes["url"], attributes.get("schema") or attributes["tree"], metadata)


@contextmanager
def _granting() -> Iterator[None]:
    """Have each table granted where it is made: a script up to any revision names the tables of that revision."""
    event.listen(Table, "after_create", _grant)
    try:
        yield
    finally:
        event.remove(Table, "after_create", _grant)


def _grant(table: Table, *_: Any, **__: Any) -> None:
    if table.name != VERSION_TABLE:
        context.execute(f"GRANT {table.info.get('grants', EVERYTHING)} ON {table.name} TO {ROLE_MARK}")


def _run_online(url: str, schema: str, metadata: MetaData) -> None:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        # Two releases at once must not both create the version table.
        connection.execute(text("SELECT pg_advisory_xact_lock(4211)"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        connection.execute(text("SELECT set_config('search_path', :schema, true)"), {"schema": schema})
        context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()
