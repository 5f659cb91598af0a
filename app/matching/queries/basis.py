"""What counts of possible pairs are made from. Vetoes, asks and pairs are not read here, so that no count can tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.choices.models import Participation
from app.matching.policies.outcome import Basis, Offer
from app.matching.policies.rules import Facts
from app.matching.queries.facts import default_language, is_employed, leads_anybody, unit_of
from app.people.models import Person
from app.time_policy.models import TimePolicy
from app.training.models import TrainingRecord
from tenants.unit_of_work import session

USUAL_PLACES: Final = 3
Boss = aliased(Person)


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many of `people` in the directory cannot be paired before something is filled in."""

    people: int
    no_superior: int
    no_unit: int
    either: int

    @property
    def known(self) -> int:
        """How many have neither gap."""
        return self.people - self.either


def count_gaps(*, now: datetime) -> Gaps:
    """Count what is unknown in the directory of those who work here now."""
    no_superior = and_(Person.supervisor_id.is_(None), ~leads_anybody(Person))
    no_unit = unit_of(Person).is_(None)
    wanted = (None, no_superior, no_unit, or_(no_superior, no_unit))
    counts = [func.count() if one is None else func.count().filter(one) for one in wanted]
    return Gaps(*session().execute(select(*counts).select_from(Person).where(is_employed(now))).one())


def read_places() -> int:
    """How many places a Kamu has by the organisation's policy."""
    return session().scalar(select(TimePolicy.places)) or USUAL_PLACES


def read_basis(*, now: datetime) -> Basis:
    """Read all volunteers who work here now, with the directory's languages and the policy's places."""
    places = read_places()
    rows = list(session().execute(_volunteers(now)))
    return Basis(
        tuple(_facts(row) for row in rows if row.wants_kamu),
        tuple(Offer(_facts(row), places, row.trained) for row in rows if row.offers_kamu),
    )


def _volunteers(now: datetime) -> Select[Any]:
    trained = exists().where(TrainingRecord.person_id == Person.id, TrainingRecord.completed_at.is_not(None))
    return (
        select(
            Person.id,
            Person.supervisor_id,
            Boss.supervisor_id.label("above_id"),
            leads_anybody(Person).label("leads"),
            unit_of(Person).label("unit"),
            func.coalesce(Person.language, default_language()).label("language"),
            trained.label("trained"),
            Participation.wants_kamu,
            Participation.offers_kamu,
        )
        .join(Participation, Participation.person_id == Person.id)
        .outerjoin(Boss, Boss.id == Person.supervisor_id)
        .where(is_employed(now), or_(Participation.wants_kamu, Participation.offers_kamu))
        .order_by(Person.id)
    )


def _facts(row: Row[Any]) -> Facts:
    return Facts(row.id, row.supervisor_id, row.above_id, row.leads, row.unit, frozenset({row.language}))


def list_sites(*, now: datetime) -> dict[str, tuple[int, int, int]]:
    """By site: people, those who want a Kamu, trained Kamus. Raw: for `app.disclosure` alone."""
    return {row[0]: (row[1], row[2], row[3]) for row in _count_by_site(now)}


def _count_by_site(now: datetime) -> Iterator[Row[Any]]:
    site = func.coalesce(func.nullif(func.btrim(Person.site), ""), "")
    trained = exists().where(TrainingRecord.person_id == Person.id, TrainingRecord.completed_at.is_not(None))
    wants = func.count().filter(Participation.wants_kamu)
    serves = func.count().filter(Participation.offers_kamu, trained)
    yield from session().execute(
        select(site, func.count(), wants, serves)
        .select_from(Person)
        .outerjoin(Participation, Participation.person_id == Person.id)
        .where(is_employed(now))
        .group_by(site)
        .order_by(site)
    )
