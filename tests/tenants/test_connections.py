"""A backend remembers every table it has touched: so a connection serves so many of them, and then goes."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tenants import database
from tenants.database import db, engine_options, guard
from tenants.models import TenantBase, new_id
from tenants.provisioning import build_slots, claim, open_tenant
from tenants.resolution import forget_tenants, get_tenant
from tenants.unit_of_work import control_work, reading_control, tenant_work
from tests.cast import NOON

AS_IN_LIFE = database.TABLES_A_CONNECTION


@pytest.fixture(params=[database.LOCAL_CELL])
def one_connection(request, app, monkeypatch):
    """Organisations are served on a pool of one connection, which may touch two things: a schema counts as one."""
    engine = create_engine(app.config["KAMU"].database_url, **{**engine_options(), "pool_size": 1, "max_overflow": 0})
    guard(engine)
    monkeypatch.setitem(db.engines, request.param, engine)
    monkeypatch.setattr(database, "TABLES_A_CONNECTION", 2)
    yield engine
    engine.dispose()


def _backend(organisation):
    with tenant_work(organisation.ref) as opened:
        return opened.scalar(text("SELECT pg_backend_pid()"))


def test_a_connection_that_has_served_enough_organisations_is_replaced(one_connection, two):
    first = _backend(two.a)
    assert _backend(two.a) == first
    assert _backend(two.b) == first
    second = _backend(two.a)
    assert second != first
    assert _backend(two.a) == second


def test_each_table_of_each_organisation_counts_once(one_connection, two, monkeypatch):
    monkeypatch.setattr(database, "TABLES_A_CONNECTION", 4)
    first = _backend(two.a)
    for _ in range(3):
        with tenant_work(two.a.ref) as opened:
            opened.execute(text("SELECT count(*) FROM person JOIN account ON account.person_id = person.id"))
    assert _backend(two.a) == first
    assert _backend(two.b) == first
    assert _backend(two.b) != first


def test_it_is_replaced_after_work_that_failed_too(one_connection, two):
    first = _backend(two.a)
    with pytest.raises(ZeroDivisionError), tenant_work(two.b.ref) as opened:
        opened.execute(text("SELECT 1"))
        raise ZeroDivisionError
    assert _backend(two.a) != first


@pytest.mark.parametrize("one_connection", [database.CONTROL], indirect=True)
def test_control_stays_on_its_connection_however_often_it_is_read(one_connection):
    pids = set()
    for _ in range(4):
        with reading_control() as control:
            pids.add(control.scalar(text("SELECT pg_backend_pid()")))
    assert len(pids) == 1


def test_every_engine_lets_go_of_connections_by_age(app):
    for engine in db.engines.values():
        assert engine.pool._recycle == database.SECONDS_A_CONNECTION <= 900


@pytest.mark.deep
@pytest.mark.skipif(not os.environ.get("KAMU_DEEP"), reason="builds 500 organisations: a minute and a half")
def test_a_backends_memory_is_bounded_after_500_organisations_and_after_1000_visits(app, monkeypatch, one_connection):
    monkeypatch.setattr(database, "TABLES_A_CONNECTION", AS_IN_LIFE)
    refs = [_open(number) for number in range(500)]
    tables = [table.name for table in TenantBase.metadata.sorted_tables]

    def largest(some):
        most = 0
        for ref in some:
            with tenant_work(ref) as opened:
                for name in tables:
                    opened.execute(text(f"SELECT count(*) FROM {name}"))
                pid = opened.scalar(text("SELECT pg_backend_pid()"))
            most = max(most, _own_memory(pid))
        return most

    first, second = largest(refs), largest(refs)
    assert first <= 80
    assert second <= first * 1.1


def _open(number):
    tenant_id = new_id()
    build_slots(1)
    with control_work():
        claim(tenant_id=tenant_id, slug=f"org-{number}", name="Org")
        open_tenant(tenant_id=tenant_id, now=NOON)
    forget_tenants()
    return get_tenant(tenant_id)


def _own_memory(pid):
    """MiB that the backend has for itself, without what all share."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024
