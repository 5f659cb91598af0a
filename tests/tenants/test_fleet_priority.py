"""An organisation that somebody waits for comes first; one that a newer application has, not at all."""

import pytest
from sqlalchemy import select, text

from tenants.fleet import ask_for_priority, bring_to_head, priority
from tenants.fleet.priority import SchemaNotMigrated
from tenants.fleet.steps import bring
from tenants.fleet.waves import migrate_tenants
from tenants.models import ControlOutbox
from tenants.resolution import forget_tenants
from tenants.unit_of_work import control_work


@pytest.fixture(autouse=True)
def nobody_has_asked(monkeypatch):
    monkeypatch.setattr(priority, "_asked", {})


def _asked() -> list[dict]:
    with control_work() as control:
        rows = control.scalars(select(ControlOutbox).where(ControlOutbox.job == priority.JOB))
        return [{"queue": row.queue, **row.args} for row in rows]


def test_however_often_somebody_asks_one_piece_of_work_is_written(two, monkeypatch):
    monkeypatch.setattr(priority, "SECONDS_BETWEEN", 0.0)
    for _ in range(3):
        ask_for_priority(two.a.ref)
    assert _asked() == [{"queue": "provisioning", "schema": two.a.ref.schema}]


def test_one_process_asks_the_database_once_in_a_while(two):
    ask_for_priority(two.b.ref)
    with control_work() as control:
        control.execute(text("DELETE FROM outbox"))
    ask_for_priority(two.b.ref)
    assert _asked() == []


def test_a_visitor_of_an_organisation_behind_has_it_brought_to_head_and_others_notice_nothing(cast, two, superuser):
    behind = "UPDATE control.tenant_revision SET revision = '0001', served_by = '[]' WHERE schema_name = :s"
    with superuser.begin() as connection:
        connection.execute(text(behind), {"s": two.a.ref.schema})
    forget_tenants()
    a, b = cast.signed_in(two.a), cast.signed_in(two.b)
    answer = a.get("/set-up", check=False)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert b.get("/set-up").status_code == 200
    cast.run_jobs()
    assert a.get("/set-up").status_code == 200


def test_the_schema_is_brought_to_head_alone(small_fleet, tree):
    one, other = small_fleet.make(taken=2)
    head = tree.add_column("colour")
    assert bring_to_head(small_fleet.engine, one)
    assert {schema.name: schema.revision for schema in small_fleet.all()} == {one: head, other: "0001"}
    assert all(schema.is_mirrored for schema in small_fleet.all() if schema.name == one)


def test_a_busy_one_says_so_and_is_tried_again(small_fleet, tree, monkeypatch):
    (name,) = small_fleet.make(taken=1)
    tree.add_column("colour")
    monkeypatch.setattr("tenants.fleet.priority.bring", _hastily)
    with small_fleet.engine.begin() as busy:
        busy.execute(text(f"LOCK TABLE {name}.thing"))
        with pytest.raises(SchemaNotMigrated):
            bring_to_head(small_fleet.engine, name)
    assert bring_to_head(small_fleet.engine, name)


def _hastily(connection, schema, head):
    return bring(connection, schema, head, lock_timeout="20ms")


def test_after_a_run_that_stopped_nobody_is_brought_along_by_being_visited(small_fleet, tree):
    names = sorted(small_fleet.make(taken=4))
    small_fleet.run(f"ALTER TABLE {names[0]}.thing ADD COLUMN colour text")
    tree.add_column("colour")
    migrate_tenants(small_fleet.engine)
    assert not bring_to_head(small_fleet.engine, names[3])
    assert small_fleet.revisions() == {"0001"}


def test_a_schema_that_is_gone_or_belongs_to_a_newer_application_is_left_alone(small_fleet):
    (name,) = small_fleet.make(taken=1)
    small_fleet.run(f"UPDATE {name}.alembic_version SET version_num = '0777'")
    assert not bring_to_head(small_fleet.engine, name)
    assert not bring_to_head(small_fleet.engine, "t_gone")
