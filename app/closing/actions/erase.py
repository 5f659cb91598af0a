"""The day: suspended, closed to writing, the plan ended, keys destroyed, receipts sent, schema dropped, entombed.

Each step may be cut off anywhere and is done again by the clock: what it does outside of its transaction it finds done,
and the state moves on in one transaction. The steps open their own units of work, for they concern three planes.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from app.billing.actions.choose_plan import end_plan, forget_plan
from app.closing import emails
from app.closing.actions.ask import cancel
from app.closing.actions.tell import RECEIPT, write_farewells
from app.closing.errors import EnoughForToday, NotDue
from app.closing.events import organisation_erased
from app.closing.gateway import forget_in_valkey
from app.closing.models import Closing, ClosingState, Farewell
from app.closing.policies import RECEIPTS_PAUSE, RECEIPTS_TRIED, SETTLES
from app.closing.queries.control import count_places_left, get_closing, list_due_of_open
from app.closing.queries.notice import (
    count_receipts,
    find_next_receipt,
    find_notice,
    list_recipients,
    list_told_before,
    may_write,
)
from app.vault import destroy_organisation
from tenants import lifecycle
from tenants.context import TenantRef
from tenants.database import DDL, db
from tenants.faults import Fault, fault_point
from tenants.models import Tenant
from tenants.outbox import later
from tenants.resolution import ref_of
from tenants.unit_of_work import control_work, session, tenant_work

RECEIPTS_A_TURN = 50
TROUBLES_A_TURN = 3


def begin_due(*, now: datetime) -> list[UUID]:
    """Control: begin the erasures whose day has come, as many as may within a day. Returns whose."""
    due = list_due_of_open(now)[: count_places_left(now)]
    return [_begin(closing, now) for closing in due]


def begin_named(tenant_ids: list[UUID], *, now: datetime) -> list[UUID]:
    """Control: begin the erasures of these organisations, all or none. Raises NotDue or EnoughForToday."""
    due = {closing.tenant_id: closing for closing in list_due_of_open(now)}
    if set(tenant_ids) - set(due):
        raise NotDue
    if len(set(tenant_ids)) > count_places_left(now):
        raise EnoughForToday
    return [_begin(due[tenant_id], now) for tenant_id in dict.fromkeys(tenant_ids)]


def _begin(due: Closing, now: datetime) -> UUID:
    closing = get_closing(due.id, held=True)
    if closing.state == ClosingState.GRACE.value:
        lifecycle.suspend(tenant_id=closing.tenant_id, now=now)
        _move(closing, ClosingState.SUSPENDED, now)
        closing.begun_at = now
        session().flush()  # flush: a fault here must find everything written and nothing committed
        fault_point(Fault.ERASE_SUSPENDED)
        later("closing.go_on", delay=SETTLES, closing_id=str(closing.id))
    return closing.tenant_id


def go_on(*, closing_id: UUID, now: datetime) -> None:
    """By itself: do what comes next of an erasure that has begun, as far as it goes now."""
    with control_work():
        closing = get_closing(closing_id)
        tenant = ref_of(session().get_one(Tenant, closing.tenant_id))
    step = STEPS.get(ClosingState(closing.state))
    if step and step(closing, tenant, now):
        go_on(closing_id=closing_id, now=now)


def _end_text(closing: Closing, tenant: TenantRef, now: datetime) -> bool:
    """Suspended → keys destroyed, once whatever was going on has ended; or called off, if that came in time."""
    if closing.begun_at is None or now < closing.begun_at + SETTLES:
        return False
    with tenant_work(tenant):
        notice = find_notice()
        is_shut = not may_write()
    if notice is None or notice.closing_id != closing.id:
        _bring_back(closing.id, now)
        return False
    if not is_shut:
        with control_work():
            later("closing.shut", closing_id=str(closing.id))
        return False
    with control_work():
        end_plan(tenant_id=tenant.id, now=now)
    destroy_organisation(tenant.id)
    fault_point(Fault.ERASE_KEYS_DESTROYED)
    with control_work():
        held = get_closing(closing.id, held=True)
        if held.state == ClosingState.SUSPENDED.value:
            _move(held, ClosingState.KEYS_DESTROYED, now)
            held.keys_destroyed_at = now
    return True


def shut(*, closing_id: UUID) -> None:
    """Control, on the DDL login: let nobody write to the schema any more, whatever they still remember of it."""
    closing = get_closing(closing_id, held=True)
    if closing.state == ClosingState.SUSPENDED.value:
        tenant = session().get_one(Tenant, closing.tenant_id)
        with db.engines[DDL].begin() as connection:
            lifecycle.close_to_writing(connection, tenant.schema_name, tenant.role_name, but=Farewell.__tablename__)
        later("closing.go_on", closing_id=str(closing_id))


def _bring_back(closing_id: UUID, now: datetime) -> None:
    """An owner called it off in the last minutes: the organisation opens again, and nothing is lost."""
    with control_work():
        closing = get_closing(closing_id, held=True)
        if closing.state == ClosingState.SUSPENDED.value:
            lifecycle.resume(tenant_id=closing.tenant_id)
            cancel(closing, now)


def _send_receipts(closing: Closing, tenant: TenantRef, now: datetime) -> bool:
    """Keys destroyed → receipts sent: a mail each; an address that does not answer is tried for seven days."""
    _write_receipts(closing, tenant, now)
    pause = RECEIPTS_PAUSE if _send_some(closing, tenant, now) else None
    with tenant_work(tenant):
        sent, bounced, waiting = count_receipts(closing.id)
    given_up = closing.keys_destroyed_at is not None and now >= closing.keys_destroyed_at + RECEIPTS_TRIED
    with control_work():
        held = get_closing(closing.id, held=True)
        held.receipts, held.bounced = sent, bounced + (waiting if given_up else 0)
        if held.state == ClosingState.KEYS_DESTROYED.value and (given_up or not waiting):
            _move(held, ClosingState.RECEIPTS_SENT, now)
            later("closing.drop", closing_id=str(closing.id))
        elif waiting:
            later("closing.go_on", delay=pause, closing_id=str(closing.id))
    return False


def _write_receipts(closing: Closing, tenant: TenantRef, now: datetime) -> None:
    """Write down who gets one, all in one transaction and so once: who was told, and who has come since."""
    with tenant_work(tenant):
        if not any(count_receipts(closing.id)):
            to = [*list_told_before(closing.id), *list_recipients(now.date())]
            write_farewells(closing_id=closing.id, kind=RECEIPT, to={each[0]: each for each in to}.values())


def _send_some(closing: Closing, tenant: TenantRef, now: datetime) -> bool:
    """Send as many receipts as a turn takes, in the order of their ids, unless the mail server is in trouble.

    Returns whether each that is left was tried, or all others should wait as well.
    """
    last: UUID | None = None
    troubles = 0
    for _ in range(RECEIPTS_A_TURN):
        try:
            last = _send_one(closing, tenant, last, now)
        except OSError:  # smtplib's errors are among them
            troubles += 1
            last = _id_after(closing, tenant, last)
        if last is None or troubles == TROUBLES_A_TURN:
            return True
    return False


def _id_after(closing: Closing, tenant: TenantRef, last: UUID | None) -> UUID | None:
    with tenant_work(tenant):
        farewell = find_next_receipt(closing.id, after=last)
        return farewell.id if farewell else None


def _send_one(closing: Closing, tenant: TenantRef, after: UUID | None, now: datetime) -> UUID | None:
    """Send the next receipt in a transaction of its own; returns its id, or None when there is none."""
    destroyed = closing.keys_destroyed_at or now
    with tenant_work(tenant):
        farewell = find_next_receipt(closing.id, after=after)
        if farewell is None:
            return None
        taken = emails.send_receipt(
            farewell,
            tenant=tenant,
            keys_destroyed_at=destroyed,
            deleted_by=destroyed + RECEIPTS_TRIED,
            reference=str(closing.id),
        )
        fault_point(Fault.ERASE_RECEIPT_SENT)
        farewell.sent_at, farewell.bounced_at = (now, None) if taken else (None, now)
        return farewell.id


def drop(*, closing_id: UUID, now: datetime) -> None:
    """Control, on the DDL login: receipts sent → erased. Schema and role go, then what else knows the organisation."""
    closing = get_closing(closing_id, held=True)
    if closing.state != ClosingState.RECEIPTS_SENT.value:
        return
    tenant = session().get_one(Tenant, closing.tenant_id)
    lifecycle.retire_schema(
        schema=tenant.schema_name,
        role=tenant.role_name,
        cell=tenant.cell_id,
        tenant_id=tenant.id,
        reason="erased",
        now=now,
        drop_after=now,
    )
    session().flush()  # flush: the row that names the schema is looked up by its key
    for schema in lifecycle.hasten(tenant_id=tenant.id, now=now):
        lifecycle.drop_retired(schema, now=now)
    fault_point(Fault.ERASE_DROPPED)
    # Once more: a key that was made in the last moment opens nothing, and is not kept all the same.
    destroy_organisation(tenant.id)
    forget_in_valkey(tenant.id)
    forget_plan(tenant_id=tenant.id)
    organisation_erased(tenant.id)
    lifecycle.entomb(tenant_id=tenant.id, now=now)
    _move(closing, ClosingState.ERASED, now)
    closing.erased_at, closing.asked_by = now, None


def _move(closing: Closing, state: ClosingState, now: datetime) -> None:
    closing.state, closing.moved_at = state.value, now


STEPS: dict[ClosingState, Callable[[Closing, TenantRef, datetime], bool]] = {
    ClosingState.SUSPENDED: _end_text,
    ClosingState.KEYS_DESTROYED: _send_receipts,
}
