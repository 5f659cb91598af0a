"""A file of people comes in and is read; nothing happens to the directory yet."""

import io
from datetime import datetime, timedelta
from typing import Final

from app.access.actor import Actor
from app.files.actions import store_file
from app.people.actions.put_right import note_check
from app.people.errors import FileIsTooLarge
from app.people.models import PeopleImport
from app.people.reading.columns import find_private, suggest
from app.people.reading.table import pack, read_table
from app.people.reading.text import decode
from tenants.models import new_id
from tenants.unit_of_work import session

MOST_BYTES: Final = 10 * 1024 * 1024
KEEP_FILE: Final = timedelta(days=30)
# A packed table repeats quotes and row numbers, so it may be larger than the file it came from.
_MOST_PACKED: Final = 4 * MOST_BYTES


def upload_file(*, data: bytes, file_name: str, by: Actor, now: datetime) -> PeopleImport:
    """Read a file and keep what may be kept of it for 30 days: columns that stay shut are emptied first.

    Raises a FileRefused that says what is wrong with the file as a whole.
    """
    if len(data) > MOST_BYTES:
        raise FileIsTooLarge(MOST_BYTES)
    decoded = decode(data)
    table = read_table(decoded.text)
    private = find_private(table)
    table = table.without(private)
    packed = pack(table)
    file = store_file(
        stream=io.BytesIO(packed),
        name=file_name,
        media_type="application/json",
        most=_MOST_PACKED,
        keep=KEEP_FILE,
        now=now,
    )
    people_import = PeopleImport(
        id=new_id(),
        file_id=file.id,
        file_name=file_name,
        state="uploaded",
        encoding=decoded.encoding,
        delimiter=table.delimiter,
        columns=[{"name": name, "private": private.get(i)} for i, name in enumerate(table.columns)],
        mapping=list(suggest(table, private, now.date())),
        corrections={},
        left_out=[],
        counts={},
        outcome={},
        account_id=by.id if by.kind == "account" else None,
        created_at=now,
    )
    session().add(people_import)
    note_check(people_import, now)
    return people_import
