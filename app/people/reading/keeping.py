"""What a file says against the organisation's own directory: it stays as the directory has it, and is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.people.reading.fields import Field
from app.people.reading.people import Draft, Known, Value

SUPERVISOR_COLUMN = "supervisor_id"


@dataclass(frozen=True)
class Kept:
    """One person whose row says something else than the organisation's own directory: `said` by field."""

    row: int
    person: Known
    said: Mapping[Field, Value]


def respect(
    drafts: Iterable[Draft], person_of: Mapping[int, UUID], known: Mapping[UUID, Known]
) -> tuple[list[Draft], tuple[Kept, ...]]:
    """Lay over each row what the directory owns of its person; also returns what the file said otherwise."""
    respected: list[Draft] = []
    kept: list[Kept] = []
    for draft in drafts:
        person = known.get(person_of.get(draft.row, UUID(int=0)))
        if person is None or not person.owned:
            respected.append(draft)
            continue
        own = {field: person.values.get(field) for field in draft.values if field.value in person.owned}
        said = {f: draft.values[f] for f, value in own.items() if (draft.values[f] or None) != (value or None)}
        supervisor = None if SUPERVISOR_COLUMN in person.owned else draft.supervisor
        respected.append(replace(draft, values={**draft.values, **own}, supervisor=supervisor))
        if said:
            kept.append(Kept(draft.row, person, said))
    return respected, tuple(kept)
