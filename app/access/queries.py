"""Reads about accounts and roles, in the current organisation."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, true

from app.access.actor import Actor
from app.access.models import Account, RoleGrant
from app.access.policies import Stay, is_over
from app.access.roles import Role
from app.closing.models import NOTICE_READ, ClosingNotice
from app.people.models import Person
from app.sign_in.models import Connection, SignInPolicy
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


def has_sleeping_role(account_id: UUID) -> bool:
    """Whether an account was given a role that opens nothing yet."""
    asleep = select(RoleGrant.id).where(RoleGrant.account_id == account_id, RoleGrant.asleep.is_(True))
    return session().scalar(asleep.limit(1)) is not None


def has_proven_role(account_id: UUID) -> bool:
    """Whether an account holds a role that no group of the directory gives, and that does not sleep."""
    given = select(RoleGrant.id).where(RoleGrant.account_id == account_id, RoleGrant.role != Role.MEMBER)
    proven = given.where(RoleGrant.asleep.is_not(True), RoleGrant.group_id.is_(None))
    return session().scalar(proven.limit(1)) is not None


def list_accounts_with(role: Role) -> Sequence[Account]:
    """List the accounts that hold a role and have not ended, oldest first."""
    held = select(Account).join(RoleGrant, RoleGrant.account_id == Account.id)
    return session().scalars(held.where(RoleGrant.role == role, Account.ended_at.is_(None)).order_by(Account.id)).all()


def find_actor(account_id: UUID, stay: Stay | None = None) -> Actor | None:
    """Find who an account is and what it may do now, in one query; None when it may nothing any more.

    `stay` is the session that asks: it may be over by the organisation's limits, or because somebody ended it.
    What every page tells of a closing is read along and left with the session: it costs no query of its own.

    Membership ends with the last day of work, at once and by itself; another role stays until it is taken away.
    Somebody whom the directory has deactivated or removed may nothing until it takes that back.
    """
    rows = session().execute(_held(account_id, stay.connection_id if stay else None)).all()
    session().info[NOTICE_READ] = rows[0].ClosingNotice if rows else None
    if not rows or (stay and _is_over(stay, rows[0])):
        return None
    roles = frozenset(Role(row.role) for row in rows if row.role != Role.MEMBER or not _has_left(row.ends_on))
    account = rows[0].Account
    return _actor(account, roles) if roles else None


def _held(account_id: UUID, connection_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """A row for each role of an account, with what decides whether it holds now."""
    policy, own = SignInPolicy, Connection.sessions_end_at.label("connection_ends_at")
    limits = (policy.idle_hours, policy.absolute_days, policy.sessions_end_at.label("all_end_at"))
    return (
        select(Account, RoleGrant.role, Person.ends_on, ClosingNotice, own, *limits)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(ClosingNotice, true())
        .outerjoin(policy, true())
        .outerjoin(Connection, Connection.id == connection_id)
        .where(Account.id == account_id, Account.ended_at.is_(None))
        .where(Person.deactivated_at.is_(None), Person.removed_at.is_(None), RoleGrant.asleep.is_not(True))
    )


def _is_over(stay: Stay, row: Row[Any]) -> bool:
    return is_over(
        stay,
        (row.Account.sessions_end_at, row.connection_ends_at, row.all_end_at),
        idle_hours=row.idle_hours,
        absolute_days=row.absolute_days,
        now=datetime.now(UTC),
    )


def _actor(account: Account, roles: frozenset[Role]) -> Actor:
    return Actor(
        "account",
        account.id,
        account.person_id,
        account.name,
        account.email,
        account.language,
        roles,
        notice_version=account.notice_version,
    )


def _has_left(ends_on: date | None) -> bool:
    return ends_on is not None and ends_on < datetime.now(UTC).date()
