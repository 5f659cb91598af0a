"""Work of closings. Each may run twice; the first line of each says in which plane it is done."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from app.clock import now
from app.closing import emails
from app.closing.actions import ask, erase, tell
from app.closing.models import ClosingState
from app.closing.queries.control import get_case, get_closing
from app.support.queries.staff import find_staff
from tenants import lifecycle
from tenants.errors import StillInUse
from tenants.outbox import PROVISIONING_QUEUE, by_itself, on_queue

DROPS_A_TURN = 20


def receive(*, closing_id: str, tenant_id: str, account_id: str, asked_at: str) -> None:
    """Control: take over what an owner asked."""
    ask.receive(
        closing_id=UUID(closing_id),
        tenant_id=UUID(tenant_id),
        account_id=UUID(account_id),
        asked_at=datetime.fromisoformat(asked_at),
    )


def note(*, closing_id: str, state: str, asked_at: str, due_at: str | None) -> None:
    """Tenant: keep what the pages say; from the second approval on, everybody gets a mail."""
    wanted = ClosingState(state)
    stands = ask.note(
        closing_id=UUID(closing_id),
        state=wanted,
        asked_at=datetime.fromisoformat(asked_at),
        due_at=datetime.fromisoformat(due_at) if due_at else None,
    )
    if stands and wanted is ClosingState.GRACE:
        tell.tell_everybody(closing_id=UUID(closing_id), kind=tell.NOTICE, today=now().date())


def remind(*, closing_id: str) -> None:
    """Tenant: everybody gets a mail a week before the day; who came since the first one as well."""
    tell.tell_everybody(closing_id=UUID(closing_id), kind=tell.REMINDER, today=now().date())


def send_farewell(*, farewell_id: str) -> None:
    """Tenant: send one of the mails ahead of the day, once."""
    tell.send_farewell(farewell_id=UUID(farewell_id), now=now())


def mail_staff(*, closing_id: str, staff_id: str) -> None:
    """Control: tell one of Nitor's staff that a closing waits for two of them, while it does."""
    case, staff = get_case(UUID(closing_id)), find_staff(UUID(staff_id))
    if staff and case.closing.state == ClosingState.ASKED:
        emails.send_to_staff(staff, closing_id=case.closing.id, organisation=case.name)


def count_told(*, closing_id: str, told: int) -> None:
    """Control: note how many people there is a mail for."""
    closing = get_closing(UUID(closing_id), held=True)
    closing.told = max(closing.told, told)


def call_off(*, closing_id: str) -> None:
    """Control: an owner called it off. When the erasure had begun, its next step finds that and brings all back."""
    closing = get_closing(UUID(closing_id), held=True)
    if closing.state in {ClosingState.ASKED, ClosingState.GRACE}:
        ask.call_off(closing_id=closing.id, now=now())


def clear_notice(*, closing_id: str, tell_people: bool) -> None:
    """Tenant: it was called off; whoever was told hears that too."""
    ask.clear_notice(closing_id=UUID(closing_id))
    if tell_people:
        tell.tell_called_off(closing_id=UUID(closing_id))


@by_itself
def go_on(*, closing_id: str) -> None:
    """Several planes: do what comes next of an erasure."""
    erase.go_on(closing_id=UUID(closing_id), now=now())


@on_queue(PROVISIONING_QUEUE)
def shut(*, closing_id: str) -> None:
    """Control, on the DDL login: let nobody write any more."""
    erase.shut(closing_id=UUID(closing_id))


@on_queue(PROVISIONING_QUEUE)
def drop(*, closing_id: str) -> None:
    """Control, on the DDL login: the last step."""
    erase.drop(closing_id=UUID(closing_id), now=now())


@on_queue(PROVISIONING_QUEUE)
def drop_retired() -> None:
    """Control, on the DDL login: drop the schemas whose time has come; the clock comes again for what is left."""
    for schema in lifecycle.list_droppable(now=now())[:DROPS_A_TURN]:
        with suppress(StillInUse):
            lifecycle.drop_retired(schema, now=now())
