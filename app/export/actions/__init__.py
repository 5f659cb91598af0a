"""Asking for an export, and writing it."""

from app.export.actions.ask import ask_for_export
from app.export.actions.write import write_export

__all__ = ["ask_for_export", "write_export"]
