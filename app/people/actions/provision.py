"""The organisation's own directory writes one person: adds, changes, takes access away, gives it back, removes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from app.people.actions.change_person import refuse_ring, refuse_taken
from app.people.events import AccessChanged, access_changed, people_changed
from app.people.models import Person
from app.people.policies import DIRECTORY_NAMES, FROM_DIRECTORY, fields_of_directory
from app.people.queries import list_in_use
from app.roles.queries.holders import check_not_last_owner
from tenants.models import new_id
from tenants.unit_of_work import session

NEVER_NULL: Final = ("given_name", "family_name")


def write_provisioned(person: Person | None, *, values: Mapping[str, Any], now: datetime) -> Person:
    """Write what the organisation's own directory says of somebody, new when `person` is None; returns them.

    `values` are columns of `FROM_DIRECTORY` and `DIRECTORY_NAMES`; whoever is new needs an e-mail. What it sets belongs
    to it from now on; None gives a column back, and empties it only if it was the directory's. Saying the same again
    changes nothing, not even the version. Somebody removed whom the same `external_id` names comes back.

    Raises EmailIsTaken, NumberIsTaken, UserNameIsTaken, ExternalIdIsTaken, SupervisorGoesRound or NotHere.
    """
    wanted = _tidied(values)
    person = person or _find_removed(wanted.get("external_id"))
    is_new = person is None
    person = person or Person(id=new_id(), given_name="", family_name="", created_at=now, version=0)
    changed = _changes(person, wanted)
    if not is_new and not changed and person.removed_at is None:
        return person
    refuse_taken(person, changed)
    refuse_ring(person, changed.get("supervisor_id"))
    for name, value in changed.items():
        setattr(person, name, value)
    if is_new:
        session().add(person)
    if person.removed_at is not None:
        person.removed_at = person.deactivated_at = person.ends_on = None
    _note(person, now)
    return person


def deactivate_person(person: Person, *, now: datetime) -> None:
    """Take somebody's access away for now: the seat is free, pairs rest, nothing is lost. Again, it changes nothing.

    Raises LastOwner for the only owner who can come in.
    """
    if person.deactivated_at is None:
        check_not_last_owner(person_id=person.id)
        person.deactivated_at = now
        _note(person, now)


def reactivate_person(person: Person, *, now: datetime) -> None:
    """Give somebody their access back, and with it what rested. Again, it changes nothing."""
    if person.deactivated_at is not None:
        person.deactivated_at = None
        _note(person, now)


def remove_provisioned(person: Person, *, now: datetime) -> None:
    """Take somebody out of the directory: wholly when nothing points to them, else as one whose work ends today.

    Their address, number and user name are free for somebody else at once; `external_id` stays, for coming back.
    Raises LastOwner for the only owner who can come in.
    """
    check_not_last_owner(person_id=person.id)
    if not list_in_use([person.id]):
        session().delete(person)
        session().flush()  # flush: listeners count the people who are left
        people_changed()
        return
    today = now.date()
    person.deactivated_at = person.deactivated_at or now
    person.removed_at = now
    person.ends_on = min(person.ends_on or today, today)
    if person.starts_on and person.starts_on > person.ends_on:
        person.starts_on = None
    person.email = f"removed-{person.id}"
    person.employee_number = person.user_name = None
    _note(person, now)


def _tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: value if value != "" else None for name, value in values.items()}
    if unknown := set(wanted) - {*FROM_DIRECTORY, *DIRECTORY_NAMES}:
        raise KeyError(*unknown)
    if wanted.get("email"):
        wanted["email"] = str(wanted["email"]).casefold()
    return wanted


def _find_removed(external_id: str | None) -> Person | None:
    if external_id is None:
        return None
    removed = select(Person).where(Person.external_id == external_id, Person.removed_at.is_not(None))
    return session().scalars(removed).one_or_none()


def _changes(person: Person, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that differ, and `directory_fields` where those differ."""
    owned = fields_of_directory(person)
    set_now = {name for name, value in wanted.items() if value is not None and name in FROM_DIRECTORY}
    given_back = {name for name, value in wanted.items() if value is None}
    after = {name: value for name, value in wanted.items() if value is not None or name in {*owned, *DIRECTORY_NAMES}}
    after.update({name: after[name] or "" for name in NEVER_NULL if name in after})
    if after.get("email", "") is None:
        del after["email"]  # nobody is without one: the last address stays
    changed = {name: value for name, value in after.items() if value != getattr(person, name)}
    owns = (owned | set_now) - given_back
    return {**changed, "directory_fields": sorted(owns)} if owns != owned else changed


def _note(person: Person, now: datetime) -> None:
    person.version += 1
    person.updated_at = now
    session().flush()  # flush: listeners read the row
    access_changed(AccessChanged(person.id, now))
    people_changed()
