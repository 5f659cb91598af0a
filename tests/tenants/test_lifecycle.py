"""An organisation is closed for the time being and opened again; a schema that nobody has is dropped, and stays gone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.vault import CannotOpen, destroy_organisation, open_text, own_space, seal_text
from tenants import lifecycle
from tenants.context import Status
from tenants.errors import NotHere, StillInUse, WrongStatus
from tenants.models import RetiredSchema, Tenant, new_id
from tenants.outbox import later_in_tenant
from tenants.resolution import find_tenant
from tenants.unit_of_work import control_work, tenant_work
from tests.cast import NOON

DAY = timedelta(days=1)


def suspend(ref):
    with control_work():
        lifecycle.suspend(tenant_id=ref.id, now=NOON)


def retire(ref, *, after=NOON):
    with control_work():
        lifecycle.retire_schema(
            schema=ref.schema,
            role=ref.role,
            cell=ref.cell,
            tenant_id=ref.id,
            reason="erased",
            now=NOON,
            drop_after=after,
        )


def drop(ref, *, now=NOON):
    with control_work():
        lifecycle.drop_retired(ref.schema, now=now)


def is_there(superuser, ref):
    found = "SELECT to_regnamespace(:schema) IS NOT NULL OR to_regrole(:role) IS NOT NULL"
    with superuser.connect() as connection:
        return connection.scalar(text(found), {"schema": ref.schema, "role": ref.role})


def test_suspending_ends_sessions_and_resuming_does_not_bring_them_back(cast):
    acme = cast.organisation("acme")
    browser = cast.signed_in(acme)
    suspend(acme.ref)
    suspend(acme.ref)
    assert (find_tenant("acme").status, find_tenant("acme").generation) == (Status.SUSPENDED, 2)
    with control_work():
        lifecycle.resume(tenant_id=acme.ref.id)
        lifecycle.resume(tenant_id=acme.ref.id)
    assert (find_tenant("acme").status, find_tenant("acme").generation) == (Status.OPEN, 3)
    assert browser.get("/set-up").status_code == 303


def test_what_was_asked_of_a_suspended_organisation_waits_until_it_is_open_again(cast):
    acme = cast.organisation("acme")
    suspend(acme.ref)
    with control_work() as control:
        later_in_tenant(
            acme.ref.id, "billing.note_plan", choice_id=None, plan=None, status=None, as_of=NOON.isoformat()
        )
        control.flush()
    cast.run_jobs()
    with control_work() as control:
        waiting = control.execute(text("SELECT attempts, dead_at, due_at > now() FROM outbox")).all()
    assert waiting == [(0, None, True)]


def test_a_schema_in_use_or_before_its_time_is_not_dropped(cast, superuser):
    acme = cast.organisation("acme")
    retire(acme.ref)
    with pytest.raises(StillInUse):
        drop(acme.ref)
    suspend(acme.ref)
    with control_work() as control:
        control.get(RetiredSchema, acme.ref.schema).drop_after = NOON + DAY
    with pytest.raises(StillInUse):
        drop(acme.ref)
    assert is_there(superuser, acme.ref)
    with control_work(), pytest.raises(NotHere):
        lifecycle.drop_retired("t_" + "a" * 16, now=NOON)


def test_dropping_leaves_neither_schema_nor_role_and_can_be_done_twice(cast, superuser):
    acme, beta = cast.organisation("acme"), cast.organisation("beta")
    suspend(acme.ref)
    retire(acme.ref)
    retire(acme.ref)
    with control_work():
        assert lifecycle.list_droppable(now=NOON) == [acme.ref.schema]
    drop(acme.ref)
    drop(acme.ref)
    assert not is_there(superuser, acme.ref)
    assert is_there(superuser, beta.ref)
    with control_work():
        assert lifecycle.list_droppable(now=NOON + DAY) == []


@pytest.mark.parametrize(
    "names", [("public", "r_" + "a" * 16), ("t_" + "a" * 16, "app_rt"), ("control", "kamu_control")]
)
def test_only_schemas_of_organisations_can_be_dropped(app, names):
    with pytest.raises(ValueError, match="not the name"):
        lifecycle.drop_schema(None, *names)


def test_a_tombstone_keeps_ids_and_the_address_name_and_nothing_else(cast):
    acme = cast.organisation("acme")
    suspend(acme.ref)
    with control_work(), pytest.raises(StillInUse):
        lifecycle.entomb(tenant_id=acme.ref.id, now=NOON)
    retire(acme.ref)
    drop(acme.ref)
    with control_work():
        later_in_tenant(acme.ref.id, "billing.count_seats")
    for _ in range(2):
        with control_work():
            lifecycle.entomb(tenant_id=acme.ref.id, now=NOON)
    with control_work() as control:
        row = control.get(Tenant, acme.ref.id)
        assert (row.slug, row.name, row.status, row.erased_at) == ("acme", "", Status.ERASED.value, NOON)
        assert control.scalar(text("SELECT count(*) FROM outbox WHERE tenant_id IS NOT NULL")) == 0
        with pytest.raises(WrongStatus):
            lifecycle.resume(tenant_id=acme.ref.id)
        with pytest.raises(WrongStatus):
            lifecycle.suspend(tenant_id=acme.ref.id, now=NOON)


def test_only_an_organisation_that_is_open_is_suspended(cast):
    with control_work(), pytest.raises(NotHere):
        lifecycle.suspend(tenant_id=new_id(), now=NOON)
    with control_work(), pytest.raises(NotHere):
        lifecycle.resume(tenant_id=new_id())


def test_with_an_organisations_keys_all_its_text_ends_and_nobody_elses(two):
    place = {"space": own_space(new_id()), "row": new_id(), "column": "line"}
    sealed = {}
    for each in (two.a, two.b):
        with tenant_work(each.ref):
            sealed[each.slug] = seal_text("Say no once a week", **place)
    assert destroy_organisation(two.a.ref.id) == 2
    assert destroy_organisation(two.a.ref.id) == 0
    with tenant_work(two.a.ref), pytest.raises(CannotOpen):
        open_text(sealed["alpha"], **place)
    with tenant_work(two.b.ref):
        assert open_text(sealed["beta"], **place) == "Say no once a week"
