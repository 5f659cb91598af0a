"""Roles that groups of the organisation's own directory give, and take away again. Never owner, never member."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, tuple_

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.roles.events import roles_changed
from app.scim.errors import RoleIsNotForGroups
from app.scim.models import ScimGroup, ScimGroupMember
from app.scim.policies import ROLES_OF_GROUPS
from app.scim.queries.groups import list_member_ids
from tenants.unit_of_work import session


def map_group(group: ScimGroup, *, role: Role | None, now: datetime) -> None:
    """Give a group's members a role from now on, or none. Raises RoleIsNotForGroups."""
    if role is not None and role not in ROLES_OF_GROUPS:
        raise RoleIsNotForGroups
    group.role = role.value if role else None
    session().flush()  # flush: what follows reads the row
    apply_roles(list_member_ids(group.id), now=now)


def apply_roles(people: Iterable[UUID], *, now: datetime) -> None:
    """Let these people hold just the roles that their groups give them, beside those given by hand; safe to repeat."""
    people = list(people)
    if not people:
        return
    wanted, held = _wanted(people), _held(people)
    lost = [(account, role) for (account, role), group in held.items() if group and (account, role) not in wanted]
    new = [(account, role, group) for (account, role), group in wanted.items() if (account, role) not in held]
    if lost:
        session().execute(delete(RoleGrant).where(tuple_(RoleGrant.account_id, RoleGrant.role).in_(lost)))
    for account, role, group in new:
        session().add(RoleGrant(account_id=account, role=role, group_id=group, granted_at=now))
    if lost or new:
        session().flush()  # flush: listeners read who holds what
        roles_changed()


def leave_groups(person_id: UUID, *, now: datetime) -> None:
    """Take somebody out of every group, and with it what only groups gave them."""
    session().execute(delete(ScimGroupMember).where(ScimGroupMember.person_id == person_id))
    apply_roles([person_id], now=now)


def _wanted(people: list[UUID]) -> dict[tuple[UUID, str], UUID]:
    """What groups give: account and role, with one of the groups."""
    given = (
        select(Account.id, ScimGroup.role, ScimGroup.id)
        .join(ScimGroupMember, ScimGroupMember.person_id == Account.person_id)
        .join(ScimGroup, ScimGroup.id == ScimGroupMember.group_id)
        .where(Account.person_id.in_(people), Account.ended_at.is_(None), ScimGroup.role.is_not(None))
        .order_by(ScimGroup.id.desc())
    )
    return {(account, str(role)): group for account, role, group in session().execute(given)}


def _held(people: list[UUID]) -> dict[tuple[UUID, str], UUID | None]:
    """What is held: account and role, with the group that gave it."""
    grants = (
        select(RoleGrant.account_id, RoleGrant.role, RoleGrant.group_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.person_id.in_(people))
    )
    return {(account, role): group for account, role, group in session().execute(grants)}
