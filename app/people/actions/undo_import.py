"""A file that was taken in is taken back, for seven days."""

from datetime import datetime

from sqlalchemy import delete, select

from app.people.actions.write import change_people
from app.people.errors import ImportIsUnderWay, TooLateToUndo
from app.people.events import people_changed
from app.people.models import ImportChange, PeopleImport, Person
from app.people.queries import (
    UNDO_FOR,
    can_be_undone,
    has_import_under_way,
    list_changes,
    list_in_use,
    list_known,
)
from app.people.reading.deltas import Delta, Undo, from_json, plan_undo
from tenants.unit_of_work import session


def undo_import(people_import: PeopleImport, *, now: datetime) -> Undo:
    """Take back what the newest file did; what was changed by hand since then stays.

    Somebody new who was invited or came in meanwhile stays too. Raises TooLateToUndo or ImportIsUnderWay.
    """
    if not can_be_undone(people_import, now=now):
        raise TooLateToUndo
    if has_import_under_way():
        raise ImportIsUnderWay
    deltas = [
        Delta(
            change.person_id,
            change.row,
            None if change.before is None else from_json(change.before),
            from_json(change.after),
        )
        for change in list_changes(people_import.id)
    ]
    known = {person.id: person for person in list_known()}
    new = [delta.person_id for delta in deltas if delta.before is None]
    # Whom the organisation's own directory knows by now stays, and so does what it has set since.
    adopted = {person_id for person_id in new if person_id in known and known[person_id].owned}
    undo = plan_undo(deltas, known.values(), list_in_use(new) | adopted)
    change_people(undo.restore, known, now)
    session().execute(delete(Person).where(Person.id.in_(undo.remove)))
    session().execute(delete(ImportChange).where(ImportChange.import_id == people_import.id))
    session().expire_all()
    people_import.state, people_import.undone_at = "undone", now
    people_import.outcome = {"removed": len(undo.remove), "restored": len(undo.restore), "stay": len(undo.stay)}
    people_changed()
    return undo


def forget_changes(*, now: datetime) -> None:
    """Forget what imports did, and the names in their outcomes, once they can no longer be undone."""
    over = select(PeopleImport).where(PeopleImport.state == "taken_in", PeopleImport.finished_at <= now - UNDO_FOR)
    for people_import in session().scalars(over):
        people_import.outcome = {}
    old = select(PeopleImport.id).where(PeopleImport.finished_at <= now - UNDO_FOR)
    session().execute(delete(ImportChange).where(ImportChange.import_id.in_(old)))
