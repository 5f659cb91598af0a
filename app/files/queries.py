"""Reading files."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.files.errors import FileIsDamaged
from app.files.models import CHUNK, FileChunk, StoredFile
from tenants.errors import NotHere
from tenants.unit_of_work import session


def get_file(file_id: UUID, *, now: datetime) -> StoredFile:
    """Return the file; raises NotHere when there is none or its time is over."""
    file = session().get(StoredFile, file_id)
    if file is None or file.expires_at <= now:
        raise NotHere(file_id)
    return file


def open_file(file: StoredFile) -> Iterator[bytes]:
    """Give the file chunk by chunk, at most 1 MiB in memory at a time."""
    chunks = select(FileChunk.data).where(FileChunk.file_id == file.id).order_by(FileChunk.place)
    yield from session().scalars(chunks.execution_options(yield_per=1))


def read_file(file: StoredFile) -> bytes:
    """Give the whole file. Raises FileIsDamaged when it is not what was stored."""
    data = b"".join(open_file(file))
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise FileIsDamaged(file.id)
    return data


def count_chunks(file: StoredFile) -> int:
    """Count the parts of a file."""
    return -(-file.size // CHUNK)


def read_chunk(file_id: UUID, place: int) -> bytes:
    """Give one part of a file; raises NotHere when it is gone."""
    data = session().scalar(select(FileChunk.data).where(FileChunk.file_id == file_id, FileChunk.place == place))
    if data is None:
        raise NotHere(file_id)
    return data
