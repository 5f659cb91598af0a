"""What a schema holds, read from the catalogue without its own names, so that two can be compared."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from tenants.fleet import ledger
from tenants.fleet.building import build_schema
from tenants.fleet.ledger import Schema, batches
from tenants.fleet.trees import BASE, is_known

# One line for each thing. The order of columns is left out: it says when a column came, not what it is.
_LINES = """
WITH s AS MATERIALIZED (SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname = ANY(:names)),
r AS MATERIALIZED (SELECT c.oid, c.relname, c.relkind, c.relacl, c.relowner, s.nspname
                   FROM pg_class c JOIN s ON c.relnamespace = s.oid)
SELECT nspname, format('%s %I', CASE relkind WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view'
              ELSE 'relation ' || relkind::text END, relname) FROM r WHERE relkind <> 'i'
UNION ALL
SELECT r.nspname, format('column %I.%I %s%s%s', r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
              coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
FROM r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE r.relkind <> 'i'
UNION ALL
SELECT r.nspname, format('constraint %I.%I %s', r.relname, k.conname, pg_get_constraintdef(k.oid))
FROM r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype <> 'n'
UNION ALL
SELECT r.nspname, pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
FROM r JOIN pg_index i ON i.indexrelid = r.oid
UNION ALL
SELECT r.nspname, format('grant %s on %I to %s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type),
              r.relname, CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END)
FROM r CROSS JOIN LATERAL aclexplode(r.relacl) g WHERE g.grantee <> r.relowner GROUP BY r.nspname, r.relname, g.grantee
UNION ALL
SELECT s.nspname, format('grant %s on the schema to %s', g.privilege_type,
              CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END)
FROM s CROSS JOIN LATERAL aclexplode(s.nspacl) g WHERE g.grantee <> s.nspowner
UNION ALL
SELECT s.nspname, format('function %I', p.proname) FROM s JOIN pg_proc p ON p.pronamespace = s.oid
UNION ALL
SELECT s.nspname, format('type %I', t.typname) FROM s JOIN pg_type t ON t.typnamespace = s.oid
WHERE t.typrelid = 0 AND t.typelem = 0
UNION ALL
SELECT r.nspname, format('trigger %I on %I', t.tgname, r.relname) FROM r JOIN pg_trigger t ON t.tgrelid = r.oid
WHERE NOT t.tgisinternal
"""
# How many schemas one look at the catalogue describes.
A_LOOK = 50


def describe(connection: Connection, schema: str) -> list[str]:
    """List what ``schema`` holds, sorted; its own name and its role's stand as ``schema`` and ``role``."""
    return describe_each(connection, [schema])[schema]


def describe_each(connection: Connection, names: Sequence[str]) -> dict[str, list[str]]:
    """Describe several schemas in one look: the catalogue has no index by schema."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for name, line in connection.execute(text(_LINES), {"names": list(names)}):
        found[name].append(line.replace(f"{name}.", "").replace(f"r_{name.removeprefix('t_')}", "role"))
    return {name: sorted(lines) for name, lines in found.items()}


def fingerprint(connection: Connection, schema: str) -> str:
    """Tell in one word what ``schema`` holds; equal for two that a program cannot tell apart but by their rows."""
    return hashlib.sha256("\n".join(describe(connection, schema)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Drift:
    """A schema that is not what its revision makes: what it holds too much, and what it lacks."""

    schema: Schema
    extra: tuple[str, ...]
    missing: tuple[str, ...]


def find_drift(engine: Engine, tell: Callable[[int, int], None]) -> tuple[int, list[Drift]]:
    """Compare every schema with a blank one of its revision; returns how many were, and those that differ."""
    fleet = [schema for schema in ledger.list_fleet(engine) if is_known(schema.revision)]
    expected = {revision: _describe_new(engine, revision) for revision in {one.revision for one in fleet} - {BASE}}
    found, done = list[Drift](), 0
    for some in batches(fleet, A_LOOK):
        with engine.connect() as connection:
            described = describe_each(connection, [schema.name for schema in some])
        for schema in some:
            found += _compare(schema, described[schema.name], expected.get(schema.revision, []))
        done += len(some)
        tell(done, len(fleet))
    return len(fleet), found


def _describe_new(engine: Engine, revision: str) -> list[str]:
    """Describe a blank schema that is built for this and taken back before anybody sees it."""
    with engine.connect() as connection:  # nothing commits it
        return describe(connection, build_schema(connection, revision).schema)


def _compare(schema: Schema, holds: list[str], expected: list[str]) -> list[Drift]:
    extra, missing = set(holds) - set(expected), set(expected) - set(holds)
    if schema.is_suspended:
        # One that is being erased can be written by nobody any more.
        extra, missing = ({line for line in lines if not line.startswith("grant ")} for lines in (extra, missing))
    return [Drift(schema, tuple(sorted(extra)), tuple(sorted(missing)))] if extra or missing else []
