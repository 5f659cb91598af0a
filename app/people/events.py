"""Tells whoever listens that the directory of the current organisation changed."""

from collections.abc import Callable

on_people_changed: list[Callable[[], None]] = []


def people_changed() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_people_changed:
        listener()
