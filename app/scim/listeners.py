"""What groups hear: somebody who is in them has come in, and so can hold the role that they give."""

from datetime import datetime
from uuid import UUID

from app.access.events import on_account_added
from app.scim.actions import apply_roles


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if give_roles not in on_account_added:
        on_account_added.append(give_roles)


def give_roles(person_id: UUID, now: datetime) -> None:
    """Give what the person's groups give."""
    apply_roles([person_id], now=now)
