"""What billing hears: the directory changed."""

from app.billing.actions.count_seats import recount
from app.people.events import on_people_changed


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if recount not in on_people_changed:
        on_people_changed.append(recount)
