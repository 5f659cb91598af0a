"""Reads of seats and of the plan. In the organisation's unit of work, unless a name says control."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.billing.models import LIVE, BillingAccount, PlanChoice, SeatCounter, SeatDay, SeatEvent, Subscription
from app.people.models import Person
from app.people.policies import is_here
from tenants.models import Tenant
from tenants.unit_of_work import reading_control, session


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organisation stands with its plan, as Nitor's staff may see it: counts and the plan, never people."""

    seats: int | None
    plan: str | None
    status: str | None
    trial_end: datetime | None


@dataclass(frozen=True, slots=True)
class Employment:
    """When somebody of the directory works, and whether their access was taken away for now or for good."""

    starts_on: date | None
    ends_on: date | None
    is_off: bool = False


def find_counter() -> SeatCounter | None:
    """Find the seat counter; None before the launch."""
    return session().scalars(select(SeatCounter)).one_or_none()


def find_counter_to_change() -> SeatCounter | None:
    """Find the seat counter and hold it for this transaction."""
    return session().scalars(select(SeatCounter).with_for_update()).one_or_none()


def list_employments() -> dict[UUID, Employment]:
    """Everybody in the directory, by id."""
    is_off = or_(Person.deactivated_at.is_not(None), Person.removed_at.is_not(None))
    rows = session().execute(select(Person.id, Person.starts_on, Person.ends_on, is_off))
    return {row[0]: Employment(row[1], row[2], row[3]) for row in rows}


def list_turns() -> dict[UUID, int]:
    """The number of seat events of everybody who ever had one; it is odd while they hold a seat."""
    rows = session().execute(select(SeatEvent.person_id, func.max(SeatEvent.turn)).group_by(SeatEvent.person_id))
    return {row[0]: row[1] for row in rows}


def count_employed(day: date) -> int:
    """Count those who would have a seat if Kamu were launched on that day."""
    begun = Person.starts_on.is_(None) | (Person.starts_on <= day)
    return session().scalar(select(func.count()).select_from(Person).where(begun, is_here(day))) or 0


def find_last_day() -> SeatDay | None:
    """Find the newest day that was counted."""
    return session().scalars(select(SeatDay).order_by(SeatDay.day.desc()).limit(1)).one_or_none()


def find_choice() -> PlanChoice | None:
    """Find what plan was chosen here."""
    return session().scalars(select(PlanChoice)).one_or_none()


def has_plan() -> bool:
    """Whether the organisation has a plan that stands: on trial, paid for, or late."""
    choice = find_choice()
    return choice is not None and choice.status in LIVE


def read_mirror(tenant_id: UUID) -> tuple[BillingAccount | None, Subscription | None]:
    """Read what control knows of this organisation's plan, on control's own read-only connection."""
    with reading_control() as control:
        account = control.get(BillingAccount, tenant_id)
        live = select(Subscription).where(Subscription.tenant_id == tenant_id, Subscription.status.in_(LIVE))
        return account, control.scalars(live).one_or_none()


def read_organisation(tenant_id: UUID) -> Tenant | None:
    """Read the organisation's own row of control."""
    with reading_control() as control:
        return control.get(Tenant, tenant_id)


def find_live_in_control(tenant_id: UUID) -> Subscription | None:
    """Control: find the organisation's subscription that stands."""
    live = select(Subscription).where(Subscription.tenant_id == tenant_id, Subscription.status.in_(LIVE))
    return session().scalars(live).one_or_none()


def find_by_ref_in_control(ref: str) -> Subscription | None:
    """Control: find the mirror of a subscription by the payment service's name of it."""
    return session().scalars(select(Subscription).where(Subscription.ref == ref)).one_or_none()


def list_accounts_in_control() -> Sequence[BillingAccount]:
    """Control: list everybody who is or may become a customer of the payment service."""
    return session().scalars(select(BillingAccount).order_by(BillingAccount.tenant_id)).all()


def list_standings_in_control() -> dict[UUID, Standing]:
    """Control: how each organisation that was counted or has a plan stands, in one query."""
    return {account.tenant_id: _standing(account, plan) for account, plan in session().execute(_standings())}


def find_standing_in_control(tenant_id: UUID) -> Standing | None:
    """Control: how one organisation stands; None while it was neither counted nor has a plan."""
    row = session().execute(_standings().where(BillingAccount.tenant_id == tenant_id)).one_or_none()
    return _standing(row[0], row[1]) if row else None


def _standings() -> Select[BillingAccount, Subscription]:
    live = (Subscription.tenant_id == BillingAccount.tenant_id) & Subscription.status.in_(LIVE)
    return select(BillingAccount, Subscription).outerjoin(Subscription, live)


def _standing(account: BillingAccount, plan: Subscription | None) -> Standing:
    if plan is None:
        return Standing(account.desired, None, None, None)
    return Standing(account.desired, plan.plan, plan.status, plan.trial_end)
