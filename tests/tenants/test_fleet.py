"""Migrations over many organisations: waves, stops, resuming, nobody's work held up."""

import threading

import pytest
from sqlalchemy import text

from tenants import faults, fleet
from tenants.faults import Fault
from tenants.fleet import ledger
from tenants.fleet.ledger import Schema
from tenants.fleet.linting import RevisionUnfit, lint
from tenants.fleet.runs import Orders
from tenants.fleet.steps import Outcome, bring
from tenants.fleet.trees import list_revisions
from tenants.fleet.waves import RunUnderWay, migrate_tenants, plan_waves
from tests.factories.trees import forget

HASTY = Orders(tries=2, seconds_between=0.01, lock_timeout="30ms")


@pytest.fixture(autouse=True)
def disarmed():
    yield
    faults.disarm()


def _has_column(fleet_, schema: str, column: str) -> bool:
    found = "SELECT count(*) FROM information_schema.columns WHERE table_schema = :s AND column_name = :c"
    return fleet_.rows(found, s=schema, c=column) == [(1,)]


def test_every_schema_comes_to_head_and_a_second_run_touches_none(small_fleet, tree):
    names = small_fleet.make(blank=2, taken=7)
    tree.add_column("colour")
    head = tree.add_column("size")
    news = []
    run = migrate_tenants(small_fleet.engine, Orders(workers=2), lambda *seen: news.append(seen))
    assert (run.head, run.done, run.untouched, run.is_whole) == (head, 9, 0, True)
    assert small_fleet.revisions() == {head}
    assert all(_has_column(small_fleet, name, "size") for name in names)
    assert news[-1] == (9, 9)
    again = migrate_tenants(small_fleet.engine)
    assert (again.done, again.untouched) == (0, 9)
    assert small_fleet.rows("SELECT state, total, done, failed FROM control.migration_run") == [("done", 9, 9, 0)]


def test_a_few_go_first_and_then_more_and_more():
    slugs = [None] * 3 + ["somebody"] * 30
    waves = plan_waves([Schema("t_x", "r_x", slug, "0001", None, (), None, None) for slug in slugs], 2)
    assert [len(wave.schemas) for wave in waves] == [2, 2, 8, 21]
    assert [wave.are_canaries for wave in waves] == [True, True, False, False]
    assert all(schema.is_blank for schema in waves[0].schemas)
    assert not any(schema.is_blank for schema in waves[1].schemas)


def test_a_schema_that_is_dropped_while_all_are_looked_at_is_left_out(small_fleet):
    kept, gone = small_fleet.make(taken=2)
    small_fleet.run(f"DROP TABLE {gone}.alembic_version")
    found = dict(ledger._ask_each(small_fleet.engine, [kept, gone], "version_num", "alembic_version"))
    assert found == {kept: "0001"}


def test_one_failure_among_the_first_stops_the_run_and_names_the_error(small_fleet, tree):
    names = sorted(small_fleet.make(taken=6))
    small_fleet.run(f"ALTER TABLE {names[0]}.thing ADD COLUMN colour text")
    tree.add_column("colour")
    run = migrate_tenants(small_fleet.engine)
    assert (run.done, run.failed, run.left) == (0, (names[0],), 5)
    assert not run.is_whole
    mirrored = "SELECT schema_name, error FROM control.tenant_revision WHERE error IS NOT NULL"
    assert small_fleet.rows(mirrored) == [(names[0], "DuplicateColumn")]
    assert small_fleet.rows("SELECT state FROM control.migration_run") == [("stopped",)]
    small_fleet.run(f"ALTER TABLE {names[0]}.thing DROP COLUMN colour")
    assert migrate_tenants(small_fleet.engine).done == 6
    assert small_fleet.rows(mirrored) == []


def test_one_failure_among_many_is_named_and_the_others_go_on(small_fleet, tree):
    names = sorted(small_fleet.make(taken=30))
    small_fleet.run(f"ALTER TABLE {names[-1]}.thing ADD COLUMN colour text")
    tree.add_column("colour")
    run = migrate_tenants(small_fleet.engine, Orders(canaries=2))
    assert (run.done, run.failed, run.left) == (29, (names[-1],), 0)


def test_a_wave_with_too_many_failures_is_the_last(small_fleet, tree):
    names = sorted(small_fleet.make(taken=30))
    for name in names[3:5]:
        small_fleet.run(f"ALTER TABLE {name}.thing ADD COLUMN colour text")
    tree.add_column("colour")
    run = migrate_tenants(small_fleet.engine)
    assert (run.done, len(run.failed), run.left) == (3, 2, 25)


def test_a_schema_in_use_is_tried_again_and_then_left_for_the_next_run(small_fleet, tree):
    (name,) = small_fleet.make(taken=1)
    tree.add_column("colour")
    with small_fleet.engine.begin() as busy:
        busy.execute(text(f"INSERT INTO {name}.thing (id) VALUES (gen_random_uuid())"))
        run = migrate_tenants(small_fleet.engine, HASTY)
    assert run.failed == (name,)
    assert small_fleet.all()[0].error == "LockNotAvailable"
    assert migrate_tenants(small_fleet.engine).done == 1


def test_a_schema_that_is_in_use_for_a_moment_comes_along(small_fleet, tree):
    (name,) = small_fleet.make(taken=1)
    tree.add_column("colour")
    busy = small_fleet.engine.connect()
    busy.execute(text(f"INSERT INTO {name}.thing (id) VALUES (gen_random_uuid())"))
    ended = threading.Timer(0.05, busy.close)
    ended.start()
    run = migrate_tenants(small_fleet.engine, Orders(tries=6, seconds_between=0.02, lock_timeout="20ms"))
    ended.join()
    assert run.is_whole


def test_a_run_cut_off_anywhere_is_resumed_and_nothing_is_done_twice(small_fleet, tree):
    small_fleet.make(blank=1, taken=5)
    head = tree.add_column("colour")
    for fault in (Fault.SCHEMA_MIGRATED, Fault.LEDGER_BEHIND):

        def cut_off(reached, wanted=fault):
            if reached is wanted:
                raise KeyboardInterrupt

        faults.arm(cut_off)
        with pytest.raises(KeyboardInterrupt):
            migrate_tenants(small_fleet.engine)
        faults.disarm()
    ahead_of_mirror = [schema for schema in small_fleet.all() if schema.revision == head]
    assert ahead_of_mirror
    assert not any(schema.is_mirrored for schema in ahead_of_mirror)
    done = migrate_tenants(small_fleet.engine)
    assert done.is_whole
    assert (done.done, done.untouched) == (6 - len(ahead_of_mirror), len(ahead_of_mirror))
    assert small_fleet.revisions() == {head}
    assert all(schema.is_mirrored for schema in small_fleet.all())
    assert small_fleet.rows("SELECT DISTINCT revision FROM control.tenant_slot") == [(head,)]


def test_only_one_run_at_a_time(small_fleet, tree):
    small_fleet.make(taken=1)
    tree.add_column("colour")
    with small_fleet.engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(4212)"))
        with pytest.raises(RunUnderWay):
            migrate_tenants(small_fleet.engine)


def test_a_blank_schema_handed_out_meanwhile_is_taken_along_as_what_it_is_now(small_fleet, tree):
    small_fleet.make(blank=2)
    _, later = small_fleet.all()
    tree.add_column("colour", backfills=["people.fill"])

    def hand_out(_):
        faults.disarm()
        small_fleet.hand_out(later)

    faults.arm(hand_out)
    assert migrate_tenants(small_fleet.engine).is_whole
    assert small_fleet.rows(f"SELECT job FROM {later.name}.outbox") == [("tenants.backfill",)]
    assert small_fleet.revisions() == {"0002"}


def test_a_schema_that_somebody_else_has_brought_further_is_left_as_it_is(small_fleet, tree):
    small_fleet.make(taken=1)
    (seen_before,) = small_fleet.all()
    head = tree.add_column("colour")
    migrate_tenants(small_fleet.engine)
    with small_fleet.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert bring(connection, seen_before, head).outcome is Outcome.MOVED


def test_an_application_of_the_revision_before_works_with_what_expands(small_fleet, tree):
    small_fleet.make(taken=1)
    tree.add_column("colour", expands=True)
    tree.add_column("size", expands=True)
    migrate_tenants(small_fleet.engine)
    assert small_fleet.all()[0].served_by == ("0002", "0001")
    tree.add('op.drop_column("thing", "name")', accepts={"ban-drop-column": "nobody reads it"})
    migrate_tenants(small_fleet.engine)
    assert small_fleet.all()[0].served_by == ()


def test_an_older_application_leaves_a_newer_schema_alone(small_fleet, tree):
    small_fleet.make(taken=2)
    tree.add_column("colour", expands=True)
    migrate_tenants(small_fleet.engine)
    (tree.place / "tenant" / "versions" / "0002.py").unlink()
    tree.count = 1
    forget()
    run = migrate_tenants(small_fleet.engine)
    assert (run.done, run.untouched, run.ahead, run.is_whole) == (0, 2, 0, True)
    small_fleet.run("UPDATE control.tenant_revision SET served_by = '[]'")
    assert migrate_tenants(small_fleet.engine).ahead == 2


INDEX = 'op.create_index("uq_thing_name", "thing", ["name"], unique=True)'
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"


def test_an_index_is_built_apart_and_one_left_half_built_is_built_again(small_fleet, tree):
    (name,) = small_fleet.make(taken=1)
    tree.add(INDEX, concurrently=["uq_thing_name"])
    assert lint(list_revisions()[-1]) == ()
    small_fleet.run(f"INSERT INTO {name}.thing SELECT gen_random_uuid(), 'twice' FROM generate_series(1, 2)")
    assert migrate_tenants(small_fleet.engine).failed == (name,)
    assert small_fleet.rows(VALID, name=f"{name}.uq_thing_name") == [(False,)]
    assert small_fleet.revisions() == {"0001"}
    small_fleet.run(f"DELETE FROM {name}.thing")
    assert migrate_tenants(small_fleet.engine).is_whole
    assert small_fleet.rows(VALID, name=f"{name}.uq_thing_name") == [(True,)]
    (new,) = small_fleet.make(taken=1)
    with small_fleet.engine.connect() as connection:
        assert fleet.fingerprint(connection, new) == fleet.fingerprint(connection, name)


def test_an_index_goes_without_holding_anybody_up(small_fleet, tree):
    tree.add(INDEX)
    (name,) = small_fleet.make(taken=1)
    tree.add('op.drop_index("uq_thing_name", "thing")', concurrently=["uq_thing_name"])
    assert migrate_tenants(small_fleet.engine).is_whole
    assert small_fleet.rows(VALID, name=f"{name}.uq_thing_name") == []


@pytest.mark.parametrize(
    ("upgrade", "says", "rule"),
    [
        ('op.drop_column("thing", "name")', {}, "ban-drop-column"),
        (INDEX, {}, "require-concurrent-index-creation"),
        ('op.execute("CREATE VIEW seen AS SELECT 1")', {}, "3: no triggers"),
    ],
)
def test_a_revision_that_breaks_a_rule_is_run_over_nobody(small_fleet, tree, upgrade, says, rule):
    small_fleet.make(taken=2)
    tree.add(upgrade, **says)
    with pytest.raises(RevisionUnfit, match=rule):
        migrate_tenants(small_fleet.engine)
    assert small_fleet.revisions() == {"0001"}


def test_tables_are_granted_as_the_revision_that_makes_them_says(small_fleet):
    (name,) = small_fleet.make(taken=1)
    with small_fleet.engine.connect() as connection:
        grants = [line for line in fleet.describe(connection, name) if line.startswith("grant")]
    assert "grant INSERT, SELECT on log to role" in grants
    assert "grant DELETE, INSERT, SELECT, UPDATE on thing to role" in grants
    assert len(grants) == 5


def test_a_schema_is_built_at_an_older_revision_as_it_was_then(small_fleet, tree):
    (old,) = small_fleet.make(taken=1)
    tree.add_column("colour")
    with small_fleet.engine.begin() as connection:
        built = fleet.build_schema(connection, "0001")
        assert fleet.fingerprint(connection, built.schema) == fleet.fingerprint(connection, old)
