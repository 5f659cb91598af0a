"""Writing many people at once, in an order that every constraint accepts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update

from app.people.actions.in_bulk import add_rows
from app.people.models import Person
from app.people.reading.deltas import SUPERVISOR, Delta, Held, held_by
from app.people.reading.fields import Field
from app.people.reading.people import Known
from app.people.reading.supervisors import Links, from_the_top
from tenants.unit_of_work import session

Report = Callable[[int, int], None]
_BATCH: Final = 500
_KEYS: Final = (Field.EMAIL.value, Field.EMPLOYEE_NUMBER.value)


def write_deltas(deltas: Sequence[Delta], known: Mapping[UUID, Known], now: datetime, report: Report) -> None:
    """Write what an import does: new people first, supervisors before their people, then changes."""
    new = {delta.person_id: delta.after for delta in deltas if delta.before is None}
    changed = {delta.person_id: delta.after for delta in deltas if delta.before is not None}
    report(0, len(deltas))
    free_keys(changed)
    done = 0
    for batch in batches(_new_rows(new, now)):
        add_rows(Person, batch)
        done += len(batch)
        report(done, len(deltas))
    for batch in batches(_changed_rows(changed, known, now)):
        _change(batch)
        done += len(batch)
        report(done, len(deltas))


def change_people(changed: Mapping[UUID, Held], known: Mapping[UUID, Known], now: datetime) -> None:
    """Write values over what is known of people, all attributes at once."""
    free_keys(changed)
    for batch in batches(_changed_rows(changed, known, now)):
        _change(batch)


def _change(rows: list[dict[str, Any]]) -> None:
    session().execute(update(Person), rows)
    counted = update(Person).where(Person.id.in_([row["id"] for row in rows])).values(version=Person.version + 1)
    session().execute(counted, execution_options={"synchronize_session": False})


def free_keys(changed: Mapping[UUID, Held]) -> None:
    """Let go of addresses and numbers that change, so that people can exchange them."""
    moving = [person for person, after in changed.items() if any(key in after for key in _KEYS)]
    rows = [{"id": person, "email": f"moving-{person}", "employee_number": None} for person in moving]
    for batch in batches(rows):
        session().execute(update(Person), batch)


def batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut rows into parts that one round trip takes."""
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _new_rows(new: Mapping[UUID, Held], now: datetime) -> list[dict[str, Any]]:
    links: Links = {person: after[SUPERVISOR] for person, after in new.items()}
    ordered = [key for key in from_the_top(links, links) if isinstance(key, UUID)]
    return [{"id": key, "created_at": now, "updated_at": now, **_named(new[key])} for key in ordered]


def _changed_rows(changed: Mapping[UUID, Held], known: Mapping[UUID, Known], now: datetime) -> list[dict[str, Any]]:
    return [
        {"id": key, "updated_at": now, **_named({**held_by(known[key]), **after})} for key, after in changed.items()
    ]


def _named(held: Held) -> Held:
    return {**held, "given_name": held["given_name"] or "", "family_name": held["family_name"] or ""}
