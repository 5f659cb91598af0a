"""Work on what people wrote that nobody waits for."""

from app.rights import actions


def forget_unreadable() -> None:
    """After a restore: remove whatever no key opens any more."""
    actions.forget_unreadable()
