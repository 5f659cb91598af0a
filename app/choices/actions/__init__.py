"""Writes about one's own choices."""

from app.choices.actions.choose import Choice, clear_choices, save_choices
from app.choices.actions.rather_not import add_veto, remove_veto

__all__ = ["Choice", "add_veto", "clear_choices", "remove_veto", "save_choices"]
