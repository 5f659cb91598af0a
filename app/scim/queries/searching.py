"""Pages of people and groups, found in a few statements however many there are."""

from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from app.people.models import Person
from app.people.queries import IN_DIRECTORY
from app.scim.models import ScimGroup
from tenants.unit_of_work import session

Row = TypeVar("Row", Person, ScimGroup)
KINDS: Final[dict[str, type[Person | ScimGroup]]] = {"User": Person, "Group": ScimGroup}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the rows in the order of their ids: skipping `start` from the front, or after or before an id."""

    most: int | None
    start: int = 0
    after: UUID | None = None
    before: UUID | None = None


def count_rows(kind: str, condition: ColumnElement[bool] | None) -> int:
    """Count the rows of a kind for which the condition holds."""
    return session().scalar(_wanted(kind, condition).with_only_columns(func.count())) or 0


def list_rows(kind: str, condition: ColumnElement[bool] | None, stretch: Stretch) -> list[Any]:
    """List a stretch of the rows of a kind for which the condition holds, by id."""
    key = KINDS[kind].id
    wanted = _wanted(kind, condition).limit(stretch.most)
    if stretch.before is not None:
        rows = session().scalars(wanted.where(key < stretch.before).order_by(key.desc())).all()
        return list(reversed(rows))
    if stretch.after is not None:
        wanted = wanted.where(key > stretch.after)
    return list(session().scalars(wanted.order_by(key).offset(stretch.start)))


def _wanted(kind: str, condition: ColumnElement[bool] | None) -> Select[Any]:
    wanted = select(KINDS[kind])
    if kind == "User":
        wanted = wanted.where(IN_DIRECTORY)
    return wanted if condition is None else wanted.where(condition)
