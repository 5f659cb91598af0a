"""At every named point the process is killed. Then it is proved that nothing was lost and nothing was done twice."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tenants import faults
from tenants.faults import Fault
from tests.faults.points import Stage, count_points, die_at
from tests.faults.scenes import SCENES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stage(app, cast, superuser) -> Stage:
    yield Stage(app, cast, superuser)
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
    assert {fault.name for fault in SCENES} <= set(places)


def test_unarmed_points_do_nothing():
    assert faults._hooks == []
    faults.fault_point(Fault.REQUEST_DONE)
