"""Ways around the one door: raw connections, session settings, kept sessions, objects of another organisation."""

import threading

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, ResourceClosedError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.access.models import Account
from tenants.context import Door
from tenants.database import CONTROL, LOCAL_CELL, db, door_engine, engine_options, guard
from tenants.errors import ForeignPlane, NoDoor, NoUnitOfWork, WrongDoor
from tenants.models import ControlOutbox, Tenant
from tenants.unit_of_work import control_work, reading_control, session, tenant_work
from tests.cast import NOON

REFUSED = "permission denied|does not exist|violates not-null"
OWNER_OF_A, OWNER_OF_B = "owner@alpha.example", "owner@beta.example"


@pytest.fixture
def one_backend(app, monkeypatch):
    """Both organisations' transactions run on one connection to PostgreSQL, one after the other."""
    options = {**engine_options(), "pool_size": 1, "max_overflow": 0, "pool_timeout": 5}
    engine = create_engine(app.config["KAMU"].database_url, **options)
    guard(engine)
    monkeypatch.setattr("tenants.unit_of_work.door_engine", lambda _, door: engine.execution_options(kamu_door=door))
    yield engine
    engine.dispose()


def emails(opened):
    return opened.scalars(text("SELECT email FROM account")).all()


def table_of(organisation, name="account"):
    return f"{organisation.ref.schema}.{name}"


LASTING = {
    "a session's path": "SET search_path TO {b}",
    "a session's path by function": "SELECT set_config('search_path', '{b}', false)",
    "a session's role": "SET SESSION ROLE {role_b}",
    "a session's role by function": "SELECT set_config('role', '{role_b}', false)",
    "a reset": "RESET ALL",
    "a reset role": "RESET ROLE",
    "a role of nobody": "SET ROLE NONE",
}


def test_what_one_transaction_sets_for_the_session_is_not_what_the_next_one_gets(one_backend, two):
    for trick, words in LASTING.items():
        with tenant_work(two.a.ref) as opened:
            backend = opened.scalar(text("SELECT pg_backend_pid()"))
            opened.execute(text(words.format(b=two.b.ref.schema, role_b=two.b.ref.role)))
        for organisation, email in ((two.a, OWNER_OF_A), (two.b, OWNER_OF_B)):
            with tenant_work(organisation.ref) as opened:
                assert opened.scalar(text("SELECT pg_backend_pid()")) == backend
                assert emails(opened) == [email], trick
                assert opened.scalar(text("SELECT current_user")) == organisation.ref.role


def test_after_an_end_by_words_nothing_more_can_be_read(one_backend, two):
    for end in ("COMMIT", "ROLLBACK", "COMMIT AND CHAIN"):
        with pytest.raises(DBAPIError, match=REFUSED), tenant_work(two.a.ref) as opened:
            opened.execute(text(end))
            opened.execute(text("SELECT email FROM account"))
        with tenant_work(two.b.ref) as opened:
            assert emails(opened) == [OWNER_OF_B], end


def test_after_an_early_commit_the_door_is_asked_again_for_the_same_organisation(one_backend, two):
    with tenant_work(two.a.ref) as opened:
        opened.commit()
        assert emails(opened) == [OWNER_OF_A]


def test_a_connection_without_the_hook_may_read_nothing(app, two):
    connection = db.engines[LOCAL_CELL].raw_connection()
    try:
        for table in (table_of(two.a), "control.tenant", "account"):
            with connection.cursor() as cursor, pytest.raises(Exception, match=REFUSED):
                cursor.execute(f"SELECT * FROM {table}")
            connection.rollback()
    finally:
        connection.close()


def test_two_phases_and_autocommit_fail_closed(app, two):
    door = Door(two.a.ref.schema, two.a.ref.role, 1000)
    engine = door_engine(LOCAL_CELL, door)
    with engine.connect() as connection, pytest.raises(SQLAlchemyError, match=REFUSED):
        connection.begin_twophase()
        connection.execute(text("SELECT email FROM account"))
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        pytest.raises(SQLAlchemyError, match=REFUSED),
    ):
        connection.execute(text("SELECT email FROM account"))


ILL_NAMED = [
    "",
    "{a},{b}",
    "{a}, pg_temp",
    '"{a}"',
    "{A}",
    "$user",
    "public",
    "pg_temp",
    "no_such_schema",
    " {a}",
    "{a};",
]


ILL_ROLES = ["", "none", "NONE", "app_rt", "app_ddl", "postgres", "{r}, {r}", "pg_read_all_data"]


def test_a_schema_or_role_that_is_not_one_plain_name_of_its_own_opens_no_door(app, two):
    a, role = two.a.ref.schema, two.a.ref.role
    doors = [Door(name.format(a=a, b=two.b.ref.schema, A=a.upper()), role, 1000) for name in ILL_NAMED]
    doors += [Door(a, name.format(r=role), 1000) for name in ILL_ROLES]
    for door in doors:
        with pytest.raises((WrongDoor, DBAPIError)), door_engine(LOCAL_CELL, door).connect() as connection:
            connection.execute(text("SELECT 1"))
            raise AssertionError(door)


def test_only_a_door_is_a_door(app):
    for door in (None, "a text", ("t_a", "r_a", 1)):
        with pytest.raises(NoDoor), db.engines[CONTROL].execution_options(kamu_door=door).connect() as connection:
            connection.execute(text("SELECT 1"))


def test_nothing_that_was_kept_speaks_after_its_unit_of_work(one_backend, two):
    with tenant_work(two.a.ref) as kept:
        connection = kept.connection()
        lazy = kept.execute(select(Account), execution_options={"yield_per": 1})
        raw = connection.connection
    with tenant_work(two.b.ref):
        with pytest.raises((ResourceClosedError, InvalidRequestError)):
            connection.execute(text("SELECT email FROM account"))
        with pytest.raises((ResourceClosedError, InvalidRequestError)):
            lazy.all()
        assert raw.dbapi_connection is None
    with pytest.raises(InvalidRequestError), tenant_work(two.b.ref), kept:
        kept.scalars(select(Account)).all()


def test_a_thread_does_not_inherit_a_unit_of_work(app, two):
    found: list[object] = []

    def look():
        try:
            found.append(session())
        except NoUnitOfWork as error:
            found.append(type(error))

    with tenant_work(two.a.ref):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(10)
    assert found == [NoUnitOfWork]


def owner_of(organisation):
    with tenant_work(organisation.ref) as opened:
        return opened.get(Account, organisation.owner_id)


TAKEN_IN = {
    "added": lambda opened, stranger: opened.add(stranger),
    "merged": lambda opened, stranger: opened.merge(stranger),
    "deleted": lambda opened, stranger: opened.delete(stranger),
    "refreshed": lambda opened, stranger: opened.refresh(stranger),
    "among new ones": lambda opened, stranger: opened.add_all(
        [Account(email="x@beta.example", name="X", created_at=NOON), stranger]
    ),
}


def test_an_object_of_one_organisation_is_not_taken_in_by_anothers_session(app, two):
    for how, take_in in TAKEN_IN.items():
        stranger = owner_of(two.a)
        with pytest.raises((InvalidRequestError, ForeignPlane)), tenant_work(two.b.ref) as opened:
            take_in(opened, stranger)
            raise AssertionError(how)
    with tenant_work(two.b.ref) as opened:
        assert emails(opened) == [OWNER_OF_B]
        assert opened.get(Account, two.a.owner_id) is None


def test_rows_of_another_plane_written_in_bulk_find_no_table(app, two):
    with pytest.raises(DBAPIError, match=REFUSED), tenant_work(two.a.ref) as opened:
        opened.execute(insert(ControlOutbox).values(job="x.y", args={}, queue="default"))
    with pytest.raises(DBAPIError, match=REFUSED), tenant_work(two.a.ref) as opened:
        opened.execute(select(Tenant))
    with pytest.raises(DBAPIError, match=REFUSED), control_work() as opened:
        opened.execute(select(Account))


def test_a_reader_of_control_sees_no_organisations_rows(app, two):
    for work in (control_work, reading_control):
        with pytest.raises(DBAPIError, match=REFUSED), work() as opened:
            opened.execute(text(f"SELECT * FROM {table_of(two.a)}"))


def test_a_session_made_by_hand_has_no_door(app):
    with pytest.raises(NoDoor), Session(bind=db.engines[LOCAL_CELL]) as made:
        made.execute(text("SELECT 1"))
