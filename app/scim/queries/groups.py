"""Groups of the organisation's own directory, and who is in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.people.models import Person
from app.people.queries import IN_DIRECTORY
from app.scim.models import ScimGroup, ScimGroupMember
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody in a group."""

    group_id: UUID
    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a mapping would do: who would get the role, and who would lose it."""

    gain: Sequence[str]
    lose: Sequence[str]


def find_group(group_id: UUID, *, lock: bool = False) -> ScimGroup | None:
    """Find a group, held against others until the end of the transaction if wanted."""
    return session().get(ScimGroup, group_id, with_for_update=lock or None, populate_existing=lock)


def get_group(group_id: UUID) -> ScimGroup:
    """Return a group; raises NotHere."""
    found = find_group(group_id)
    if found is None:
        raise NotHere(group_id)
    return found


def list_groups() -> Sequence[tuple[ScimGroup, int]]:
    """List groups by name, each with how many are in it."""
    members = select(func.count()).where(ScimGroupMember.group_id == ScimGroup.id).scalar_subquery()
    rows = session().execute(select(ScimGroup, members).order_by(func.lower(ScimGroup.display_name), ScimGroup.id))
    return [(group, count) for group, count in rows]


def list_members(groups: Iterable[UUID]) -> list[InGroup]:
    """List who is in the groups, in one query."""
    return _joined(ScimGroupMember.group_id.in_(list(groups)))


def list_memberships(people: Iterable[UUID]) -> list[tuple[UUID, UUID, str]]:
    """List the groups of people, as (person, group, name of the group), in one query."""
    wanted = (
        select(ScimGroupMember.person_id, ScimGroup.id, ScimGroup.display_name)
        .join(ScimGroup, ScimGroup.id == ScimGroupMember.group_id)
        .where(ScimGroupMember.person_id.in_(list(people)))
        .order_by(ScimGroup.id)
    )
    return [(person, group, name) for person, group, name in session().execute(wanted)]


def list_member_ids(group_id: UUID) -> set[UUID]:
    """List the people in a group."""
    wanted = select(ScimGroupMember.person_id).where(ScimGroupMember.group_id == group_id)
    return set(session().scalars(wanted))


def list_known_people(ids: Iterable[UUID]) -> set[UUID]:
    """Of these, those who are in the directory."""
    return set(session().scalars(select(Person.id).where(Person.id.in_(list(ids)), IN_DIRECTORY)))


def preview_mapping(group: ScimGroup, role: Role | None) -> Effect:
    """Tell what it would do to give the group this role, or none.

    Everybody in the group who lacks the role is named, come in or not: who has come in is not to be read off here.
    """
    held = select(Account.person_id).join(RoleGrant, RoleGrant.account_id == Account.id).where(RoleGrant.role == role)
    holders = set(session().scalars(held)) if role else set()
    gain = [each.name for each in list_members([group.id]) if role and each.person_id not in holders]
    return Effect(sorted(gain), _losing(group, role))


def _losing(group: ScimGroup, role: Role | None) -> list[str]:
    """Who holds a role by this group that it would give no longer, whatever other groups give."""
    if group.role is None or group.role == role:
        return []
    held = (
        select(Account.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.group_id == group.id, Account.ended_at.is_(None))
    )
    return sorted(session().scalars(held))


def _joined(condition: object) -> list[InGroup]:
    wanted = (
        select(ScimGroupMember.group_id, Person)
        .join(Person, Person.id == ScimGroupMember.person_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(Person.id)
    )
    return [InGroup(group, person.id, person.name) for group, person in session().execute(wanted)]
