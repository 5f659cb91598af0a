"""Text that only its rightful readers open. Other features use what is named here, nothing inside."""

from app.vault.actions import (
    Sealed,
    close_space,
    destroy_organisation,
    destroy_space,
    destroy_space_later,
    hold_keys,
    hold_space,
    is_kept,
    open_setting,
    open_text,
    open_texts,
    open_what_opens,
    seal_setting,
    seal_text,
)
from app.vault.errors import CannotOpen
from app.vault.policies import own_space, pair_space

__all__ = [
    "CannotOpen",
    "Sealed",
    "close_space",
    "destroy_organisation",
    "destroy_space",
    "destroy_space_later",
    "hold_keys",
    "hold_space",
    "is_kept",
    "open_setting",
    "open_text",
    "open_texts",
    "open_what_opens",
    "own_space",
    "pair_space",
    "seal_setting",
    "seal_text",
]
