"""What the directory does not tell, and so leaves people out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.matching.queries.facts import is_employed, leads_anybody, unit_of
from app.people.models import Person
from tenants.unit_of_work import session


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
    either = or_(has_no_superior(), has_no_unit())
    counts = [func.count(), *(func.count().filter(gap) for gap in (has_no_superior(), has_no_unit(), either))]
    return Gaps(*map(int, session().execute(select(*counts).select_from(Person).where(is_employed(now))).one()))


def select_known(now: datetime) -> Select[*tuple[Any, ...]]:
    """Select the ids of those who work here now and of whom superior and unit are known: all figures are of them."""
    return select(Person.id).where(is_employed(now), ~has_no_superior(), ~has_no_unit())


def has_no_superior() -> ColumnElement[bool]:
    """Whether a person's superior is unknown: none is named, and they lead nobody."""
    return and_(Person.supervisor_id.is_(None), ~leads_anybody(Person))


def has_no_unit() -> ColumnElement[bool]:
    """Whether a person's unit is unknown."""
    return unit_of(Person).is_(None)
