"""At every named point the process is killed. Then it is proved that nothing was lost and nothing was done twice."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tenants import faults, outbox
from tenants.faults import Fault
from tenants.models import TenantOutbox, utc_now
from tenants.outbox import drain
from tenants.unit_of_work import tenant_work
from tests.faults.points import Stage, count_points, die_at, die_in, end_this_process
from tests.faults.scenes import SCENES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stage(app, cast, superuser, request) -> Stage:
    yield Stage(app, cast, superuser, request.getfixturevalue)
    faults.disarm()


@pytest.mark.parametrize("fault", SCENES)
def test_a_process_killed_at_a_point_loses_nothing_and_does_nothing_twice(stage: Stage, fault: Fault):
    scene = SCENES[fault](stage)
    die_at(stage, fault, scene.work)
    scene.cut()
    passed = count_points(scene.resume)
    assert fault in passed, "the way on passes the point again"
    scene.proof()


def test_every_point_is_in_the_product_once_and_has_its_scene():
    source = "".join(
        path.read_text() for part in ("app", "onboarding", "tenants") for path in (ROOT / part).rglob("*.py")
    )
    places = Counter(re.findall(r"fault_point\(Fault\.(\w+)\)", source))
    assert {name for name, count in places.items() if count != 1} == set()
    assert {fault.name for fault in Fault} == set(places)
    assert set(SCENES) == set(Fault)


def test_unarmed_points_do_nothing():
    assert faults._hooks == []
    faults.fault_point(Fault.REQUEST_DONE)


def test_work_that_ends_its_process_neither_goes_first_for_ever_nor_goes_on_for_ever(stage: Stage, two, monkeypatch):
    done: list[str] = []
    known = {"test.end": end_this_process, "test.note": lambda: done.append("noted")}
    monkeypatch.setattr(outbox.JobNames, "resolve", staticmethod(known.__getitem__))
    old = utc_now() - timedelta(minutes=5)
    with tenant_work(two.a.ref) as opened:
        opened.add(TenantOutbox(job="test.end", args={}, plane="tenant", due_at=old))
        opened.add(TenantOutbox(job="test.note", args={}, plane="tenant"))
    die_in(stage, lambda: drain(two.a.ref), lambda _: None, "it lives")
    drain(two.a.ref)
    assert done == ["noted"], "others of the organisation go on"
    with tenant_work(two.a.ref) as opened:
        (row,) = opened.scalars(select(TenantOutbox).where(TenantOutbox.job == "test.end"))
        assert row.attempts == 1
        row.attempts, row.due_at = outbox.ATTEMPTS, old
    drain(two.a.ref)
    with tenant_work(two.a.ref) as opened:
        row = opened.get(TenantOutbox, row.id)
        assert (row.error, row.dead_at is not None) == ("NeverFinished", True)
