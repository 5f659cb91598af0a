"""The privacy notice's versions, and the limits that an organisation may choose for its sign-ins."""

from dataclasses import dataclass
from datetime import date

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.policies import ABSOLUTE_DAYS, IDLE_HOURS

# The days on which each version of the privacy notice began to hold, the first first. A new one is shown to everybody.
NOTICES = (date(2026, 11, 22),)
CURRENT_NOTICE = len(NOTICES)
MEMBERS_OWN = frozenset({Permission.SEE_WELCOME, Permission.TAKE_PART})
IDLE_CHOICES = (1, 4, 8, 24)
DAYS_CHOICES = (1, 7, 14, 30)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a sign-in lasts: hours since it was last used, days since it began."""

    idle_hours: int = IDLE_HOURS
    absolute_days: int = ABSOLUTE_DAYS


def wants_notice(actor: Actor, needed: frozenset[Permission]) -> bool:
    """Whether the notice comes first: on a member's pages, until they have seen it as it is now.

    Never before pages of another role, nor before what is theirs by right: seeing, taking along, shredding, leaving.
    """
    opens = {permission for permission in needed if actor.may(permission)}
    return bool(opens) and opens <= MEMBERS_OWN and (actor.notice_version or 0) < CURRENT_NOTICE
