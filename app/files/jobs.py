"""Work on files that nobody waits for."""

from app.clock import now
from app.files.actions import sweep_files


def sweep() -> None:
    """Delete the current organisation's files whose time is over."""
    sweep_files(now=now())
