"""Control: bring the payment service's quantity in line with the ledger, whatever is lost on the way.

A question is written down with its version, quantity and date before it is asked. Until the answer is in, the same
question is asked with the same key, so the service acts once. The number of the ledger orders counts that overtake.
"""

from datetime import datetime, timedelta
from uuid import UUID

from app.billing import gateway
from app.billing.actions.mirror import hold_account, mirror
from app.billing.errors import PaymentServiceFailed, PaymentServiceRefused
from app.billing.models import BillingAccount, Subscription
from app.billing.policies import ANSWER_KEPT, billable, trial_ends_at
from app.billing.queries import find_live_in_control
from tenants.models import Tenant
from tenants.outbox import later
from tenants.unit_of_work import session

ASK_AGAIN_AFTER = timedelta(minutes=1)


def settle(*, tenant_id: UUID, seats: int, number: int, launched_at: datetime, now: datetime) -> None:
    """Take a count of the ledger over; an older one than is known changes nothing."""
    account = hold_account(tenant_id)
    if number < account.ledger_number:
        return
    account.ledger_number, account.desired, account.launched_at = number, seats, launched_at
    ask_for_quantity(account, now=now)


def ask_for_quantity(account: BillingAccount, *, now: datetime) -> None:
    """Write the next question down when the service has another quantity than the ledger, and have it asked."""
    live = find_live_in_control(account.tenant_id)
    if live is None or account.desired is None or not gateway.is_on():
        return
    wanted = billable(account.desired)
    if account.is_owed_an_answer and account.asked_quantity == wanted:
        _push_later(account)
    elif account.is_owed_an_answer or live.quantity != wanted:
        _write_question(account, wanted, live, now)
        _push_later(account)
    _ask_for_trial_end(account, live)


def push_quantity(*, tenant_id: UUID, version: int, now: datetime) -> None:
    """Ask the question of this version, unless it is answered or a newer one has taken its place."""
    account = hold_account(tenant_id)
    live = find_live_in_control(tenant_id)
    if live is None or account.version != version or not account.is_owed_an_answer:
        return
    if _is_old(account, now) and not _was_done(account, live, now):
        _ask_anew(account, live, now)
    if account.answered_at is None:
        _ask(account, live, now)


def move_trial_end(*, tenant_id: UUID, now: datetime) -> None:
    """Let the trial end when it should: 14 days after the launch."""
    account = hold_account(tenant_id)
    live = find_live_in_control(tenant_id)
    wanted = _trial_end_due(account, live)
    if live is None or wanted is None:
        return
    at = wanted if wanted > now else None
    key = f"trial:{tenant_id}:{live.item_ref}:{int(wanted.timestamp())}"
    mirror(account, gateway.payments().end_trial(ref=live.ref, at=at, key=key), now=now)
    later("billing.refresh", tenant_id=str(tenant_id))


def _ask_for_trial_end(account: BillingAccount, live: Subscription) -> None:
    if _trial_end_due(account, live) is not None:
        later("billing.move_trial_end", tenant_id=str(account.tenant_id))


def _trial_end_due(account: BillingAccount, live: Subscription | None) -> datetime | None:
    tenant = session().get(Tenant, account.tenant_id)
    if live is None or tenant is None or live.status != "trialing" or account.launched_at is None:
        return None
    wanted = trial_ends_at(signed_up_at=tenant.created_at, launched_at=account.launched_at)
    return wanted if live.trial_end != wanted else None


def _write_question(account: BillingAccount, wanted: int, live: Subscription, now: datetime) -> None:
    account.version += 1
    account.asked_quantity, account.asked_at, account.answered_at = wanted, now, None
    account.prorate_at = max(now, live.period_start).replace(microsecond=0)


def _push_later(account: BillingAccount, delay: timedelta | None = None) -> None:
    later("billing.push_quantity", delay=delay, tenant_id=str(account.tenant_id), version=account.version)


def _is_old(account: BillingAccount, now: datetime) -> bool:
    """Whether the service may have forgotten the key: it keeps keys for 24 hours."""
    return account.asked_at is not None and now - account.asked_at > ANSWER_KEPT


def _was_done(account: BillingAccount, live: Subscription, now: datetime) -> bool:
    mirror(account, gateway.payments().find_subscription(live.ref), now=now)
    if live.quantity != account.asked_quantity:
        return False
    account.answered_at = now
    return True


def _ask_anew(account: BillingAccount, live: Subscription, now: datetime) -> None:
    _write_question(account, account.asked_quantity or 0, live, now)


def _ask(account: BillingAccount, live: Subscription, now: datetime) -> None:
    try:
        state = gateway.payments().change_quantity(
            ref=live.ref,
            item_ref=live.item_ref,
            quantity=account.asked_quantity or 0,
            prorate_at=account.prorate_at or now,
            key=f"seat:{account.tenant_id}:{live.item_ref}:{account.version}",
        )
    except (PaymentServiceFailed, PaymentServiceRefused):
        # This key will say the same for a day: look how things stand, then ask with another key.
        mirror(account, gateway.payments().find_subscription(live.ref), now=now)
        _ask_anew(account, live, now)
        _push_later(account, ASK_AGAIN_AFTER)
        return
    mirror(account, state, now=now)
    account.answered_at = now
    later("billing.refresh_preview", tenant_id=str(account.tenant_id))
