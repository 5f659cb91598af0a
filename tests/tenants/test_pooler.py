"""A real PgBouncer in transaction mode with one backend: whoever comes next on it finds their own schema and role."""

import os
import random
import socket
import threading
from contextlib import suppress
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app.access.models import Account
from local.pooler import Pooler
from tenants.database import CONTROL, KEYS, LOCAL_CELL, db, engine_options, guard
from tenants.unit_of_work import reading_control, tenant_work

SEATS = "/set-up/seats"  # it reads the control plane while its organisation's transaction is open
ROUNDS = 400 if os.environ.get("KAMU_DEEP") else 12


@pytest.fixture(scope="module")
def pooler(urls, tmp_path_factory):
    server = Pooler(tmp_path_factory.mktemp("pooler"), urls.rt, urls.keys, size=1)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def one_backend(app, pooler, monkeypatch):
    """The whole app by way of the pooler, as if its addresses stood in the settings."""
    known = app.config["KAMU"]
    addresses = {
        CONTROL: pooler.control_address(known.database_url),
        LOCAL_CELL: pooler.address(known.database_url),
        KEYS: pooler.address(known.keys_database_url),
    }
    engines = {}
    for name, address in addresses.items():
        engines[name] = create_engine(address, **engine_options())
        guard(engines[name])
        monkeypatch.setitem(db.engines, name, engines[name])
    yield SimpleNamespace(pooler=pooler, address=pooler.address(known.database_url))
    for engine in engines.values():
        engine.dispose()


def _plain(address):
    return address.replace("+psycopg", "")


def _backend(opened):
    return opened.scalar(text("SELECT pg_backend_pid()"))


def _cut_off(opened):
    """The client vanishes in the middle of its transaction, as when its process is killed."""
    driver = opened.connection().connection.driver_connection
    with socket.socket(fileno=os.dup(driver.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    opened.execute(text("SELECT 1"))


def _sees_its_own(opened, organisation, seen):
    row = opened.execute(text("SELECT current_schema(), current_user, pg_backend_pid()")).one()
    assert tuple(row[:2]) == (organisation.ref.schema, organisation.ref.role)
    assert opened.scalars(select(Account.email)).all() == [f"owner@{organisation.slug}.example"]
    seen.append((row[2], organisation.slug))


def _fail(opened):
    opened.execute(text("SELECT 1/0"))


def _fail_in_savepoint(opened):
    with suppress(DBAPIError), opened.begin_nested():
        opened.execute(text("SELECT * FROM no_such_table"))


def _take_too_long(opened):
    opened.execute(text("SELECT set_config('statement_timeout', '5', true)"))
    opened.execute(text("SELECT pg_sleep(20)"))


def _write_and_undo(opened):
    opened.execute(text("UPDATE account SET name = 'of ' || current_schema()"))
    raise ZeroDivisionError


DEEDS = {
    "read": lambda _: None,
    "fail": _fail,
    "savepoint": _fail_in_savepoint,
    "cancelled": _take_too_long,
    "undone": _write_and_undo,
    "cut off": _cut_off,
}


def test_a_setting_of_the_session_would_be_seen_by_the_next_client(one_backend, two):
    """The control: what the door does not do leaks here, so what the tests below look for can happen."""
    path = f"{two.a.ref.schema},ext"
    with (
        psycopg.connect(_plain(one_backend.address), autocommit=True) as careless,
        psycopg.connect(_plain(one_backend.address), autocommit=True) as other,
    ):
        careless.execute("SELECT set_config('search_path', %s, false)", [path])
        assert other.execute("SELECT current_setting('search_path')").fetchone()[0] == path
        careless.execute("RESET search_path")


def test_threads_of_two_organisations_take_turns_on_one_backend_and_nothing_leaks(app, one_backend, two):
    seen, wrong = [], []

    def work(number):
        dice, organisation = random.Random(number), (two.a, two.b)[number % 2]
        with app.app_context():
            for _ in range(ROUNDS):
                deed = dice.choice(list(DEEDS))
                try:
                    with tenant_work(organisation.ref) as opened:
                        _sees_its_own(opened, organisation, seen)
                        DEEDS[deed](opened)
                        _sees_its_own(opened, organisation, seen)
                except (DBAPIError, ZeroDivisionError):
                    assert deed not in {"read", "savepoint"}, deed
                except AssertionError as error:
                    wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not wrong
    assert len(seen) >= 4 * ROUNDS
    assert {slug for _, slug in seen} == {"alpha", "beta"}
    # Both were served by one and the same backend, one after the other.
    assert len({pid for pid, _ in seen}) < len(set(seen))


def test_a_cancelled_statement_ends_only_its_own_transaction(app, one_backend, two, superuser):
    running, ended = threading.Event(), []

    def sleep():
        with app.app_context(), pytest.raises(OperationalError, match="user request"), tenant_work(two.a.ref) as opened:
            ended.append(opened.connection().connection.driver_connection)
            running.set()
            opened.execute(text("SELECT pg_sleep(20)"))

    thread = threading.Thread(target=sleep)
    thread.start()
    assert running.wait(10)
    asleep = text("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)' AND state = 'active'")
    with superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(asleep):
            pass
    ended[0].cancel_safe(timeout=10)
    thread.join(10)
    assert not thread.is_alive()
    with tenant_work(two.b.ref) as opened:
        _sees_its_own(opened, two.b, ended)


def test_a_killed_backend_is_replaced_behind_the_pooler(one_backend, two, superuser):
    with tenant_work(two.a.ref) as opened:
        pid = _backend(opened)
    with superuser.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with tenant_work(two.b.ref) as opened:
        assert _backend(opened) != pid
        _sees_its_own(opened, two.b, [])


def test_control_and_organisations_take_turns_on_the_same_backend(one_backend, two, monkeypatch):
    monkeypatch.setitem(db.engines, CONTROL, db.engines[LOCAL_CELL])
    for organisation in (two.a, two.b):
        with tenant_work(organisation.ref) as opened:
            pid = _backend(opened)
        with reading_control() as control:
            assert control.scalar(text("SELECT current_schema()")) == "control"
            assert _backend(control) == pid


def test_pages_of_two_organisations_by_way_of_one_backend(app, cast, one_backend, two):
    browsers = {organisation.slug: cast.signed_in(organisation) for organisation in (two.a, two.b)}
    wrong = []

    def read(slug):
        other = "Beta" if slug == "alpha" else "Alpha"
        for path in ("/people", "/set-up", SEATS, "/people"):
            answer = browsers[slug].get(path, check=False)
            if answer.status_code != 200 or slug.capitalize() not in answer.text or other in answer.text:
                wrong.append((slug, path, answer.status_code))

    threads = [threading.Thread(target=read, args=(slug,)) for slug in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
