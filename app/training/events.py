"""Tells whoever listens that the current organisation decided on training."""

from collections.abc import Callable

on_training_offered: list[Callable[[], None]] = []


def training_offered() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_training_offered:
        listener()
