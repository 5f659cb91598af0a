"""What the page shows, read once: how the plan stands, what it costs, the coming invoice in words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from app.billing import gateway
from app.billing.errors import PaymentServiceTrouble
from app.billing.gateway import SeatPrice
from app.billing.models import BillingAccount, Plan, PlanChoice, Subscription
from app.billing.policies import billable, day_of, trial_ends_at
from app.billing.queries import count_employed, find_choice, find_counter, read_mirror, read_organisation
from app.billing.views.words import InvoiceWords, invoice_in_words

Stands = Literal["off", "choose", "preparing", "open", "confirming", "live"]


@dataclass(frozen=True, slots=True)
class SeatsPage:
    """The page's facts. ``seats`` is today's ledger count, or before the launch how many there would be."""

    stands: Stands
    launched_on: date | None
    seats: int
    prices: dict[Plan, SeatPrice]
    chosen_plan: str | None
    checkout_url: str | None
    subscription: Subscription | None
    free_until: date | None
    invoice: InvoiceWords | None
    counted_on: date | None
    agrees: bool

    @property
    def waits(self) -> bool:
        """Whether something is under way that the page will show by itself."""
        return self.stands in {"preparing", "confirming"}

    def costs(self, plan: Plan) -> int | None:
        """What these seats cost for one period of a plan, in cents; None while the price is not known."""
        found = self.prices.get(plan)
        return found.unit_amount * billable(self.seats) if found else None


def read_state(tenant_id: UUID, *, now: datetime) -> SeatsPage:
    """Read it in the organisation's unit of work. The payment service is asked for its prices at most, once an hour."""
    choice, counter = find_choice(), find_counter()
    account, live = read_mirror(tenant_id)
    launched_at = counter.launched_at if counter else None
    stands = _stands(choice, account, live)
    return SeatsPage(
        stands=stands,
        launched_on=day_of(launched_at) if launched_at else None,
        seats=counter.seats if counter and counter.settled_on else count_employed(day_of(now)),
        prices=_prices(stands),
        chosen_plan=choice.plan if choice else None,
        checkout_url=account.checkout_url if account and stands == "open" else None,
        subscription=live,
        free_until=_free_until(tenant_id, live, launched_at, now),
        invoice=invoice_in_words(account.preview, live) if account and account.preview and live else None,
        counted_on=counter.settled_on if counter else None,
        agrees=_agrees(account, live),
    )


def _stands(choice: PlanChoice | None, account: BillingAccount | None, live: Subscription | None) -> Stands:
    if not gateway.is_on():
        return "off"
    if live is not None:
        return "live"
    if choice is None:
        return "choose"
    if choice.returned_at is not None:
        return "confirming"
    if account is None or account.choice_id != choice.choice_id:
        return "preparing"
    return "open" if account.checkout_url else "choose"


def _prices(stands: Stands) -> dict[Plan, SeatPrice]:
    if stands == "off":
        return {}
    try:
        return gateway.payments().list_prices()
    except PaymentServiceTrouble:
        return {}


def _free_until(tenant_id: UUID, live: Subscription | None, launched_at: datetime | None, now: datetime) -> date | None:
    if live is not None:
        ends = live.trial_end if live.status == "trialing" else None
    else:
        tenant = read_organisation(tenant_id)
        ends = trial_ends_at(signed_up_at=tenant.created_at, launched_at=launched_at) if tenant else None
    return day_of(ends) if ends and ends > now else None


def _agrees(account: BillingAccount | None, live: Subscription | None) -> bool:
    """Whether the ledger's last count, the mirror and the payment service's last answer are the same number."""
    if account is None or live is None or account.desired is None:
        return False
    return live.quantity == billable(account.desired) and not account.is_owed_an_answer
