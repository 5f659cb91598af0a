"""Tells whoever listens that the directory of the current organisation changed, or somebody's access to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """Somebody's access was taken away, given back, or ended; their row tells which."""

    person_id: UUID
    at: datetime


on_people_changed: list[Callable[[], None]] = []
on_access_changed: list[Callable[[AccessChanged], None]] = []


def people_changed() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_people_changed:
        listener()


def access_changed(event: AccessChanged) -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_access_changed:
        listener(event)
