"""The people a file speaks of (drafts) and the people the directory knows, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from app.people.reading.fields import Field

Value = str | date | None
Key = UUID | int
"""Who somebody is: the id of a known person, or the row of a new one."""

ATTRIBUTES: Final = (
    Field.EMPLOYEE_NUMBER,
    Field.GIVEN_NAME,
    Field.FAMILY_NAME,
    Field.EMAIL,
    Field.JOB_TITLE,
    Field.UNIT,
    Field.SITE,
    Field.LANGUAGE,
    Field.STARTS_ON,
    Field.ENDS_ON,
)


def full_name(values: Mapping[Field, Value]) -> str:
    """Given name and family name, or as much of it as there is."""
    names = (values.get(Field.GIVEN_NAME), values.get(Field.FAMILY_NAME))
    return " ".join(str(name) for name in names if name)


@dataclass(frozen=True)
class Draft:
    """One row: what it says about a person. A field it says nothing about is missing from `values`.

    `supervisor` is None when the file has no column about supervisors, else what the columns say.
    `odd_language`: the row names a language that Kamu does not speak.
    """

    row: int
    values: Mapping[Field, Value]
    supervisor: tuple[tuple[Field, str], ...] | None = None
    odd_language: bool = False

    @cached_property
    def name(self) -> str:
        """How the person is called, for sentences about the row."""
        return full_name(self.values) or str(self.values.get(Field.EMAIL) or "")

    @property
    def email(self) -> str | None:
        """The address, if the row has one."""
        return str(self.values[Field.EMAIL]) if self.values.get(Field.EMAIL) else None

    @property
    def number(self) -> str | None:
        """The employee number, if the row has one."""
        found = self.values.get(Field.EMPLOYEE_NUMBER)
        return str(found) if found else None


@dataclass(frozen=True)
class Known:
    """One person of the directory; `owned` are the columns that the organisation's own directory has set."""

    id: UUID
    values: Mapping[Field, Value]
    supervisor_id: UUID | None
    owned: frozenset[str] = frozenset()

    @cached_property
    def name(self) -> str:
        """How the person is called."""
        return full_name(self.values)
