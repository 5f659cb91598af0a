"""The two organisations that are measured, and who reads in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from app.access.models import Account
from app.access.queries import find_account_of_person, list_accounts_with
from app.access.roles import Role
from app.choices.models import Participation
from app.goals.models import Goal
from app.matching.models import Ask
from app.pairs.models import LASTING, Note, Pair
from app.people.actions import upload_file
from app.people.models import PeopleImport, Person
from app.scim.actions import make_token
from app.scim.models import ScimGroup
from app.scim.policies import Lives
from app.settings import settings
from app.sign_in.models import Connection, Identity
from bench.crowd import CROWD, SIZE, load_crowd, make_roster, user_name
from bench.readers import Reader
from local.cast import KAMU, KAVERI, LEAD, LIVE, OWNER
from local.demo import load_live
from local.demo_opening import seat
from local.demo_writing import write_pair
from local.volunteers import owner
from tenants.context import TenantRef
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work

PROVIDER = {"server": "localhost:8400", "client_id": "kamu-local", "client_secret": "good for nothing"}


@dataclass(frozen=True)
class Measured:
    """One organisation: how it is called in the table, and its readers."""

    title: str
    readers: Sequence[Reader]


def open_demo(app: Flask, now: datetime) -> Measured:
    """The demo's own organisation of 120."""
    tenant = load_live(PROVIDER, now=now)
    with tenant_work(tenant):
        people = _by_email([LIVE.email(each) for each in (OWNER, LEAD, KAVERI, KAMU)])
        who = dict(zip(("owner", "programme lead", "Kaveri", "Kamu"), people, strict=True))
        who |= {"without a Kamu yet": _find_seeker(), "newcomer": _find_newcomer()}
        shared = _shared_values(LIVE.people_file.read_bytes(), now)
    return Measured("120 people", _make_readers(app, tenant, who, shared))


def open_crowd(app: Flask, now: datetime) -> Measured:
    """One of ten thousand, whose readers come in now."""
    tenant = load_crowd(PROVIDER, now=now)
    with tenant_work(tenant):
        pair, kamu, kaveri = _find_two()
        write_pair(pair, kamu, kaveri, Random(1), now)
        newcomer = session().scalars(_without_choices().limit(1)).one()
        who = {"Kaveri": kaveri, "Kamu": kamu, "without a Kamu yet": _find_seeker(), "newcomer": newcomer}
        seat(who.values(), {}, now=now)
        who["owner"] = _by_email([CROWD.email(user_name(0))])[0]
        shared = _shared_values(make_roster(SIZE), now)
    return Measured("10,000 people", _make_readers(app, tenant, who, shared))


def _make_readers(app: Flask, tenant: TenantRef, who: dict[str, Person], shared: dict[str, str]) -> list[Reader]:
    host = settings().organisation_host(tenant.slug)
    readers = [Reader(app, host, "a visitor")]
    for name, person in who.items():
        with tenant_work(tenant):
            account, own = find_account_of_person(person.id), _own_values(person.id)
        if account is not None:
            reader = Reader(app, host, name, shared | own)
            reader.sign_in(tenant, account.id)
            readers.append(reader)
    return readers


def _shared_values(roster: bytes, now: datetime) -> dict[str, str]:
    """What addresses of the set-up are about: somebody, the file that was taken in, a file that waits."""
    taken_in = session().scalars(select(PeopleImport.id).where(PeopleImport.state == "taken_in")).first()
    waiting = upload_file(data=roster, file_name="again.csv", by=owner(), now=now)
    return {
        "person_id": str(session().scalars(select(Person.id).order_by(Person.email).limit(1).offset(5)).one()),
        "import_id": str(taken_in),
        "waiting_import_id": str(waiting.id),
        "connection_id": str(session().scalars(select(Connection.id)).first()),
        **_values_of_roles_and_directory(now),
        "key": "listening",
    }


def _values_of_roles_and_directory(now: datetime) -> dict[str, str]:
    """Who holds a role, who asks to come in, and a token and a group of the organisation's own directory."""
    holder, connection_id = list_accounts_with(Role.OWNER)[0].id, session().scalars(select(Connection.id)).first()
    token, _ = make_token(label="Bench", lives=Lives.YEAR, account_id=holder, now=now)
    group = ScimGroup(id=new_id(), display_name="Leads", created_at=now, updated_at=now)
    asking = Identity(
        id=new_id(),
        connection_id=connection_id,
        subject="somebody",
        claimed_email="somebody@elsewhere.example",
        claimed_name="Somebody",
        asked_at=now,
        created_at=now,
    )
    session().add_all([group, asking])
    ids = {"account_id": holder, "token_id": token.id, "group_id": group.id, "identity_id": asking.id}
    return {name: str(value) for name, value in ids.items()}


def _own_values(person_id: UUID) -> dict[str, str]:
    """What addresses of employees' pages are about: their pair, a goal and a note of theirs."""
    pairs = select(Pair.id).where(LASTING, (Pair.kamu_id == person_id) | (Pair.kaveri_id == person_id))
    found: dict[str, Any] = {
        "pair_id": session().scalars(pairs.order_by(Pair.id)).first(),
        "goal_id": session().scalars(select(Goal.id).where(Goal.owner_id == person_id)).first(),
    }
    note = session().scalars(select(Note).where(Note.author_id == person_id)).first()
    if note is not None:
        found |= {"note_id": note.id, "pair_id": note.pair_id}
    return {name: str(value) for name, value in found.items() if value}


def _by_email(emails: Sequence[str]) -> list[Person]:
    people = {person.email: person for person in session().scalars(select(Person).where(Person.email.in_(emails)))}
    return [people[email] for email in emails]


def _find_seeker() -> Person:
    """Somebody who wants a Kamu, has none and asks nobody: to them Kamus are suggested."""
    paired, asking = select(Pair.kaveri_id).where(LASTING), select(Ask.kaveri_id).where(Ask.state == "open")
    rows = select(Person).join(Participation, Participation.person_id == Person.id)
    alone = rows.where(Participation.wants_kamu, ~Participation.offers_kamu)
    free = alone.where(Person.id.not_in(paired), Person.id.not_in(asking), Person.unit.is_not(None))
    return session().scalars(free.order_by(Person.email).limit(1)).one()


def _find_newcomer() -> Person:
    """Somebody who has come in and chosen nothing."""
    inside = select(Account.person_id).where(Account.person_id.is_not(None))
    return session().scalars(_without_choices().where(Person.id.in_(inside)).limit(1)).one()


def _without_choices() -> Any:
    chosen = select(Participation.person_id)
    return select(Person).where(Person.id.not_in(chosen), Person.supervisor_id.is_not(None)).order_by(Person.email)


def _find_two() -> tuple[Pair, Person, Person]:
    """The pair whose Kamu has most Kaveris, of those that wrote nothing yet."""
    wrote = select(Goal.owner_id)
    busy = select(Pair.kamu_id, func.count().label("count")).where(LASTING).group_by(Pair.kamu_id).subquery()
    rows = select(Pair).join(busy, busy.c.kamu_id == Pair.kamu_id).where(Pair.kaveri_id.not_in(wrote))
    pair = session().scalars(rows.order_by(busy.c.count.desc(), Pair.id).limit(1)).one()
    return pair, session().get_one(Person, pair.kamu_id), session().get_one(Person, pair.kaveri_id)
