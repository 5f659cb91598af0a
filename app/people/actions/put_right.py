"""Between upload and taking in: what columns mean, what is put right by hand, what stays out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from app.files.actions import delete_file
from app.people.errors import ImportIsClosed, MappingIsWrong
from app.people.models import PeopleImport
from app.people.queries import EDITABLE, check_import, read_table_of
from app.people.reading.dates import DateStyle
from app.people.reading.fields import Field
from app.people.reading.plan import Plan

_LONGEST_CORRECTION: Final = 500


def map_columns(
    people_import: PeopleImport, *, mapping: Iterable[Field | None], date_style: DateStyle | None, now: datetime
) -> None:
    """Say what each column means. Columns that stay shut stay so.

    Raises MappingIsWrong when two columns have one meaning, ImportIsClosed when it is too late.
    """
    _refuse_closed(people_import)
    wanted = [
        None if column["private"] else field for column, field in zip(people_import.columns, mapping, strict=True)
    ]
    twice = [field for field, times in Counter(filter(None, wanted)).items() if times > 1]
    if twice:
        raise MappingIsWrong(twice[0])
    people_import.mapping = list(wanted)
    people_import.date_style = date_style
    note_check(people_import, now)


def put_right(people_import: PeopleImport, *, corrections: Mapping[int, Mapping[Field, str]], now: datetime) -> None:
    """Lay values over cells of the file; an empty text empties the cell. Raises ImportIsClosed."""
    _refuse_closed(people_import)
    there = _rows_of(people_import, now)
    merged = {row: dict(texts) for row, texts in people_import.corrections.items()}
    for row, texts in ((row, texts) for row, texts in corrections.items() if row in there):
        kept = {field.value: text.strip()[:_LONGEST_CORRECTION] for field, text in texts.items()}
        merged.setdefault(str(row), {}).update(kept)
    people_import.corrections = merged
    note_check(people_import, now)


def leave_out(people_import: PeopleImport, *, rows: Iterable[int], now: datetime) -> None:
    """Keep rows out of this import. Raises ImportIsClosed."""
    _refuse_closed(people_import)
    people_import.left_out = sorted({*people_import.left_out, *rows} & _rows_of(people_import, now))
    note_check(people_import, now)


def bring_back(people_import: PeopleImport, *, now: datetime) -> None:
    """Bring every row back that was left out. Raises ImportIsClosed."""
    _refuse_closed(people_import)
    people_import.left_out = []
    note_check(people_import, now)


def throw_away(people_import: PeopleImport, *, now: datetime) -> None:
    """Throw an uploaded file away. Raises ImportIsClosed when it was taken in or is being so."""
    _refuse_closed(people_import)
    people_import.state = "thrown_away"
    people_import.finished_at = now
    drop_file(people_import)


def note_check(people_import: PeopleImport, now: datetime) -> None:
    """Check the file anew and note how many rows there are of each kind."""
    checked = check_import(people_import, now=now)
    people_import.state = "checked" if checked.plan else "uploaded"
    people_import.counts = count_rows(checked.plan) if checked.plan else {"rows": len(checked.table.rows)}


def count_rows(plan: Plan) -> dict[str, int]:
    """Count the rows of a plan by what happens to them."""
    counts = {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "same": len(plan.same),
        "missing": len(plan.missing),
        "out": len(plan.out),
        "left_out": len(plan.left_out),
        "linked": plan.linked,
        "kept": sum(len(each.said) for each in plan.kept),
    }
    return {"rows": plan.taken + counts["out"] + counts["left_out"], **counts}


def drop_file(people_import: PeopleImport) -> None:
    """Delete what was kept of the file; what it did to the directory stays."""
    file_id, people_import.file_id = people_import.file_id, None
    people_import.corrections = {}
    if file_id:
        delete_file(file_id)


def _rows_of(people_import: PeopleImport, now: datetime) -> set[int]:
    return {row.number for row in read_table_of(people_import, now=now).rows}


def _refuse_closed(people_import: PeopleImport) -> None:
    if people_import.state not in EDITABLE:
        raise ImportIsClosed
