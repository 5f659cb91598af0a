"""What counts of possible pairs are made from. Vetoes, asks and pairs are not read here, so that no count can tell."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from app.choices.models import Participation
from app.matching.policies.outcome import Basis, Offer
from app.matching.policies.rules import Facts, Rules
from app.matching.queries.facts import default_language, is_employed, leads_anybody, unit_of
from app.matching.queries.gaps import has_no_superior, has_no_unit
from app.people.models import Person
from app.time_policy.models import TimePolicy
from app.training.models import TrainingRecord
from tenants.unit_of_work import session

USUAL_PLACES: Final = 3
Boss = aliased(Person)


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


def _volunteers(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id,
            Person.supervisor_id,
            Boss.supervisor_id.label("above_id"),
            leads_anybody(Person).label("leads"),
            unit_of(Person).label("unit"),
            func.coalesce(Person.language, default_language()).label("language"),
            _trained().label("trained"),
            Participation.wants_kamu,
            Participation.offers_kamu,
        )
        .join(Participation, Participation.person_id == Person.id)
        .outerjoin(Boss, Boss.id == Person.supervisor_id)
        .where(is_employed(now), or_(Participation.wants_kamu, Participation.offers_kamu))
        .order_by(Person.id)
    )


def _facts(row: Row[*tuple[Any, ...]]) -> Facts:
    return Facts(row.id, row.supervisor_id, row.above_id, row.leads, row.unit, frozenset({row.language}))


def list_sites(rules: Rules, *, now: datetime) -> dict[str, tuple[int, int, int]]:
    """By site: people, those who want a Kamu, Kamus. Raw: for `app.disclosure` alone."""
    site = func.coalesce(func.btrim(Person.site), "")
    wants = func.count().filter(Participation.wants_kamu)
    serves = func.count().filter(Participation.offers_kamu, _trained() if rules.only_trained else true())
    counted = (
        select(site, func.count(), wants, serves)
        .select_from(Person)
        .outerjoin(Participation, Participation.person_id == Person.id)
        .where(is_employed(now), ~has_no_superior(), ~has_no_unit())
        .group_by(site)
        .order_by(site)
    )
    return {name: (people, wanting, kamus) for name, people, wanting, kamus in session().execute(counted)}


def _trained() -> ColumnElement[bool]:
    return exists().where(TrainingRecord.person_id == Person.id, TrainingRecord.completed_at.is_not(None))
