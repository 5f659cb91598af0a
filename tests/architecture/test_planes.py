"""Tables, migrations and the one door, read from the code, the metadata and the catalogue."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tenants import fleet
from tenants.models import ControlBase, KeysBase, TenantBase
from tenants.provisioning import build_slot
from tests.architecture.source import ROOT, SOURCE, calls_in

BASES = {"control": ControlBase, "tenant": TenantBase, "keys": KeysBase}
# Both planes have an outbox of their own: work follows the transaction that asked for it.
IN_TWO_PLANES = {"outbox"}


def test_every_table_lives_in_exactly_one_plane(app):
    seen: dict[str, str] = {}
    for plane, base in BASES.items():
        for name in base.metadata.tables:
            assert name in IN_TWO_PLANES or name not in seen, f"{name} in {plane} and {seen.get(name)}"
            seen[name] = plane


def test_every_table_has_a_primary_key_made_in_the_app_and_no_schema(app):
    for base in BASES.values():
        for table in base.metadata.sorted_tables:
            assert table.schema is None, table
            assert len(table.primary_key.columns) >= 1, table
            for column in table.columns:
                assert column.identity is None, column
                assert column.server_default is None, column
                assert not column.primary_key or column.autoincrement in {False, "auto"}, column


def test_an_organisation_has_at_most_200_relations(app, superuser, two):
    with superuser.connect() as connection:
        count = connection.scalar(
            text("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = :s"),
            {"s": two.a.ref.schema},
        )
    assert 20 < count <= 200


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_unit_of_work_commits(path: Path):
    if path.name == "unit_of_work.py":
        return
    assert not calls_in(path, "commit"), path
    assert not calls_in(path, "rollback"), path


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_flush_says_why(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    for call in calls_in(path, "flush"):
        assert "# flush: " in lines[call.lineno - 1], f"{path}:{call.lineno}"


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_door_makes_engines_and_sessions(path: Path):
    source = path.read_text(encoding="utf-8")
    allowed = {
        "unit_of_work.py": {"Session("},
        "planes.py": {"create_engine("},
        "migration_environment.py": {"create_engine("},
    }
    for way_round in ("create_engine(", "sessionmaker(", "scoped_session(", "Session("):
        if way_round in allowed.get(path.name, set()):
            continue
        assert not re.search(rf"(?<![\w.]){re.escape(way_round)}", source), f"{path}: {way_round}"


@pytest.mark.parametrize("tree", list(BASES))
def test_a_tree_has_one_head(tree: str):
    assert len(ScriptDirectory.from_config(fleet.config_of(tree)).get_heads()) == 1


@pytest.fixture
def blank(postgres, app):
    """A database with planes prepared and nothing in them."""
    urls = postgres.create_database("blank")
    engine = create_engine(urls.ddl)
    fleet.prepare(engine)
    yield urls
    engine.dispose()
    postgres.drop_database("blank")


@pytest.mark.parametrize("tree", list(BASES))
def test_models_and_migrations_agree_and_every_step_goes_up_down_and_up(blank, tree: str):
    url = blank.keys if tree == "keys" else blank.ddl
    config = fleet.config_of(tree, url)
    for move in (
        lambda: command.upgrade(config, "head"),
        lambda: command.check(config),
        lambda: command.downgrade(config, "base"),
        lambda: command.upgrade(config, "head"),
        lambda: command.check(config),
    ):
        config.attributes["connection"] = None
        move()


def test_the_head_script_builds_what_the_chain_of_migrations_builds(app, blank):
    command.upgrade(fleet.config_of("control", blank.ddl), "head")
    chain = fleet.config_of("tenant", blank.ddl)
    chain.attributes["schema"] = "t_chain"
    command.upgrade(chain, "head")
    engine = create_engine(blank.ddl)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO control.cell (id, kind, created_at) VALUES ('local', 'postgres', now())"))
        schema = build_slot(connection)
        built, chained = [
            [line for line in fleet.describe(connection, name) if not line.startswith("grant")]
            for name in (schema, "t_chain")
        ]
    engine.dispose()
    assert built == chained
    assert len(built) > 200
