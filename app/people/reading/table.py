"""Text becomes rows and columns: delimiter, quoting, header and blank lines are found out here."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from app.people.errors import (
    FileHasOnlyHeader,
    FileHasTooManyColumns,
    FileHasTooManyRows,
    FileIsEmpty,
    QuoteIsNotClosed,
)
from app.people.reading.shapes import looks_like_date, looks_like_email

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
DELIMITERS: Final = (",", ";", "\t", "|")
_LOOK_AT: Final = 200
_TITLE_LINES: Final = 10
_MOST_LETTERS: Final = 64 * 1024
_MOST_LINES: Final = 30


@dataclass(frozen=True)
class Row:
    """One record: its number as a spreadsheet shows it, its cells, and whether it has cells too many."""

    number: int
    cells: tuple[str, ...]
    ragged: bool = False


@dataclass(frozen=True)
class Table:
    """Column names ("" where there is none) and rows, each with exactly one cell for each column."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    has_header: bool

    def cells(self, column: int) -> Iterator[str]:
        """All cells of a column, blank ones too, in the order of the file."""
        return (row.cells[column] for row in self.rows)

    def without(self, columns: Iterable[int]) -> "Table":
        """Return the same table with the cells of these columns emptied; their names stay."""
        shut = frozenset(columns)
        rows = tuple(
            Row(row.number, tuple("" if i in shut else cell for i, cell in enumerate(row.cells)), row.ragged)
            for row in self.rows
        )
        return Table(self.columns, rows, self.delimiter, self.has_header)


def read_table(text: str) -> Table:
    """Split `text` into rows and columns.

    Raises FileIsEmpty, FileHasOnlyHeader, FileHasTooManyRows, FileHasTooManyColumns or QuoteIsNotClosed.
    """
    first, _, rest = text.partition("\n")
    told = _told_separator(first)
    body, offset = (rest, 1) if told else (text, 0)
    delimiter = told or find_delimiter(body)
    records = [(number + offset, record) for number, record in _records(body, delimiter)]
    if not records:
        raise FileIsEmpty
    records = records[_first_row(records) :]
    has_header = _is_header(records[0][1])
    return _shape(records, delimiter, has_header=has_header)


def _told_separator(first_line: str) -> str | None:
    """Read the delimiter from the line `sep=;` that spreadsheet programs write above the table."""
    told = first_line.removeprefix("\ufeff").strip("\r ")
    return told[4:] if told.startswith("sep=") and told[4:] in DELIMITERS else None


def find_delimiter(text: str) -> str:
    """Name the delimiter that splits the first rows most evenly; a comma when none does."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    sample = text[:_MOST_LETTERS]
    widths: list[int] = []
    with suppress(QuoteIsNotClosed):
        widths.extend(len(record) for _, record in _read(sample, delimiter) if record)
    widths = widths[:_LOOK_AT]
    if len(sample) < len(text) and len(widths) > 1:
        widths.pop()
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return (count / len(widths), width) if width > 1 else (0.0, 1)


def _read(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Read records as forgivingly as spreadsheet programs do; raises QuoteIsNotClosed where one swallows the rest."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    number = lines = 0
    try:
        for number, record in enumerate(reader, start=1):
            if reader.line_num - lines > _MOST_LINES:
                raise QuoteIsNotClosed(number)
            lines = reader.line_num
            yield number, record
    except csv.Error as error:
        raise QuoteIsNotClosed(number + 1) from error


def _records(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """All records that hold anything, numbered as a spreadsheet numbers its rows."""
    _refuse_open_quote(text, delimiter)
    return [(number, record) for number, record in _read(text, delimiter) if any(cell.strip() for cell in record)]


def _refuse_open_quote(text: str, delimiter: str) -> None:
    """Only a strict reader tells that the end came inside a quotation; its other complaints are forgiven."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    read = 0
    try:
        for read, _ in enumerate(reader, start=1):  # noqa: B007  (the count is used below)
            pass
    except csv.Error as error:
        if "end of data" in str(error):
            raise QuoteIsNotClosed(read + 1) from error


def _first_row(records: list[tuple[int, list[str]]]) -> int:
    """Skip titles above the table: rows that fill much less of the width than the rest do."""
    width = Counter(len(record) for _, record in records[:_LOOK_AT]).most_common(1)[0][0]
    for index, (_, record) in enumerate(records[:_TITLE_LINES]):
        filled = sum(bool(cell.strip()) for cell in record)
        if filled * 2 > width:
            return index
    return 0


def _is_header(record: list[str]) -> bool:
    return not any(looks_like_email(cell) or looks_like_date(cell) for cell in record)


def _shape(records: list[tuple[int, list[str]]], delimiter: str, *, has_header: bool) -> Table:
    names = _trimmed(records[0][1])
    body = records[1:] if has_header else records
    width = len(names) if has_header else max(len(_trimmed(record)) for _, record in body)
    _refuse_shape(width, len(body))
    columns = tuple(" ".join(name.split()) for name in names) if has_header else ("",) * width
    return Table(columns, tuple(_row(number, record, width) for number, record in body), delimiter, has_header)


def _refuse_shape(columns: int, rows: int) -> None:
    if columns > MOST_COLUMNS:
        raise FileHasTooManyColumns(columns, MOST_COLUMNS)
    if not rows:
        raise FileHasOnlyHeader
    if rows > MOST_ROWS:
        raise FileHasTooManyRows(rows, MOST_ROWS)


def _trimmed(record: list[str]) -> list[str]:
    end = len(record)
    while end > 1 and not record[end - 1].strip():
        end -= 1
    return record[:end]


def _row(number: int, record: list[str], width: int) -> Row:
    ragged = len(_trimmed(record)) > width
    return Row(number, tuple((record + [""] * width)[:width]), ragged)


def pack(table: Table) -> bytes:
    """Keep a table as bytes; `unpack` gives the same table back."""
    rows = [[row.number, row.ragged, *row.cells] for row in table.rows]
    kept = {"columns": table.columns, "delimiter": table.delimiter, "header": table.has_header, "rows": rows}
    return json.dumps(kept, ensure_ascii=False).encode()


def unpack(data: bytes) -> Table:
    """Open what `pack` made."""
    kept = json.loads(data)
    rows = tuple(Row(number, tuple(cells), ragged) for number, ragged, *cells in kept["rows"])
    return Table(tuple(kept["columns"]), rows, kept["delimiter"], kept["header"])
