"""One mail each: at once, a week before, when it is called off. In the organisation's own plane."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.closing import emails
from app.closing.models import ClosingState, Farewell
from app.closing.queries.notice import count_told, find_notice, has_own_things, list_recipients, list_told_before
from tenants.models import new_id
from tenants.outbox import later, later_in_control
from tenants.unit_of_work import session

NOTICE, REMINDER, CALLED_OFF, RECEIPT = "notice", "reminder", "called_off", "receipt"
ROWS_AT_A_TIME = 1000  # a statement has at most 65,535 values
Recipients = Iterable[tuple[str, str, str | None]]


def tell_everybody(*, closing_id: UUID, kind: str, today: date) -> int:
    """Write down whom to tell, each once, and a mail job for each that is new. Returns how many are."""
    notice = find_notice()
    if notice is None or notice.closing_id != closing_id or notice.state != ClosingState.GRACE.value:
        return 0
    fresh = write_farewells(closing_id=closing_id, kind=kind, to=list_recipients(today))
    _send_later(fresh)
    if fresh:
        later_in_control("closing.count_told", closing_id=str(closing_id), told=count_told(closing_id))
    return len(fresh)


def tell_called_off(*, closing_id: UUID) -> None:
    """Tell everybody whom a mail about the closing reached; forget the mails that had not gone out."""
    unsent = delete(Farewell).where(Farewell.closing_id == closing_id, Farewell.kind.in_([NOTICE, REMINDER]))
    session().execute(unsent.where(Farewell.sent_at.is_(None)))
    _send_later(write_farewells(closing_id=closing_id, kind=CALLED_OFF, to=list_told_before(closing_id)))


def write_farewells(*, closing_id: UUID, kind: str, to: Recipients) -> list[UUID]:
    """Write down a mail for each who has none of this kind; returns the ids of the new ones."""
    rows = [
        {
            "id": new_id(),
            "closing_id": closing_id,
            "kind": kind,
            "email": email,
            "name": name,
            "language": language or emails.DEFAULT_LANGUAGE,
        }
        for email, name, language in to
    ]
    fresh: list[UUID] = []
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        some = insert(Farewell).values(rows[start : start + ROWS_AT_A_TIME])
        fresh += session().scalars(some.on_conflict_do_nothing().returning(Farewell.id))
    return fresh


def _send_later(fresh: list[UUID]) -> None:
    for farewell_id in fresh:
        later("closing.send_farewell", farewell_id=str(farewell_id))


def send_farewell(*, farewell_id: UUID, now: datetime) -> None:
    """Send one of the mails, once; one about a closing that was called off meanwhile is forgotten."""
    found = select(Farewell).where(Farewell.id == farewell_id).with_for_update()
    farewell = session().scalars(found).one_or_none()
    if farewell is None or farewell.sent_at or farewell.bounced_at:
        return
    notice = find_notice()
    if farewell.kind != CALLED_OFF and (notice is None or notice.closing_id != farewell.closing_id):
        session().delete(farewell)
        return
    due_at = notice.due_at if notice else None
    if emails.send(farewell, due_at=due_at, own_things=has_own_things(farewell.email)):
        farewell.sent_at = now
    else:
        farewell.bounced_at = now
