"""The only door to the databases: engines, and the one statement each transaction begins with.

Flask-SQLAlchemy keeps the engines (one set per app, made when the app is made, connecting only when first used);
sessions are opened by ``unit_of_work`` alone. Every transaction on a door engine runs the ``begin`` hook below,
whoever begins it, so code that goes round the unit of work still meets it and is refused.
"""

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event

from tenants.context import Door
from tenants.errors import NoDoor, WrongDoor

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


def engine_options() -> dict[str, Any]:
    """Settings of every engine. Prepared statements are off: they outlive a pooler's transaction."""
    return {
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 10,
        "pool_recycle": 900,
        "pool_pre_ping": True,
        "connect_args": {"prepare_threshold": None, "connect_timeout": 5, "application_name": "kamu"},
    }


def guard_engines() -> None:
    """Put the begin hook on the engines of the current app that serve requests and jobs."""
    for name, engine in db.engines.items():
        if name not in {None, DDL} and not event.contains(engine, "begin", _pass_the_door):
            event.listen(engine, "begin", _pass_the_door)


def door_engine(name: str, door: Door) -> Engine:
    """Return the engine ``name``, bound to one door: its connections can begin nothing else."""
    return db.engines[name].execution_options(kamu_door=door)


def _pass_the_door(connection: Connection) -> None:
    door = connection.get_execution_options().get("kamu_door")
    if not isinstance(door, Door):
        raise NoDoor("a transaction began without a schema and a role")
    found = connection.exec_driver_sql(
        _OPEN_DOOR, (door.role, f"{door.schema},ext", str(door.statement_timeout_ms))
    ).one()
    if (found[3], found[4]) != (door.schema, door.role):
        raise WrongDoor("the database did not confirm the schema and role that were asked for")
