"""Tells whoever listens that the current organisation decided on time for Kamu."""

from collections.abc import Callable

on_time_decided: list[Callable[[], None]] = []


def time_decided() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_time_decided:
        listener()
