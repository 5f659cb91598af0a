"""Rows of whole tables as the database copies them out and in: always in the order of their keys, so that two agree.

What is sealed in a row goes through here as bytes and is opened by nobody.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Connection, text

# The version row is the migrations' own.
NOT_ROWS = frozenset({"alembic_version"})

_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),
       ARRAY(SELECT k.attname::text FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid
             AND k.attnum = ANY (i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary
             ORDER BY array_position(i.indkey::int2[], k.attnum))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname
"""
_LINKS = """
SELECT c.relname, k.attname, r.relname, l.attname, NOT k.attnotnull
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = f.conkey[1]
JOIN pg_attribute l ON l.attrelid = r.oid AND l.attnum = f.confkey[1]
WHERE f.contype = 'f' AND f.connamespace = to_regnamespace(:schema)
"""
# Texts of times and bytes that do not depend on who asks.
_PLAIN = """
SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
       set_config('bytea_output', 'hex', true), set_config('intervalstyle', 'iso_8601', true)
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its columns and those of its key, in order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One column that points to a row of another table; ``is_loose`` when it may be empty."""

    table: str
    column: str
    to_table: str
    to_column: str
    is_loose: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """What went through: rows, bytes, and the sum of them."""

    rows: int
    size: int
    sha256: str


def list_tables(connection: Connection, schema: str) -> dict[str, Table]:
    """List the tables of a schema by name, from the catalogue; without the migrations' own."""
    rows = connection.execute(text(_TABLES), {"schema": schema})
    return {name: Table(name, tuple(columns), tuple(key)) for name, columns, key in rows if name not in NOT_ROWS}


def list_links(connection: Connection, schema: str) -> list[Link]:
    """List what points from one table of a schema to another, or to itself."""
    return [Link(*row) for row in connection.execute(text(_LINKS), {"schema": schema})]


def in_order(tables: Iterable[str], links: Iterable[Link]) -> list[str]:
    """Put tables in an order in which each comes after those that it points to."""
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in sorted(tables)})
    for link in links:
        if link.table != link.to_table:
            order.add(link.table, link.to_table)
    known = set(tables)
    return [name for name in order.static_order() if name in known]


def speak_plainly(connection: Connection) -> None:
    """Have this transaction write times and bytes the same way whatever the login's settings are."""
    connection.exec_driver_sql(_PLAIN)


def copy_out(connection: Connection, schema: str, table: Table, write: Callable[[bytes], object]) -> Copied:
    """Hand every row of a table on as text, by its key."""
    # Names come from the catalogue of our own schemas.
    columns, key = ", ".join(map(quoted, table.columns)), ", ".join(map(quoted, table.key))
    command = f"COPY (SELECT {columns} FROM {schema}.{quoted(table.name)} ORDER BY {key}) TO STDOUT"  # noqa: S608
    digest, size = hashlib.sha256(), 0
    with _cursor(connection) as cursor:
        with cursor.copy(command) as copy:
            for data in copy:
                digest.update(data)
                size += len(data)
                write(bytes(data))
        return Copied(cursor.rowcount, size, digest.hexdigest())


def copy_in(connection: Connection, schema: str, table: Table, chunks: Iterator[bytes]) -> None:
    """Write rows, as ``copy_out`` gave them, into a table."""
    command = f"COPY {schema}.{quoted(table.name)} ({', '.join(map(quoted, table.columns))}) FROM STDIN"
    with _cursor(connection) as cursor, cursor.copy(command) as copy:
        for data in chunks:
            copy.write(data)


def digest_of(connection: Connection, schema: str, table: Table) -> Copied:
    """Sum a table up without keeping any of it."""
    return copy_out(connection, schema, table, lambda _: None)


def quoted(name: str) -> str:
    """Write the name of a table or a column as SQL has it; for names from the catalogue of our own schemas."""
    return '"' + name.replace('"', '""') + '"'


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()
