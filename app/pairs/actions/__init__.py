"""What the two of a pair can do."""

from app.pairs.actions.end_pair import end_all_of, end_pair, pause_pair, resume_pair, shred_own
from app.pairs.actions.open_pair import open_pair
from app.pairs.actions.rest_pair import follow_access, follow_directory
from app.pairs.actions.write import add_note, cancel_meeting, change_note, remove_note, set_meeting

__all__ = [
    "add_note",
    "cancel_meeting",
    "change_note",
    "end_all_of",
    "end_pair",
    "follow_access",
    "follow_directory",
    "open_pair",
    "pause_pair",
    "remove_note",
    "resume_pair",
    "set_meeting",
    "shred_own",
]
