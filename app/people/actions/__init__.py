"""What happens to the directory: by a file, by hand, by the organisation's own directory, and back again."""

from app.people.actions.change_person import add_person, change_person, remove_person
from app.people.actions.keep_leavers import keep_leavers
from app.people.actions.provision import (
    deactivate_person,
    reactivate_person,
    remove_provisioned,
    write_provisioned,
)
from app.people.actions.put_right import bring_back, leave_out, map_columns, put_right, throw_away
from app.people.actions.take_in_file import queue_import, take_in
from app.people.actions.undo_import import forget_changes, undo_import
from app.people.actions.upload_file import MOST_BYTES, upload_file

__all__ = [
    "MOST_BYTES",
    "add_person",
    "bring_back",
    "change_person",
    "deactivate_person",
    "forget_changes",
    "keep_leavers",
    "leave_out",
    "map_columns",
    "put_right",
    "queue_import",
    "reactivate_person",
    "remove_person",
    "remove_provisioned",
    "take_in",
    "throw_away",
    "undo_import",
    "upload_file",
    "write_provisioned",
]
