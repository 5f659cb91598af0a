"""Tells whoever listens that somebody asked or was answered, or that rules were decided.

Never who, so that no listener can tell.
"""

from collections.abc import Callable

on_asks_changed: list[Callable[[], None]] = []
on_rules_decided: list[Callable[[], None]] = []


def asks_changed() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_asks_changed:
        listener()


def rules_decided() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_rules_decided:
        listener()
