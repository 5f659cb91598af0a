"""What an import does to each person, as before and after, and how that is taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.people.reading.fields import DATES, Field
from app.people.reading.people import ATTRIBUTES, Key, Known
from app.people.reading.plan import Plan
from app.people.reading.supervisors import Links, untangle

SUPERVISOR: Final = "supervisor_id"
Held = dict[str, Any]


@dataclass(frozen=True)
class Delta:
    """One person before and after: only what differs; `before` is None for somebody new."""

    person_id: UUID
    row: int
    before: Held | None
    after: Held


@dataclass(frozen=True)
class Undo:
    """What taking an import back does: who goes, what returns to whom, and who stays although they came with it."""

    remove: frozenset[UUID]
    restore: Mapping[UUID, Held]
    stay: frozenset[UUID]


def deltas_of(plan: Plan, ids: Mapping[int, UUID]) -> list[Delta]:
    """List what the plan does, in an order in which everybody new comes after their supervisor.

    `ids` gives the new people's ids by row.
    """

    def resolved(key: Key | None) -> UUID | None:
        return ids[key] if isinstance(key, int) else key

    deltas = [
        Delta(ids[new.row], new.row, None, {**_plain(new.values), SUPERVISOR: resolved(new.supervisor)})
        for new in plan.added
    ]
    for change in plan.changed:
        before, after = _plain(change.before), _plain(change.after)
        if change.supervisor:
            before[SUPERVISOR], after[SUPERVISOR] = change.supervisor[0], resolved(change.supervisor[1])
        deltas.append(Delta(change.person.id, change.row, before, after))
    return deltas


def _plain(values: Mapping[Field, Any]) -> Held:
    return {field.value: value for field, value in values.items()}


def held_by(person: Known) -> Held:
    """Everything that is held about a person, by the names that deltas use."""
    return {**{field.value: person.values.get(field) for field in ATTRIBUTES}, SUPERVISOR: person.supervisor_id}


def plan_undo(deltas: Iterable[Delta], directory: Iterable[Known], in_use: Iterable[UUID]) -> Undo:
    """Work out how to take deltas back without losing what happened since.

    A value returns only where it still is what the import made it, and not the organisation's own directory's by now.
    Somebody new goes unless something else
    points to them. Addresses and numbers that somebody else holds by now do not return.
    """
    people = {person.id: person for person in directory}
    deltas = [delta for delta in deltas if delta.person_id in people]
    kept = set(in_use)
    new = {delta.person_id for delta in deltas if delta.before is None}
    remove = frozenset(new - kept)
    restore = {
        delta.person_id: back
        for delta in deltas
        if delta.before is not None and (back := _back(delta, people[delta.person_id]))
    }
    _leave_taken_keys(restore, people, remove)
    _leave_rings(restore, people, remove)
    return Undo(remove, {person: back for person, back in restore.items() if back}, frozenset(new & kept))


def _back(delta: Delta, person: Known) -> Held:
    now = held_by(person)
    return {
        name: value
        for name, value in (delta.before or {}).items()
        if now[name] == delta.after[name] and name not in person.owned
    }


def _leave_taken_keys(restore: dict[UUID, Held], people: Mapping[UUID, Known], remove: frozenset[UUID]) -> None:
    for field in (Field.EMAIL, Field.EMPLOYEE_NUMBER):
        while taken := _taken(field, restore, people, remove):
            for person in taken:
                del restore[person][field.value]


def _taken(
    field: Field, restore: dict[UUID, Held], people: Mapping[UUID, Known], remove: frozenset[UUID]
) -> list[UUID]:
    staying = {
        person.values.get(field): key
        for key, person in people.items()
        if key not in remove and field.value not in restore.get(key, {})
    }
    return [
        key
        for key, back in restore.items()
        if back.get(field.value) is not None and staying.get(back[field.value], key) != key
    ]


def _leave_rings(restore: dict[UUID, Held], people: Mapping[UUID, Known], remove: frozenset[UUID]) -> None:
    held: Links = {key: person.supervisor_id for key, person in people.items() if key not in remove}
    moving = [back for back in restore.values() if SUPERVISOR in back]
    wanted: Links = {key: _still(back[SUPERVISOR], held) for key, back in restore.items() if SUPERVISOR in back}
    final, _ = untangle(wanted, {key: _still(value, held) for key, value in held.items()})
    for back, key in zip(moving, wanted, strict=True):
        back[SUPERVISOR] = final[key]


def _still(key: Key | None, held: Links) -> Key | None:
    return key if key in held else None


def as_json(held: Held | None) -> dict[str, str | None] | None:
    """Turn values into what JSON holds."""
    if held is None:
        return None
    return {name: None if value is None else str(value) for name, value in held.items()}


def from_json(kept: Mapping[str, str | None]) -> Held:
    """Turn what `as_json` made back into values."""
    return {name: _value(name, text) for name, text in kept.items()}


def _value(name: str, text: str | None) -> str | date | UUID | None:
    if text is None:
        return None
    if name == SUPERVISOR:
        return UUID(text)
    return date.fromisoformat(text) if name in DATES else text
