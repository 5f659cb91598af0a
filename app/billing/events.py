"""Tells whoever listens that the plan of the current organisation changed."""

from collections.abc import Callable

on_plan_changed: list[Callable[[], None]] = []


def plan_changed() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_plan_changed:
        listener()
