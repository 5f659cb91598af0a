"""One schema on its way: each leg sent as one string, which is one transaction and one round trip."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import psycopg
from sqlalchemy import Connection

from tenants.faults import Fault, fault_point
from tenants.fleet.ledger import Schema
from tenants.fleet.rendering import ROLE_MARK
from tenants.fleet.trees import BASE
from tenants.fleet.ways import SCHEMA_MARK, Leg, find_way

LOCK_TIMEOUT = "3s"
# Somebody holds a lock: refused in time, chosen in a deadlock, overtaken.
BUSY_STATES = {"55P03", "40P01", "40001"}
ELSEWHERE, WAITING = "23502", "KM001"

# The first of the string, and its guard: whatever is tried twice, by whoever, is done once. The version row is locked
# and moved on before anything else happens; one that is elsewhere would become null, which its key forbids. The disk is
# not waited for: what a crash loses it loses whole, with the version row, and with what the ledger said of it.
_OPEN = """SET LOCAL lock_timeout = '{lock}'; SET LOCAL statement_timeout = '60s';
SET LOCAL synchronous_commit = off; SET LOCAL search_path = {schema}, ext;
"""
_MOVE_ON = "UPDATE alembic_version SET version_num = CASE version_num WHEN '{start}' THEN '{end}' END;\n"
_IS_FILLED = """DO $guard$ BEGIN
IF EXISTS (SELECT FROM backfill WHERE name IN ({names}) AND done_at IS NULL) THEN
RAISE EXCEPTION 'a backfill has not ended' USING ERRCODE = '{waiting}'; END IF;
END $guard$;
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
    """Bring one schema to ``head`` on a connection in autocommit; a leg that fails leaves it where it was.

    Straight on the driver: what is between would cost as much as the smallest migration.
    """
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    revision = schema.revision
    try:
        for leg in find_way(schema.revision, head, is_blank=schema.is_blank):
            _build_indexes(driver, schema.name, leg)
            driver.execute(_script(schema, leg, lock_timeout))
            revision = leg.end
            fault_point(Fault.SCHEMA_MIGRATED)
    except psycopg.Error as error:
        if error.sqlstate == ELSEWHERE and _version_of(driver, schema.name) != revision:
            return Step(schema, Outcome.MOVED, revision)
        return Step(schema, _outcome_of(error), revision, type(error).__name__)
    return Step(schema, Outcome.DONE, revision)


def _outcome_of(error: psycopg.Error) -> Outcome:
    if error.sqlstate in BUSY_STATES:
        return Outcome.BUSY
    return Outcome.WAITING if error.sqlstate == WAITING else Outcome.FAILED


def _version_of(driver: psycopg.Connection, schema: str) -> str | None:
    row = driver.execute(f"SELECT version_num FROM {schema}.alembic_version").fetchone()  # noqa: S608
    return row[0] if row else None


def _script(schema: Schema, leg: Leg, lock_timeout: str) -> str:
    opened = _OPEN.format(lock=lock_timeout, schema=schema.name)
    if leg.start != BASE:
        opened += _MOVE_ON.format(start=leg.start, end=leg.end)
    if leg.requires:
        opened += _IS_FILLED.format(names=", ".join(f"'{name}'" for name in leg.requires), waiting=WAITING)
    return opened + leg.script.replace(ROLE_MARK, schema.role)


def _build_indexes(driver: psycopg.Connection, schema: str, leg: Leg) -> None:
    """Build or drop the leg's indexes without holding up who writes; one that an earlier try left half-built goes."""
    for statement in leg.indexes:
        name = f"{schema}.{_index_named(statement)}"
        half_built = "SELECT FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"
        if driver.execute(half_built, [name]).fetchone() is not None:
            driver.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        driver.execute(statement.replace(SCHEMA_MARK, schema))


def _index_named(statement: str) -> str:
    words = re.search(rf"EXISTS (?:{SCHEMA_MARK}\.)?(\S+)", statement)
    if words is None:
        raise LookupError(statement)
    return words[1]
