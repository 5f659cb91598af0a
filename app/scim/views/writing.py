"""Writes of the organisation's own directory, by the actions that own the rows."""

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from app.people.actions import deactivate_person, reactivate_person, remove_provisioned, write_provisioned
from app.people.models import Person
from app.people.policies import fields_of_directory
from app.scim.actions import delete_group, keep_group
from app.scim.actions.roles import leave_groups
from app.scim.models import LONGEST_EXTERNAL_ID, LONGEST_GROUP_NAME, ScimGroup
from app.scim.queries.people import find_adoptable
from app.scim.reading import Enterprise, Group, User
from app.scim.views.saying import SAYS_ACTIVE, SECOND_EMAIL, say_people
from app.scim.views.taking import Values, is_second, take_group_text, take_members, take_person
from tenants.unit_of_work import session


def create_person(user: User[Enterprise], *, now: datetime) -> Person:
    """Add somebody, or adopt whom a file or a hand brought in. Without a word about it they are active."""
    values = take_person(user, None)
    person = find_adoptable([values["user_name"], values["email"]])
    if person is not None:
        values = take_person(user, person)
    if user.active is None:
        user = user.model_copy(update={"active": True})
    return _write(person, user, values, now)


def update_person(person: Person, user: User[Enterprise], *, says_all: bool, now: datetime) -> Person:
    """Write somebody anew; a PATCH says nothing of what it leaves as it is, so that does not become the directory's."""
    values = take_person(user, person)
    if not says_all:
        before = take_person(say_people([person])[0], person)
        values = {column: value for column, value in values.items() if value != before[column]}
    return _write(person, user, values, now)


def write_group(group: ScimGroup | None, said: Group, *, now: datetime) -> ScimGroup:
    """Write a group as it is said, new when `group` is None."""
    return keep_group(
        group,
        display_name=take_group_text(said.display_name, LONGEST_GROUP_NAME) or "",
        external_id=take_group_text(said.external_id, LONGEST_EXTERNAL_ID),
        members=take_members(said),
        now=now,
    )


def delete(row: Person | ScimGroup, *, now: datetime) -> None:
    """Take somebody or a group out of the directory."""
    if isinstance(row, ScimGroup):
        delete_group(row, now=now)
        return
    leave_groups(row.id, now=now)
    remove_provisioned(row, now=now)


def _write(person: Person | None, user: User[Enterprise], values: Values, now: datetime) -> Person:
    written = write_provisioned(person, values=values, now=now)
    if user.active is False:
        deactivate_person(written, now=now)
    else:
        reactivate_person(written, now=now)
    _note(written, SAYS_ACTIVE, said=user.active is not None, now=now)
    _note(written, SECOND_EMAIL, said=is_second(user), now=now)
    session().flush()  # flush: the version is read back
    return written


def _note(person: Person, word: str, *, said: bool, now: datetime) -> None:
    """Keep beside the directory's columns what it said that is no column."""
    words = fields_of_directory(person)
    if said == (word in words):
        return
    person.directory_fields = sorted(words | {word} if said else words - {word})
    flag_modified(person, "directory_fields")
    person.version += 1
    person.updated_at = now
