"""What has to be answered about the file as a whole before any row can come in."""

from dataclasses import dataclass

from app.people.reading.dates import DateStyle, Styles, find_styles, settle
from app.people.reading.fields import DATES, Field, Mapping
from app.people.reading.shapes import clean
from app.people.reading.table import Table


@dataclass(frozen=True)
class EmailColumnIsMissing:
    """No column holds the e-mail addresses."""


@dataclass(frozen=True)
class NameColumnIsMissing:
    """No column holds names."""


@dataclass(frozen=True)
class DateStyleIsOpen:
    """Day before month or month before day: the file alone cannot tell. `sample` reads both ways."""

    field: Field
    sample: str


@dataclass(frozen=True)
class ColumnHoldsNoDates:
    """A column taken as days in which no day can be read."""

    field: Field
    sample: str


Question = EmailColumnIsMissing | NameColumnIsMissing | DateStyleIsOpen | ColumnHoldsNoDates


def ask(table: Table, mapping: Mapping, chosen: DateStyle | None) -> tuple[dict[Field, DateStyle], list[Question]]:
    """Settle the styles of dates, and list what has to be asked. `chosen` answers an open style."""
    questions: list[Question] = []
    if Field.EMAIL not in mapping:
        questions.append(EmailColumnIsMissing())
    if not {Field.GIVEN_NAME, Field.FULL_NAME} & set(mapping):
        questions.append(NameColumnIsMissing())
    columns = {field: mapping.index(field) for field in DATES if field in mapping}
    found = {field: find_styles(clean(cell) for cell in table.cells(at)) for field, at in columns.items()}
    settled = dict(zip(found, settle(list(found.values())), strict=True))
    styles: dict[Field, DateStyle] = {}
    for field, style in settled.items():
        answer = chosen if chosen in found[field].fitting else None
        if picked := style or answer:
            styles[field] = picked
        elif question := _question(table, columns[field], field, found[field]):
            questions.append(question)
    return styles, questions


def _question(table: Table, column: int, field: Field, styles: Styles) -> Question | None:
    sample = next((cell for cell in table.cells(column) if clean(cell)), None)
    if sample is None:
        return None
    return DateStyleIsOpen(field, clean(sample)) if styles.ambiguous else ColumnHoldsNoDates(field, clean(sample))
