"""How far every schema is: read from the schemas themselves, mirrored in the control plane a batch at a time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from tenants.fleet.trees import BASE, is_known, list_served
from tenants.models import new_id

# How many version rows one statement reads.
A_LOOK = 100
_NOTE_REVISION = """
INSERT INTO control.tenant_revision (schema_name, revision, migrated_at, served_by)
SELECT name, :revision, now(), CAST(:served AS jsonb) FROM unnest(CAST(:names AS text[])) name
ON CONFLICT (schema_name) DO UPDATE SET revision = excluded.revision, migrated_at = excluded.migrated_at,
    served_by = excluded.served_by, error = NULL, failed_at = NULL
"""
_NOTE_SLOTS = "UPDATE control.tenant_slot SET revision = :revision WHERE schema_name = ANY(CAST(:names AS text[]))"
_NOTE_ERROR = """
INSERT INTO control.tenant_revision (schema_name, revision, migrated_at, error, failed_at)
VALUES (:name, :revision, now(), :error, now())
ON CONFLICT (schema_name) DO UPDATE SET revision = excluded.revision, error = excluded.error,
    failed_at = excluded.failed_at
"""
_BEGIN_RUN = """
INSERT INTO control.migration_run (id, head, state, workers, total, done, failed, started_at)
VALUES (:id, :head, 'running', :workers, :total, 0, 0, now())
"""
_NOTE_RUN = """
UPDATE control.migration_run SET done = :done, failed = :failed, state = :state,
    ended_at = CASE WHEN :state = 'running' THEN NULL ELSE now() END
WHERE id = :id
"""
_LAST_RUN = """
SELECT id, head, state, workers, total, done, failed, started_at, ended_at
FROM control.migration_run ORDER BY started_at DESC LIMIT 1
"""

_NAMES = """
SELECT schema_name FROM control.tenant_slot UNION ALL SELECT schema_name FROM control.tenant WHERE status <> 'erased'
"""
_KNOWN = """
SELECT k.schema_name, k.role_name, k.slug, v.oid IS NOT NULL, r.revision, r.served_by, r.error, r.failed_at, k.shut
FROM (SELECT schema_name, role_name, NULL AS slug, false AS shut FROM control.tenant_slot UNION ALL
      SELECT schema_name, role_name, slug, status = 'suspended' FROM control.tenant WHERE status <> 'erased') k
JOIN pg_namespace n ON n.nspname = k.schema_name
LEFT JOIN pg_class v ON v.relnamespace = n.oid AND v.relname = 'alembic_version'
LEFT JOIN control.tenant_revision r ON r.schema_name = k.schema_name
WHERE CAST(:only AS text[]) IS NULL OR k.schema_name = ANY(CAST(:only AS text[]))
ORDER BY k.slug IS NOT NULL, k.schema_name
"""


@dataclass(frozen=True, slots=True)
class Schema:
    """One built schema: ``revision`` as it says itself, ``mirrored`` and the rest as the control plane has it.

    ``slug`` is None for a blank one that waits in the pool.
    """

    name: str
    role: str
    slug: str | None
    revision: str
    mirrored: str | None
    served_by: tuple[str, ...]
    error: str | None
    failed_at: datetime | None
    is_suspended: bool = False

    @property
    def is_blank(self) -> bool:
        """Tell whether the schema waits in the pool, without a row in it."""
        return self.slug is None

    @property
    def is_mirrored(self) -> bool:
        """Tell whether the control plane has it right how far the schema is."""
        return self.mirrored == self.revision and list(self.served_by) == list_served(self.revision)

    def serves(self, head: str) -> bool:
        """Tell whether an application at ``head`` works with the schema."""
        return self.revision == head or head in self.served_by


def list_fleet(engine: Engine, *, only: Sequence[str] | None = None, head: str | None = None) -> list[Schema]:
    """List every schema there is, claimed or waiting in the pool; the blank ones first. Or ``only`` the named ones.

    Some at a time, each look a transaction: a lock is held on every table that one of them reads. With ``head``, one
    that the mirror has behind it is not looked into: whoever brings it there compares first of all.
    """
    with engine.connect() as connection:
        rows = connection.execute(text(_KNOWN), {"only": list(only) if only is not None else None}).all()
    behind = {row[0]: row[4] for row in rows if row[3] and head not in (None, row[4]) and is_known(row[4] or "")}
    asked = [row[0] for row in rows if row[3] and row[0] not in behind]
    revisions = behind | dict(_ask_each(engine, asked, "version_num", "alembic_version"))
    return [
        Schema(name, role, slug, revisions.get(name, BASE), mirrored, tuple(served or ()), error, failed_at, shut)
        for name, role, slug, _, mirrored, served, error, failed_at, shut in rows
    ]


def list_behind(fleet: Sequence[Schema], head: str) -> list[Schema]:
    """Pick the schemas that are to be brought to ``head``; a newer application's are left alone."""
    return [schema for schema in fleet if schema.revision != head and is_known(schema.revision)]


def list_unfilled(engine: Engine, fleet: Sequence[Schema]) -> list[tuple[str, str]]:
    """List (schema, backfill) of the backfills that have begun and not ended."""
    having = "SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relname = 'backfill'"
    with engine.connect() as connection:
        able = set(connection.scalars(text(having)))
    names = [schema.name for schema in fleet if schema.name in able]
    return list(_ask_each(engine, names, "name", "backfill WHERE done_at IS NULL"))


def _ask_each(engine: Engine, names: Sequence[str], column: str, rows: str) -> Iterator[tuple[str, str]]:
    for some in batches(names, A_LOOK):
        # The names are our own, opaque and never a user's.
        looks = " UNION ALL ".join(f"SELECT '{name}', {column} FROM {name}.{rows}" for name in some)  # noqa: S608
        try:
            with engine.connect() as connection:
                found = [(name, value) for name, value in connection.exec_driver_sql(looks)]
        except ProgrammingError:
            # One has been dropped since it was listed: it alone is left out.
            if len(some) == 1:
                continue
            found = [row for name in some for row in _ask_each(engine, [name], column, rows)]
        yield from found


def batches(things: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cut into pieces of at most ``size``."""
    for begin in range(0, len(things), size):
        yield things[begin : begin + size]


def hold_blank(connection: Connection, names: Sequence[str]) -> set[str]:
    """Lock blank schemas so that nobody is handed one until this transaction ends; returns those that are blank yet."""
    lock = "SELECT schema_name FROM control.tenant_slot WHERE schema_name = ANY(CAST(:names AS text[])) FOR UPDATE"
    return set(connection.scalars(text(lock), {"names": list(names)})) if names else set()


def note_revision(connection: Connection, names: Sequence[str], revision: str) -> None:
    """Write down that these schemas are at ``revision``, and which older applications work with them there."""
    served = list_served(revision) if is_known(revision) else []
    values = {"names": list(names), "revision": revision, "served": json.dumps(served)}
    connection.execute(text(_NOTE_REVISION), values)


def note_slots(connection: Connection, names: Sequence[str], revision: str) -> None:
    """Write down at which revision blank schemas are; an application hands out those at its own head."""
    connection.execute(text(_NOTE_SLOTS), {"names": list(names), "revision": revision})


def list_names(connection: Connection) -> list[str]:
    """Name every schema there is, without a look into any."""
    return list(connection.scalars(text(_NAMES)))


def note_error(connection: Connection, name: str, revision: str, error: str) -> None:
    """Write down what stopped a schema at ``revision``: the error's name, never its text, which can quote rows."""
    connection.execute(text(_NOTE_ERROR), {"name": name, "revision": revision, "error": error})


@dataclass(frozen=True, slots=True)
class Run:
    """One run over the fleet as the control plane keeps it."""

    id: UUID
    head: str
    state: str
    workers: int
    total: int
    done: int
    failed: int
    started_at: datetime
    ended_at: datetime | None


def begin_run(connection: Connection, *, head: str, workers: int, total: int) -> UUID:
    """Write down that a run begins; one that never came to its end was cut off."""
    connection.execute(
        text("UPDATE control.migration_run SET state = 'stopped', ended_at = now() WHERE state = 'running'")
    )
    run_id = new_id()
    values = {"id": run_id, "head": head, "workers": workers, "total": total}
    connection.execute(text(_BEGIN_RUN), values)
    return run_id


def note_run(connection: Connection, run_id: UUID, *, done: int, failed: int, state: str = "running") -> None:
    """Write down how far a run is, or how it ended."""
    values = {"id": run_id, "done": done, "failed": failed, "state": state}
    connection.execute(text(_NOTE_RUN), values)


def find_last_run(connection: Connection) -> Run | None:
    """Return the newest run, or None when there has been none."""
    row = connection.execute(text(_LAST_RUN)).one_or_none()
    return Run(*row) if row else None
