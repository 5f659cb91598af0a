"""An archive, written as it is read: a row in memory at a time, whatever the size of the organisation."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

from app.export.policies import FORMAT, MANIFEST, READ_ME, VERSION, Exported, exported
from app.export.queries import Row, read_rows, read_snapshot_time
from app.people.reading.neutral import neutral
from tenants.context import TenantRef
from tenants.fleet import head_revision

Report = Callable[[int, int], None]
_MARK = "\ufeff"


@dataclass(slots=True)
class Archive:
    """A ZIP under way: where it is written, when its snapshot is from, and what its manifest will say of its files."""

    packed: zipfile.ZipFile
    snapshot_at: datetime
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by the file's name."""
        return {each["name"]: each["rows"] for each in self.files if each["rows"] is not None}


def write_archive(out: IO[bytes], tenant: TenantRef, *, read_me: str, report: Report) -> Archive:
    """Write all that leaves from the open snapshot: a file for each part, then the manifest that names them."""
    parts = exported()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        archive = Archive(packed, read_snapshot_time())
        _write(archive, READ_ME, iter([read_me]), lambda: None)
        for done, (table, part) in enumerate(parts.items()):
            report(done, len(parts))
            counted = _Counted(read_rows(table, part))
            lines = _as_csv(part, counted) if part.file.endswith(".csv") else _as_json(counted)
            _write(archive, part.file, lines, lambda counted=counted: counted.rows)  # type: ignore[misc]
        with _open(archive, MANIFEST) as manifest:
            manifest.write(_to_json(_manifest(archive, tenant)).encode())
    report(len(parts), len(parts))
    return archive


@dataclass(slots=True)
class _Counted:
    """Rows that are counted while they pass."""

    source: Iterable[Row]
    rows: int = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.source:
            self.rows += 1
            yield row


def _write(archive: Archive, name: str, lines: Iterator[str], count: Callable[[], int | None]) -> None:
    digest, size = hashlib.sha256(), 0
    with _open(archive, name) as entry:
        for line in lines:
            data = line.encode()
            digest.update(data)
            size += len(data)
            entry.write(data)
    archive.files.append({"name": name, "rows": count(), "bytes": size, "sha256": digest.hexdigest()})


def _open(archive: Archive, name: str) -> IO[bytes]:
    entry = zipfile.ZipInfo(name, archive.snapshot_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return archive.packed.open(entry, "w", force_zip64=True)


def _as_csv(part: Exported, rows: Iterable[Row]) -> Iterator[str]:
    """UTF-8 with a mark, so that spreadsheet programs read its letters right; no cell of it can run as a formula."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    names = list(part.columns.values())
    held.write(_MARK)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
        yield held.getvalue()
        held.seek(0)
        held.truncate()
    yield held.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    return neutral(value.isoformat() if isinstance(value, date) else str(value))


def _as_json(rows: Iterable[Row]) -> Iterator[str]:
    yield "["
    for place, row in enumerate(rows):
        yield (",\n" if place else "\n") + _to_json(dict(row))
    yield "\n]\n"


def _to_json(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False, indent=2)


def _plain(value: date | UUID) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _manifest(archive: Archive, tenant: TenantRef) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "organisation": {"id": tenant.id, "name": tenant.name, "address_name": tenant.slug},
        "snapshot_at": archive.snapshot_at,
        "schema_revision": head_revision("tenant"),
        "files": archive.files,
    }
