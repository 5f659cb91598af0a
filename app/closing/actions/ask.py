"""An owner or an operator asks; two of Nitor's staff approve; until the day it can be called off."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Actor
from app.closing.errors import AlreadyApproved, AlreadyClosing, NothingToApprove, NotOpen, TooLate
from app.closing.models import Closing, ClosingApproval, ClosingNotice, ClosingState
from app.closing.policies import APPROVALS, check_name, due_from
from app.closing.queries.control import CAN_BE_CALLED_OFF, find_live_closing, get_closing, list_approvals
from app.closing.queries.notice import find_notice_to_change
from app.support.queries.staff import list_staff
from tenants.context import Status, TenantRef
from tenants.models import Tenant, new_id
from tenants.outbox import later, later_in_control, later_in_tenant
from tenants.unit_of_work import current, session


def ask_to_close(*, typed: str, by: Actor, now: datetime) -> UUID:
    """Tenant: an owner asks to close the organisation for good. Raises WrongName or AlreadyClosing."""
    tenant = own_tenant()
    check_name(typed, tenant.slug)
    if find_notice_to_change():
        raise AlreadyClosing
    notice = ClosingNotice(closing_id=new_id(), state=ClosingState.ASKED.value, asked_at=now)
    session().add(notice)
    later_in_control(
        "closing.receive",
        closing_id=str(notice.closing_id),
        tenant_id=str(tenant.id),
        account_id=str(by.id),
        asked_at=now.isoformat(),
    )
    return notice.closing_id


def receive(*, closing_id: UUID, tenant_id: UUID, account_id: UUID, asked_at: datetime) -> None:
    """Control: take over what an owner asked; an operator's closing that is there already goes before it."""
    if session().get(Closing, closing_id):
        return
    known = find_live_closing(tenant_id)
    if known:
        tell_notice(known)
        return
    session().add(
        Closing(
            id=closing_id,
            tenant_id=tenant_id,
            asked_by_kind="owner",
            asked_by=account_id,
            asked_at=asked_at,
            moved_at=asked_at,
        )
    )
    _tell_staff(closing_id)


def ask_for(*, slug: str, typed: str, now: datetime) -> Closing:
    """Control: an operator asks on an organisation's behalf. Raises WrongName, NotOpen or AlreadyClosing."""
    check_name(typed, slug)
    tenant = session().scalars(select(Tenant).where(Tenant.slug == slug).with_for_update()).one_or_none()
    if tenant is None or tenant.status != Status.OPEN.value:
        raise NotOpen
    if find_live_closing(tenant.id):
        raise AlreadyClosing
    closing = Closing(id=new_id(), tenant_id=tenant.id, asked_by_kind="operator", asked_at=now, moved_at=now)
    closing.state = ClosingState.ASKED.value
    session().add(closing)
    tell_notice(closing)
    _tell_staff(closing.id)
    return closing


def _tell_staff(closing_id: UUID) -> None:
    for staff, passkeys in list_staff():
        if passkeys and not staff.ended_at:
            later("closing.mail_staff", closing_id=str(closing_id), staff_id=str(staff.id))


def approve(*, closing_id: UUID, staff_id: UUID, typed: str, now: datetime) -> Closing:
    """Control: one of Nitor's staff says yes. With the second one the thirty days begin and everybody is told.

    Raises NotHere, WrongName, NotOpen, NothingToApprove or AlreadyApproved.
    """
    closing = get_closing(closing_id, held=True)
    tenant = session().get_one(Tenant, closing.tenant_id)
    check_name(typed, tenant.slug)
    if closing.state != ClosingState.ASKED.value:
        raise NothingToApprove
    if tenant.status != Status.OPEN.value:
        raise NotOpen
    given = [staff.id for staff, _ in list_approvals(closing_id)]
    if staff_id in given:
        raise AlreadyApproved
    session().add(ClosingApproval(closing_id=closing_id, staff_id=staff_id, approved_at=now))
    if len(given) + 1 >= APPROVALS:
        _begin_grace(closing, now)
    return closing


def _begin_grace(closing: Closing, now: datetime) -> None:
    closing.state, closing.moved_at = ClosingState.GRACE.value, now
    closing.approved_at, closing.due_at = now, due_from(now)
    tell_notice(closing)


def tell_notice(closing: Closing) -> None:
    """Control: have the organisation's pages say how its closing stands; in grace everybody gets a mail as well."""
    later_in_tenant(
        closing.tenant_id,
        "closing.note",
        closing_id=str(closing.id),
        state=closing.state,
        asked_at=closing.asked_at.isoformat(),
        due_at=closing.due_at.isoformat() if closing.due_at else None,
    )


def note(*, closing_id: UUID, state: ClosingState, asked_at: datetime, due_at: datetime | None) -> bool:
    """Tenant: keep what the pages say. Returns whether it stands: what was called off here is not brought back."""
    notice = find_notice_to_change()
    if state is ClosingState.ASKED and (notice is None or notice.closing_id != closing_id):
        if notice:
            session().delete(notice)
            session().flush()  # flush: one row or none; the old one makes room
        notice = ClosingNotice(closing_id=closing_id, state=state.value, asked_at=asked_at)
        session().add(notice)
    if notice is None or notice.closing_id != closing_id:
        return False
    notice.state, notice.due_at = state.value, due_at
    return True


def call_off_here(*, now: datetime) -> None:  # noqa: ARG001  every action takes the time
    """Tenant: an owner calls it off. From this transaction on nothing is erased, whatever else is on its way."""
    notice = find_notice_to_change()
    if notice is None:
        return
    session().delete(notice)
    later_in_control("closing.call_off", closing_id=str(notice.closing_id))


def call_off(*, closing_id: UUID, now: datetime) -> Closing:
    """Control: call a closing off; twice the same changes nothing. Raises NotHere or TooLate."""
    closing = get_closing(closing_id, held=True)
    if closing.state == ClosingState.CANCELLED.value:
        return closing
    if closing.state not in CAN_BE_CALLED_OFF:
        raise TooLate
    cancel(closing, now)
    return closing


def cancel(closing: Closing, now: datetime) -> None:
    """Control: end a closing without an erasure; whoever was told of it is told again."""
    was_told = closing.state != ClosingState.ASKED.value
    closing.state, closing.cancelled_at, closing.moved_at, closing.begun_at = (
        ClosingState.CANCELLED.value,
        now,
        now,
        None,
    )
    later_in_tenant(closing.tenant_id, "closing.clear_notice", closing_id=str(closing.id), tell_people=was_told)


def clear_notice(*, closing_id: UUID) -> None:
    """Tenant: take the notice of a closing that was called off from the pages."""
    notice = find_notice_to_change()
    if notice and notice.closing_id == closing_id:
        session().delete(notice)


def postpone(*, tenant_id: UUID, suspended_at: datetime | None, now: datetime) -> None:
    """Control: an organisation that was closed for a time gets that time added to its grace."""
    closing = find_live_closing(tenant_id)
    if closing and closing.state == ClosingState.GRACE.value and closing.due_at and suspended_at:
        closing.due_at += now - max(suspended_at, closing.approved_at or suspended_at)
        tell_notice(closing)


def own_tenant() -> TenantRef:
    """Return the organisation of this unit of work."""
    tenant = current().tenant
    if tenant is None:
        raise LookupError("this is work of one organisation")
    return tenant
