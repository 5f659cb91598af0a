"""With whom somebody would rather not be paired. No reason is asked, and nobody else ever learns of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.choices.events import VetoAdded, veto_added
from app.choices.models import Veto
from app.choices.queries import lock_participations
from app.people.queries import get_person
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.unit_of_work import session


def add_veto(*, person_id: UUID, other_id: UUID, now: datetime) -> None:
    """Keep the two apart from now on; adding it again changes nothing. Raises NotHere for nobody and for oneself.

    Both people's choices are held, as while a pair begins: a yes comes wholly before or wholly after.
    """
    if get_person(other_id).id == person_id:
        raise NotHere(other_id)
    lock_participations([person_id, other_id])
    row = insert(Veto).values(id=new_id(), person_id=person_id, other_id=other_id, created_at=now)
    session().execute(row.on_conflict_do_nothing(index_elements=["person_id", "other_id"]))
    veto_added(VetoAdded(person_id, other_id, now))


def remove_veto(*, person_id: UUID, other_id: UUID) -> None:
    """Let the two come up for each other again; removing what is not there changes nothing."""
    session().execute(delete(Veto).where(Veto.person_id == person_id, Veto.other_id == other_id))
