"""What a view may ask about its request: who acts, and for which organisation."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from flask import Request, g

from app.access.actor import VISITOR, Actor
from tenants.context import TenantRef
from tenants.errors import NotHere


class StaffFinder:
    """Finds one of Nitor's staff by id; filled by the feature that knows them."""

    find: Callable[[UUID], Actor | None]


class TokenFinder:
    """Finds whose bearer token a request brings, in the host's organisation; filled by the feature that keeps them."""

    find: Callable[[Request], Actor | None]


def actor() -> Actor:
    """Return who acts; a visitor when nobody has signed in."""
    return cast("Actor", g.get("actor", VISITOR))


def tenant() -> TenantRef:
    """Return the organisation of this host; raises ``AttributeError`` on the start and staff hosts."""
    return cast("TenantRef", g.tenant)


def own_person() -> UUID:
    """Return the directory person who acts; raises NotHere for an account without one."""
    person_id = actor().person_id
    if person_id is None:
        raise NotHere("this account is nobody of the directory")
    return person_id


def own_account() -> UUID:
    """Return the account that acts; raises NotHere for anybody else."""
    who = actor()
    if who.kind != "account" or who.id is None:
        raise NotHere("no account acts here")
    return who.id
