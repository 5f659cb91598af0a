"""CSV that we write ourselves: no cell of it can run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from app.people.reading.shapes import looks_like_formula


def neutral(cell: str) -> str:
    """Put ' before a cell that a spreadsheet would run."""
    return f"'{cell}" if looks_like_formula(cell) else cell


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as UTF-8 CSV with a mark, so that spreadsheet programs read its letters right."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
