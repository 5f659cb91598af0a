"""Inviting to a role: an account that holds it, and a mail with a link that works once, for seven days."""

from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from sqlalchemy import update

from app.access.actions import add_account, wake_roles
from app.access.actor import Actor
from app.access.models import Account
from app.access.queries import (
    find_account,
    find_account_by_email,
    has_proven_role,
    has_sleeping_role,
    list_roles,
)
from app.access.roles import Role
from app.roles.actions.change import give_role, spend_links
from app.roles.errors import EnoughMails, HasLeft, HoldsAlready, NoRole, NotWaiting, NotYou
from app.roles.policies import INVITATION_LIVES, MAILS_A_DAY, check_may_give
from app.roles.queries.holders import find_log_in, get_holder
from app.sign_in.actions import make_login_link
from app.sign_in.errors import LinkError, LinkExpired, LinkUsed
from app.sign_in.models import LoginLink
from app.sign_in.queries import count_links_since, get_login_link, is_enforced
from tenants.errors import NotHere
from tenants.outbox import later
from tenants.unit_of_work import session

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)


def invite_to_roles(
    *, email: str, name: str, roles: frozenset[Role], language: str | None, by: Actor, now: datetime
) -> Account:
    """Have somebody hold roles, and mail them a way in. Whether they were known before shows nowhere.

    Raises NoRole, MayNotGive, HoldsAlready, or HasLeft.
    """
    if not roles:
        raise NoRole
    check_may_give(by, roles)
    account = find_account_by_email(email)
    if account is None:
        account = add_account(email=email, name=name, language=language, now=now)
    elif account.ended_at:
        begin_again(account, name, now)
    elif roles <= list_roles(account.id):
        raise HoldsAlready
    # Whoever writes the directory may have put this address onto an account of their own: see RoleGrant.
    asleep = account.person_id is not None and not has_proven_role(account.id)
    for role in sorted(roles):
        give_role(account_id=account.id, role=role, by=by, now=now, asleep=asleep)
    mail_invitation(account.id, now)
    return account


def send_again(*, account_id: UUID, now: datetime) -> None:
    """Mail a new link; the ones before it stop working. Raises NotHere, NotWaiting, or EnoughMails."""
    if not get_holder(account_id).waits:
        raise NotWaiting
    if count_links_since(account_id, now - A_DAY) >= MAILS_A_DAY:
        raise EnoughMails
    mail_invitation(account_id, now)


def mail_invitation(account_id: UUID, now: datetime) -> None:
    """Make the one link that works, and have it mailed."""
    spend_links(account_id, now)
    link = make_login_link(account_id=account_id, browser=None, now=now, minutes=INVITATION_LIVES // A_MINUTE)
    later("roles.mail_invitation", link_id=str(link.id))


def check_invitation(*, link_id: UUID, now: datetime) -> Account:
    """Return the account that an invitation would open. Raises NotHere, LinkExpired, LinkUsed."""
    link = get_login_link(link_id)
    if link.used_at:
        raise LinkUsed
    if link.has_expired(now):
        raise LinkExpired
    account = find_account(link.account_id) if link.account_id else None
    if account is None or not list_roles(account.id) - {Role.MEMBER}:
        raise NotHere(link_id)
    return account


def find_invitation_to_mail(*, link_id: UUID, now: datetime) -> Account | None:
    """Find whom to mail an invitation that still opens; None when it was withdrawn, used, or made anew meanwhile."""
    try:
        return check_invitation(link_id=link_id, now=now)
    except (LinkError, NotHere):
        return None


def open_invitation(*, link_id: UUID, by: Actor, now: datetime) -> Account:
    """Use an invitation; the account that it opens. Roles that slept wake. Raises as `check_invitation`, and NotYou.

    Where roles sleep it opens for nobody but whoever is signed in by that account.
    """
    account = check_invitation(link_id=link_id, now=now)
    if has_sleeping_role(account.id) and by.id != account.id:
        raise NotYou
    unused = update(LoginLink).where(LoginLink.id == link_id, LoginLink.used_at.is_(None))
    # Decided by the database: of two that come at once, one finds nothing left to update.
    if not session().execute(unused.values(used_at=now).returning(LoginLink.id)).all():
        raise LinkUsed
    wake_roles(account_id=account.id)
    return account


class Way(Enum):
    """How an invitation lets somebody in: by the mail alone, by connecting a first log-in, or by their own sign-in."""

    BY_MAIL = "by mail"
    FIRST_LOG_IN = "first log-in"
    OWN_SIGN_IN = "own sign-in"


def way_in(account: Account) -> Way:
    """Tell how. The mail alone never opens a member's own pages, nor anything where it is no way in."""
    if account.person_id or Role.MEMBER in list_roles(account.id):
        return Way.OWN_SIGN_IN
    if not is_enforced():
        return Way.BY_MAIL
    return Way.OWN_SIGN_IN if find_log_in(account.id) else Way.FIRST_LOG_IN


def begin_again(account: Account, name: str, now: datetime) -> None:
    """Let somebody come back whose roles were taken; who came with the directory comes back with it alone."""
    if account.person_id:
        raise HasLeft
    account.ended_at, account.came_in_at, account.name, account.sessions_end_at = None, None, name, now
    session().flush()  # flush: only an account that has not ended holds roles
