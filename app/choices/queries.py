"""Reading choices in the current organisation. Vetoes leave this file only towards their author and the engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from app.choices.models import Participation, Veto
from app.choices.policies import MOST_FOUND, SHORTEST_SEARCH
from app.people.models import Person
from app.people.policies import is_here
from app.training.models import TrainingRecord
from app.training.policies import MODULE
from tenants.unit_of_work import session

LISTED_A_PAGE = 24


@dataclass(frozen=True, slots=True)
class Colleague:
    """As much of a colleague as is needed to tell two of the same name apart."""

    id: UUID
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class ListedKamu:
    """A Kamu as they show themselves to colleagues."""

    id: UUID
    name: str
    note: str
    introduction: str


def find_participation(person_id: UUID) -> Participation | None:
    """Find what a person chose; None means "not now"."""
    return session().get(Participation, person_id)


def lock_participations(ids: Iterable[UUID]) -> dict[UUID, Participation]:
    """Hold the choices of these people until the transaction ends, always in the same order."""
    wanted = select(Participation).where(Participation.person_id.in_(set(ids))).order_by(Participation.person_id)
    rows = session().scalars(wanted.with_for_update().execution_options(populate_existing=True))
    return {row.person_id: row for row in rows}


def list_vetoed_ids(person_id: UUID) -> set[UUID]:
    """Everybody with whom a pair is out of the question by either's wish. For the engine: never shown."""
    own = select(Veto.other_id).where(Veto.person_id == person_id)
    others = select(Veto.person_id).where(Veto.other_id == person_id)
    return set(session().scalars(own.union_all(others)))


def list_own_vetoes(person_id: UUID) -> list[Colleague]:
    """List, for their author alone, the people somebody would rather not be paired with, by name."""
    named = (
        select(Person)
        .join(Veto, Veto.other_id == Person.id)
        .where(Veto.person_id == person_id)
        .order_by(Person.given_name, Person.family_name, Person.id)
    )
    return [_colleague(person) for person in session().scalars(named)]


def search_colleagues(person_id: UUID, *, search: str, today: date) -> list[Colleague]:
    """Find colleagues whose first or last names begin with each word of `search`, but neither oneself nor those listed.

    Too short a search finds nobody, and no search finds more than a few: this is no way to read the directory.
    """
    words = search.split()[:4]
    if len("".join(words)) < SHORTEST_SEARCH:
        return []
    listed = select(Veto.other_id).where(Veto.person_id == person_id)
    found = (
        select(Person)
        .where(*(_begins(word) for word in words), Person.id != person_id, Person.id.not_in(listed), is_here(today))
        .order_by(Person.given_name, Person.family_name, Person.id)
        .limit(MOST_FOUND)
    )
    return [_colleague(person) for person in session().scalars(found)]


def list_listed(*, start: int, today: date) -> tuple[list[ListedKamu], bool]:
    """List trained Kamus who list themselves, by name; also tells whether there are more."""
    trained = exists().where(
        TrainingRecord.person_id == Person.id,
        TrainingRecord.module == MODULE,
        TrainingRecord.completed_at.is_not(None),
    )
    rows = session().execute(
        select(Person, Participation.introduction)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.offers_kamu, Participation.lists_self, trained, is_here(today))
        .order_by(Person.given_name, Person.family_name, Person.id)
        .offset(start)
        .limit(LISTED_A_PAGE + 1)
    )
    found = rows.all()
    shown = [ListedKamu(person.id, person.name, _note(person), words) for person, words in found[:LISTED_A_PAGE]]
    return shown, len(found) > LISTED_A_PAGE


def _begins(word: str) -> ColumnElement[bool]:
    names = (Person.given_name, Person.family_name)
    within = (column.icontains(f" {word}", autoescape=True) for column in names)
    return or_(*(column.istartswith(word, autoescape=True) for column in names), *within)


def _colleague(person: Person) -> Colleague:
    return Colleague(person.id, person.name, _note(person))


def _note(person: Person) -> str:
    return ", ".join(part for part in (person.job_title or person.unit, person.site) if part)
