"""What each rule closes in the directory, whoever takes part: known before anybody has chosen anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, select
from sqlalchemy.orm import aliased

from app.matching.queries.facts import default_language, is_employed, unit_of
from app.people.models import Person
from tenants.unit_of_work import session

Boss = aliased(Person)


@dataclass(frozen=True, slots=True)
class Reach:
    """Colleagues that a rule closes to each person, on average, of so many; by the name of its switch."""

    colleagues: int
    closed: dict[str, int]


def read_reach(*, now: datetime) -> Reach:
    """Read what the directory's rules close among those who work here now."""
    above = select(func.count(Boss.supervisor_id)).join(Person, Person.supervisor_id == Boss.id)
    row = (
        session()
        .execute(
            select(
                select(func.count()).select_from(Person).where(is_employed(now)).scalar_subquery().label("people"),
                _pairs_within(unit_of(Person), now).label("not_same_unit"),
                _pairs_within(Person.supervisor_id, now).label("not_same_supervisor"),
                (2 * above.where(is_employed(now)).scalar_subquery()).label("not_skip_level"),
                _pairs_within(func.coalesce(Person.language, default_language()), now).label("speaking"),
            )
        )
        .one()
    )
    people = row.people
    closed = {
        "not_same_unit": row.not_same_unit,
        "not_same_supervisor": row.not_same_supervisor,
        "not_skip_level": row.not_skip_level,
        "shared_language": people * (people - 1) - row.speaking,
    }
    return Reach(max(people - 1, 0), {name: round(pairs / people) if people else 0 for name, pairs in closed.items()})


def _pairs_within(group: SQLColumnExpression[Any], now: datetime) -> ScalarSelect[int]:
    """Count ordered pairs of two who have the same, where it is known."""
    sizes = select(func.count().label("size")).select_from(Person).where(is_employed(now), group.is_not(None))
    each = sizes.group_by(group).subquery()
    return select(func.coalesce(func.sum(each.c.size * (each.c.size - 1)), 0)).scalar_subquery()
