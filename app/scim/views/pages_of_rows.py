"""Pages of rows: by index, or by cursor, over people, groups or both as one list."""

from typing import Any, Final
from uuid import UUID

from scim2_models import InvalidCursorException, ScimFilter, SearchRequest
from scim2_server.storage import SearchPage
from scim2_server.utils import parametrize
from sqlalchemy import ColumnElement

from app.people.models import Person
from app.scim.models import ScimGroup
from app.scim.queries.columns import GROUPS, USERS
from app.scim.queries.filters import condition_of
from app.scim.queries.searching import Stretch, count_rows, list_rows
from app.scim.reading import PROVIDER

Row = Person | ScimGroup
Conditions = dict[str, ColumnElement[bool] | None]
_COLUMNS: Final = {"User": USERS, "Group": GROUPS}
_LAST: Final = UUID(int=2**128 - 1)


def find_page(kinds: list[str], request: SearchRequest[Any], position: Any) -> tuple[list[Row], SearchPage]:
    """Return the rows of a page, and the page without them. Raises InvalidFilterException, InvalidCursorException."""
    conditions = {kind: _condition(kind, request.filter) for kind in kinds}
    totals = {kind: count_rows(kind, condition) for kind, condition in conditions.items()}
    page = SearchPage(sum(totals.values()), [])
    if request.count == 0:
        return [], page
    if request.cursor is None:
        return _by_index(conditions, totals, request), page
    direction, kind, key = _read(position, kinds)
    walk = _back if direction == "previous" else _on
    rows = walk(conditions, kind, key, None if request.count is None else request.count + 1)
    return _cut(rows, request.count, direction, first=position is None, page=page), page


def _condition(kind: str, wanted: ScimFilter[Any] | None) -> ColumnElement[bool] | None:
    if wanted is None:
        return None
    bound = parametrize(ScimFilter, PROVIDER.model_for(kind))(str(wanted))
    return condition_of(bound, _COLUMNS[kind])


def _by_index(conditions: Conditions, totals: dict[str, int], request: SearchRequest[Any]) -> list[Row]:
    rows: list[Row] = []
    start, left = request.start_index_0 or 0, request.count
    for kind, condition in conditions.items():
        if left != 0 and start < totals[kind]:
            rows += list_rows(kind, condition, Stretch(left, start=start))
            left = None if request.count is None else request.count - len(rows)
        start = max(0, start - totals[kind])
    return rows


def _on(conditions: Conditions, kind: str, key: UUID | None, most: int | None) -> list[Row]:
    rows: list[Row] = []
    kinds = list(conditions)
    for each in kinds[kinds.index(kind) :]:
        left = None if most is None else most - len(rows)
        if left != 0:
            rows += list_rows(each, conditions[each], Stretch(left, after=key))
        key = None
    return rows


def _back(conditions: Conditions, kind: str, key: UUID | None, most: int | None) -> list[Row]:
    rows: list[Row] = []
    kinds = list(conditions)
    for each in reversed(kinds[: kinds.index(kind) + 1]):
        left = None if most is None else most - len(rows)
        if left != 0:
            rows = [*list_rows(each, conditions[each], Stretch(left, before=key or _LAST)), *rows]
        key = None
    return rows


def _cut(rows: list[Row], count: int | None, direction: str, *, first: bool, page: SearchPage) -> list[Row]:
    """Take the row too many off, which only told that there are more."""
    more = count is not None and len(rows) > count
    back = direction == "previous"
    if more:
        rows = rows[1:] if back else rows[:count]
    if rows and (more or back):
        page.next = _position("next", rows[-1])
    if rows and ((more and back) or (not back and not first)):
        page.previous = _position("previous", rows[0])
    return rows


def _position(direction: str, row: Row) -> dict[str, str]:
    return {"d": direction, "k": "User" if isinstance(row, Person) else "Group", "i": str(row.id)}


def _read(position: Any, kinds: list[str]) -> tuple[str, str, UUID | None]:
    if position is None:
        return "next", kinds[0], None
    try:
        direction, kind, key = position["d"], position["k"], UUID(position["i"])
    except (TypeError, KeyError, ValueError):
        raise InvalidCursorException from None
    if direction not in {"next", "previous"} or kind not in kinds:
        raise InvalidCursorException
    return direction, kind, key
