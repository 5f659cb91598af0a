"""Tells whoever listens that somebody of the directory has come in for the first time in the current organisation."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

on_account_added: list[Callable[[UUID, datetime], None]] = []


def account_added(person_id: UUID, now: datetime) -> None:
    """Call every listener, in the unit of work in which the account was added."""
    for listener in on_account_added:
        listener(person_id, now)
