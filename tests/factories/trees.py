"""Throw-away trees of tenant revisions, and a database of its own with a small fleet at their first one."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import pytest
from sqlalchemy import Engine, create_engine, text

from local.postgres import PostgresServer
from tenants import fleet
from tenants.fleet import linting, rendering, trees, ways
from tenants.fleet.ledger import Schema, list_fleet
from tenants.models import new_id

REAL = trees.TREES
FIRST = """
op.create_table("outbox", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("job", sa.Text(), nullable=False),
    sa.Column("args", JSONB(), nullable=False), sa.Column("plane", sa.Text(), nullable=False),
    sa.Column("queue", sa.Text()), sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("attempts", sa.BigInteger(), nullable=False), sa.Column("error", sa.Text()),
    sa.Column("dead_at", sa.DateTime(timezone=True)))
op.create_table("backfill", sa.Column("name", sa.Text(), primary_key=True), sa.Column("cursor", JSONB()),
    sa.Column("rows", sa.BigInteger(), nullable=False),
    sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("done_at", sa.DateTime(timezone=True)))
op.create_table("thing", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("name", sa.Text()))
op.create_table("log", sa.Column("id", sa.Uuid(), primary_key=True), info={"grants": "SELECT, INSERT"})
"""
COLUMN = 'op.add_column("thing", sa.Column("{}", sa.Text()))'


@dataclass
class Tree:
    """A tree in a folder of its own, which the product takes for its own."""

    place: Path
    count: int = 0

    def add(self, upgrade: str, **says: object) -> str:
        """Write the next revision; ``says`` is what it tells about itself."""
        self.count += 1
        revision, before = f"{self.count:04}", f"{self.count - 1:04}" if self.count > 1 else None
        head = [
            f'"""Step {revision}"""',
            "import sqlalchemy as sa",
            "from alembic import op",
            "from sqlalchemy.dialects.postgresql import JSONB",
            f"revision, down_revision, branch_labels, depends_on = {revision!r}, {before!r}, None, None",
            *(f"{name} = {value!r}" for name, value in says.items()),
            "def upgrade() -> None:",
            indent(upgrade.strip() or "pass", "    "),
        ]
        (self.place / "tenant" / "versions" / f"{revision}.py").write_text("\n".join(head), encoding="utf-8")
        forget()
        return revision

    def add_column(self, name: str, **says: object) -> str:
        return self.add(COLUMN.format(name), **says)


def forget() -> None:
    """Drop what the product remembers of the tree."""
    for cached in (trees.head_revision, trees.list_revisions, rendering.render_tenant, ways.find_way, ways.leg_of):
        cached.cache_clear()
    linting.lint.cache_clear()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    """A tree with one small revision."""
    (tmp_path / "tenant" / "versions").mkdir(parents=True)
    (tmp_path / "tenant" / "env.py").write_text((REAL / "tenant" / "env.py").read_text())
    for other in ("control", "keys"):
        (tmp_path / other).symlink_to(REAL / other)
    monkeypatch.setattr(trees, "TREES", tmp_path)
    made = Tree(tmp_path)
    made.add(FIRST)
    yield made
    monkeypatch.undo()
    forget()


@pytest.fixture(scope="session")
def fleet_engine(postgres: PostgresServer) -> Iterator[Engine]:
    """The DDL login in a database of its own, with the control plane in it."""
    name = f"fleet_{secrets.token_hex(3)}"
    urls = postgres.create_database(name)
    engine = create_engine(urls.ddl)
    fleet.prepare(engine)
    fleet.upgrade_tree("control", urls.ddl, "control")
    yield engine
    engine.dispose()
    postgres.drop_database(name)


@dataclass
class Fleet:
    """Schemas at the tree's head of the moment they were made."""

    engine: Engine

    def make(self, *, blank: int = 0, taken: int = 0) -> list[str]:
        """Build schemas; returns the names of the taken ones."""
        names = []
        with self.engine.begin() as connection:
            for number in range(blank + taken):
                built = fleet.build_schema(connection)
                values = {"id": new_id(), "schema": built.schema, "role": built.role, "revision": built.revision}
                connection.execute(text(INSERT_SLOT if number < blank else INSERT_TENANT), values)
                names += [built.schema] * (number >= blank)
        return names

    def hand_out(self, schema: Schema) -> None:
        """Give a blank schema to an organisation."""
        self.run("DELETE FROM control.tenant_slot WHERE schema_name = :s", s=schema.name)
        self.run(INSERT_TENANT, id=new_id(), schema=schema.name, role=schema.role)

    def run(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def rows(self, statement: str, **values: object) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def all(self) -> list[Schema]:
        return list_fleet(self.engine)

    def revisions(self) -> set[str]:
        return {schema.revision for schema in self.all()}


INSERT_SLOT = """INSERT INTO control.tenant_slot (id, schema_name, role_name, cell_id, revision, built_at)
VALUES (:id, :schema, :role, 'local', :revision, now())"""
INSERT_TENANT = """INSERT INTO control.tenant (id, slug, name, schema_name, role_name, cell_id, status, generation, created_at)
VALUES (:id, :schema, 'Somebody', :schema, :role, 'local', 'open', 1, now())"""


@pytest.fixture
def small_fleet(fleet_engine: Engine, tree: Tree) -> Fleet:
    """Nobody yet, at the throw-away tree's head."""
    made = Fleet(fleet_engine)
    made.run("TRUNCATE control.tenant_slot, control.tenant_revision, control.migration_run, control.tenant CASCADE")
    made.run(
        "INSERT INTO control.cell (id, kind, created_at) VALUES ('local', 'postgres', now()) ON CONFLICT DO NOTHING"
    )
    return made
