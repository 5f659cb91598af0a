"""Forged entries of the queue and forged rows of an outbox do nothing, or what the row's own organisation may do."""

import json
from uuid import uuid4

import pytest
from rq import Callback, Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from app import queue
from app.queue import DUE_LATER, envelope_for, resolve_job, run_drain
from app.valkey import valkey
from tenants import outbox
from tenants.errors import UnknownJob
from tenants.models import ControlOutbox, TenantOutbox
from tenants.outbox import drain, later
from tenants.unit_of_work import control_work, current, tenant_work


@pytest.fixture
def done(monkeypatch):
    """What jobs of the name test.note were told, and whose they were."""
    noted: list[tuple[str, str | None]] = []

    def note(*, word: str) -> None:
        tenant = current().tenant
        noted.append((word, tenant.slug if tenant else None))

    def resolve(name):
        return {"test.note": note}[name]

    monkeypatch.setattr(outbox.JobNames, "resolve", staticmethod(resolve))
    return noted


def forged(good: dict, other) -> list[dict]:
    """Entries that name something which does not go together."""
    return [
        good | {"plane": "control"},
        good | {"plane": "keys"},
        good | {"plane": None},
        good | {"plane": "tenant", "tenant": None},
        good | {"tenant": str(uuid4())},
        good | {"tenant": "alpha"},
        good | {"tenant": other.ref.schema},
        good | {"tenant": 1},
        good | {"generation": good["generation"] + 1},
        good | {"generation": 0},
        good | {"generation": None},
        good | {"generation": str(good["generation"])},
        good | {"queue": "no-such-queue"},
        good | {"schema": other.ref.schema},
        good | {"role": other.ref.role},
        {key: value for key, value in good.items() if key != "generation"},
        {key: value for key, value in good.items() if key != "plane"},
        {},
    ]


def test_a_forged_entry_is_dropped_and_does_no_work(two, done):
    with tenant_work(two.a.ref):
        later("test.note", word="mine")
    for envelope in forged(dict(envelope_for(two.a.ref)), two.b):
        run_drain(envelope)
        assert done == [], envelope
    run_drain(envelope_for(two.a.ref))
    assert done == [("mine", "alpha")]


def test_an_entry_for_control_is_for_control_alone(app, two, done):
    with control_work():
        later("test.note", word="ours")
    good = dict(envelope_for(None))
    for envelope in (
        good | {"tenant": str(two.a.ref.id)},
        good | {"plane": "tenant"},
        good | {"queue": ""},
        good | {"generation": 1},
    ):
        run_drain(envelope)
        assert done == [], envelope
    run_drain(envelope_for(None))
    assert done == [("ours", None)]


def test_a_forged_entry_that_waits_for_its_time_does_not_stop_the_others(two, done):
    with tenant_work(two.a.ref):
        later("test.note", word="mine")
    valkey().delete(DUE_LATER, "rq:queue:default")
    for member in (
        "[]",
        "no json",
        '"text"',
        json.dumps({"queue": 7}),
        json.dumps(envelope_for(two.a.ref), sort_keys=True),
    ):
        valkey().zadd(DUE_LATER, {member: 0})
    queue.enqueue_due()
    assert valkey().zcard(DUE_LATER) == 0
    assert valkey().llen("rq:queue:default") == 1


NO_JOBS = [
    "people.now",
    "people.UUID",
    "people.partial",
    "people.get_person",
    "onboarding.get_invitation",
    "onboarding.emails",
    "people._hidden",
    "people.__name__",
    "people.actions.take_in",
    "people.",
    ".",
    "",
    "..jobs.take_in_import",
    "os.system",
    "subprocess.run",
    "builtins.eval",
    "tenants.build_slots",
    "tenants.count_ready",
    "people take_in_import",
]


def test_only_what_a_jobs_module_defines_is_a_job(app):
    for name in NO_JOBS:
        with pytest.raises(UnknownJob):
            resolve_job(name)
            raise AssertionError(name)


def test_a_worker_runs_nothing_but_drains(app):
    """An entry of the queue may name any function, to run and to call back: none of them is ever run."""
    connection = queue.worker_connection(app)
    forger = Queue("default", connection=connection, serializer=JSONSerializer)
    callback = Callback("tests.red_team.test_envelopes.run_by_nobody")
    for arguments in (("taken",), (), ({"plane": "control"},)):
        forger.enqueue_call(
            "tests.red_team.test_envelopes.run_by_nobody", args=arguments, on_success=callback, on_failure=callback
        )
    worker = SimpleWorker(["default"], connection=connection, serializer=JSONSerializer, job_class=queue.Entry)
    worker.work(burst=True, logging_level="CRITICAL")
    assert forger.count == 0
    assert RAN == []


RAN: list[tuple] = []


def run_by_nobody(*words: object) -> None:
    RAN.append(words)


def test_a_job_that_control_asks_for_runs_with_no_role_but_its_own(two, done):
    """A row of one organisation's outbox that names another one's work finds its own rows only."""
    with tenant_work(two.a.ref) as opened:
        opened.add(TenantOutbox(job="test.note", args={"word": "up"}, plane="control"))
    drain(two.a.ref)
    assert done == [("up", None)]
    with control_work() as control:
        control.add(ControlOutbox(job="test.note", args={"word": "?"}, queue="default", tenant_id=uuid4()))
    drain(None)
    assert done == [("up", None)]
    with control_work() as control:
        rows = control.scalars(select(ControlOutbox).where(ControlOutbox.job == "test.note")).all()
    assert [row.error for row in rows] == ["NotHere"]
