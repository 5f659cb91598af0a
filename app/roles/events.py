"""Tells whoever listens that somebody was given or lost a role in the current organisation."""

from collections.abc import Callable

on_roles_changed: list[Callable[[], None]] = []


def roles_changed() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_roles_changed:
        listener()
