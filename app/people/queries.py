"""Reading the directory and the files it came from, in the current organisation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.files.queries import get_file, read_file
from app.people.models import ImportChange, PeopleImport, PeoplePolicy, Person
from app.people.policies import DEFAULT_LEAVER_DAYS
from app.people.reading.dates import DateStyle
from app.people.reading.fields import Field
from app.people.reading.people import ATTRIBUTES, Known
from app.people.reading.plan import Plan, make_plan
from app.people.reading.questions import Question, ask
from app.people.reading.rows import Reading
from app.people.reading.table import Table, unpack
from tenants.errors import NotHere
from tenants.models import TenantBase
from tenants.unit_of_work import session

Column = TypeVar("Column")

UNDO_FOR: Final = timedelta(days=7)
OPEN_STATES: Final = ("uploaded", "checked")
IN_DIRECTORY: Final = Person.removed_at.is_(None)
EDITABLE: Final = (*OPEN_STATES, "failed")


@dataclass(frozen=True)
class Page:
    """A part of a longer list: its people, how many there are in all, and where the part begins."""

    people: Sequence[Person]
    total: int
    start: int


@dataclass(frozen=True)
class Checked:
    """An uploaded file as it would be taken in now. Without a plan the questions have to be answered first."""

    table: Table
    reading: Reading
    questions: Sequence[Question]
    plan: Plan | None


def count_people() -> int:
    """Count everybody in the directory."""
    return session().scalar(select(func.count()).select_from(Person).where(IN_DIRECTORY)) or 0


def list_people(*, search: str = "", start: int = 0, most: int = 50) -> Page:
    """List people by name, those whose name, address, number, title, unit or site holds each word of `search`."""
    listed = select(Person).where(IN_DIRECTORY)
    ordered = listed.order_by(Person.given_name, Person.family_name, Person.id).offset(start).limit(most)
    wanted = [_holds(word) for word in search.split()[:8]]
    if not wanted:
        return Page(session().scalars(ordered).all(), count_people(), start)
    # Counted in the same pass: reading every name for a word is what a search costs.
    found = session().execute(ordered.where(*wanted).add_columns(func.count().over())).all()
    if not found and start:
        total = session().scalar(select(func.count()).select_from(Person).where(IN_DIRECTORY, *wanted)) or 0
    else:
        total = found[0][1] if found else 0
    return Page([person for person, _ in found], total, start)


def _holds(word: str) -> ColumnElement[bool]:
    columns = (
        Person.given_name,
        Person.family_name,
        Person.email,
        Person.employee_number,
        Person.job_title,
        Person.unit,
        Person.site,
    )
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def find_person(person_id: UUID) -> Person | None:
    """Find a person of the directory."""
    return session().get(Person, person_id)


def get_person(person_id: UUID) -> Person:
    """Return a person of the directory; raises NotHere."""
    person = find_person(person_id)
    if person is None:
        raise NotHere(person_id)
    return person


def get_listed(person_id: UUID) -> Person:
    """Return a person who is not out of the directory; raises NotHere."""
    person = get_person(person_id)
    if person.removed_at is not None:
        raise NotHere(person_id)
    return person


def find_person_by_email(email: str) -> Person | None:
    """Find the person with this address, written in any case."""
    return session().scalars(select(Person).where(IN_DIRECTORY, Person.email == email.strip().casefold())).one_or_none()


def list_names(ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Names of these people, by id."""
    wanted = {each for each in ids if each}
    rows = session().scalars(select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: person.name for person in rows}


def list_known() -> list[Known]:
    """Everybody in the directory as plain values, for comparing a file with."""
    columns = [getattr(Person, field) for field in ATTRIBUTES]
    who = (Person.id, Person.supervisor_id, Person.directory_fields)
    rows = session().execute(select(*who, *columns).where(IN_DIRECTORY))
    return [Known(row[0], dict(zip(ATTRIBUTES, row[3:], strict=True)), row[1], frozenset(row[2] or ())) for row in rows]


def list_in_use(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the people whom anything lasting in the organisation points to: an account, an invitation.

    What goes with the person (ON DELETE CASCADE) does not count: whether anybody made a private choice about them is
    not to be read off here.
    """
    wanted = set(ids)
    pointing = [
        column
        for table in TenantBase.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is Person.__table__ and key.ondelete != "CASCADE" for key in column.foreign_keys)
    ]
    used: set[UUID] = set()
    for column in pointing:
        if column.table.name != Person.__tablename__ and wanted:
            used.update(session().scalars(select(column).where(column.in_(wanted))))
    return used


def find_people_policy() -> PeoplePolicy | None:
    """Find what was decided about leavers; None while nobody has."""
    return session().scalars(select(PeoplePolicy)).one_or_none()


def read_leaver_days() -> int:
    """How many days after their last one the directory keeps people who have left."""
    policy = find_people_policy()
    return policy.leaver_days if policy else DEFAULT_LEAVER_DAYS


def count_leavers(today: date) -> int:
    """Count those whose last day is over and whom the directory still keeps."""
    return session().scalar(select(func.count()).select_from(Person).where(Person.ends_on < today)) or 0


def find_import(import_id: UUID) -> PeopleImport | None:
    """Find an uploaded file."""
    return session().get(PeopleImport, import_id)


def get_import(import_id: UUID, *, lock: bool = False) -> PeopleImport:
    """Return an uploaded file, held against others until the end of the transaction if wanted; raises NotHere."""
    found = session().get(PeopleImport, import_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotHere(import_id)
    return found


def read_table_of(people_import: PeopleImport, *, now: datetime) -> Table:
    """Read the rows of an uploaded file; raises NotHere when it is no longer kept."""
    if people_import.file_id is None:
        raise NotHere(people_import.id)
    return unpack(read_file(get_file(people_import.file_id, now=now)))


def check_import(people_import: PeopleImport, *, now: datetime) -> Checked:
    """Work out what an uploaded file would do to the directory as it is now; raises NotHere when it is gone."""
    table = read_table_of(people_import, now=now)
    mapping = tuple(Field(field) if field else None for field in people_import.mapping)
    chosen = DateStyle(people_import.date_style) if people_import.date_style else None
    styles, questions = ask(table, mapping, chosen)
    corrections = {
        int(row): {Field(field): text for field, text in texts.items()}
        for row, texts in people_import.corrections.items()
    }
    reading = Reading(mapping, styles, corrections, frozenset(people_import.left_out))
    plan = None if questions else make_plan(table, reading, list_known())
    return Checked(table, reading, questions, plan)


def progress_key(import_id: UUID) -> str:
    """Name under which an import tells how far it is."""
    return f"people-import:{import_id}"


def list_imports(*, most: int = 10) -> Sequence[PeopleImport]:
    """List uploaded files that were not thrown away and are still kept, newest first."""
    gone = PeopleImport.state.in_(EDITABLE) & PeopleImport.file_id.is_(None)
    kept = select(PeopleImport).where(PeopleImport.state != "thrown_away", ~gone)
    return session().scalars(kept.order_by(PeopleImport.created_at.desc(), PeopleImport.id.desc()).limit(most)).all()


def has_import_under_way() -> bool:
    """Whether a file is being taken in right now."""
    return session().scalar(select(PeopleImport.id).where(PeopleImport.state == "queued").limit(1)) is not None


def has_open_import() -> bool:
    """Whether a file was uploaded that waits for somebody to take it in or throw it away."""
    return session().scalar(_waiting(PeopleImport.id).limit(1)) is not None


def _waiting(column: InstrumentedAttribute[Column]) -> Select[Column]:
    return select(column).where(PeopleImport.state.in_(OPEN_STATES), PeopleImport.file_id.is_not(None))


def count_problems_left() -> int:
    """Count the rows that wait to be put right in the newest file that is not taken in yet."""
    counts = session().scalar(
        _waiting(PeopleImport.counts).order_by(PeopleImport.created_at.desc(), PeopleImport.id.desc()).limit(1)
    )
    return int(counts.get("out", 0)) if counts else 0


def find_last_taken_in() -> PeopleImport | None:
    """Find the newest file that was taken in and not undone."""
    taken = select(PeopleImport).where(PeopleImport.state == "taken_in")
    newest = taken.order_by(PeopleImport.finished_at.desc(), PeopleImport.id.desc()).limit(1)
    return session().scalars(newest).one_or_none()


def can_be_undone(people_import: PeopleImport, *, now: datetime) -> bool:
    """Whether the import is the newest one that stands and its seven days are not over."""
    newest = find_last_taken_in()
    until = people_import.finished_at + UNDO_FOR if people_import.finished_at else now
    return newest is people_import and until > now


def list_changes(import_id: UUID) -> Sequence[ImportChange]:
    """What an import did, in the order of its rows; empty once it can no longer be undone."""
    return (
        session()
        .scalars(select(ImportChange).where(ImportChange.import_id == import_id).order_by(ImportChange.row))
        .all()
    )
