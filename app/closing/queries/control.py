"""Control: closings as operators and Nitor's staff see them. They name organisations and staff, never people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.closing.models import Closing, ClosingApproval, ClosingState
from app.closing.policies import A_DAY, AT_MOST_A_DAY, REMINDER
from app.support.models import Staff
from tenants.context import Status
from tenants.errors import NotHere
from tenants.models import RetiredSchema, Tenant
from tenants.unit_of_work import reading_control, session

CAN_BE_CALLED_OFF = (ClosingState.ASKED.value, ClosingState.GRACE.value)
UNDER_WAY = (ClosingState.SUSPENDED.value, ClosingState.KEYS_DESTROYED.value, ClosingState.RECEIPTS_SENT.value)
PAGE = 100


@dataclass(frozen=True, slots=True)
class Case:
    """A closing with its organisation; ``name`` is empty once that is erased."""

    closing: Closing
    slug: str
    name: str
    is_open: bool


def get_closing(closing_id: UUID, *, held: bool = False) -> Closing:
    """Return a closing, held for this transaction if wanted. Raises NotHere."""
    found = select(Closing).where(Closing.id == closing_id)
    if held:
        found = found.with_for_update().execution_options(populate_existing=True)
    closing = session().scalars(found).one_or_none()
    if closing is None:
        raise NotHere("no such closing")
    return closing


def find_live_closing(tenant_id: UUID) -> Closing | None:
    """Find the organisation's closing that was not called off, held for this transaction."""
    live = select(Closing).where(Closing.tenant_id == tenant_id, Closing.state != ClosingState.CANCELLED.value)
    return session().scalars(live.with_for_update()).one_or_none()


def find_latest(tenant_id: UUID) -> Closing | None:
    """Find the organisation's closing that was not called off."""
    live = select(Closing).where(Closing.tenant_id == tenant_id, Closing.state != ClosingState.CANCELLED.value)
    return session().scalars(live).one_or_none()


def count_approvals(closing_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count how many said yes to each."""
    counted = select(ClosingApproval.closing_id, func.count()).where(ClosingApproval.closing_id.in_(closing_ids))
    return {row[0]: row[1] for row in session().execute(counted.group_by(ClosingApproval.closing_id))}


def get_case(closing_id: UUID) -> Case:
    """Return a closing and whose it is. Raises NotHere."""
    closing = get_closing(closing_id)
    return _case(closing, session().get_one(Tenant, closing.tenant_id))


def list_cases() -> list[Case]:
    """List closings, those that wait for somebody first, then the newest."""
    order = (Closing.state != ClosingState.ASKED.value, Closing.asked_at.desc())
    rows = select(Closing, Tenant).join(Tenant, Tenant.id == Closing.tenant_id).order_by(*order).limit(PAGE)
    return [_case(closing, tenant) for closing, tenant in session().execute(rows)]


def _case(closing: Closing, tenant: Tenant) -> Case:
    return Case(closing, tenant.slug, tenant.name, tenant.status == Status.OPEN.value)


def list_approvals(closing_id: UUID) -> list[tuple[Staff, datetime]]:
    """List who of Nitor's staff said yes, and when."""
    rows = (
        select(Staff, ClosingApproval.approved_at)
        .join(ClosingApproval, ClosingApproval.staff_id == Staff.id)
        .where(ClosingApproval.closing_id == closing_id)
        .order_by(ClosingApproval.approved_at)
    )
    return [(staff, at) for staff, at in session().execute(rows)]


def list_due(now: datetime) -> Sequence[Closing]:
    """List the closings whose day has come and that have not begun, the longest due first."""
    due = select(Closing).where(Closing.state == ClosingState.GRACE.value, Closing.due_at <= now)
    return session().scalars(due.order_by(Closing.due_at, Closing.id)).all()


def list_due_of_open(now: datetime) -> list[Closing]:
    """List those of them whose organisation is open: of a suspended one nobody can take their things along."""
    is_open = select(Tenant.id).where(Tenant.status == Status.OPEN.value)
    opened = set(session().scalars(is_open.where(Tenant.id.in_([each.tenant_id for each in list_due(now)]))))
    return [each for each in list_due(now) if each.tenant_id in opened]


def list_under_way() -> Sequence[Closing]:
    """List the closings whose erasure has begun and is not finished."""
    return session().scalars(select(Closing).where(Closing.state.in_(UNDER_WAY)).order_by(Closing.begun_at)).all()


def is_being_erased(tenant_id: UUID) -> bool:
    """Whether the erasure of an organisation has begun; read on control's own read-only connection."""
    begun = select(Closing.id).where(Closing.tenant_id == tenant_id, Closing.state.in_(UNDER_WAY))
    with reading_control() as control:
        return control.scalar(begun.limit(1)) is not None


def list_to_remind(now: datetime) -> Sequence[Closing]:
    """List the closings whose day is at most a week away."""
    near = select(Closing).where(Closing.state == ClosingState.GRACE.value, Closing.due_at <= now + REMINDER)
    return session().scalars(near).all()


def count_places_left(now: datetime) -> int:
    """Count how many more erasures may begin now."""
    begun = select(func.count()).select_from(Closing).where(Closing.begun_at > now - A_DAY)
    return max(0, AT_MOST_A_DAY - (session().scalar(begun) or 0))


def find_dropped_at(tenant_id: UUID) -> datetime | None:
    """Tell when the schema that an erased organisation had was dropped."""
    dropped = select(RetiredSchema.dropped_at).where(
        RetiredSchema.tenant_id == tenant_id, RetiredSchema.reason == "erased"
    )
    return session().scalars(dropped).first()
