"""Deny by default: a view that names no permission and no reason to be public is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
NEEDS, PUBLIC = "kamu_needs", "kamu_public"


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


def permissions_of_view(view: Callable[..., Any]) -> frozenset[Permission]:
    """Return the permissions of which one opens the view; empty for a public or an unmarked one."""
    return getattr(view, NEEDS, frozenset())


def is_public(view: Callable[..., Any]) -> bool:
    """Tell whether the view says that it is public."""
    return bool(getattr(view, PUBLIC, ""))
