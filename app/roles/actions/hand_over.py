"""Handing the ownership over: one owner offers it, the other takes it after their own sign-in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.actions import revoke_role
from app.access.actor import Actor
from app.access.models import Account
from app.access.roles import Role
from app.roles.actions.change import (
    close_if_empty,
    find_live_account,
    give_role,
    tell_owners,
    withdraw_offer,
)
from app.roles.errors import LastOwner, MayNotGive, OfferOver, OfferRefused
from app.roles.events import roles_changed
from app.roles.policies import OFFER_LIVES, may_give
from app.roles.queries.holders import get_holder, hold_owners, list_owners
from app.roles.queries.offers import find_offer
from app.sessions.actions import end_sessions_of_account
from tenants.outbox import later
from tenants.unit_of_work import session


def offer_ownership(*, to: UUID, stays: bool, by: Actor, now: datetime) -> None:
    """Offer the ownership to somebody with a role; an earlier offer of the same owner ends.

    Raises NotHere, MayNotGive, or OfferRefused.
    """
    if not may_give(by, Role.OWNER):
        raise MayNotGive
    held = get_holder(to)
    if held.waits or not held.can_come_in or Role.OWNER in held.roles or to == by.id:
        raise OfferRefused
    for account in session().scalars(select(Account).where(Account.offered_by == by.id)):
        withdraw_offer(account)
    account = held.account
    account.offered_by, account.offered_until, account.offerer_stays = by.id, now + OFFER_LIVES, stays
    later("roles.mail_offer", account_id=str(to))


def take_offer_back(*, account_id: UUID, by: Actor) -> None:
    """Take an offer back; any owner may. Raises NotHere, or MayNotGive."""
    if not may_give(by, Role.OWNER):
        raise MayNotGive
    withdraw_offer(find_live_account(account_id))


def accept_offer(*, by: Actor, now: datetime) -> None:
    """Become an owner; whoever offered it is none any more, unless they said that they stay. Raises OfferOver."""
    hold_owners()
    offer = find_offer(by.id, now) if by.id else None
    if offer is None or by.id is None:
        raise OfferOver
    owner, stays = offer
    withdraw_offer(find_live_account(by.id))
    give_role(account_id=by.id, role=Role.OWNER, by=Actor("account", owner.id, roles=frozenset({Role.OWNER})), now=now)
    if not stays:
        _step_back(owner.id, now)


def decline_offer(*, by: Actor) -> None:
    """Say no; nothing changes, and nobody is asked why."""
    if by.id:
        withdraw_offer(find_live_account(by.id))


def _step_back(account_id: UUID, now: datetime) -> None:
    if not list_owners(without=account_id):
        raise LastOwner
    tell_owners()
    revoke_role(account_id=account_id, role=Role.OWNER)
    end_sessions_of_account(account_id=account_id, now=now)
    close_if_empty(account_id, now)
    roles_changed()
