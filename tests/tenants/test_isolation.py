"""One backend, many organisations: whatever happens to a transaction, the next one sees only its own schema."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from app.access.models import Account
from app.access.queries import find_account_by_email
from tenants.context import Door
from tenants.database import CONTROL, _pass_the_door, db, door_engine, engine_options
from tenants.errors import AlreadyInUnitOfWork, ForeignPlane, NoDoor, NoUnitOfWork, WrongDoor
from tenants.models import Cell, Tenant, TenantBase
from tenants.unit_of_work import control_work, reading_control, session, tenant_work
from tests.cast import NOON

RUNTIME_LOGIN = "app_rt"


@pytest.fixture
def one_backend(app, monkeypatch):
    """Every unit of work runs on a pool that holds a single connection."""
    engine = create_engine(
        app.config["KAMU"].database_url, **{**engine_options(), "pool_size": 1, "max_overflow": 0, "pool_timeout": 5}
    )
    event.listen(engine, "begin", _pass_the_door)
    monkeypatch.setattr(
        "tenants.unit_of_work.door_engine", lambda _name, door: engine.execution_options(kamu_door=door)
    )
    yield engine
    engine.dispose()


def test_two_organisations_take_turns_on_one_backend_and_see_only_their_own(one_backend, two):
    for _ in range(5):
        for organisation in (two.a, two.b):
            with tenant_work(organisation.ref) as opened:
                emails = opened.scalars(select(Account.email)).all()
                assert emails == [f"owner@{organisation.slug}.example"]


def test_a_failed_statement_leaves_nothing_for_the_next_transaction(one_backend, two):
    with pytest.raises(DBAPIError), tenant_work(two.a.ref) as opened:
        opened.execute(text("SELECT * FROM no_such_table"))
    with tenant_work(two.b.ref) as opened:
        assert opened.scalar(text("SELECT current_schema()")) == two.b.ref.schema


def test_a_savepoint_that_fails_keeps_the_door(one_backend, two):
    with tenant_work(two.a.ref) as opened:
        with pytest.raises(DBAPIError), opened.begin_nested():
            opened.execute(text("SELECT 1/0"))
        assert opened.scalar(text("SELECT current_schema()")) == two.a.ref.schema
        assert opened.scalar(text("SELECT current_user")) == two.a.ref.role


def test_a_killed_backend_is_replaced_and_the_new_one_asks_for_the_door(one_backend, two, superuser):
    with tenant_work(two.a.ref) as opened:
        pid = opened.scalar(text("SELECT pg_backend_pid()"))
    with superuser.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with tenant_work(two.b.ref) as opened:
        assert opened.scalars(select(Account.email)).all() == ["owner@beta.example"]


def test_threads_do_not_share_a_door(app, two):
    seen: dict[str, set[str]] = {"alpha": set(), "beta": set()}

    def look(organisation):
        with app.app_context():
            for _ in range(20):
                with tenant_work(organisation.ref) as opened:
                    seen[organisation.slug].update(opened.scalars(select(Account.email)).all())

    threads = [threading.Thread(target=look, args=(each,)) for each in (two.a, two.b) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == {"alpha": {"owner@alpha.example"}, "beta": {"owner@beta.example"}}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(["read", "fail", "nested", "refused"])), max_size=12
    )
)
def test_however_work_switches_and_fails_each_sees_its_own(one_backend, two, steps):
    for who, what in steps:
        organisation = getattr(two, who)
        try:
            with tenant_work(organisation.ref) as opened:
                if what == "fail":
                    opened.execute(text("SELECT 1/0"))
                if what == "nested":
                    with opened.begin_nested():
                        opened.execute(text("SELECT 1"))
                if what == "refused":
                    opened.add(Cell(id="x", kind="postgres"))
                assert opened.scalars(select(Account.email)).all() == [f"owner@{organisation.slug}.example"]
        except (DBAPIError, ForeignPlane):
            assert what in {"fail", "refused"}


def test_a_transaction_without_a_door_is_refused(app):
    with pytest.raises(NoDoor), db.engines[CONTROL].connect() as connection:
        connection.execute(text("SELECT 1"))


def test_a_door_to_a_schema_that_is_not_the_roles_is_refused(app, two):
    mixed = Door(two.a.ref.schema, two.b.ref.role, 1000)
    with pytest.raises(WrongDoor), door_engine(two.a.ref.cell, mixed).connect() as connection:
        connection.execute(text("SELECT 1"))


def test_no_session_outside_a_unit_of_work(app):
    with pytest.raises(NoUnitOfWork):
        session()


def test_a_unit_of_work_inside_another_is_refused(app, two):
    with tenant_work(two.a.ref), pytest.raises(AlreadyInUnitOfWork), tenant_work(two.b.ref):
        raise AssertionError("not reached")


def test_a_flush_of_two_planes_is_refused_and_nothing_is_written(app, two):
    with pytest.raises(ForeignPlane), tenant_work(two.a.ref) as opened:
        opened.add(Cell(id="other", kind="postgres"))
    with control_work() as control:
        assert control.get(Cell, "other") is None


def test_the_reading_connection_can_not_write(app):
    with pytest.raises(ProgrammingError, match="permission denied"), reading_control() as control:
        control.execute(text("UPDATE tenant SET name = 'taken'"))


def test_the_product_logs_in_as_a_role_that_owns_nothing(app, two):
    with tenant_work(two.a.ref) as opened:
        assert opened.scalar(text("SELECT session_user")) == RUNTIME_LOGIN
    with control_work() as control:
        assert control.scalar(text("SELECT session_user")) == RUNTIME_LOGIN


def test_the_login_alone_may_read_no_table(app, two):
    bare = create_engine(app.config["KAMU"].database_url)
    with bare.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"SELECT * FROM {two.a.ref.schema}.account"))
    bare.dispose()


def test_each_organisations_role_is_refused_on_every_table_of_every_other_schema(app, two):
    foreign = [f"{two.b.ref.schema}.{table.name}" for table in TenantBase.metadata.sorted_tables]
    foreign += ["control.tenant", "control.outbox", "keys.tenant_key", "keys.space_key"]
    for table in foreign:
        with pytest.raises(ProgrammingError, match="permission denied"), tenant_work(two.a.ref) as opened:
            opened.execute(text(f"SELECT 1 FROM {table}"))


def test_the_public_schema_is_closed_and_never_on_the_path(app, two):
    with tenant_work(two.a.ref) as opened:
        assert opened.scalar(text("SHOW search_path")) == f"{two.a.ref.schema}, ext" or "public" not in opened.scalar(
            text("SHOW search_path")
        )
        with pytest.raises(ProgrammingError, match="permission denied"), opened.begin_nested():
            opened.execute(text("CREATE TABLE public.x (id int)"))
        with pytest.raises(ProgrammingError, match="permission denied"), opened.begin_nested():
            opened.execute(text("CREATE TEMP TABLE x (id int)"))


def test_the_statement_timeout_holds(app, two):
    with pytest.raises(DBAPIError, match="statement timeout"), tenant_work(two.a.ref, timeout_ms=50) as opened:
        opened.execute(text("SELECT pg_sleep(1)"))


def test_a_block_that_raises_leaves_nothing(app, two):
    with pytest.raises(RuntimeError), tenant_work(two.a.ref) as opened:
        opened.add(Account(email="ghost@alpha.example", name="Ghost", created_at=NOON))
        opened.flush()
        raise RuntimeError
    with tenant_work(two.a.ref):
        assert find_account_by_email("ghost@alpha.example") is None


def test_organisations_have_disjoint_rows(two):
    with tenant_work(two.a.ref) as a:
        ids_a = set(a.scalars(select(Account.id)))
    with tenant_work(two.b.ref) as b:
        ids_b = set(b.scalars(select(Account.id)))
    assert ids_a
    assert ids_b
    assert not ids_a & ids_b


def test_an_app_never_opens_a_session_by_another_way(app):
    assert not isinstance(getattr(db, "session", None), Session)
    with control_work() as control:
        assert control.scalars(select(Tenant)).all() == []
