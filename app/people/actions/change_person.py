"""One person of the directory, by hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.people.errors import EmailIsTaken, NumberIsTaken, PersonIsInUse, SupervisorGoesRound
from app.people.events import people_changed
from app.people.models import Person
from app.people.queries import get_person, list_in_use
from tenants.models import new_id
from tenants.unit_of_work import session


def add_person(*, values: Mapping[str, Any], now: datetime) -> Person:
    """Add somebody to the directory; `values` are columns of Person.

    Raises EmailIsTaken, NumberIsTaken or NotHere (no such supervisor).
    """
    person = Person(id=new_id(), created_at=now)
    _set(person, values, now)
    session().add(person)
    people_changed()
    return person


def change_person(person: Person, *, values: Mapping[str, Any], now: datetime) -> None:
    """Change somebody in the directory.

    Raises EmailIsTaken, NumberIsTaken, SupervisorGoesRound or NotHere (no such supervisor).
    """
    _refuse_ring(person, values.get("supervisor_id"))
    _set(person, values, now)
    people_changed()


def remove_person(person: Person) -> None:
    """Remove somebody from the directory. Raises PersonIsInUse when they were invited or have come in."""
    if list_in_use([person.id]):
        raise PersonIsInUse
    session().delete(person)
    session().flush()  # flush: listeners count the people who are left
    people_changed()


def _set(person: Person, values: Mapping[str, Any], now: datetime) -> None:
    values = {**values, "email": str(values["email"]).casefold()}
    if _is_held(Person.email == values["email"], person):
        raise EmailIsTaken
    number = values.get("employee_number")
    if number and _is_held(Person.employee_number == number, person):
        raise NumberIsTaken
    if values.get("supervisor_id"):
        get_person(values["supervisor_id"])
    for name, value in values.items():
        setattr(person, name, value)
    person.updated_at = now


def _is_held(same: ColumnElement[bool], person: Person) -> bool:
    return session().scalar(select(Person.id).where(same, Person.id != person.id)) is not None


def _refuse_ring(person: Person, supervisor_id: UUID | None) -> None:
    seen: set[UUID] = set()
    while supervisor_id is not None and supervisor_id not in seen:
        if supervisor_id == person.id:
            raise SupervisorGoesRound
        seen.add(supervisor_id)
        supervisor_id = session().scalar(select(Person.supervisor_id).where(Person.id == supervisor_id))
