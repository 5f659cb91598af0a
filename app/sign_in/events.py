"""Tells whoever listens that the sign-in of the current organisation changed."""

from collections.abc import Callable

on_connection_changed: list[Callable[[], None]] = []


def connection_changed() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_connection_changed:
        listener()
