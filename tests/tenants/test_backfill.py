"""Work over an organisation's rows that begins with a migration, goes a batch at a time, and is waited for."""

import pytest
from sqlalchemy import func, select

from app.people.models import Person
from tenants import backfills
from tenants.backfills import Batch, begin, fill, find_backfill
from tenants.errors import UnknownJob
from tenants.fleet.waves import migrate_tenants
from tenants.models import TenantOutbox
from tenants.outbox import HEAVY_QUEUE, JobNames, drain
from tenants.unit_of_work import session, tenant_work

FILL = "people.fill_nickname"


def test_a_migration_leaves_the_work_in_the_same_transaction_and_blank_schemas_have_none(small_fleet, tree):
    (name,) = small_fleet.make(blank=1, taken=1)
    blank = small_fleet.all()[0].name
    tree.add_column("nickname", backfills=[FILL])
    assert migrate_tenants(small_fleet.engine).is_whole
    asked = [("tenants.backfill", {"name": FILL}, "tenant", "heavy")]
    assert small_fleet.rows(f"SELECT job, args, plane, queue FROM {name}.outbox") == asked
    assert small_fleet.rows(f"SELECT name, done_at FROM {name}.backfill") == [(FILL, None)]
    assert small_fleet.rows(f"SELECT name FROM {blank}.backfill") == []


def test_an_organisation_whose_backfill_has_not_ended_waits_and_comes_along_when_it_has(small_fleet, tree):
    (name,) = small_fleet.make(blank=1, taken=1)
    tree.add_column("nickname", backfills=[FILL])
    tree.add('op.drop_column("thing", "name")', requires=[FILL], accepts={"ban-drop-column": "nickname took over"})
    run = migrate_tenants(small_fleet.engine)
    assert (run.done, run.waiting, run.failed, run.is_whole) == (1, (name,), (), False)
    assert small_fleet.rows("SELECT revision FROM control.tenant_revision WHERE schema_name = :s", s=name) == [
        ("0002",)
    ]
    small_fleet.run(f"UPDATE {name}.backfill SET done_at = now()")
    assert migrate_tenants(small_fleet.engine).is_whole
    assert small_fleet.revisions() == {"0003"}


@pytest.fixture
def nicknames(monkeypatch):
    """A backfill over people, two a batch."""
    calls = []

    def fill_nickname(*, cursor: dict | None, limit: int) -> Batch:
        people = select(Person).order_by(Person.email).limit(limit)
        if cursor:
            people = people.where(Person.email > cursor["email"])
        found = list(session().scalars(people))
        for person in found:
            person.given_name += "!"
        calls.append(len(found))
        return Batch(len(found), {"email": found[-1].email} if len(found) == limit else None)

    known = JobNames.resolve
    monkeypatch.setattr(backfills, "A_BATCH", 2)
    monkeypatch.setattr(JobNames, "resolve", staticmethod(lambda name: fill_nickname if name == FILL else known(name)))
    return calls


def _names(ref) -> list[str]:
    with tenant_work(ref) as opened:
        return list(opened.scalars(select(Person.given_name).order_by(Person.email)))


def test_a_backfill_goes_a_batch_a_transaction_until_its_end(cast, two, nicknames):
    for number in range(5):
        cast.person(two.a.ref, f"p{number}@alpha.example", given_name="Aino")
    with tenant_work(two.a.ref):
        assert begin(FILL)
        assert not begin(FILL)
    drain(two.a.ref, HEAVY_QUEUE)
    while len(nicknames) < 3:
        drain(two.a.ref, HEAVY_QUEUE)
    assert nicknames == [2, 2, 1]
    assert _names(two.a.ref) == ["Aino!"] * 5
    with tenant_work(two.a.ref):
        row = find_backfill(FILL)
        assert (row.rows, row.done_at is not None) == (5, True)
        fill(FILL)
    assert _names(two.a.ref) == ["Aino!"] * 5


def test_a_batch_that_is_cut_off_is_done_again_from_where_the_last_one_ended(cast, two, nicknames):
    for number in range(3):
        cast.person(two.a.ref, f"p{number}@alpha.example", given_name="Aino")
    with tenant_work(two.a.ref):
        begin(FILL)
    with tenant_work(two.a.ref):
        fill(FILL)
    with pytest.raises(KeyboardInterrupt), tenant_work(two.a.ref):
        fill(FILL)
        raise KeyboardInterrupt
    assert _names(two.a.ref) == ["Aino!", "Aino!", "Aino"]
    with tenant_work(two.a.ref):
        fill(FILL)
    assert _names(two.a.ref) == ["Aino!"] * 3


def test_a_worker_of_an_older_application_leaves_it_to_those_who_know_it(two):
    with tenant_work(two.a.ref):
        begin("people.from_the_future")
    drain(two.a.ref, HEAVY_QUEUE)
    with tenant_work(two.a.ref) as opened:
        row = opened.scalars(select(TenantOutbox).where(TenantOutbox.queue == HEAVY_QUEUE)).one()
        assert (row.attempts, row.dead_at) == (0, None)
        assert row.due_at > row.created_at
        assert (
            opened.scalar(select(func.count()).select_from(TenantOutbox).where(TenantOutbox.dead_at.is_not(None))) == 0
        )


def test_a_name_that_nothing_answers_to_is_said_at_once(app):
    with pytest.raises(UnknownJob):
        backfills.find_function("people.nowhere")
