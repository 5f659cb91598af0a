"""Rows meet the directory: which row is whom, and which rows get in each other's way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.people.reading.fields import Field
from app.people.reading.people import Draft, Key, Known
from app.people.reading.problems import (
    EmailBelongsToAnother,
    EmailIsShared,
    NumberIsShared,
    Problem,
    RowsAreOnePerson,
)


@dataclass(frozen=True)
class Matches:
    """Which known person each row is (`held` has those of rows that stay out too), and who stays out."""

    person_of: Mapping[int, UUID]
    out: frozenset[int]
    problems: list[Problem]

    def key(self, draft: Draft) -> Key:
        """Who the row is: somebody known, or the row itself for somebody new."""
        return self.person_of.get(draft.row, draft.row)

    @property
    def held(self) -> set[UUID]:
        """Everybody known whom the file names."""
        return set(self.person_of.values())


def match(drafts: list[Draft], known: Mapping[UUID, Known], blocked: set[int]) -> Matches:
    """Find the person of each row by employee number, else by e-mail address, and rows that collide."""
    person_of = find_people(drafts, known)
    problems: list[Problem] = [
        *(EmailIsShared(*_at(group), email) for email, group in _shared(drafts, lambda d: d.email)),
        *(NumberIsShared(*_at(group), number) for number, group in _shared(drafts, lambda d: d.number)),
    ]
    problems += _one_person(drafts, person_of, known, problems)
    out = blocked | {row for problem in problems for row in problem.rows}
    problems += _foreign_addresses(drafts, person_of, known, out)
    return Matches(person_of, frozenset(out), problems)


def find_people(drafts: list[Draft], known: Mapping[UUID, Known]) -> dict[int, UUID]:
    """Which known person each row is: by employee number, else by e-mail address."""
    by_number = {p.values[Field.EMPLOYEE_NUMBER]: p.id for p in known.values() if p.values.get(Field.EMPLOYEE_NUMBER)}
    by_email = {p.values.get(Field.EMAIL): p.id for p in known.values()}
    found = {draft.row: by_number.get(draft.number) or by_email.get(draft.email) for draft in drafts}
    return {row: person for row, person in found.items() if person}


def _shared(drafts: list[Draft], of: Callable[[Draft], str | None]) -> list[tuple[str, list[Draft]]]:
    groups: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if value := of(draft):
            groups[value].append(draft)
    return [(value, group) for value, group in groups.items() if len(group) > 1]


def _at(drafts: Iterable[Draft]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    drafts = list(drafts)
    return tuple(draft.row for draft in drafts), tuple(draft.name for draft in drafts)


def _one_person(
    drafts: list[Draft], person_of: Mapping[int, UUID], known: Mapping[UUID, Known], named: list[Problem]
) -> list[Problem]:
    told = {problem.rows for problem in named}
    groups: defaultdict[UUID, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.row in person_of:
            groups[person_of[draft.row]].append(draft)
    return [
        RowsAreOnePerson(*_at(group), known[person].name)
        for person, group in groups.items()
        if len(group) > 1 and _at(group)[0] not in told
    ]


def _foreign_addresses(
    drafts: list[Draft], person_of: Mapping[int, UUID], known: Mapping[UUID, Known], out: set[int]
) -> list[Problem]:
    """Addresses that others keep. Each row that stays out keeps another address taken, so look again."""
    holders: dict[object, Known] = {person.values.get(Field.EMAIL): person for person in known.values()}
    problems: list[Problem] = []
    while found := _next_foreign(drafts, person_of, holders, out):
        problems += found
        out.update(row for problem in found for row in problem.rows)
    return problems


def _next_foreign(
    drafts: list[Draft], person_of: Mapping[int, UUID], holders: Mapping[object, Known], out: set[int]
) -> list[Problem]:
    ready = [draft for draft in drafts if draft.row not in out]
    leaving = {person_of[d.row]: d.email for d in ready if d.row in person_of}
    found: list[Problem] = []
    for draft in ready:
        holder = holders.get(draft.email)
        if holder and holder.id != person_of.get(draft.row) and leaving.get(holder.id, draft.email) == draft.email:
            found.append(EmailBelongsToAnother(*_at([draft]), str(draft.email), holder.name))
    return found
