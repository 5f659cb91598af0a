"""One schema on its way: each leg sent as one string, which is one transaction and one round trip."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tenants.faults import Fault, fault_point
from tenants.fleet.ledger import Schema
from tenants.fleet.rendering import ROLE_MARK
from tenants.fleet.trees import BASE
from tenants.fleet.ways import MOVED, SCHEMA_MARK, WAITING, Leg, find_way

LOCK_TIMEOUT = "3s"
# Somebody holds a lock: refused in time, chosen in a deadlock, overtaken.
BUSY_STATES = {"55P03", "40P01", "40001"}

# The first of the string: whatever is done twice, by whoever, is done once. A blank schema that has just been handed
# out is not blank any more, and one that is being migrated is not handed out.
_OPEN = """SELECT set_config('lock_timeout', '{lock}', true), set_config('statement_timeout', '60s', true),
set_config('search_path', '{schema},ext', true);
"""
_GUARD = """DO $guard$ BEGIN
PERFORM 1 FROM alembic_version WHERE version_num = '{start}' FOR UPDATE;
IF NOT FOUND THEN RAISE EXCEPTION 'the schema has moved on' USING ERRCODE = '{moved}'; END IF;
{more}END $guard$;
"""
_IS_BLANK = """UPDATE control.tenant_slot SET revision = '{end}' WHERE schema_name = '{schema}';
IF NOT FOUND THEN RAISE EXCEPTION 'the schema has been handed out' USING ERRCODE = '{moved}'; END IF;
"""
_IS_FILLED = """IF EXISTS (SELECT FROM backfill WHERE name IN ({names}) AND done_at IS NULL) THEN
RAISE EXCEPTION 'a backfill has not ended' USING ERRCODE = '{waiting}'; END IF;
"""


class Outcome(StrEnum):
    """What came of one try. ``WAITING``: for a backfill. ``MOVED``: somebody else has brought it further."""

    DONE = "done"
    BUSY = "busy"
    FAILED = "failed"
    WAITING = "waiting"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Step:
    """How one try over one schema ended: at which revision, and by which error's name."""

    schema: Schema
    outcome: Outcome
    revision: str
    error: str | None = None


def bring(connection: Connection, schema: Schema, head: str, *, lock_timeout: str = LOCK_TIMEOUT) -> Step:
    """Bring one schema to ``head`` on a connection in autocommit; a leg that fails leaves it where it was."""
    revision = schema.revision
    try:
        for leg in find_way(schema.revision, head, is_blank=schema.is_blank):
            with connection.begin():
                _build_indexes(connection, schema.name, leg)
                connection.exec_driver_sql(_script(schema, leg, lock_timeout).replace("%", "%%")).close()
            revision = leg.end
            fault_point(Fault.SCHEMA_MIGRATED)
    except DBAPIError as error:
        return Step(schema, _outcome_of(error), revision, type(error.orig).__name__)
    return Step(schema, Outcome.DONE, revision)


def _outcome_of(error: DBAPIError) -> Outcome:
    state = getattr(error.orig, "sqlstate", None)
    if state in BUSY_STATES:
        return Outcome.BUSY
    return {MOVED: Outcome.MOVED, WAITING: Outcome.WAITING}.get(str(state), Outcome.FAILED)


def _script(schema: Schema, leg: Leg, lock_timeout: str) -> str:
    opened = _OPEN.format(lock=lock_timeout, schema=schema.name)
    return opened + _guard(schema, leg) + leg.script.replace(ROLE_MARK, schema.role)


def _guard(schema: Schema, leg: Leg) -> str:
    more = ""
    if schema.is_blank:
        more += _IS_BLANK.format(schema=schema.name, end=leg.end, moved=MOVED)
    if leg.requires:
        names = ", ".join(f"'{name}'" for name in leg.requires)
        more += _IS_FILLED.format(names=names, waiting=WAITING)
    if leg.start == BASE:
        return f"DO $guard$ BEGIN\n{more}END $guard$;\n" if more else ""
    return _GUARD.format(start=leg.start, moved=MOVED, more=more)


def _build_indexes(connection: Connection, schema: str, leg: Leg) -> None:
    """Build or drop the leg's indexes without holding up who writes; one that an earlier try left half-built goes."""
    for statement in leg.indexes:
        own = statement.replace(SCHEMA_MARK, schema)
        name = f"{schema}.{_index_named(statement)}"
        if _is_half_built(connection, name):
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}").close()
        connection.exec_driver_sql(own.replace("%", "%%")).close()


def _index_named(statement: str) -> str:
    words = re.search(rf"EXISTS (?:{SCHEMA_MARK}\.)?(\S+)", statement)
    if words is None:
        raise LookupError(statement)
    return words[1]


def _is_half_built(connection: Connection, name: str) -> bool:
    half = "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"
    return bool(connection.scalar(text(half), {"name": name}))
