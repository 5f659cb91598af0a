"""What a person may do with what is kept about them, and what becomes of it when their work has ended."""

from app.rights.actions.after_leaving import (
    ask_own_files,
    drop_address,
    keep_address,
    send_own_file,
    use_own_file,
)
from app.rights.actions.forget_leaver import ask_forgetting, forget_leaver, shred_leaver
from app.rights.actions.own import correct_own, forget_unreadable, leave_kamu, shred_own_words

__all__ = [
    "ask_forgetting",
    "ask_own_files",
    "correct_own",
    "drop_address",
    "forget_leaver",
    "forget_unreadable",
    "keep_address",
    "leave_kamu",
    "send_own_file",
    "shred_leaver",
    "shred_own_words",
    "use_own_file",
]
