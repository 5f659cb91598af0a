"""Reads about accounts and roles, in the current organisation."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select, true

from app.access.actor import Actor
from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.closing.models import NOTICE_READ, ClosingNotice
from app.people.models import Person
from tenants.unit_of_work import session


def find_account(account_id: UUID) -> Account | None:
    """Find an account that has not ended."""
    return session().scalars(select(Account).where(Account.id == account_id, Account.ended_at.is_(None))).one_or_none()


def find_account_by_email(email: str) -> Account | None:
    """Find the account of an e-mail address, ended or not, written in any case."""
    return session().scalars(select(Account).where(Account.email == email.strip().lower())).one_or_none()


def find_account_of_person(person_id: UUID) -> Account | None:
    """Find the account that belongs to a directory person."""
    return session().scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def list_roles(account_id: UUID) -> frozenset[Role]:
    """List the roles given to an account."""
    return frozenset(
        Role(role) for role in session().scalars(select(RoleGrant.role).where(RoleGrant.account_id == account_id))
    )


def list_accounts_with(role: Role) -> Sequence[Account]:
    """List the accounts that hold a role and have not ended, oldest first."""
    held = select(Account).join(RoleGrant, RoleGrant.account_id == Account.id)
    return session().scalars(held.where(RoleGrant.role == role, Account.ended_at.is_(None)).order_by(Account.id)).all()


def find_actor(account_id: UUID) -> Actor | None:
    """Find who an account is and what it may do now, in one query; None when it may nothing any more.

    What every page tells of a closing is read along and left with the session: it costs no query of its own.

    Membership ends with the last day of work, at once and by itself; another role stays until it is taken away.
    """
    held = (
        select(Account, RoleGrant.role, Person.ends_on, ClosingNotice)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(ClosingNotice, true())
        .where(Account.id == account_id, Account.ended_at.is_(None))
    )
    rows = session().execute(held).all()
    session().info[NOTICE_READ] = rows[0][3] if rows else None
    roles = frozenset(Role(role) for _, role, ends_on, _ in rows if role != Role.MEMBER or not _has_left(ends_on))
    if not roles:
        return None
    account = rows[0][0]
    return Actor("account", account.id, account.person_id, account.name, account.email, account.language, roles)


def _has_left(ends_on: date | None) -> bool:
    return ends_on is not None and ends_on < datetime.now(UTC).date()
