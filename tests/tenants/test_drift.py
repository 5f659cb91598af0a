"""Whether a schema is what its revision makes, and which one is not."""

import pytest

from tenants.fleet import fingerprint
from tenants.fleet.drift import find_drift


def _look(fleet_) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    _, found = find_drift(fleet_.engine, lambda *_: None)
    return [(one.schema.name, one.extra, one.missing) for one in found]


def test_schemas_of_one_revision_differ_in_nothing_but_their_names(small_fleet):
    a, b = small_fleet.make(blank=1, taken=2)
    with small_fleet.engine.connect() as connection:
        assert fingerprint(connection, a) == fingerprint(connection, b)
    assert _look(small_fleet) == []


@pytest.mark.parametrize(
    ("change", "extra", "missing"),
    [
        ("CREATE INDEX ix_own ON {s}.thing (name)", "CREATE INDEX ix_own ON thing USING btree (name)", None),
        ("ALTER TABLE {s}.thing ALTER name SET NOT NULL", "column thing.name text not null", "column thing.name text"),
        ("ALTER TABLE {s}.thing ADD CHECK (name <> '')", "constraint thing.thing_name_check CHECK ((name <> ''::text))", None),
        ("REVOKE DELETE ON {s}.thing FROM {r}", None, "grant DELETE, INSERT, SELECT, UPDATE on thing to role"),
        ("GRANT SELECT ON {s}.thing TO app_rt", "grant SELECT on thing to app_rt", None),
        ("GRANT CREATE ON SCHEMA {s} TO {r}", "grant CREATE on the schema to role", None),
        ("CREATE VIEW {s}.seen AS SELECT 1 AS one", "view seen", None),
        ("DROP TABLE {s}.log", None, "table log"),
        ("CREATE TYPE {s}.mood AS ENUM ('fine')", "type mood", None),
    ],
)  # fmt: skip
def test_a_schema_that_differs_is_named_with_what_differs(small_fleet, change, extra, missing):
    _, other = small_fleet.make(taken=2)
    small_fleet.run(change.format(s=other, r=other.replace("t_", "r_")))
    ((name, found_extra, found_missing),) = _look(small_fleet)
    assert name == other
    assert extra is None or extra in found_extra
    assert missing is None or missing in found_missing


def test_a_schema_behind_is_compared_with_its_own_revision(small_fleet, tree):
    small_fleet.make(taken=1)
    tree.add_column("colour")
    small_fleet.make(taken=1)
    assert _look(small_fleet) == []


def test_looking_leaves_no_schema_and_no_role_behind(small_fleet):
    small_fleet.make(taken=1)
    count = "SELECT (SELECT count(*) FROM pg_namespace), (SELECT count(*) FROM pg_roles)"
    before = small_fleet.rows(count)
    _look(small_fleet)
    assert small_fleet.rows(count) == before
