"""Reading questions, as the Kaveri who asked or as the Kamu who was asked. Nobody else gets one from here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.matching.models import Ask
from app.matching.policies.asking import SAID_FOR, told_at
from app.matching.queries.facts import is_employed
from app.people.models import Person
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Waiting:
    """The Kaveri's question. It looks the same from asking until `until`, whatever the Kamu did with it."""

    kamu_id: UUID
    name: str
    given_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a Kamu that can be answered until `until`."""

    id: UUID
    name: str
    given_name: str
    note: str
    until: datetime


def find_waiting(kaveri_id: UUID, *, now: datetime) -> Waiting | None:
    """Find the question whose outcome the Kaveri has not learned yet."""
    rows = select(Ask, Person).join(Person, Person.id == Ask.kamu_id).where(_waits(kaveri_id, now))
    found = session().execute(rows.limit(1)).one_or_none()
    return Waiting(found[1].id, found[1].name, found[1].given_name, found[0].lapses_at) if found else None


def find_waiting_ask(kaveri_id: UUID, *, now: datetime, lock: bool = False) -> Ask | None:
    """Find its row, held against others until the end of the transaction if wanted."""
    rows = select(Ask).where(_waits(kaveri_id, now)).limit(1)
    held = rows.with_for_update().execution_options(populate_existing=True) if lock else rows
    return session().scalars(held).one_or_none()


def list_asks_to(kamu_id: UUID, *, now: datetime) -> list[Asked]:
    """List the questions a Kamu can answer now, in no order that means anything."""
    rows = select(Ask, Person).join(Person, Person.id == Ask.kaveri_id).where(_answerable(kamu_id, now))
    return [_asked(ask, person) for ask, person in session().execute(rows.order_by(func.md5(Person.email)))]


def count_asks_to(kamu_id: UUID, *, now: datetime) -> int:
    """Count the questions a Kamu can answer now."""
    rows = select(func.count()).select_from(Ask).join(Person, Person.id == Ask.kaveri_id)
    return session().scalar(rows.where(_answerable(kamu_id, now))) or 0


def get_ask_to(kamu_id: UUID, ask_id: UUID, *, lock: bool = False) -> Ask:
    """Return a question to this Kamu, open or not; raises NotHere for anybody else."""
    mine = select(Ask).where(Ask.id == ask_id, Ask.kamu_id == kamu_id)
    held = mine.with_for_update().execution_options(populate_existing=True) if lock else mine
    found = session().scalars(held).one_or_none()
    if found is None:
        raise NotHere(ask_id)
    return found


def has_not_come_about(kaveri_id: UUID, *, now: datetime) -> bool:
    """Whether the Kaveri's last question ended without a yes not long ago. One taken back does not count."""
    newest = select(Ask).where(Ask.kaveri_id == kaveri_id).order_by(Ask.asked_at.desc(), Ask.id.desc()).limit(1)
    ask = session().scalars(newest).one_or_none()
    if ask is None or ask.state == "yes":
        return False
    ran_its_time = ask.lapses_at >= told_at(ask.asked_at)
    return ran_its_time and ask.lapses_at <= now < ask.lapses_at + SAID_FOR


def list_open_between(one: UUID, other: UUID) -> list[Ask]:
    """The open questions between two people, either way, held until the end of the transaction."""
    either = or_(
        and_(Ask.kaveri_id == one, Ask.kamu_id == other),
        and_(Ask.kaveri_id == other, Ask.kamu_id == one),
    )
    return list(session().scalars(_held(either)))


def list_open_to(kamu_id: UUID) -> list[Ask]:
    """The open questions to a Kamu, held until the end of the transaction."""
    return list(session().scalars(_held(Ask.kamu_id == kamu_id)))


def _held(condition: ColumnElement[bool]) -> Any:
    rows = select(Ask).where(Ask.state == "open", condition).order_by(Ask.id)
    return rows.with_for_update().execution_options(populate_existing=True)


def _waits(kaveri_id: UUID, now: datetime) -> ColumnElement[bool]:
    return and_(Ask.kaveri_id == kaveri_id, Ask.state.in_(("open", "closed")), Ask.lapses_at > now)


def _answerable(kamu_id: UUID, now: datetime) -> ColumnElement[bool]:
    return and_(Ask.kamu_id == kamu_id, Ask.state == "open", Ask.lapses_at > now, is_employed(now))


def _asked(ask: Ask, person: Person) -> Asked:
    note = ", ".join(part for part in (person.unit, person.site) if part)
    return Asked(ask.id, person.name, person.given_name, note, ask.lapses_at)
