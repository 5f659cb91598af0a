"""Groups of the organisation's own directory."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from app.scim.actions.roles import apply_roles
from app.scim.models import ScimGroup, ScimGroupMember
from app.scim.queries.groups import list_known_people, list_member_ids
from tenants.models import new_id
from tenants.unit_of_work import session


def keep_group(
    group: ScimGroup | None, *, display_name: str, external_id: str | None, members: Iterable[UUID], now: datetime
) -> ScimGroup:
    """Write a group as the directory has it, new when `group` is None. Who is not in the directory here is left out."""
    before = list_member_ids(group.id) if group else set()
    after = list_known_people(members)
    if group is None:
        group = ScimGroup(id=new_id(), version=0, created_at=now)
        session().add(group)
    elif (group.display_name, group.external_id, before) == (display_name, external_id, after):
        return group
    group.display_name, group.external_id = display_name, external_id
    group.version += 1
    group.updated_at = now
    session().flush()  # flush: the rows below point at this one
    _change_members(group, before, after)
    apply_roles(before ^ after, now=now)
    return group


def delete_group(group: ScimGroup, *, now: datetime) -> None:
    """Take a group away, and the roles that it alone gave."""
    members = list_member_ids(group.id)
    session().delete(group)
    session().flush()  # flush: its members go with it, and what follows reads them
    apply_roles(members, now=now)


def _change_members(group: ScimGroup, before: set[UUID], after: set[UUID]) -> None:
    gone = before - after
    if gone:
        wanted = ScimGroupMember.group_id == group.id, ScimGroupMember.person_id.in_(gone)
        session().execute(delete(ScimGroupMember).where(*wanted))
    session().add_all(ScimGroupMember(group_id=group.id, person_id=person) for person in sorted(after - before))
    session().flush()  # flush: roles are read from these rows
