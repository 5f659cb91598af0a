"""Tells whoever listens what somebody chose, in the unit of work of the choice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChoicesChanged:
    """How somebody takes part from now on."""

    person_id: UUID
    wants_kamu: bool
    offers_kamu: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class VetoAdded:
    """One person would rather not be paired with another. No listener may ever tell anybody."""

    person_id: UUID
    other_id: UUID
    at: datetime


on_choices_changed: list[Callable[[ChoicesChanged], None]] = []
on_veto_added: list[Callable[[VetoAdded], None]] = []


def choices_changed(event: ChoicesChanged) -> None:
    """Call every listener."""
    for listener in on_choices_changed:
        listener(event)


def veto_added(event: VetoAdded) -> None:
    """Call every listener."""
    for listener in on_veto_added:
        listener(event)
