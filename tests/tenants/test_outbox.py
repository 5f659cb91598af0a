"""Work that follows a transaction: done after it, only if it committed, once at a time, and never lost."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from app import queue
from app.queue import envelope_for, run_drain
from app.schedule import sweep_outboxes
from app.valkey import valkey
from tenants import outbox
from tenants.context import Status
from tenants.errors import UnknownJob
from tenants.models import ControlOutbox, Tenant, TenantOutbox, utc_now
from tenants.outbox import drain, later, later_in_control, later_in_tenant
from tenants.resolution import forget_tenants
from tenants.unit_of_work import control_work, current, session, tenant_work


@pytest.fixture
def jobs(monkeypatch):
    """Jobs of a test, by name, in place of the product's; what was done is noted."""
    done: list[tuple[str, str | None]] = []

    def note(*, word: str) -> None:
        tenant = current().tenant
        done.append((word, tenant.slug if tenant else None))

    def fail(*, word: str) -> None:
        session().execute(text("UPDATE account SET name = 'half done'"))
        raise ZeroDivisionError(word)

    known = {"test.note": note, "test.fail": fail}

    def resolve(name):
        if name not in known:
            raise UnknownJob(name)
        return known[name]

    monkeypatch.setattr(outbox.JobNames, "resolve", staticmethod(resolve))
    return done


def rows(ref):
    with tenant_work(ref) as opened:
        return opened.scalars(select(TenantOutbox)).all()


def test_a_job_runs_after_the_commit_in_its_own_organisation(two, jobs):
    with tenant_work(two.a.ref):
        later("test.note", word="hello")
        assert jobs == []
    assert drain(two.a.ref) is None
    assert jobs == [("hello", "alpha")]
    assert drain(two.b.ref) is None
    assert jobs == [("hello", "alpha")]


def test_a_transaction_that_fails_leaves_no_job(two, jobs):
    with pytest.raises(RuntimeError), tenant_work(two.a.ref):
        later("test.note", word="never")
        raise RuntimeError
    drain(two.a.ref)
    assert jobs == []


def test_a_job_for_control_runs_in_control_and_its_row_goes(two, jobs):
    with tenant_work(two.a.ref):
        later_in_control("test.note", word="up")
    drain(two.a.ref)
    assert jobs == [("up", None)]
    assert rows(two.a.ref) == []


def test_a_job_for_an_organisation_runs_in_its_plane(two, jobs):
    with control_work():
        later_in_tenant(two.b.ref.id, "test.note", word="down")
    drain(None)
    assert jobs == [("down", "beta")]


def test_a_failed_job_leaves_nothing_half_done_and_waits(two, jobs):
    with tenant_work(two.a.ref):
        later("test.fail", word="secret words")
    due = drain(two.a.ref)
    (row,) = rows(two.a.ref)
    assert (row.attempts, row.error) == (1, "ZeroDivisionError")
    assert due > utc_now()
    with tenant_work(two.a.ref) as opened:
        assert opened.scalar(text("SELECT count(*) FROM account WHERE name = 'half done'")) == 0


def test_a_failed_row_does_not_hold_up_the_others(two, jobs):
    with tenant_work(two.a.ref):
        later("test.fail", word="first")
        later("test.note", word="second")
    drain(two.a.ref)
    assert jobs == [("second", "alpha")]


def test_a_job_that_always_fails_rests_at_last(two, jobs):
    with tenant_work(two.a.ref):
        later("test.fail", word="x")
    for _ in range(outbox.ATTEMPTS + 2):
        with tenant_work(two.a.ref) as opened:
            opened.execute(update(TenantOutbox).values(due_at=utc_now()))
        drain(two.a.ref)
    (row,) = rows(two.a.ref)
    assert row.attempts == outbox.ATTEMPTS
    assert row.dead_at is not None


def test_a_row_whose_job_is_gone_rests_at_once(two, jobs):
    with tenant_work(two.a.ref) as opened:
        opened.add(TenantOutbox(job="test.gone", args={}, plane="tenant"))
    drain(two.a.ref)
    assert rows(two.a.ref)[0].error == "UnknownJob"
    assert rows(two.a.ref)[0].dead_at is not None


def test_a_delayed_job_waits(two, jobs):
    with tenant_work(two.a.ref):
        later("test.note", delay=timedelta(hours=1), word="tomorrow")
    assert drain(two.a.ref) > utc_now()
    assert jobs == []


def test_runners_at_once_do_each_row_once(app, two, jobs):
    with tenant_work(two.a.ref):
        for number in range(30):
            later("test.note", word=str(number))

    def run():
        with app.app_context():
            for _ in range(40):
                drain(two.a.ref)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(int(word) for word, _ in jobs) == list(range(30))


def test_a_turn_ends_and_says_that_more_is_due(two, jobs, monkeypatch):
    monkeypatch.setattr(outbox, "ROWS_A_TURN", 3)
    with tenant_work(two.a.ref):
        for number in range(5):
            later("test.note", word=str(number))
    assert drain(two.a.ref) <= utc_now()
    assert len(jobs) == 3


def test_a_commit_puts_a_drain_on_the_queue_and_running_it_does_the_work(two, jobs):
    with tenant_work(two.a.ref):
        later("test.note", word="queued")
    assert valkey().llen("rq:queue:default") >= 1
    run_drain(envelope_for(two.a.ref))
    assert jobs == [("queued", "alpha")]


def test_an_envelope_of_an_older_generation_lapses(two, jobs):
    with tenant_work(two.a.ref):
        later("test.note", word="late")
    with control_work() as control:
        control.execute(update(Tenant).values(generation=2))
    forget_tenants()
    run_drain(envelope_for(two.a.ref))
    assert jobs == []


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.ERASED])
def test_nothing_runs_for_a_closed_organisation(two, jobs, status):
    with tenant_work(two.a.ref):
        later("test.note", word="closed")
    with control_work() as control:
        control.execute(update(Tenant).values(status=status.value))
    forget_tenants()
    run_drain(envelope_for(two.a.ref))
    assert jobs == []


def test_an_envelope_for_nobody_is_dropped(app, jobs):
    run_drain({"plane": "tenant", "tenant": str(uuid4()), "generation": 1, "queue": "default"})
    assert jobs == []


def test_work_is_found_again_when_valkey_lost_the_entry(two, jobs):
    with tenant_work(two.a.ref):
        later("test.note", word="swept")
    valkey().flushdb()
    sweep_outboxes()
    assert valkey().llen("rq:queue:default") == 1
    run_drain(envelope_for(two.a.ref))
    assert jobs == [("swept", "alpha")]
    valkey().flushdb()
    sweep_outboxes()
    assert valkey().llen("rq:queue:default") == 0


def test_every_organisation_has_its_turn_when_a_sweep_looks_at_few(two, jobs):
    for organisation in (two.a, two.b):
        with tenant_work(organisation.ref):
            later("test.note", word="swept")
    valkey().flushdb()
    for found in (1, 2):
        sweep_outboxes(most=1)
        assert valkey().llen("rq:queue:default") == found


def test_what_is_due_later_is_enqueued_when_its_time_comes(app, two, jobs):
    queue.come_back(envelope_for(two.a.ref), utc_now() + timedelta(seconds=-1))
    assert valkey().llen("rq:queue:default") == 1
    queue.come_back(envelope_for(two.a.ref), utc_now() + timedelta(hours=1))
    assert queue.enqueue_due() == 0
    member = valkey().zrange("outbox:due", 0, -1)[0]
    valkey().zadd("outbox:due", {member: 1})
    assert queue.enqueue_due() == 1
    assert valkey().llen("rq:queue:default") == 2


def test_control_rows_of_one_queue_are_left_to_that_queue(app, jobs):
    with control_work() as control:
        control.add(ControlOutbox(job="test.note", args={"word": "ddl"}, queue="provisioning"))
    drain(None, "default")
    assert jobs == []
    drain(None, "provisioning")
    assert jobs == [("ddl", None)]
