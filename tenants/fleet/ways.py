"""How a schema gets from its revision to another: the legs of its way, each one transaction."""

import functools
import json
import re
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from tenants.fleet.rendering import render_tenant
from tenants.fleet.trees import BASE, Revision, list_between
from tenants.migration_environment import VERSION_TABLE

SCHEMA_MARK = "__tenant_schema__"
BACKFILL_JOB, BACKFILL_QUEUE = "tenants.backfill", "heavy"

_CREATES = re.compile(r"(CREATE (?:UNIQUE )?INDEX)(?: IF NOT EXISTS)? (\S+) ON (\S+)")
_DROPS = re.compile(r"(DROP INDEX)(?: IF EXISTS)? (\S+)")


@dataclass(frozen=True, slots=True)
class Leg:
    """Part of a way: ``indexes`` one by one outside a transaction, then ``script`` in one.

    Begun only at ``start``, and only when the backfills of ``requires`` have ended.
    """

    start: str
    end: str
    indexes: tuple[str, ...]
    requires: tuple[str, ...]
    script: str


@functools.cache
def find_way(start: str, end: str, *, is_blank: bool = False) -> tuple[Leg, ...]:
    """Return the legs between two revisions. A blank schema has no rows to fill, and nobody to hold up."""
    if start == end:
        return ()
    if start == BASE:
        return (Leg(start, end, (), (), render_tenant(start, end)),)
    if is_blank:
        return (Leg(start, end, (), (), _join(_without_version(split(render_tenant(start, end))))),)
    legs: list[Leg] = []
    for revision in list_between(start, end):
        one = leg_of(revision)
        if legs and not (one.indexes or one.requires):
            before = legs.pop()
            one = Leg(before.start, one.end, before.indexes, before.requires, before.script + one.script)
        legs.append(one)
    return tuple(legs)


@functools.cache
def leg_of(revision: Revision) -> Leg:
    """Return the leg of one revision over a schema with rows in it.

    Raises ``LookupError`` where a revision names an index that it does not touch.
    """
    statements = split(render_tenant(revision.before, revision.id))
    apart = {name: _find_index(statements, name) for name in revision.concurrently}
    kept = [one for one in _without_version(statements) if one not in apart.values()]
    kept += [line for name in revision.backfills for line in _begin_backfill(revision.id, name)]
    indexes = tuple(_concurrently(statement) for statement in apart.values())
    return Leg(revision.before, revision.id, indexes, revision.requires, _join(kept))


def _without_version(statements: list[str]) -> list[str]:
    """Leave out what moves the version row on: whoever runs the leg does that first of all."""
    return [statement for statement in statements if not statement.startswith(f"UPDATE {VERSION_TABLE} ")]


def _join(statements: list[str]) -> str:
    return "".join(f"{statement};\n\n" for statement in statements)


def split(script: str) -> list[str]:
    """Take a rendered script apart: a statement ends where a line ends in a semicolon."""
    return [statement.strip() for statement in re.split(r";[ \t]*(?:\n|$)", script) if statement.strip()]


def _find_index(statements: list[str], name: str) -> str:
    for statement in statements:
        found = _CREATES.match(statement) or _DROPS.match(statement)
        if found and found[2].strip('"') == name:
            return statement
    raise LookupError(f"the revision neither makes nor drops an index {name}")


def _concurrently(statement: str) -> str:
    made = _CREATES.sub(rf"\1 CONCURRENTLY IF NOT EXISTS \2 ON {SCHEMA_MARK}.\3", statement, count=1)
    return _DROPS.sub(rf"\1 CONCURRENTLY IF EXISTS {SCHEMA_MARK}.\2", made, count=1)


def _begin_backfill(revision: str, name: str) -> tuple[str, str]:
    """Write the rows that have the backfill done; a revision is run once, so one id serves every schema."""
    row, args = uuid5(NAMESPACE_URL, f"{revision}/{name}"), json.dumps({"name": name})
    begun = f"INSERT INTO backfill (name, rows, started_at) VALUES ('{name}', 0, now()) ON CONFLICT DO NOTHING"  # noqa: S608
    columns = "id, job, args, plane, queue, created_at, due_at, attempts"
    values = f"'{row}', '{BACKFILL_JOB}', '{args}', 'tenant', '{BACKFILL_QUEUE}', now(), now(), 0"
    return begun, f"INSERT INTO outbox ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608  from revisions
