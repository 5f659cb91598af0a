"""Giving and taking roles. Whoever loses one is signed out everywhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.access.actions import grant_role, revoke_role
from app.access.actor import Actor
from app.access.models import Account
from app.access.queries import find_account, has_sleeping_role, list_roles
from app.access.roles import Role
from app.break_glass.models import AccountPasskey, RescueCode
from app.roles.errors import LastOwner, NoRole
from app.roles.events import roles_changed
from app.roles.policies import check_may_give
from app.roles.queries.holders import get_holder, hold_owners, list_owners
from app.sessions.actions import end_sessions_of_account
from app.sign_in.models import Identity, LoginLink
from tenants.errors import NotHere
from tenants.outbox import later
from tenants.unit_of_work import session


def give_role(
    *, account_id: UUID, role: Role, by: Actor, now: datetime, group_id: UUID | None = None, asleep: bool = False
) -> None:
    """Give a role; giving it again changes nothing. It sleeps beside others that do. Raises MayNotGive."""
    check_may_give(by, [role])
    if role in list_roles(account_id):
        return
    asleep = group_id is None and (asleep or has_sleeping_role(account_id))
    grant_role(account_id=account_id, role=role, now=now, group_id=group_id, asleep=asleep)
    session().flush()  # flush: listeners and the next check read the grants
    if role is Role.OWNER:
        tell_owners()
    roles_changed()


def take_role(*, account_id: UUID, role: Role, by: Actor, now: datetime) -> None:
    """Take a role away, and end the sign-ins of whoever held it. Raises MayNotGive, or LastOwner."""
    check_may_give(by, [role])
    if role not in list_roles(account_id):
        return
    if role is Role.OWNER:
        _check_another_owner(account_id)
        tell_owners()
        # Codes on paper outlive no ownership, even if it comes back.
        session().execute(delete(RescueCode).where(RescueCode.account_id == account_id))
    revoke_role(account_id=account_id, role=role)
    end_sessions_of_account(account_id=account_id, now=now)
    roles_changed()


def change_roles(*, account_id: UUID, roles: frozenset[Role], by: Actor, now: datetime) -> None:
    """Have somebody hold these roles from now on; their own as a member stays, and so do those of a directory group.

    Raises NotHere, NoRole, MayNotGive, or LastOwner.
    """
    held = get_holder(account_id)
    if not roles:
        raise NoRole
    given, taken = roles - set(held.roles), set(held.roles) - roles - held.by_directory
    check_may_give(by, given | taken)
    for role in sorted(given):
        give_role(account_id=account_id, role=role, by=by, now=now)
    for role in sorted(taken):
        take_role(account_id=account_id, role=role, by=by, now=now)
    if given | taken:
        later("roles.mail_change", account_id=str(account_id))


def remove_holder(*, account_id: UUID, by: Actor, now: datetime) -> None:
    """Take all roles that somebody was invited to, withdraw their invitation, end their sign-ins.

    Whoever takes part as a member goes on to do so; an account without anything left ends, and so does every way into
    it. Raises NotHere, MayNotGive, or LastOwner.
    """
    held = get_holder(account_id)
    for role in held.roles:
        take_role(account_id=account_id, role=role, by=by, now=now)
    spend_links(account_id, now)
    withdraw_offer(held.account)
    if not held.waits:
        later("roles.mail_change", account_id=str(account_id))
    close_if_empty(account_id, now)


def close_if_empty(account_id: UUID, now: datetime) -> None:
    """End an account that has no role any more and belongs to nobody of the directory."""
    account = find_account(account_id)
    if account is None or account.person_id or list_roles(account_id):
        return
    account.ended_at, account.came_in_at = now, None
    for way_in in (Identity, AccountPasskey, RescueCode):
        session().execute(delete(way_in).where(way_in.account_id == account_id))


def spend_links(account_id: UUID, now: datetime) -> None:
    """Let no link that was mailed to an account sign anybody in any more."""
    live = update(LoginLink).where(LoginLink.account_id == account_id, LoginLink.used_at.is_(None))
    session().execute(live.where(LoginLink.purpose == "sign-in").values(used_at=now))


def withdraw_offer(account: Account) -> None:
    """Forget that the ownership is offered to somebody."""
    account.offered_by = account.offered_until = account.offerer_stays = None


def tell_owners() -> None:
    """Have every owner of this moment told by mail that the owners change."""
    for owner in list_owners():
        later("roles.mail_owners_changed", account_id=str(owner.id))


def find_live_account(account_id: UUID) -> Account:
    """Return an account that has not ended; raises NotHere."""
    account = find_account(account_id)
    if account is None:
        raise NotHere(account_id)
    return account


def _check_another_owner(account_id: UUID) -> None:
    hold_owners()
    if not list_owners(without=account_id):
        raise LastOwner
