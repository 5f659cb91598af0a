"""What one organisation may take of a process: threads, time, a worker. Nobody waits behind it for long."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from app import queue
from app.people.jobs import take_in_import
from app.valkey import valkey
from app.web import turnstile as it
from app.web.turnstile import Busy, turnstile
from tenants import outbox
from tenants.context import Door
from tenants.database import LOCAL_CELL, door_engine
from tenants.models import ControlOutbox, Tenant, TenantOutbox, utc_now
from tenants.outbox import (
    DEFAULT_QUEUE,
    HEAVY_QUEUE,
    drain,
    later,
    later_in_tenant,
    list_queues_due,
    on_queue,
    queue_of,
)
from tenants.resolution import find_tenant
from tenants.unit_of_work import control_work, current, tenant_work

ROOT = Path(__file__).resolve().parents[2]


class Crowd:
    """Requests of an organisation that are inside until they are let go."""

    def __init__(self, ref, count):
        self.go, self.inside = threading.Event(), threading.Semaphore(0)
        self.threads = [threading.Thread(target=self._stay, args=(ref,)) for _ in range(count)]
        for thread in self.threads:
            thread.start()
        for _ in range(count):
            assert self.inside.acquire(timeout=10)

    def _stay(self, ref):
        with turnstile(ref):
            self.inside.release()
            self.go.wait(30)

    def leave(self):
        self.go.set()
        for thread in self.threads:
            thread.join(10)


@pytest.fixture
def impatient(monkeypatch):
    """Whoever has to wait gives up at once."""
    monkeypatch.setattr(it, "SECONDS_OF_WAITING", 0.0)


def test_one_organisation_is_served_five_requests_at_once_and_others_go_on(two, impatient):
    crowd = Crowd(two.a.ref, it.AT_ONCE)
    with pytest.raises(Busy), turnstile(two.a.ref):
        raise AssertionError("not reached")
    with turnstile(two.b.ref):
        pass
    crowd.leave()
    with turnstile(two.a.ref):
        pass
    assert not it._inside
    assert not it._waiting


def test_two_more_may_wait_and_are_served_when_somebody_leaves(two, monkeypatch):
    monkeypatch.setattr(it, "SECONDS_OF_WAITING", 20.0)
    crowd, served = Crowd(two.a.ref, it.AT_ONCE), []

    def wait():
        with turnstile(two.a.ref):
            served.append(1)

    waiting = [threading.Thread(target=wait) for _ in range(it.MAY_WAIT)]
    for thread in waiting:
        thread.start()
    while it._waiting[two.a.ref.id] < it.MAY_WAIT:
        pass
    # The third does not even begin to wait: the last thread of eight stays free for others.
    with pytest.raises(Busy), turnstile(two.a.ref):
        raise AssertionError("not reached")
    assert served == []
    crowd.leave()
    for thread in waiting:
        thread.join(10)
    assert served == [1, 1]


def test_the_threads_of_a_process_are_never_all_one_organisations(app):
    assert f"--threads {it.AT_ONCE + it.MAY_WAIT + 1} " in (ROOT / "Procfile").read_text(encoding="utf-8")


def test_a_request_that_fails_leaves_its_place(two, impatient):
    for _ in range(it.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), turnstile(two.a.ref):
            raise ZeroDivisionError


def test_a_page_that_found_no_place_says_so_and_when_to_come_back(cast, two, impatient, capsys):
    browser, other = cast.signed_in(two.a), cast.signed_in(two.b)
    crowd = Crowd(two.a.ref, it.AT_ONCE)
    answer = browser.get("/people")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert "Many of you are here right now" in answer.text
    assert browser.get("/healthz").status_code == 200
    assert other.get("/people").status_code == 200
    crowd.leave()
    assert browser.get("/people").status_code == 200
    assert '"event": "busy"' in capsys.readouterr().out


def test_an_operator_gives_an_organisation_limits_of_its_own(app, two, impatient):
    with control_work() as control:
        tenant = control.get(Tenant, two.a.ref.id)
        tenant.request_limit, tenant.statement_ms = 1, 100
    ref = find_tenant("alpha")
    crowd = Crowd(ref, 1)
    with pytest.raises(Busy), turnstile(ref):
        raise AssertionError("not reached")
    crowd.leave()
    with pytest.raises(OperationalError, match="statement timeout"), tenant_work(ref) as opened:
        opened.execute(text("SELECT pg_sleep(5)"))
    with tenant_work(ref, timeout_ms=120_000) as opened:
        assert opened.scalar(text("SHOW statement_timeout")) == "2min"


def test_a_statement_of_a_page_takes_fifteen_seconds_at_most(two):
    with tenant_work(two.a.ref) as opened:
        assert opened.scalar(text("SHOW statement_timeout")) == "15s"


def test_a_page_whose_statement_took_too_long_says_to_come_back(cast, two, monkeypatch):
    browser = cast.signed_in(two.a)
    slow = replace(two.a.ref, statement_ms=100)
    monkeypatch.setattr("app.web.guards.find_tenant", lambda _: slow)
    monkeypatch.setattr("app.web.guards.find_actor", lambda *_: current().session.execute(text("SELECT pg_sleep(5)")))
    assert browser.get("/people").status_code == 503


@pytest.fixture
def jobs(monkeypatch):
    """Jobs of a test by name; what was done is noted, with whose it was."""
    done = []

    def note(*, word):
        done.append((word, current().tenant.slug))

    @on_queue(HEAVY_QUEUE)
    def haul(*, word):
        note(word=word)

    known = {"test.note": note, "test.haul": haul}
    monkeypatch.setattr(outbox.JobNames, "resolve", staticmethod(known.__getitem__))
    return done


def test_an_import_is_work_for_the_other_worker():
    assert take_in_import.__dict__["queue"] == HEAVY_QUEUE
    assert queue_of("sign_in.send_login_link") == DEFAULT_QUEUE


def test_heavy_work_is_left_to_its_worker_and_light_work_to_the_other(two, jobs):
    with tenant_work(two.a.ref):
        later("test.haul", word="import")
        later("test.note", word="mail")
    assert sorted(list_queues_due(two.a.ref)) == [DEFAULT_QUEUE, HEAVY_QUEUE]
    assert {name.decode() for name in valkey().keys("rq:queue:*")} >= {"rq:queue:default", "rq:queue:heavy"}
    assert drain(two.a.ref) is None
    assert jobs == [("mail", "alpha")]
    queue.run_drain(queue.envelope_for(two.a.ref, HEAVY_QUEUE))
    assert jobs == [("mail", "alpha"), ("import", "alpha")]
    assert list_queues_due(two.a.ref) == []


def test_heavy_work_that_control_asks_for_goes_to_the_same_worker(two, jobs):
    with control_work() as control:
        later_in_tenant(two.a.ref.id, "test.haul", word="count")
        assert control.scalars(select(ControlOutbox.queue).where(ControlOutbox.job == "test.haul")).all() == [
            HEAVY_QUEUE
        ]
    drain(None)
    assert jobs == []
    drain(None, HEAVY_QUEUE)
    assert jobs == [("count", "alpha")]


@pytest.fixture
def at_work(two):
    """Another runner is in the middle of a job of Alpha's."""
    with door_engine(LOCAL_CELL, Door(two.a.ref.schema, two.a.ref.role, 10_000)).begin() as connection:
        key = f"{two.a.ref.schema}:{DEFAULT_QUEUE}"
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
        yield


def test_an_organisation_has_one_job_at_a_time_and_a_second_runner_comes_back_in_a_moment(two, jobs, at_work):
    with tenant_work(two.a.ref):
        later("test.note", word="second")
    valkey().flushdb()
    before = utc_now()
    queue.run_drain(queue.envelope_for(two.a.ref))
    assert jobs == []
    # Neither asked again at once, which would keep a worker busy with asking, nor lost.
    assert valkey().llen("rq:queue:default") == 0
    ((_, due),) = valkey().zrange(queue.DUE_LATER, 0, -1, withscores=True)
    assert 0 < due - before.timestamp() < 10
    drain(two.b.ref)


def test_work_that_control_has_for_an_organisation_waits_for_its_job_too(two, jobs, at_work):
    with control_work():
        later_in_tenant(two.a.ref.id, "test.note", word="one by one")
        later_in_tenant(two.b.ref.id, "test.note", word="meanwhile")
    drain(None)
    assert jobs == [("meanwhile", "beta")]
    with control_work() as control:
        (row,) = control.scalars(select(ControlOutbox).where(ControlOutbox.job == "test.note")).all()
        assert (row.attempts, row.error) == (0, None)
        assert row.due_at > row.created_at


def test_a_turn_ends_after_a_long_job_and_the_next_organisation_has_its_own(two, jobs, monkeypatch):
    for organisation in (two.a, two.b):
        with tenant_work(organisation.ref):
            for number in range(3):
                later("test.note", word=str(number))
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr(outbox.time, "monotonic", lambda: next(clock))
    valkey().flushdb()
    for organisation in (two.a, two.b):
        queue.enqueue_drain(queue.envelope_for(organisation.ref))
    _work_off(6)
    assert [slug for _, slug in jobs] == ["alpha", "beta"] * 3


def _work_off(entries):
    """Take entries from the queue's head as a worker does."""
    for _ in range(entries):
        taken = valkey().lpop("rq:queue:default")
        job = queue.Entry.fetch(taken.decode(), connection=valkey(), serializer=queue.JSONSerializer)
        queue.run_drain(job.kwargs["envelope"])


def test_a_worker_takes_the_processor_only_where_nobody_else_wants_it(app, monkeypatch):
    nice = []
    monkeypatch.setattr(os, "nice", nice.append)
    monkeypatch.setattr("app.queue.Worker.work", lambda *_, **__: nice.append("works"))
    monkeypatch.setattr(queue.WorkerApp, "queue", "")
    queue.work(app, HEAVY_QUEUE)
    assert nice == [queue.NICENESS, "works"]


def test_an_organisation_whose_schema_is_behind_has_no_jobs_run(two, jobs, monkeypatch):
    with tenant_work(two.a.ref) as opened:
        later("test.note", word="not yet")
        assert opened.scalar(select(TenantOutbox.queue)) is None
    monkeypatch.setattr("app.queue.get_tenant", lambda _: replace(two.a.ref, is_served=False))
    queue.run_drain(queue.envelope_for(two.a.ref))
    assert jobs == []
