"""Who is here, who is away and who has left; and which source a field belongs to."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_

from app.people.models import Person

# What the organisation's own directory may set and so own. Its names for somebody are never anybody else's.
DIRECTORY_NAMES: Final = ("user_name", "display_name", "external_id")
# Ends what stands for the address of somebody of whom the directory knows none: nothing is mailed there.
NO_ADDRESS: Final = "@no-address.invalid"
FROM_DIRECTORY: Final = (
    "given_name",
    "family_name",
    "email",
    "employee_number",
    "job_title",
    "unit",
    "site",
    "language",
    "supervisor_id",
    "starts_on",
    "ends_on",
)

DEFAULT_LEAVER_DAYS: Final = 90
SHORTEST_STAY, LONGEST_STAY = 30, 730


def has_left(person: Person, today: date) -> bool:
    """Whether somebody's last day of work is over."""
    return person.ends_on is not None and person.ends_on < today


def is_away(person: Person, today: date) -> bool:
    """Whether somebody has no access, for now or for good: nothing is suggested, asked or mailed to them."""
    return person.deactivated_at is not None or person.removed_at is not None or has_left(person, today)


def is_here(today: date, person: Any = Person) -> ColumnElement[bool]:
    """Whether somebody is not away, in SQL."""
    works = or_(person.ends_on.is_(None), person.ends_on >= today)
    return and_(person.deactivated_at.is_(None), person.removed_at.is_(None), works)


def fields_of_directory(person: Person) -> frozenset[str]:
    """Return the columns that belong to the organisation's own directory, because it has set them."""
    return frozenset(person.directory_fields or ())


def without_kept(person: Person, values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Split what a file or a hand would write: what may be written, and which fields stay as the directory has them.

    What the directory set belongs to it while it provisions the person; of everything else the last who wrote counts.
    """
    owned = fields_of_directory(person)
    kept = tuple(name for name, value in values.items() if name in owned and (value or None) != getattr(person, name))
    return {name: value for name, value in values.items() if name not in owned}, kept
