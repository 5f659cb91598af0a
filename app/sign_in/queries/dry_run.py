"""What a change of the sign-in would mean, before it is made.

Of those who hold a role it names who has no log-in yet: they were invited to the role, and each knows it of the other.
Of members it says neither who nor how many exactly: that would tell who has come in, and that is nobody's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.break_glass.queries import count_enrolled_owners
from app.people.models import Person
from app.people.policies import is_here
from app.sign_in.models import Connection, Identity
from app.sign_in.queries.connections import list_connections_in_use
from tenants.unit_of_work import session

ENROLLED_AT_LEAST = 2
ROUNDED_TO = 10


class Hindrance(StrEnum):
    """Why the provider cannot be the only way in yet."""

    NO_CONNECTION = "no-connection"
    NOT_TESTED = "not-tested"
    NO_RESCUE = "no-rescue"
    NO_OWNER = "no-owner"


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who would be left without a way in.

    `locked_out`: how many role holders; `names`: theirs, for whoever may see the directory.
    `members_from`: None when no member loses a log-in; else how many do at least, rounded down to tens.
    `waiting`: log-ins that match nobody so far.
    """

    locked_out: int
    names: Sequence[str]
    members_from: int | None
    waiting: int


def run_dry(
    *, left: Iterable[UUID], leaving: Connection | None, links_end: bool, may_name: bool, now: datetime
) -> DryRun:
    """Look at who could come in by the connections that are `left`; `links_end`: not by mail either."""
    kept = list(left)
    holders = _list_role_holders_without(kept, now) if links_end else ()
    return DryRun(
        locked_out=len(holders),
        names=[each.name for each in holders] if may_name else (),
        members_from=_count_members_only_at(leaving.id, kept, now) if leaving else None,
        waiting=_count_waiting(kept),
    )


def list_hindrances() -> Sequence[Hindrance]:
    """List what has to be done first before the provider can be the only way in."""
    staying = [each for each in list_connections_in_use() if each.retires_at is None]
    if not staying:
        return [Hindrance.NO_CONNECTION]
    found = []
    if not any(each.tested_at for each in staying):
        found.append(Hindrance.NOT_TESTED)
    if count_enrolled_owners() < ENROLLED_AT_LEAST:
        found.append(Hindrance.NO_RESCUE)
    if not _has_owner_at([each.id for each in staying]):
        found.append(Hindrance.NO_OWNER)
    return found


def _list_role_holders_without(kept: Sequence[UUID], now: datetime) -> Sequence[Account]:
    holders = (
        select(Account)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Account.ended_at.is_(None), or_(Account.person_id.is_(None), is_here(now.date())))
        .where(_holds(RoleGrant.role != Role.MEMBER), ~_has_log_in(kept))
        .order_by(Account.name, Account.id)
    )
    return session().scalars(holders).all()


def _count_members_only_at(leaving: UUID, kept: Sequence[UUID], now: datetime) -> int:
    members = (
        select(func.count())
        .select_from(Account)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Account.ended_at.is_(None), or_(Account.person_id.is_(None), is_here(now.date())))
        .where(_holds(RoleGrant.role == Role.MEMBER), _has_log_in([leaving]), ~_has_log_in(kept))
    )
    return (session().scalar(members) or 0) // ROUNDED_TO * ROUNDED_TO


def _count_waiting(kept: Sequence[UUID]) -> int:
    waiting = Identity.account_id.is_(None) & Identity.refused_at.is_(None) & Identity.connection_id.in_(kept)
    return session().scalar(select(func.count()).where(waiting)) or 0


def _has_owner_at(kept: Sequence[UUID]) -> bool:
    owner = select(Account.id).where(Account.ended_at.is_(None), _holds(RoleGrant.role == Role.OWNER))
    return session().scalar(owner.where(_has_log_in(kept)).limit(1)) is not None


def _holds(role: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(RoleGrant.id).where(RoleGrant.account_id == Account.id, role).exists()


def _has_log_in(connections: Sequence[UUID]) -> ColumnElement[bool]:
    return (
        select(Identity.id).where(Identity.account_id == Account.id, Identity.connection_id.in_(connections)).exists()
    )
