"""People as the organisation's own directory asks for them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import or_, select

from app.people.models import Person
from app.people.queries import IN_DIRECTORY
from app.scim.queries.columns import is_provisioned
from tenants.unit_of_work import session


def find_person(person_id: UUID, *, lock: bool = False) -> Person | None:
    """Find somebody of the directory, held against others until the end of the transaction if wanted."""
    found = session().get(Person, person_id, with_for_update=lock or None, populate_existing=lock)
    return None if found is None or found.removed_at is not None else found


def find_adoptable(addresses: Iterable[str | None]) -> Person | None:
    """Find whom a file or a hand brought in with one of these addresses, and no directory has provisioned yet."""
    wanted = {address.casefold() for address in addresses if address}
    found = select(Person).where(IN_DIRECTORY, ~is_provisioned, Person.email.in_(wanted)).limit(2)
    people = session().scalars(found.with_for_update()).all()
    return people[0] if len(people) == 1 else None


def find_supervisor(said: str | None) -> UUID | None:
    """Find whom a directory means as somebody's supervisor: an id, or what the directory itself calls them."""
    if not said:
        return None
    known_as = or_(Person.external_id == said, Person.user_name == said, Person.email == said.casefold())
    own_id = _uuid(said)
    same = or_(known_as, Person.id == own_id) if own_id else known_as
    found = session().scalars(select(Person.id).where(IN_DIRECTORY, same).limit(2)).all()
    return own_id if own_id in found else (found[0] if len(found) == 1 else None)


def list_supervisors(people: Iterable[Person]) -> Mapping[UUID, str]:
    """Names of these people's supervisors, by id, in one query."""
    wanted = {person.supervisor_id for person in people if person.supervisor_id}
    rows = session().scalars(select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: person.name for person in rows}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
