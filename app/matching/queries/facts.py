"""Directory facts in SQL, the same for one person and for all."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.people.models import Person
from app.people.policies import is_here

FALLBACK_LANGUAGE = "en"
_Report, _Speaker = aliased(Person), aliased(Person)


def unit_of(person: Any) -> ColumnElement[str | None]:
    """A person's unit as it is compared: without outer blanks, in lower case; null when unknown."""
    return func.nullif(func.lower(func.btrim(person.unit)), "")


def leads_anybody(person: Any) -> ColumnElement[bool]:
    """Whether somebody has this person as their superior."""
    return exists().where(_Report.supervisor_id == person.id).correlate(person)


def is_employed(now: datetime, person: Any = Person) -> ColumnElement[bool]:
    """Whether the person works in the organisation on the day of `now`, and has access."""
    day = now.date()
    return and_(or_(person.starts_on.is_(None), person.starts_on <= day), is_here(day, person))


def default_language() -> ScalarSelect[Any]:
    """The organisation's language: the one most people of its directory have; English while none is known."""
    language = _Speaker.language
    most = (
        select(language)
        .where(language.is_not(None))
        .group_by(language)
        .order_by(func.count().desc(), language)
        .limit(1)
        .scalar_subquery()
    )
    return select(func.coalesce(most, FALLBACK_LANGUAGE)).scalar_subquery()
