"""Rows of Kamu said as SCIM."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from scim2_models import Meta

from app.people.models import Person
from app.people.policies import NO_ADDRESS, fields_of_directory
from app.scim.models import ScimGroup
from app.scim.queries.groups import InGroup, list_members, list_memberships
from app.scim.queries.people import list_supervisors
from app.scim.reading import Email, Enterprise, Group, GroupOfUser, Manager, Member, Name, User

SAYS_ACTIVE, SECOND_EMAIL = "active", "email-is-second"
Memberships = dict[UUID, list[tuple[UUID, str]]]


def is_provisioned(person: Person) -> bool:
    """Whether the organisation's own directory has written somebody."""
    return person.user_name is not None or person.external_id is not None


def stands_in(person: Person) -> bool:
    """Whether the name is only what stands in for one that the directory has not said."""
    called = person.display_name or person.user_name or person.email
    return is_provisioned(person) and person.family_name == "" and person.given_name == called


def version_of(row: Person | ScimGroup) -> str:
    """Return the version that a row has."""
    return f'W/"{row.version}"'


def say_people(people: Sequence[Person]) -> list[User[Enterprise]]:
    """Say people, with two statements for all of them."""
    groups: Memberships = defaultdict(list)
    for person_id, group_id, name in list_memberships(person.id for person in people):
        groups[person_id].append((group_id, name))
    supervisors = list_supervisors(people)
    return [_say_person(person, groups[person.id], supervisors.get(person.supervisor_id)) for person in people]  # type: ignore[arg-type]


def say_groups(groups: Sequence[ScimGroup], *, with_members: bool = True) -> list[Group]:
    """Say groups, with one statement for all of their members."""
    members: dict[UUID, list[InGroup]] = defaultdict(list)
    for each in list_members(group.id for group in groups) if with_members else ():
        members[each.group_id].append(each)
    return [_say_group(group, members[group.id]) for group in groups]


def _say_person(person: Person, groups: list[tuple[UUID, str]], supervisor: str | None) -> User[Enterprise]:
    said = User[Enterprise](
        id=str(person.id),
        external_id=person.external_id,
        meta=_meta("User", person),
        user_name=person.user_name or person.email,
        name=_name(person),
        display_name=person.display_name if is_provisioned(person) else person.name or None,
        title=person.job_title,
        preferred_language=User.Language(person.language) if person.language else None,
        active=_active(person),
        emails=_emails(person),
        groups=[GroupOfUser(value=str(key), ref=_at("Groups", key), display=name) for key, name in groups] or None,
    )
    said[Enterprise] = _work(person, supervisor)
    return said


def _say_group(group: ScimGroup, members: Iterable[InGroup]) -> Group:
    people = [
        Member(value=str(each.person_id), ref=_at("Users", each.person_id), type="User", display=each.name)
        for each in members
    ]
    return Group(
        id=str(group.id),
        external_id=group.external_id,
        meta=_meta("Group", group),
        display_name=group.display_name,
        members=people or None,
    )


def _at(kind: str, key: object) -> Any:
    """Where something is; the library makes a whole address of it."""
    return f"{kind}/{key}"


def _meta(kind: str, row: Person | ScimGroup) -> Meta:
    return Meta(resource_type=kind, created=row.created_at, last_modified=row.updated_at, version=version_of(row))


def _name(person: Person) -> Name | None:
    given = None if stands_in(person) else person.given_name or None
    family = person.family_name or None
    return Name(given_name=given, family_name=family) if given or family else None


def _active(person: Person) -> bool | None:
    if person.deactivated_at is not None:
        return False
    return True if not is_provisioned(person) or SAYS_ACTIVE in fields_of_directory(person) else None


def _emails(person: Person) -> list[Email] | None:
    if person.email.endswith(NO_ADDRESS):
        return None
    primary = SECOND_EMAIL not in fields_of_directory(person)
    return [Email(value=person.email, type=Email.Type.work, primary=primary)]


def _work(person: Person, supervisor: str | None) -> Enterprise | None:
    manager = None
    if person.supervisor_id:
        key = str(person.supervisor_id)
        manager = Manager(value=key, ref=_at("Users", key), display_name=supervisor)
    if not (person.employee_number or person.unit or manager):
        return None
    return Enterprise(employee_number=person.employee_number, department=person.unit, manager=manager)
