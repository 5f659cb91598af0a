"""From a table and the directory to what an import would do: who joins, changes or stays as they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.people.reading.fields import Field
from app.people.reading.keeping import Kept, respect
from app.people.reading.links import Everybody, at, link
from app.people.reading.matching import find_people, match
from app.people.reading.people import ATTRIBUTES, Draft, Key, Known, Value, full_name
from app.people.reading.problems import LanguageIsMissing, Problem
from app.people.reading.rows import Reading, read_rows
from app.people.reading.supervisors import Links
from app.people.reading.table import Table


@dataclass(frozen=True)
class Addition:
    """Somebody new: every attribute (None where the file says nothing) and their supervisor."""

    row: int
    values: Mapping[Field, Value]
    supervisor: Key | None

    @property
    def name(self) -> str:
        """How the person is called."""
        return full_name(self.values)


@dataclass(frozen=True)
class Change:
    """Somebody known: what differs, before and after. `supervisor` is (before, after) when it differs."""

    row: int
    person: Known
    before: Mapping[Field, Value]
    after: Mapping[Field, Value]
    supervisor: tuple[UUID | None, Key | None] | None

    @property
    def name(self) -> str:
        """How the person is called now."""
        return self.person.name


@dataclass(frozen=True)
class Plan:
    """What an import would do, and everything that stands against it.

    Every row is in one of `added`, `changed`, `same`, `out` (a problem holds it back) or `left_out`
    (somebody chose so). `linked` counts the people of the file who have a supervisor afterwards; `kept` has what the
    file says otherwise than the organisation's own directory, which stays.
    """

    added: tuple[Addition, ...]
    changed: tuple[Change, ...]
    same: tuple[Known, ...]
    missing: tuple[Known, ...]
    problems: tuple[Problem, ...]
    out: frozenset[int]
    left_out: frozenset[int]
    names: Mapping[Key, str]
    linked: int
    kept: tuple[Kept, ...] = ()

    @property
    def taken(self) -> int:
        """How many rows come in."""
        return len(self.added) + len(self.changed) + len(self.same)


def make_plan(table: Table, reading: Reading, directory: Iterable[Known]) -> Plan:
    """Work out what taking the table in would do to the directory. Writes nothing."""
    known = {person.id: person for person in directory}
    read, problems = read_rows(table, reading)
    drafts, kept = respect(read, find_people(read, known), known)
    matches = match(drafts, known, {row for problem in problems if problem.blocks for row in problem.rows})
    ready = {matches.key(draft): draft for draft in drafts if draft.row not in matches.out}
    people = Everybody(ready, known, tuple(draft for draft in drafts if draft.row in matches.out))
    links, about_links = link(people)
    added, changed, same = _sort(people, links)
    return Plan(
        added=tuple(added),
        changed=tuple(changed),
        same=tuple(same),
        missing=tuple(known[key] for key in known.keys() - ready.keys() - matches.held),
        problems=(*problems, *matches.problems, *_languages(people, reading), *about_links),
        out=matches.out,
        left_out=reading.left_out,
        names=people.names,
        linked=sum(links.get(key) is not None for key in ready),
        kept=tuple(each for each in kept if each.row not in matches.out),
    )


def _languages(people: Everybody, reading: Reading) -> list[Problem]:
    """People whose language nobody knows, if the file has a column about languages."""
    if Field.LANGUAGE not in reading.mapping:
        return []
    known = {person.id for person in people.known.values() if person.values.get(Field.LANGUAGE)}
    unsaid = [d for key, d in people.ready.items() if Field.LANGUAGE not in d.values and key not in known]
    unsaid = [draft for draft in unsaid if not draft.odd_language]
    return [LanguageIsMissing(*at(unsaid))] if unsaid else []


def _sort(people: Everybody, links: Links) -> tuple[list[Addition], list[Change], list[Known]]:
    added: list[Addition] = []
    changed: list[Change] = []
    same: list[Known] = []
    for key, draft in people.ready.items():
        if not isinstance(key, UUID):
            added.append(Addition(draft.row, _all_values(draft), links.get(key)))
        elif change := _change(draft, people.known[key], links):
            changed.append(change)
        else:
            same.append(people.known[key])
    return added, changed, same


def _all_values(draft: Draft) -> dict[Field, Value]:
    return {attribute: draft.values.get(attribute) for attribute in ATTRIBUTES}


def _change(draft: Draft, person: Known, links: Links) -> Change | None:
    after = {f: value for f, value in draft.values.items() if (value or None) != (person.values.get(f) or None)}
    before = {f: person.values.get(f) for f in after}
    supervisor = links.get(person.id)
    moved = (person.supervisor_id, supervisor) if supervisor != person.supervisor_id else None
    return Change(draft.row, person, before, after, moved) if after or moved else None
