"""Rows say who their supervisor is; here that becomes links between people, and named problems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.people.reading.fields import Field
from app.people.reading.people import Draft, Key, Known
from app.people.reading.problems import (
    Problem,
    SupervisorIsAmbiguous,
    SupervisorIsUnknown,
    SupervisorsGoRound,
    SupervisorStaysOut,
)
from app.people.reading.supervisors import Links, Register, untangle

# Some programs write 0 for nobody; it is that only when nobody has this number.
_NOBODY: Final = "0"


@dataclass(frozen=True)
class Everybody:
    """Who comes in (by who they are), who is known, and whose rows stay out."""

    ready: Mapping[Key, Draft]
    known: Mapping[UUID, Known]
    out: tuple[Draft, ...]

    @property
    def names(self) -> dict[Key, str]:
        """How each of them is called."""
        names: dict[Key, str] = {key: person.name for key, person in self.known.items()}
        names.update({key: draft.name for key, draft in self.ready.items()})
        return names


def at(drafts: Iterable[Draft]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Rows and names of drafts, in the order of the file: how every problem begins."""
    ordered = sorted(drafts, key=lambda draft: draft.row)
    return tuple(draft.row for draft in ordered), tuple(draft.name for draft in ordered)


def link(people: Everybody) -> tuple[Links, list[Problem]]:
    """Everybody's supervisor after the import, without rings, and what could not be linked."""
    register, outside = _registers(people)
    wanted, problems = _resolve(people.ready, register, outside)
    final, rings = untangle(wanted, {person.id: person.supervisor_id for person in people.known.values()})
    names = people.names
    return final, [*problems, *(_ring(ring, people.ready, names) for ring in rings)]


def _registers(people: Everybody) -> tuple[Register, Register]:
    register, outside = Register(), Register()
    for person in people.known.values():
        if person.id not in people.ready:
            register.add(person.id, person)
    for key, draft in people.ready.items():
        register.add(key, draft)
    for draft in people.out:
        outside.add(draft.row, draft)
    return register, outside


def _ring(ring: list[Key], ready: Mapping[Key, Draft], names: Mapping[Key, str]) -> Problem:
    rows, people = at(ready[key] for key in ring if key in ready)
    return SupervisorsGoRound(rows, people, tuple(names[key] for key in ring))


def _resolve(ready: Mapping[Key, Draft], register: Register, outside: Register) -> tuple[Links, list[Problem]]:
    wanted: Links = {}
    trouble: dict[tuple[type[Problem], Field, str], list[Draft]] = {}
    for key, draft in ready.items():
        found = _find(draft, register)
        if draft.supervisor and len(found) != 1 and not (draft.supervisor[0][1] == _NOBODY and not found):
            kind, text = draft.supervisor[0]
            trouble.setdefault((_what(found, draft, outside), kind, text), []).append(draft)
        elif draft.supervisor is not None:
            wanted[key] = next(iter(found - {key}), None)
    return wanted, [_trouble(*about, under) for about, under in trouble.items()]


def _find(draft: Draft, register: Register) -> set[Key]:
    """Whom the row may mean: the first column that means exactly one person decides."""
    several: set[Key] = set()
    for kind, text in draft.supervisor or ():
        found = register.find(kind, text)
        if len(found) == 1:
            return set(found)
        several = several or found
    return several


def _what(found: set[Key], draft: Draft, outside: Register) -> type[Problem]:
    if found:
        return SupervisorIsAmbiguous
    stays_out = any(outside.find(kind, text) for kind, text in draft.supervisor or ())
    return SupervisorStaysOut if stays_out else SupervisorIsUnknown


def _trouble(what: type[Problem], kind: Field, text: str, under: list[Draft]) -> Problem:
    if what is SupervisorStaysOut:
        return SupervisorStaysOut(*at(under), text)
    if what is SupervisorIsAmbiguous:
        return SupervisorIsAmbiguous(*at(under), text, kind)
    return SupervisorIsUnknown(*at(under), text, kind)
