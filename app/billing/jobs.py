"""Work that follows a change of seats or of a plan. Each may run twice; the envelope says in whose plane."""

from datetime import datetime
from uuid import UUID

from app.billing import gateway
from app.billing.actions import choose_plan, mirror
from app.billing.actions import count_seats as counting
from app.billing.actions import settle as settling
from app.billing.models import Plan
from app.clock import now


def count_seats() -> None:
    """Tenant: bring the ledger in line with the directory."""
    counting.count_seats(now=now())


def note_plan(*, choice_id: str | None, plan: str | None, status: str | None, as_of: str) -> None:
    """Tenant: note how the plan stands at the payment service."""
    choose_plan.note_plan(
        choice_id=UUID(choice_id) if choice_id else None,
        plan=Plan(plan) if plan else None,
        status=status,
        as_of=datetime.fromisoformat(as_of),
    )


def settle(*, tenant_id: str, seats: int, number: int, launched_at: str) -> None:
    """Control: take a count of the ledger over."""
    settling.settle(
        tenant_id=UUID(tenant_id),
        seats=seats,
        number=number,
        launched_at=datetime.fromisoformat(launched_at),
        now=now(),
    )


def push_quantity(*, tenant_id: str, version: int) -> None:
    """Control: tell the payment service the number of seats."""
    if gateway.is_on():
        settling.push_quantity(tenant_id=UUID(tenant_id), version=version, now=now())


def move_trial_end(*, tenant_id: str) -> None:
    """Control: let the trial end when the launch says."""
    if gateway.is_on():
        settling.move_trial_end(tenant_id=UUID(tenant_id), now=now())


def open_checkout(*, tenant_id: str, choice_id: str, plan: str, seats: int, email: str, back: list[str]) -> None:
    """Control: open the payment page of a choice."""
    if gateway.is_on():
        choose_plan.open_checkout(
            tenant_id=UUID(tenant_id),
            choice_id=UUID(choice_id),
            plan=Plan(plan),
            seats=seats,
            email=email,
            back=(back[0], back[1]),
            now=now(),
        )


def refresh(*, tenant_id: str) -> None:
    """Control: read everything about one customer afresh."""
    if gateway.is_on():
        choose_plan.refresh(tenant_id=UUID(tenant_id), now=now())


def refresh_preview(*, tenant_id: str) -> None:
    """Control: read the coming invoice afresh."""
    if gateway.is_on():
        mirror.refresh_preview(tenant_id=UUID(tenant_id), now=now())
