"""Every revision of the tenant tree: fit to be run over organisations in use, and to move to a Citus cell."""

import pytest

from tenants import fleet
from tenants.fleet import citus
from tenants.fleet.linting import lint
from tenants.fleet.trees import list_revisions
from tenants.fleet.ways import split
from tenants.migration_environment import EVERYTHING
from tenants.models import TenantBase


def test_nothing_is_wrong_with_any_revision(app):
    assert len(list_revisions()) >= 2
    assert [problem for revision in list_revisions() for problem in lint(revision)] == []


def test_the_head_script_breaks_none_of_the_twelve_rules(app):
    statements = split(fleet.render_tenant("base", fleet.head_revision("tenant")))
    assert len(statements) > 100
    assert citus.list_broken(statements) == []
    assert [rule.number for rule in citus.RULES] == list(range(1, 13))


BREAKS = {
    1: "ALTER TABLE goal ADD FOREIGN KEY (x) REFERENCES control.tenant (id)",
    2: "UPDATE control.tenant SET name = 'x'",
    3: "CREATE TABLE copy AS SELECT * FROM goal",
    4: "ALTER TABLE goal ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY",
    5: "UPDATE goal SET id = gen_random_uuid()",
    6: "ALTER TABLE goal ADD COLUMN a text, ADD COLUMN b text",
    7: "CREATE TABLE loose (id uuid)",
    8: "CREATE SCHEMA other",
    9: "GRANT SELECT ON ALL TABLES IN SCHEMA x TO __tenant_role__",
    10: "CREATE ROLE other",
    11: "SET LOCAL ROLE other",
    12: "INSERT INTO topic (id) VALUES ('a')",
}
MORE = (
    (3, "CREATE TRIGGER t BEFORE UPDATE ON goal EXECUTE FUNCTION f()"),
    (3, "CREATE MATERIALIZED VIEW v AS SELECT 1"),
    (3, "CREATE TABLE part (id uuid PRIMARY KEY) PARTITION BY HASH (id)"),
    (4, "CREATE TABLE n (id bigserial PRIMARY KEY)"),
    (4, "ALTER TABLE goal ADD COLUMN k uuid DEFAULT gen_random_uuid()"),
    (5, "DELETE FROM goal WHERE at < clock_timestamp()"),
    (6, "ALTER TABLE goal RENAME CONSTRAINT a TO b"),
    (6, "ALTER TABLE goal ALTER COLUMN line TYPE text"),
    (9, "GRANT SELECT ON goal TO app_rt"),
)
FINE = (
    "CREATE TABLE n (id uuid, at timestamptz, CONSTRAINT pk_n PRIMARY KEY (id))",
    "ALTER TABLE goal ADD COLUMN line text",
    "ALTER TABLE goal ADD CONSTRAINT ck_a CHECK (a IN ('x', 'y')) NOT VALID",
    "GRANT SELECT, INSERT ON goal TO __tenant_role__",
    "UPDATE outbox SET due_at = now() WHERE due_at < now()",
    "INSERT INTO backfill (name, rows) VALUES ('a.b', 0) ON CONFLICT DO NOTHING",
)


@pytest.mark.parametrize(("number", "statement"), [*BREAKS.items(), *MORE])
def test_a_statement_that_breaks_a_rule_is_found_under_its_number(number, statement):
    assert [found for found in citus.list_broken([statement]) if found.startswith(f"{number}: ")]


@pytest.mark.parametrize("statement", FINE)
def test_a_statement_that_breaks_none_is_let_through(statement):
    assert citus.list_broken([statement]) == []


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("SELECT 1 FROM person JOIN control.tenant ON true", "2"),
        ("UPDATE person SET id = gen_random_uuid()", "5"),
        ("  CREATE TEMP TABLE x (id uuid)", "10"),
        ("UPDATE person SET updated_at = %(at)s WHERE id = %(id)s", None),
        ("SELECT set_config('role', %s, true), current_user", None),
    ],
)
def test_what_an_application_sends_is_read_by_the_rules_for_queries(statement, number):
    assert [found.partition(":")[0] for found in citus.list_broken_by_query(statement)] == ([number] if number else [])


def test_a_new_schema_grants_what_the_models_say(app, superuser, two):
    with superuser.connect() as connection:
        lines = fleet.describe(connection, two.a.ref.schema)
    granted = {line for line in lines if line.startswith("grant") and " on the schema " not in line}
    wanted = {table.name: table.info.get("grants", EVERYTHING) for table in TenantBase.metadata.sorted_tables}
    said = {f"grant {', '.join(sorted(rights.split(', ')))} on {name} to role" for name, rights in wanted.items()}
    assert granted == said
