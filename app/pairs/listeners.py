"""What pairs hear: somebody's access was taken away or given back."""

from app.pairs.actions import follow_access
from app.people.events import AccessChanged, on_access_changed


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if follow not in on_access_changed:
        on_access_changed.append(follow)


def follow(event: AccessChanged) -> None:
    """In the unit of work of the change: their pairs rest, or go on."""
    follow_access(person_id=event.person_id, now=event.at)
