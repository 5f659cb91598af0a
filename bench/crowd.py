"""An organisation of ten thousand: its roster comes in as a file does, its life is written in bulk.

The rows are those that the product's own actions write; one action each would take an hour.
"""

import csv
import io
import secrets
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.access.actions import add_account
from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.billing.actions.count_seats import count_seats
from app.choices.actions import Choice
from app.choices.models import Participation, Veto
from app.goals.models import Goal
from app.matching.models import Ask
from app.matching.policies.outcome import find_outcome
from app.matching.queries.basis import read_basis
from app.matching.queries.rules import read_rules
from app.pairs.models import Pair
from app.people.models import Person
from app.sessions.policies import CURRENT_NOTICE
from app.sign_in.models import INVITATION_LIVES, Invitation
from app.training.models import TrainingRecord
from app.training.policies import MODULE, SECTIONS
from local.cast import LIVE, Place
from local.demo_decisions import READY, answer_readiness, buy, count_figures, decide, launch
from local.demo_opening import connect_provider, open_place, seat, take_in_roster
from local.volunteers import Drawn, draw, list_everybody
from tenants.context import TenantRef
from tenants.models import TenantBase, new_id
from tenants.unit_of_work import session, tenant_work

SIZE, REPORTS = 10_000, 9
CROWD = Place("suurvirta", "Suurvirta")
PAIRED, INSIDE, READERS = 0.6, 0.7, 50
HEADER = ["Number", "Given name", "Family name", "E-mail", "Title", "Unit", "Site", "Language", "Manager", "Starts on"]
SITES = ("Tampere", "Helsinki", "Turku", "Oulu", "Vaasa", "Kuopio", "Stockholm", "Tallinn", "Malmö", "Gdańsk")


def load_crowd(provider: dict[str, str], *, now: datetime, size: int = SIZE) -> TenantRef:
    """Load it; nobody has come in yet but through `seat`."""
    tenant = open_place(CROWD, now=now, age=timedelta(weeks=9))
    take_in_roster(tenant, make_roster(size), "suurvirta.csv")
    connect_provider(tenant, provider, now=now)
    with tenant_work(tenant):
        seat(list_everybody()[:1], {user_name(0): ("owner", "programme_lead")}, now=now)
        # A launch waits for a second owner; this one has not come in.
        email = f"second@{CROWD.slug}.example"
        add_account(email=email, name="Aava", language="en", roles=[Role.OWNER], now=now)
    answer_readiness(tenant, READY, now=now)
    decide(tenant, now=now)
    buy(tenant, now=now)
    with tenant_work(tenant, timeout_ms=120_000):
        _live(Random(10), now)
    launch(tenant, at=now - timedelta(weeks=6))
    with tenant_work(tenant, timeout_ms=120_000):
        count_seats(now=now)
    count_figures(tenant, now=now)
    return tenant


def user_name(number: int) -> str:
    """The part of an address before the @, in an order that is that of the numbers."""
    return f"p{number:05}"


def make_roster(size: int) -> bytes:
    """A tree of nine reports to each superior; a superior's reports are a unit."""
    names = LIVE.read_people()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(size):
        manager = (number - 1) // REPORTS
        given, family = names[number % len(names)], names[number // len(names) % len(names)]
        writer.writerow(
            [
                number + 1,
                given["Given name"],
                family["Family name"],
                CROWD.email(user_name(number)),
                given["Title"] if number else "Managing director",
                f"Unit {manager + 1}" if number else "Management",
                SITES[manager % len(SITES)],
                given["Language"],
                manager + 1 if number else "",
                given["Starts on"],
            ]
        )
    return text.getvalue().encode()


def _live(random: Random, now: datetime) -> None:
    people = list_everybody()
    drawn = draw(people, random)
    _add(Participation, [_participation(person.id, choice, now) for person, choice in drawn.choices.items()])
    _add(TrainingRecord, [_record(person, now) for person in drawn.trained])
    _add(Veto, _vetoes(drawn, now))
    _let_in(people, random, now)
    kamus, pairs = _pairs(now)
    _add(Pair, pairs)
    # The first pairs write for themselves: what stands here cannot be opened.
    _add(Goal, [_goal(pair, now) for pair in pairs[READERS:] for _ in range(2)])
    paired = {pair["kaveri_id"] for pair in pairs}
    wanting = [person.id for person, choice in drawn.choices.items() if choice.want.wants_kamu]
    asking = [person_id for person_id in wanting if person_id not in paired and person_id not in kamus]
    _add(Ask, [_ask(kaveri_id, random.choice(kamus), now) for kaveri_id in asking[::3]])


def _participation(person_id: UUID, choice: Choice, now: datetime) -> dict[str, Any]:
    kamu = choice.want.offers_kamu
    return {
        "person_id": person_id,
        "wants_kamu": choice.want.wants_kamu,
        "offers_kamu": kamu,
        "places": choice.places if kamu else 0,
        "introduction": choice.introduction,
        "lists_self": choice.lists_self and kamu,
        "topics": list(choice.topics),
        "languages": list(choice.languages),
        "ways": list(choice.ways),
        "chosen_at": now,
        "updated_at": now,
    }


def _record(person: Person, now: datetime) -> dict[str, Any]:
    done = {"sections_read": sorted(SECTIONS), "started_at": now, "completed_at": now}
    return {"id": new_id(), "person_id": person.id, "module": MODULE, **done}


def _vetoes(drawn: Drawn, now: datetime) -> list[dict[str, Any]]:
    apart = {(one.id, other.id) for one, other in drawn.vetoes if one is not other}
    return [{"id": new_id(), "person_id": one, "other_id": other, "created_at": now} for one, other in sorted(apart)]


def _let_in(people: Any, random: Random, now: datetime) -> None:
    """Most have an account; the others have an invitation."""
    inside = [person for person in people[1:] if random.random() < INSIDE]
    accounts = {person: new_id() for person in inside}
    _add(
        Account,
        [
            {"id": row_id, "email": person.email, "name": person.name, "language": person.language}
            | {"person_id": person.id, "created_at": now}
            | {"notice_version": CURRENT_NOTICE, "notice_read_at": now}
            for person, row_id in accounts.items()
        ],
    )
    grants = ({"account_id": row_id, "role": "member", "granted_at": now} for row_id in accounts.values())
    _add(RoleGrant, [{"id": new_id(), **grant} for grant in grants])
    dates = {"created_at": now, "expires_at": now + INVITATION_LIVES, "sent_at": now}
    _add(
        Invitation,
        [
            {"id": new_id(), "person_id": person.id, "sent_to": person.email, **dates}
            for person in people[1:]
            if person not in accounts
        ],
    )


def _pairs(now: datetime) -> tuple[list[UUID], list[dict[str, Any]]]:
    """The Kamus, and pairs as the exact assignment would make them, for most who want one."""
    found = find_outcome(read_rules(), read_basis(now=now)).pairs
    taken: Counter[UUID] = Counter()
    pairs = []
    for kaveri_id, kamu_id in sorted(found)[: round(len(found) * PAIRED)]:
        taken[kamu_id] += 1
        low, high = sorted((kaveri_id, kamu_id))
        two = {"kamu_id": kamu_id, "kaveri_id": kaveri_id, "low_id": low, "high_id": high}
        began = now - timedelta(days=20)
        pairs.append({"id": new_id(), **two, "place_no": taken[kamu_id], "state": "live", "began_at": began})
    return sorted(taken), pairs


def _goal(pair: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "owner_id": pair["kaveri_id"],
        "line": secrets.token_bytes(90),
        "look_back_on": now.date(),
        "state": "open",
        "created_at": now,
    }


def _ask(kaveri_id: UUID, kamu_id: UUID, now: datetime) -> dict[str, Any]:
    lapses = now + timedelta(days=7)
    return {
        "id": new_id(),
        "kaveri_id": kaveri_id,
        "kamu_id": kamu_id,
        "state": "open",
        "asked_at": now,
        "lapses_at": lapses,
    }


def _add(model: type[TenantBase], rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)
