"""Who may give which role, and for how long an invitation, an offer and a notice last. On facts alone."""

from collections.abc import Iterable
from datetime import timedelta

from app.access.actor import Actor
from app.access.permissions import Permission
from app.access.roles import Role
from app.roles.errors import MayNotGive, WrongName

INVITATION_LIVES = timedelta(days=7)
MAILS_A_DAY = 5
OFFER_LIVES = timedelta(days=7)
NOTICE = timedelta(days=7)
OWNERS_BEFORE_LAUNCH = 2
GIVEN = (
    Role.OWNER,
    Role.PROGRAMME_LEAD,
    Role.IT_CONTACT,
    Role.BILLING_CONTACT,
    Role.EMPLOYEE_REPRESENTATIVE,
)


def may_give(by: Actor, role: Role) -> bool:
    """Whether an actor may give and take a role: none above their own; that of an owner only by an owner.

    A member's role is never given: it comes with the own sign-in. The organisation's directory gives by `SYSTEM`.
    """
    if role not in GIVEN:
        return False
    if role is Role.OWNER:
        return Role.OWNER in by.roles
    return by.kind == "system" or by.may(Permission.MANAGE_ROLES)


def check_may_give(by: Actor, roles: Iterable[Role]) -> None:
    """Raise MayNotGive when one of the roles is not the actor's to give or take."""
    if not all(may_give(by, role) for role in roles):
        raise MayNotGive


def check_name(typed: str, slug: str) -> None:
    """Raise WrongName unless the address name was typed, in any case and with spaces around it."""
    if typed.strip().lower() != slug:
        raise WrongName
