"""Tells whoever listens that the current organisation answered a question about itself."""

from collections.abc import Callable

on_question_answered: list[Callable[[], None]] = []


def question_answered() -> None:
    """Call every listener, in the unit of work of the change."""
    for listener in on_question_answered:
        listener()
