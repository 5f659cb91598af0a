"""One organisation in one file, for operators: every row as the database has it, from one snapshot.

What people wrote is in it as it is stored, sealed; the keys are not. Whatever was shredded stays shredded. The file is
for its writer's eyes only (mode 0600) and holds names and addresses of people: keep it as you keep the database.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from sqlalchemy import Connection

from tenants.context import TenantRef
from tenants.database import DDL, db
from tenants.errors import BackupIsDamaged
from tenants.rows import Copied, Table, copy_out, list_tables, speak_plainly

FORMAT: Final = "kamu-organisation-backup"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
A_PIECE: Final = 1024 * 1024
# What no backup holds, and why.
LEFT_OUT: Final = {
    "login_link": "a link that was used since must not open again",
}
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


@dataclass(frozen=True, slots=True)
class Part:
    """One table in a backup."""

    name: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: whose it is, of when, at which revision, and what is in it."""

    tenant_id: UUID
    slug: str
    taken_at: datetime
    revision: str
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(part.rows for part in self.parts)


def write_backup(tenant: TenantRef, path: Path) -> Manifest:
    """Write a backup to ``path``, which appears when it is whole; raises ``FileExistsError`` when it is there already.

    On the DDL login: it owns the rows and the version row, so that both are of one moment.
    """
    if path.exists():
        raise FileExistsError(path)
    begun = path.with_name(f".{path.name}.part")
    handle = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            os.fchmod(out.fileno(), 0o600)
            manifest = _write(tenant, out)
            out.flush()  # flush: what is in the buffer is not on the disk yet
            os.fsync(out.fileno())
        begun.rename(path)
    finally:
        begun.unlink(missing_ok=True)
    return manifest


def _write(tenant: TenantRef, out: IO[bytes]) -> Manifest:
    engine = db.engines[DDL].execution_options(**_SNAPSHOT)
    with engine.begin() as connection, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        speak_plainly(connection)
        taken_at, revision = _read_moment(connection, tenant.schema)
        tables = list_tables(connection, tenant.schema).values()
        parts = [_add(connection, tenant.schema, table, packed) for table in tables if table.name not in LEFT_OUT]
        manifest = Manifest(tenant.id, tenant.slug, taken_at, revision, tuple(parts))
        packed.writestr(MANIFEST, _say(manifest))
    return manifest


def _read_moment(connection: Connection, schema: str) -> tuple[datetime, str]:
    moment = f"SELECT now(), version_num FROM {schema}.alembic_version"  # noqa: S608  our own opaque name
    row = connection.exec_driver_sql(moment).one()
    return row[0], row[1]


def _add(connection: Connection, schema: str, table: Table, packed: zipfile.ZipFile) -> Part:
    with packed.open(_entry(table.name), "w", force_zip64=True) as entry:
        copied = copy_out(connection, schema, table, entry.write)
    return _part(table, copied)


def _part(table: Table, copied: Copied) -> Part:
    return Part(table.name, table.columns, copied.rows, copied.size, copied.sha256)


def _entry(table: str) -> str:
    return f"tables/{table}.copy"


def _say(manifest: Manifest) -> str:
    said = {
        "format": FORMAT,
        "version": VERSION,
        "organisation": {"id": str(manifest.tenant_id), "address_name": manifest.slug},
        "taken_at": manifest.taken_at.isoformat(),
        "revision": manifest.revision,
        "tables": [asdict(part) for part in manifest.parts],
        "left_out": LEFT_OUT,
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


class Backup:
    """A backup that is open for reading."""

    def __init__(self, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self.packed = packed
        self.manifest = manifest

    def read(self, part: Part) -> Iterator[bytes]:
        """Give a table's rows piece by piece; raises ``BackupIsDamaged`` when they are not what was written."""
        digest, size = hashlib.sha256(), 0
        try:
            with self.packed.open(_entry(part.name)) as entry:
                while data := entry.read(A_PIECE):
                    digest.update(data)
                    size += len(data)
                    yield data
        except (KeyError, OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise BackupIsDamaged(part.name) from error
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise BackupIsDamaged(part.name)

    def check(self) -> None:
        """Read all of it; raises ``BackupIsDamaged`` where it is not what was written."""
        for part in self.manifest.parts:
            for _ in self.read(part):
                pass


@contextmanager
def open_backup(path: Path) -> Iterator[Backup]:
    """Open a backup; raises ``BackupIsDamaged`` when it is none, or none that this application reads."""
    try:
        packed = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupIsDamaged(path.name) from error
    with packed:
        yield Backup(packed, _read_manifest(packed))


def _read_manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        said = json.loads(packed.read(MANIFEST))
        if (said["format"], said["version"]) != (FORMAT, VERSION):
            raise BackupIsDamaged(MANIFEST)
        return Manifest(
            tenant_id=UUID(said["organisation"]["id"]),
            slug=said["organisation"]["address_name"],
            taken_at=datetime.fromisoformat(said["taken_at"]),
            revision=said["revision"],
            parts=tuple(_read_part(part) for part in said["tables"]),
        )
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise BackupIsDamaged(MANIFEST) from error


def _read_part(said: dict[str, Any]) -> Part:
    return Part(said["name"], tuple(said["columns"]), int(said["rows"]), int(said["size"]), str(said["sha256"]))
