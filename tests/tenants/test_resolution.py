"""Which organisation a name or an id means: remembered for five seconds, and asked for together."""

import pytest
from sqlalchemy import update

from tenants import resolution
from tenants.context import Status
from tenants.models import Tenant, new_id
from tenants.resolution import find_tenant, forget_tenants, get_tenant
from tenants.unit_of_work import control_work


@pytest.fixture
def look(two, monkeypatch):
    """Looks of the process into the database, and its clock."""
    seen = type("Seen", (), {"count": 0, "now": 1000.0})()
    real = resolution.reading_control

    def counted():
        seen.count += 1
        return real()

    monkeypatch.setattr(resolution, "reading_control", counted)
    monkeypatch.setattr(resolution.time, "monotonic", lambda: seen.now)
    forget_tenants()
    return seen


def _set(slug, **values):
    with control_work() as control:
        control.execute(update(Tenant).where(Tenant.slug == slug).values(values))


def test_an_organisation_is_remembered_for_five_seconds_and_not_longer(two, look):
    assert find_tenant("alpha") == two.a.ref
    _set("alpha", name="Omega")
    look.now += 4.9
    assert find_tenant("alpha").name == "Alpha"
    assert look.count == 1
    look.now += 0.2
    assert find_tenant("alpha").name == "Omega"
    assert look.count == 2


def test_whoever_looks_again_looks_for_all_others_in_use(two, look):
    find_tenant("alpha"), find_tenant("beta"), get_tenant(two.b.ref.id)
    _set("beta", generation=7)
    look.count, look.now = 0, look.now + 6
    find_tenant("alpha")
    assert find_tenant("beta").generation == get_tenant(two.b.ref.id).generation == 7
    assert look.count == 1


def test_one_that_was_closed_meanwhile_is_remembered_no_longer(two, look):
    find_tenant("alpha"), find_tenant("beta")
    _set("beta", status=Status.SUSPENDED.value)
    look.now += 6
    find_tenant("alpha")
    assert find_tenant("beta").status is Status.SUSPENDED
    _set("beta", status=Status.OPEN.value)
    assert find_tenant("beta").status is Status.OPEN


def test_what_nobody_asks_for_is_forgotten_and_strangers_leave_no_trace(two, look):
    find_tenant("alpha")
    look.now += 61
    find_tenant("beta")
    for _ in range(3):
        assert find_tenant(f"nobody-{new_id()}") is None
    assert set(resolution._remembered) == set(resolution._asked_for) == {"beta"}
