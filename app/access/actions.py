"""Writes about accounts and roles, in the current organisation."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.access.errors import AccountExists
from app.access.events import account_added
from app.access.models import Account, RoleGrant
from app.access.queries import find_account, find_account_by_email, has_sleeping_role, list_roles
from app.access.roles import Role
from tenants.models import new_id
from tenants.unit_of_work import session


def add_account(
    *,
    email: str,
    name: str,
    language: str | None,
    person_id: UUID | None = None,
    roles: Iterable[Role] = (),
    now: datetime,
) -> Account:
    """Add somebody who can sign in. Raises ``AccountExists`` when the address has an account."""
    if find_account_by_email(email):
        raise AccountExists("this address has an account")
    account = Account(
        id=new_id(),
        email=email.strip().lower(),
        name=name,
        language=language,
        person_id=person_id,
        created_at=now,
    )
    session().add(account)
    session().flush()  # flush: the grants below point at this row
    for role in roles:
        session().add(RoleGrant(account_id=account.id, role=role, granted_at=now))
    if person_id is not None:
        session().flush()  # flush: listeners read the roles
        account_added(person_id, now)
    return account


def grant_role(
    *, account_id: UUID, role: Role, now: datetime, group_id: UUID | None = None, asleep: bool = False
) -> None:
    """Give a role, by a group of the organisation's own directory if that does it; giving it again changes nothing.

    One given `asleep` opens nothing until `wake_roles`.
    """
    if role not in list_roles(account_id):
        grant = RoleGrant(account_id=account_id, role=role, granted_at=now, group_id=group_id, asleep=asleep or None)
        session().add(grant)


def wake_roles(*, account_id: UUID) -> None:
    """Let the roles of an account open what they open: its mailbox was shown to be theirs."""
    sleeping = update(RoleGrant).where(RoleGrant.account_id == account_id, RoleGrant.asleep.is_(True))
    session().execute(sleeping.values(asleep=None))


def revoke_role(*, account_id: UUID, role: Role) -> None:
    """Take a role away."""
    session().execute(delete(RoleGrant).where(RoleGrant.account_id == account_id, RoleGrant.role == role))


def note_came_in(*, account_id: UUID, now: datetime) -> None:
    """Note that somebody has come in who holds a role they were invited to; of members nothing is noted."""
    account = find_account(account_id)
    is_new = account is not None and account.came_in_at is None and not has_sleeping_role(account_id)
    if account and is_new and list_roles(account_id) - {Role.MEMBER}:
        account.came_in_at = now


def choose_language(*, account: Account, language: str) -> None:
    """Remember the language in which an account wants pages and mails."""
    account.language = language
