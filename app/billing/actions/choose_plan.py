"""From the owner's choice of a plan to a payment page and back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.access.actor import Actor
from app.billing import gateway
from app.billing.actions.mirror import hold_account, mirror, refresh_preview, tell_organisation
from app.billing.actions.settle import ask_for_quantity
from app.billing.errors import AlreadySubscribed
from app.billing.events import plan_changed
from app.billing.models import LIVE, BillingAccount, Plan, PlanChoice, Subscription
from app.billing.policies import billable, trial_ends_at
from app.billing.queries import count_employed, find_choice, find_live_in_control, list_accounts_in_control
from tenants.models import Tenant, new_id
from tenants.outbox import later, later_in_control
from tenants.unit_of_work import current, session

SHORTEST_TRIAL_SECONDS = 48 * 3600


def choose_plan(*, plan: Plan, back: tuple[str, str], by: Actor, now: datetime) -> PlanChoice:
    """Tenant: choose a plan and have a payment page opened for it. Raises AlreadySubscribed."""
    choice = find_choice()
    if choice is not None and choice.status in LIVE:
        raise AlreadySubscribed
    if choice is None:
        choice = PlanChoice()
        session().add(choice)
    choice.choice_id, choice.plan, choice.chosen_at = new_id(), plan.value, now
    choice.account_id, choice.returned_at = by.id, None
    tenant = current().tenant
    later_in_control(
        "billing.open_checkout",
        tenant_id=str(tenant.id) if tenant else "",
        choice_id=str(choice.choice_id),
        plan=plan.value,
        seats=count_employed(now.date()),
        email=by.email,
        back=list(back),
    )
    return choice


def note_return(*, now: datetime) -> None:
    """Tenant: the owner came back from the payment page; have it looked up what came of it."""
    choice, tenant = find_choice(), current().tenant
    if choice is None or tenant is None or choice.status in LIVE:
        return
    choice.returned_at = now
    later_in_control("billing.refresh", tenant_id=str(tenant.id))


def note_plan(*, choice_id: UUID | None, plan: Plan | None, status: str | None, as_of: datetime) -> None:
    """Tenant: note how the plan stands at the payment service; older news than is known change nothing."""
    choice = find_choice()
    if choice is None:
        if plan is None or choice_id is None:
            return
        choice = PlanChoice(choice_id=choice_id, plan=plan.value, chosen_at=as_of)
        session().add(choice)
    if choice.status_at is not None and as_of < choice.status_at:
        return
    if status is None and choice.choice_id != choice_id:
        return
    choice.status, choice.status_at, choice.returned_at = status, as_of, None
    choice.plan = plan.value if plan else choice.plan
    plan_changed()


def open_checkout(
    *, tenant_id: UUID, choice_id: UUID, plan: Plan, seats: int, email: str, back: tuple[str, str], now: datetime
) -> None:
    """Control: open the payment page of a choice. At most one is open, and none for who has a plan."""
    account = hold_account(tenant_id)
    if account.choice_id == choice_id:
        return
    account.choice_id = choice_id
    if find_live_in_control(tenant_id) or _finish_earlier(account, now=now):
        tell_organisation(account, find_live_in_control(tenant_id), now=now)
        return
    _close_earlier(account)
    service, tenant = gateway.payments(), session().get_one(Tenant, tenant_id)
    if account.customer_ref is None:
        account.customer_ref = service.add_customer(name=tenant.name, email=email, tenant_id=str(tenant_id))
    ends = trial_ends_at(signed_up_at=tenant.created_at, launched_at=account.launched_at)
    opened = service.open_checkout(
        customer_ref=account.customer_ref,
        plan=plan,
        quantity=billable(account.desired if account.desired is not None else seats),
        trial_end=ends if (ends - now).total_seconds() > SHORTEST_TRIAL_SECONDS else None,
        back=back,
        key=f"checkout:{choice_id}",
    )
    account.checkout_ref, account.checkout_url, account.checkout_plan = opened.ref, opened.url, plan.value


def refresh(*, tenant_id: UUID, now: datetime) -> None:
    """Control: read everything about the organisation afresh, and put right what differs from the ledger."""
    account = hold_account(tenant_id)
    live = find_live_in_control(tenant_id)
    if live is not None:
        mirror(account, gateway.payments().find_subscription(live.ref), now=now)
    elif not _finish_earlier(account, now=now):
        tell_organisation(account, None, now=now)
    ask_for_quantity(account, now=now)
    refresh_preview(tenant_id=tenant_id, now=now)


def end_plan(*, tenant_id: UUID, now: datetime) -> None:
    """Control: end the organisation's plan and close its payment page, so that nothing is charged from now on."""
    account = hold_account(tenant_id)
    if account.checkout_ref and not find_live_in_control(tenant_id) and not _finish_earlier(account, now=now):
        _close_earlier(account)
    live = find_live_in_control(tenant_id)
    if live is not None:
        mirror(account, gateway.payments().end_subscription(ref=live.ref), now=now)


def forget_plan(*, tenant_id: UUID) -> None:
    """Control: keep of an erased organisation's plan what its bills are found by, for as long as bills must be kept."""
    account = hold_account(tenant_id)
    account.choice_id = account.checkout_ref = account.checkout_url = account.checkout_plan = None
    account.preview = account.preview_at = account.launched_at = None
    if account.customer_ref is None:
        session().delete(account)


def forget_bills(*, erased_before: datetime) -> None:
    """Control: forget the plans of organisations that were erased before a time."""
    erased = select(Tenant.id).where(Tenant.erased_at < erased_before)
    for model in (Subscription, BillingAccount):
        session().execute(delete(model).where(model.tenant_id.in_(erased)))


def refresh_everybody() -> None:
    """Control: have every customer read afresh."""
    for account in list_accounts_in_control():
        if account.checkout_ref:
            later("billing.refresh", tenant_id=str(account.tenant_id))


def _finish_earlier(account: BillingAccount, *, now: datetime) -> bool:
    """Look what came of the payment page that was opened last; returns whether a plan did."""
    if account.checkout_ref is None:
        return False
    service = gateway.payments()
    found = service.find_checkout(account.checkout_ref)
    account.checkout_url = found.url
    if found.status == "complete" and found.subscription_ref:
        return mirror(account, service.find_subscription(found.subscription_ref), now=now).is_live
    return False


def _close_earlier(account: BillingAccount) -> None:
    if account.checkout_ref is not None and account.checkout_url is not None:
        gateway.payments().close_checkout(account.checkout_ref)
