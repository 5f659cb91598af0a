"""One person of the directory, by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import false, func, or_, select

from app.people.errors import (
    EmailIsTaken,
    ExternalIdIsTaken,
    NumberIsTaken,
    PersonIsInUse,
    PersonIsProvisioned,
    SupervisorGoesRound,
    UserNameIsTaken,
)
from app.people.events import people_changed
from app.people.models import Person
from app.people.policies import without_kept
from app.people.queries import get_person, list_in_use
from tenants.models import new_id
from tenants.unit_of_work import session

ONLY_ONE: Final = {
    "email": EmailIsTaken,
    "employee_number": NumberIsTaken,
    "user_name": UserNameIsTaken,
    "external_id": ExternalIdIsTaken,
}


def add_person(*, values: Mapping[str, Any], now: datetime) -> Person:
    """Add somebody to the directory; `values` are columns of Person.

    Raises EmailIsTaken, NumberIsTaken or NotHere (no such supervisor).
    """
    person = Person(id=new_id(), created_at=now)
    _set(person, values, now)
    session().add(person)
    people_changed()
    return person


def change_person(person: Person, *, values: Mapping[str, Any], now: datetime) -> int:
    """Change somebody in the directory; returns how many values stay as the organisation's own directory has them.

    Raises EmailIsTaken, NumberIsTaken, SupervisorGoesRound or NotHere (no such supervisor).
    """
    values, kept = without_kept(person, values)
    refuse_ring(person, values.get("supervisor_id"))
    _set(person, values, now)
    people_changed()
    return len(kept)


def remove_person(person: Person) -> None:
    """Remove somebody from the directory.

    Raises PersonIsInUse when they were invited or have come in, PersonIsProvisioned when the organisation's own
    directory keeps them.
    """
    if person.user_name is not None:
        raise PersonIsProvisioned
    if list_in_use([person.id]):
        raise PersonIsInUse
    session().delete(person)
    session().flush()  # flush: listeners count the people who are left
    people_changed()


def _set(person: Person, values: Mapping[str, Any], now: datetime) -> None:
    if "email" in values:
        values = {**values, "email": str(values["email"]).casefold()}
    refuse_taken(person, values)
    for name, value in values.items():
        setattr(person, name, value)
    person.version = (person.version or 0) + 1
    person.updated_at = now


def refuse_taken(person: Person, values: Mapping[str, Any]) -> None:
    """Raise when somebody else has what only one may have, or when there is no such supervisor."""
    wanted = {name: values[name] for name in ONLY_ONE if values.get(name)}
    if "user_name" in wanted:
        wanted["user_name"] = wanted["user_name"].lower()
    held = {name: func.lower(Person.user_name) if name == "user_name" else getattr(Person, name) for name in wanted}
    same = or_(false(), *(held[name] == value for name, value in wanted.items()))
    taken = select(*(column.label(name) for name, column in held.items())).where(same, Person.id != person.id)
    for other in session().execute(taken).mappings().all() if wanted else ():
        raise next(ONLY_ONE[name] for name, value in wanted.items() if other[name] == value)
    if values.get("supervisor_id"):
        get_person(values["supervisor_id"])


def refuse_ring(person: Person, supervisor_id: UUID | None) -> None:
    """Raise SupervisorGoesRound when the supervisor stands, directly or not, under the person."""
    seen: set[UUID] = set()
    while supervisor_id is not None and supervisor_id not in seen:
        if supervisor_id == person.id:
            raise SupervisorGoesRound
        seen.add(supervisor_id)
        supervisor_id = session().scalar(select(Person.supervisor_id).where(Person.id == supervisor_id))
