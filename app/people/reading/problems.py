"""What can be wrong with rows. Facts only; the pages turn them into sentences."""

from dataclasses import dataclass
from typing import ClassVar

from app.people.reading.fields import Field


@dataclass(frozen=True)
class Problem:
    """Something about one or several rows. `blocks`: the rows stay out until it is put right."""

    rows: tuple[int, ...]
    names: tuple[str, ...]
    blocks: ClassVar[bool] = True

    @property
    def fields(self) -> tuple[Field, ...]:
        """The cells by which it can be put right; none where only the file itself helps."""
        return ()


@dataclass(frozen=True)
class NameIsMissing(Problem):
    """A row without any name."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Both names can be given."""
        return (Field.GIVEN_NAME, Field.FAMILY_NAME)


@dataclass(frozen=True)
class EmailIsMissing(Problem):
    """A row without an e-mail address."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The address can be given."""
        return (Field.EMAIL,)


@dataclass(frozen=True)
class EmailIsIllFormed(Problem):
    """Text that is no e-mail address."""

    text: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The address can be changed."""
        return (Field.EMAIL,)


@dataclass(frozen=True)
class EmailIsShared(Problem):
    """Several rows with the same address."""

    email: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Each address can be changed."""
        return (Field.EMAIL,)


@dataclass(frozen=True)
class EmailBelongsToAnother(Problem):
    """The address of somebody in the directory who is not the person of this row."""

    email: str
    holder: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The address can be changed."""
        return (Field.EMAIL,)


@dataclass(frozen=True)
class NumberIsShared(Problem):
    """Several rows with the same employee number."""

    number: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Each number can be changed."""
        return (Field.EMPLOYEE_NUMBER,)


@dataclass(frozen=True)
class RowsAreOnePerson(Problem):
    """Two rows that mean the same person of the directory: one by number, one by address."""

    holder: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """Each address can be changed."""
        return (Field.EMAIL,)


@dataclass(frozen=True)
class DateIsImpossible(Problem):
    """A day that does not exist, or cannot be read in the file's own way of writing dates."""

    field: Field
    text: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The day can be given anew."""
        return (self.field,)


@dataclass(frozen=True)
class DaysAreReversed(Problem):
    """The last day lies before the first."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Both days can be given anew."""
        return (Field.STARTS_ON, Field.ENDS_ON)


@dataclass(frozen=True)
class ValueIsTooLong(Problem):
    """More letters than the field holds."""

    field: Field
    longest: int

    @property
    def fields(self) -> tuple[Field, ...]:
        """The value can be shortened."""
        return (self.field,)


@dataclass(frozen=True)
class NameIsFormula(Problem):
    """A name that a spreadsheet would run as a formula."""

    field: Field
    text: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The name can be changed."""
        return (self.field,)


@dataclass(frozen=True)
class RowIsRagged(Problem):
    """More cells than the file has columns."""


@dataclass(frozen=True)
class LanguageIsMissing(Problem):
    """Rows of a file with languages that say none. They come in; the person is asked."""

    blocks: ClassVar[bool] = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """A language can be chosen."""
        return (Field.LANGUAGE,)


@dataclass(frozen=True)
class LanguageIsUnknown(Problem):
    """A language Kamu does not speak. The row comes in; the person is asked."""

    text: str
    blocks: ClassVar[bool] = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """A language can be chosen."""
        return (Field.LANGUAGE,)


@dataclass(frozen=True)
class SupervisorIsUnknown(Problem):
    """A supervisor who is neither in the file nor in the directory. The rows come in without the link."""

    text: str
    field: Field
    blocks: ClassVar[bool] = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """Another supervisor can be given."""
        return (self.field,)


@dataclass(frozen=True)
class SupervisorIsAmbiguous(Problem):
    """A supervisor's name that several people have. The rows come in without the link."""

    text: str
    field: Field
    blocks: ClassVar[bool] = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """The supervisor can be given by e-mail address instead."""
        return (self.field,)


@dataclass(frozen=True)
class SupervisorStaysOut(Problem):
    """A supervisor whose own row stays out. The rows come in without the link."""

    text: str
    blocks: ClassVar[bool] = False


@dataclass(frozen=True)
class SupervisorsGoRound(Problem):
    """Supervisors in a ring: each stands under the next. The people come in without these links."""

    members: tuple[str, ...]
    blocks: ClassVar[bool] = False
