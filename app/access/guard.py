"""Deny by default: a view that names no permission and no reason to be public is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
NEEDS, PUBLIC, FRESH = "kamu_needs", "kamu_public", "kamu_fresh"
# What opens by these alone matters to everybody here: its pages and forms want a sign-in of the last quarter hour.
CONFIRMED = frozenset(
    {
        Permission.MANAGE_SIGN_IN,
        Permission.MANAGE_PROVISIONING,
        Permission.MANAGE_ROLES,
        Permission.EXPORT_ORGANISATION,
        Permission.CLOSE_ORGANISATION,
        Permission.KEEP_RESCUE,
        Permission.APPROVE_CLOSINGS,
        Permission.RECOVER_OWNERS,
        Permission.MANAGE_OWN_PASSKEYS,
    }
)
# Here reading does not: only deciding.
CONFIRMED_TO_DECIDE = CONFIRMED | {Permission.LET_IN}
FOR_PROGRAMS, BY_TOKEN = "kamu_for_programs", "kamu_by_token"


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Open a view to whoever has one of the permissions."""

    def mark(view: View) -> View:
        setattr(view, NEEDS, frozenset(permissions))
        return view

    return mark


def public(reason: str) -> Callable[[View], View]:
    """Open a view to everybody, and say why."""

    def mark(view: View) -> View:
        setattr(view, PUBLIC, reason)
        return view

    return mark


def fresh(view: View) -> View:
    """Open a view, beside its permission, only to whoever has signed in or confirmed it in the last quarter hour."""
    setattr(view, FRESH, True)
    return view


def for_programs(reason: str) -> Callable[[View], View]:
    """Open a view to programs: everybody may send, and the view itself proves who did; no session, no form token."""

    def mark(view: View) -> View:
        setattr(view, FOR_PROGRAMS, True)
        return public(reason)(view)

    return mark


def by_token(*permissions: Permission) -> Callable[[View], View]:
    """Open a view to a bearer token that has one of the permissions; no session, no form token."""

    def mark(view: View) -> View:
        setattr(view, BY_TOKEN, True)
        return needs(*permissions)(view)

    return mark


def permissions_of_view(view: Callable[..., Any]) -> frozenset[Permission]:
    """Return the permissions of which one opens the view; empty for a public or an unmarked one."""
    return getattr(view, NEEDS, frozenset())


def is_public(view: Callable[..., Any]) -> bool:
    """Tell whether the view says that it is public."""
    return bool(getattr(view, PUBLIC, ""))


def needs_fresh(view: Callable[..., Any], *, changes: bool) -> bool:
    """Tell whether the view wants a sign-in of the last quarter hour, to be read or to change something."""
    if getattr(view, FRESH, False):
        return True
    needed = permissions_of_view(view)
    return bool(needed) and needed <= (CONFIRMED_TO_DECIDE if changes else CONFIRMED)


def is_for_programs(view: Callable[..., Any]) -> bool:
    """Tell whether programs ask for the view, with a token or with a proof of their own: no session is looked at."""
    return bool(getattr(view, FOR_PROGRAMS, False)) or is_by_token(view)


def is_by_token(view: Callable[..., Any]) -> bool:
    """Tell whether a bearer token opens the view."""
    return bool(getattr(view, BY_TOKEN, False))
