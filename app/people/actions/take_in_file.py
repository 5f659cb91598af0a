"""A checked file is taken in: all of it in one transaction, or nothing."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.files.errors import FileIsDamaged
from app.people.actions.in_bulk import add_rows
from app.people.actions.put_right import count_rows, drop_file
from app.people.actions.write import Report, batches, write_deltas
from app.people.errors import ImportIsClosed, ImportIsUnderWay, NothingToTakeIn
from app.people.events import people_changed
from app.people.models import ImportChange, PeopleImport
from app.people.queries import EDITABLE, UNDO_FOR, check_import, get_import, has_import_under_way, list_known
from app.people.reading.deltas import as_json, deltas_of
from app.people.reading.plan import Plan
from app.people.reading.problems import (
    Problem,
    SupervisorIsAmbiguous,
    SupervisorIsUnknown,
    SupervisorsGoRound,
    SupervisorStaysOut,
)
from tenants.errors import NotHere
from tenants.faults import Fault, fault_point
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session

_MOST_NAMED: Final = 50
_TAKEN: Final = ("added", "changed", "same")


def queue_import(people_import: PeopleImport, *, now: datetime) -> None:
    """Have a checked file taken in by a job, which checks it once more against the directory as it is then.

    Raises ImportIsClosed, NothingToTakeIn (a question is open or every row stays out) or ImportIsUnderWay.
    """
    if people_import.state not in EDITABLE:
        raise ImportIsClosed
    counts = people_import.counts
    if people_import.state == "uploaded" or not sum(counts.get(kind, 0) for kind in _TAKEN):
        raise NothingToTakeIn
    if has_import_under_way():
        raise ImportIsUnderWay
    try:
        with session().begin_nested():
            people_import.state = "queued"
            people_import.queued_at = now
            people_import.outcome = {}
    except IntegrityError as error:  # the index that lets one import through at a time
        raise ImportIsUnderWay from error
    later("people.take_in_import", import_id=str(people_import.id))


def take_in(*, import_id: UUID, now: datetime, report: Report) -> None:
    """Take a queued file in. Does nothing when that was done before; `report(done, total)` hears how far it is.

    What cannot be done is noted in the import's state and outcome, and the directory stays as it was.
    """
    people_import = get_import(import_id, lock=True)
    if people_import.state != "queued":
        return
    people_import.finished_at = now
    try:
        with session().begin_nested():
            _write(people_import, now, report)
            fault_point(Fault.IMPORT_WRITTEN)
    except IntegrityError:
        people_import.state, people_import.outcome = "failed", {"failed": "changed"}
    except (NotHere, FileIsDamaged, NothingToTakeIn):
        people_import.state, people_import.outcome = "failed", {"failed": "gone"}
    else:
        people_import.state = "taken_in"
        drop_file(people_import)
        later("people.forget_changes", delay=UNDO_FOR)
        people_changed()


def _write(people_import: PeopleImport, now: datetime, report: Report) -> None:
    plan = check_import(people_import, now=now).plan
    if plan is None:
        raise NothingToTakeIn
    deltas = deltas_of(plan, {new.row: new_id() for new in plan.added})
    known = {person.id: person for person in list_known()}
    write_deltas(deltas, known, now, report)
    kept = [
        {
            "id": new_id(),
            "import_id": people_import.id,
            "person_id": delta.person_id,
            "row": delta.row,
            "before": as_json(delta.before),
            "after": as_json(delta.after),
        }
        for delta in deltas
    ]
    for batch in batches(kept):
        add_rows(ImportChange, batch)
    people_import.counts = count_rows(plan)
    people_import.outcome = _outcome(plan)


def _outcome(plan: Plan) -> dict[str, Any]:
    """Name what came in without a supervisor, and why. Kept for as long as the import can be undone."""
    found: dict[str, Any] = {"loops": [], "unknown": [], "ambiguous": [], "stays_out": []}
    for problem in plan.problems:
        if isinstance(problem, SupervisorsGoRound):
            found["loops"].append(list(problem.members))
        elif kind := _kind(problem):
            found[kind].append([problem.text, list(problem.names[:_MOST_NAMED])])  # type: ignore[attr-defined]
    return {name: rows[:_MOST_NAMED] for name, rows in found.items() if rows}


def _kind(problem: Problem) -> str | None:
    kinds = {SupervisorIsUnknown: "unknown", SupervisorIsAmbiguous: "ambiguous", SupervisorStaysOut: "stays_out"}
    return next((name for kind, name in kinds.items() if isinstance(problem, kind)), None)
