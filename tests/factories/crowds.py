"""Organisations with enough people for figures."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.billing.models import SeatCounter
from app.choices.models import Participation
from app.people.models import Person
from app.training.models import TrainingRecord
from app.training.policies import MODULE
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.cast import Organisation

LAUNCHED = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
COUNTED = LAUNCHED + timedelta(days=20)
UNITS = 6


@dataclass
class Crowd:
    """People in six units of six heads under one president; the first want a Kamu, the last are Kamus."""

    organisation: Organisation
    people: list[UUID]
    kaveris: list[UUID]
    kamus: list[UUID]


def crowd(
    organisation: Organisation, *, kaveris: int = 12, kamus: int = 8, others: int = 20, site: str | None = None
) -> Crowd:
    """Add them in one transaction; nobody is both. All speak the language of most."""
    ids = [new_id() for _ in range(kaveris + others + kamus)]
    president, *heads = [new_id() for _ in range(UNITS + 1)]
    with tenant_work(organisation.ref):
        _add_person(president, "Board", None)
        session().flush()  # superiors come before those under them
        for place, head in enumerate(heads):
            _add_person(head, f"Heads {place}", president)
        session().flush()
        for place, each in enumerate(ids):
            _add_person(each, f"Unit {place % UNITS}", heads[place % UNITS], site)
        session().flush()
        for each in ids[:kaveris]:
            _choose(each, wants_kamu=True)
        for each in ids[len(ids) - kamus :]:
            _choose(each, offers_kamu=True, places=2)
            session().add(TrainingRecord(person_id=each, module=MODULE, started_at=LAUNCHED, completed_at=LAUNCHED))
    return Crowd(organisation, ids, ids[:kaveris], ids[len(ids) - kamus :])


def launched(organisation: Organisation, at: datetime = LAUNCHED) -> None:
    with tenant_work(organisation.ref):
        session().add(SeatCounter(launched_at=at))


def _add_person(person_id: UUID, unit: str, supervisor_id: UUID | None, site: str | None = None) -> None:
    session().add(
        Person(
            id=person_id, given_name="Ilta", email=f"{person_id}@crowd.example", unit=unit, site=site,
            supervisor_id=supervisor_id, created_at=LAUNCHED, updated_at=LAUNCHED,
        )
    )  # fmt: skip


def _choose(person_id: UUID, **choices: object) -> None:
    session().add(Participation(person_id=person_id, chosen_at=LAUNCHED, updated_at=LAUNCHED, **choices))
