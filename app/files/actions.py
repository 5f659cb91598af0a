"""Storing and removing files."""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete, insert

from app.files.errors import FileIsTooLarge
from app.files.models import CHUNK, FileChunk, StoredFile
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session


def store_file(
    *, stream: BinaryIO, name: str, media_type: str, most: int, keep: timedelta, now: datetime
) -> StoredFile:
    """Store what `stream` holds, at most `most` bytes, for as long as `keep`.

    Reads a chunk of 1 MiB at a time. Raises FileIsTooLarge as soon as one byte too many has come.
    """
    file = StoredFile(id=new_id(), name=name, media_type=media_type, size=0, created_at=now, expires_at=now + keep)
    digest = hashlib.sha256()
    chunks: list[FileChunk] = []
    while data := stream.read(CHUNK):
        file.size += len(data)
        if file.size > most:
            raise FileIsTooLarge(most)
        digest.update(data)
        chunks.append(FileChunk(file_id=file.id, place=len(chunks), data=data))
    file.sha256 = digest.hexdigest()
    session().add(file)
    session().flush()  # flush: the chunks point to the file, and no relationship orders them
    session().add_all(chunks)
    later("files.sweep", delay=keep)
    return file


def keep_file(*, stream: BinaryIO, name: str, media_type: str, keep: timedelta, now: datetime) -> StoredFile:
    """Store a file that we made ourselves, of any length; it is read twice, a chunk of 1 MiB at a time."""
    digest = hashlib.sha256()
    for data in iter(partial(stream.read, CHUNK), b""):
        digest.update(data)
    file = StoredFile(id=new_id(), name=name, media_type=media_type, size=stream.tell(), created_at=now)
    file.sha256, file.expires_at = digest.hexdigest(), now + keep
    stream.seek(0)
    session().add(file)
    session().flush()  # flush: the chunks point to the file, and no relationship orders them
    for place, data in enumerate(iter(partial(stream.read, CHUNK), b"")):
        session().execute(insert(FileChunk).values(id=new_id(), file_id=file.id, place=place, data=data))
    later("files.sweep", delay=keep)
    return file


def delete_file(file_id: UUID) -> None:
    """Delete a file and its chunks; one that is gone already is fine."""
    session().execute(delete(FileChunk).where(FileChunk.file_id == file_id))
    session().execute(delete(StoredFile).where(StoredFile.id == file_id))


def sweep_files(*, now: datetime) -> None:
    """Delete every file whose time is over."""
    session().execute(delete(StoredFile).where(StoredFile.expires_at <= now))
