"""The only door to the databases: engines, and the one statement each transaction begins with.

Flask-SQLAlchemy keeps the engines (one set per app, made when the app is made, connecting only when first used);
sessions are opened by ``unit_of_work`` alone. Every transaction on a door engine runs the ``begin`` hook below,
whoever begins it, so code that goes round the unit of work still meets it and is refused.
"""

import re
from functools import lru_cache
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from tenants.context import Door
from tenants.errors import NoDoor, WrongDoor
from tenants.models import TenantBase

db = SQLAlchemy(disable_autonaming=True)

CONTROL, KEYS, DDL = "control", "keys", "ddl"
CONTROL_ROLE, CONTROL_READER = "kamu_control", "kamu_control_read"
LOCAL_CELL = "local"

# One round trip: the settings end with the transaction, and the last two columns prove that they hold.
# Transaction-local settings are the only ones that stay right behind a transaction pooler.
_OPEN_DOOR = """
SELECT set_config('role', %s, true), set_config('search_path', %s, true),
       set_config('statement_timeout', %s, true), current_schema(), current_user
"""


# Not granted to this login any more; no role of that name.
ROLE_IS_GONE = {"42501", "22023"}

# A backend remembers what it knows of every table it has touched, about 20 kB each, and forgets nothing until it ends.
# So a connection serves so many tables, or so many seconds, and then its backend is replaced. Light pages touch few:
# they find what they need remembered in hundreds of organisations.
TABLES_A_CONNECTION = 3_000
SECONDS_A_CONNECTION = 900
_TOUCHED = "kamu_tables"
_WORD = re.compile(r"[a-z_]+")


def engine_options() -> dict[str, Any]:
    """Settings of every engine. Prepared statements are off: they outlive a pooler's transaction."""
    return {
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 10,
        "pool_recycle": SECONDS_A_CONNECTION,
        "pool_pre_ping": True,
        "connect_args": {"prepare_threshold": None, "connect_timeout": 5, "application_name": "kamu"},
    }


def guard_engines() -> None:
    """Put the door on the engines of the current app that serve requests and jobs."""
    for name, engine in db.engines.items():
        if name not in {None, DDL} and not event.contains(engine, "begin", _pass_the_door):
            guard(engine)


def guard(engine: Engine) -> None:
    """Have every transaction of an engine pass the door, and its connections end when they have served enough."""
    event.listen(engine, "begin", _pass_the_door)
    event.listen(engine, "before_cursor_execute", _note_tables)
    event.listen(engine, "checkin", _end_what_served_enough)


def door_engine(name: str, door: Door) -> Engine:
    """Return the engine ``name``, bound to one door: its connections can begin nothing else."""
    return db.engines[name].execution_options(kamu_door=door)


def _pass_the_door(connection: Connection) -> None:
    door = connection.get_execution_options().get("kamu_door")
    if not isinstance(door, Door):
        raise NoDoor("a transaction began without a schema and a role")
    if _open(connection, door) != (door.schema, door.role):
        raise WrongDoor("the database did not confirm the schema and role that were asked for")


def _open(connection: Connection, door: Door) -> tuple[str, str]:
    """Go through the door; returns the schema and the role in which the database says that we are."""
    values = (door.role, f"{door.schema},ext", str(door.statement_timeout_ms))
    try:
        found = connection.exec_driver_sql(_OPEN_DOOR, values).one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") in ROLE_IS_GONE:
            raise WrongDoor("the role was taken away, or is gone") from error
        raise
    return found[3], found[4]


def _note_tables(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    door = connection.get_execution_options()["kamu_door"]
    touched = connection.info.setdefault(_TOUCHED, {}).setdefault(door.schema, {""})
    touched |= _tables_in(statement)


@lru_cache(maxsize=4096)
def _tables_in(statement: str) -> frozenset[str]:
    """Names in a statement that are an organisation's tables; a column of the same name counts too, to be sure."""
    return frozenset(TenantBase.metadata.tables.keys() & _WORD.findall(statement))


def _end_what_served_enough(_connection: object, record: ConnectionPoolEntry) -> None:
    """Mark the connection; whoever takes it out of the pool next gets a new one in its place."""
    if sum(map(len, record.info.get(_TOUCHED, {}).values())) >= TABLES_A_CONNECTION:
        record.invalidate(soft=True)
