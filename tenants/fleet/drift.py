"""What a schema holds, read from the catalogue without its own names, so that two can be compared."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from tenants.fleet import ledger
from tenants.fleet.building import build_schema
from tenants.fleet.ledger import Schema
from tenants.fleet.trees import BASE, is_known

# One line for each thing. The order of columns is left out: it says when a column came, not what it is.
_LINES = """
SELECT format('%s %I', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view'
              WHEN 'i' THEN 'index' ELSE 'relation ' || c.relkind::text END, c.relname)
FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind <> 'i'
UNION ALL
SELECT format('column %I.%I %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
              coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind <> 'i'
UNION ALL
SELECT format('constraint %I.%I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.connamespace = to_regnamespace(:schema) AND k.contype <> 'n'
UNION ALL
SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = to_regnamespace(:schema)
UNION ALL
SELECT format('grant %s on %I to %s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type), c.relname,
              CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END)
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g
WHERE c.relnamespace = to_regnamespace(:schema) AND g.grantee <> c.relowner GROUP BY c.relname, g.grantee
UNION ALL
SELECT format('grant %s on the schema to %s', g.privilege_type,
              CASE g.grantee WHEN 0 THEN 'public' ELSE g.grantee::regrole::text END)
FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) g
WHERE n.oid = to_regnamespace(:schema) AND g.grantee <> n.nspowner
UNION ALL
SELECT format('function %I', p.proname) FROM pg_proc p WHERE p.pronamespace = to_regnamespace(:schema)
UNION ALL
SELECT format('type %I', t.typname) FROM pg_type t
WHERE t.typnamespace = to_regnamespace(:schema) AND t.typrelid = 0 AND t.typelem = 0
UNION ALL
SELECT format('trigger %I on %I', t.tgname, c.relname) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = to_regnamespace(:schema) AND NOT t.tgisinternal
"""


def describe(connection: Connection, schema: str) -> list[str]:
    """List what ``schema`` holds, sorted; its own name and its role's stand as ``schema`` and ``role``."""
    found = connection.scalars(text(_LINES), {"schema": schema}).all()
    role = f"r_{schema.removeprefix('t_')}"
    return sorted(line.replace(f"{schema}.", "").replace(role, "role") for line in found)


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
    with engine.connect() as connection:
        fleet = [schema for schema in ledger.list_fleet(connection) if is_known(schema.revision)]
        expected = {revision: _describe_new(engine, revision) for revision in {one.revision for one in fleet} - {BASE}}
        found = []
        for number, schema in enumerate(fleet, 1):
            found += _compare(schema, describe(connection, schema.name), expected.get(schema.revision, []))
            tell(number, len(fleet))
    return len(fleet), found


def _describe_new(engine: Engine, revision: str) -> list[str]:
    """Describe a blank schema that is built for this and taken back before anybody sees it."""
    with engine.connect() as connection, connection.begin() as taken_back:
        described = describe(connection, build_schema(connection, revision).schema)
        taken_back.rollback()
    return described


def _compare(schema: Schema, holds: list[str], expected: list[str]) -> list[Drift]:
    extra, missing = set(holds) - set(expected), set(expected) - set(holds)
    return [Drift(schema, tuple(sorted(extra)), tuple(sorted(missing)))] if extra or missing else []
