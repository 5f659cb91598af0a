"""Control: what is known of the plan at the payment service. Always read afresh, under the account's lock."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.billing import gateway
from app.billing.models import BillingAccount, Subscription
from app.billing.queries import find_by_ref_in_control, find_live_in_control
from tenants.outbox import later_in_tenant
from tenants.unit_of_work import session


def hold_account(tenant_id: UUID) -> BillingAccount:
    """Return the organisation's account and hold it for this transaction; a new one when there is none."""
    session().execute(
        insert(BillingAccount).values(tenant_id=tenant_id, ledger_number=0, version=0).on_conflict_do_nothing()
    )
    found = select(BillingAccount).where(BillingAccount.tenant_id == tenant_id).with_for_update()
    return session().scalars(found.execution_options(populate_existing=True)).one()


def mirror(account: BillingAccount, state: gateway.SubscriptionState, *, now: datetime) -> Subscription:
    """Keep a subscription as it was just read, and tell the organisation when its plan stands otherwise than before."""
    known = find_by_ref_in_control(state.ref)
    before = (known.plan, known.status) if known else None
    if known is None:
        known = Subscription(tenant_id=account.tenant_id, ref=state.ref)
    for name in ("item_ref", "status", "quantity", "unit_amount", "currency", "period_start", "period_end"):
        setattr(known, name, getattr(state, name))
    known.plan, known.trial_end, known.mirrored_at = state.plan.value, state.trial_end, now
    session().add(known)
    if before != (known.plan, known.status):
        tell_organisation(account, known, now=now)
    return known


def tell_organisation(account: BillingAccount, known: Subscription | None, *, now: datetime) -> None:
    """Have the organisation's own plane note how its plan stands; None when nothing came of a payment page yet."""
    later_in_tenant(
        account.tenant_id,
        "billing.note_plan",
        choice_id=str(account.choice_id) if account.choice_id else None,
        plan=known.plan if known else None,
        status=known.status if known else None,
        as_of=now.isoformat(),
    )


def refresh_preview(*, tenant_id: UUID, now: datetime) -> None:
    """Keep the coming invoice as the payment service would make it now, so that pages need not ask."""
    account = hold_account(tenant_id)
    live = find_live_in_control(tenant_id)
    account.preview = as_json(gateway.payments().preview(ref=live.ref)) if live else None
    account.preview_at = now


def as_json(invoice: gateway.Invoice) -> dict[str, Any]:
    """Return an invoice as JSON values, for keeping."""
    values = asdict(invoice) | {"made_at": invoice.made_at.isoformat()}
    values["lines"] = [
        asdict(line) | {"begins": line.begins.isoformat(), "ends": line.ends.isoformat()} for line in invoice.lines
    ]
    return values
