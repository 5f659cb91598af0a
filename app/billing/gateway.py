"""The payment service. The only module that knows Stripe: its objects come in here and go no further.

Money is in minor units of ``currency``; times are aware and in UTC. Every call has a time limit and is retried twice by
the library with the same key; what still fails is one of the three ``PaymentServiceTrouble`` errors.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast

import stripe
from flask import Flask, current_app

from app.billing.errors import BillingOff, PaymentServiceAway, PaymentServiceFailed, PaymentServiceRefused
from app.billing.models import Plan

SECONDS_TO_CONNECT, SECONDS_TO_ANSWER = 5.0, 20.0
RETRIES = 2
SECONDS_PRICES_HOLD = 3600.0
LOOKUP = "kamu_seat_"
EXTENSION = "kamu_payments"


@dataclass(frozen=True, slots=True)
class SeatPrice:
    """What a seat costs for one period of a plan."""

    plan: Plan
    ref: str
    unit_amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """One visit to the payment page. ``url`` is where the owner goes; None once it is over."""

    ref: str
    status: Literal["open", "complete", "expired"]
    url: str | None
    subscription_ref: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """A subscription as the payment service sees it at this moment."""

    ref: str
    item_ref: str
    customer_ref: str
    status: str
    plan: Plan
    quantity: int
    unit_amount: int
    currency: str
    period_start: datetime
    period_end: datetime
    trial_end: datetime | None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: ``quantity`` seats from ``begins`` to ``ends``; ``is_change`` for a change within a period."""

    quantity: int
    amount: int
    begins: datetime
    ends: datetime
    is_change: bool


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice, or what would be one. ``total`` may be negative; ``to_pay`` is what is left after earlier credit."""

    lines: tuple[InvoiceLine, ...]
    currency: str
    total: int
    to_pay: int
    balance_before: int
    made_at: datetime


class Payments:
    """The payment service behind one key."""

    def __init__(self, key: str, http_client: stripe.HTTPClient | None = None) -> None:
        # Only what a request needs leaves the house: no reports about this machine.
        stripe.enable_telemetry = False
        client = http_client or stripe.RequestsClient(timeout=(SECONDS_TO_CONNECT, SECONDS_TO_ANSWER))
        self._api = stripe.StripeClient(key, max_network_retries=RETRIES, http_client=client).v1
        self._prices: dict[Plan, SeatPrice] = {}
        self._prices_good_until = 0.0

    def list_prices(self) -> dict[Plan, SeatPrice]:
        """What a seat costs, by plan; asked once an hour."""
        if time.monotonic() > self._prices_good_until:
            self._prices = self._ask_for_prices()
            self._prices_good_until = time.monotonic() + SECONDS_PRICES_HOLD
        return self._prices

    def _ask_for_prices(self) -> dict[Plan, SeatPrice]:
        with _in_our_words():
            found = self._api.prices.list({"lookup_keys": [f"{LOOKUP}{plan}" for plan in Plan], "active": True})
        prices = (SeatPrice(_plan_of(price), price.id, price.unit_amount or 0, price.currency) for price in found.data)
        return {price.plan: price for price in prices}

    def add_customer(self, *, name: str, email: str, tenant_id: str) -> str:
        """Make the organisation a customer, once however often it is asked; returns the service's name for it."""
        with _in_our_words():
            return self._api.customers.create(
                {"name": name, "email": email, "metadata": {"tenant": tenant_id}},
                {"idempotency_key": f"customer:{tenant_id}"},
            ).id

    def open_checkout(
        self,
        *,
        customer_ref: str,
        plan: Plan,
        quantity: int,
        trial_end: datetime | None,
        back: tuple[str, str],
        key: str,
    ) -> Checkout:
        """Open a payment page for a plan. ``back`` is where it leads: (when done, when left)."""
        subscription: dict[str, Any] = {"trial_end": _seconds(trial_end)} if trial_end else {}
        if plan is Plan.YEARLY:
            subscription["pending_invoice_item_interval"] = {"interval": "month", "interval_count": 1}
        wanted: dict[str, Any] = {
            "customer": customer_ref,
            "mode": "subscription",
            "line_items": [{"price": self.list_prices()[plan].ref, "quantity": quantity}],
            "success_url": back[0],
            "cancel_url": back[1],
        }
        if subscription:
            wanted["subscription_data"] = subscription
        with _in_our_words():
            return _checkout(self._api.checkout.sessions.create(cast("Any", wanted), {"idempotency_key": key}))

    def find_checkout(self, ref: str) -> Checkout:
        """Look how a payment page stands."""
        with _in_our_words():
            return _checkout(self._api.checkout.sessions.retrieve(ref))

    def close_checkout(self, ref: str) -> None:
        """Close an open payment page, so that only one can be finished."""
        with _in_our_words():
            self._api.checkout.sessions.expire(ref)

    def find_subscription(self, ref: str) -> SubscriptionState:
        """Read a subscription as it is now."""
        with _in_our_words():
            return _state(self._api.subscriptions.retrieve(ref))

    def change_quantity(
        self, *, ref: str, item_ref: str, quantity: int, prorate_at: datetime, key: str
    ) -> SubscriptionState:
        """Set the number of seats, counted from ``prorate_at`` on. The same key asks the same question again."""
        with _in_our_words():
            changed = self._api.subscriptions.update(
                ref,
                {
                    "items": [{"id": item_ref, "quantity": quantity}],
                    "proration_behavior": "create_prorations",
                    "proration_date": _seconds(prorate_at),
                },
                {"idempotency_key": key},
            )
        return _state(changed)

    def end_trial(self, *, ref: str, at: datetime | None, key: str) -> SubscriptionState:
        """Let the trial end at a time, or now."""
        with _in_our_words():
            changed = self._api.subscriptions.update(
                ref,
                {"trial_end": _seconds(at) if at else "now", "proration_behavior": "none"},
                {"idempotency_key": key},
            )
        return _state(changed)

    def end_subscription(self, *, ref: str) -> SubscriptionState:
        """End a subscription now; nothing is charged for it any more. One that has ended stays as it is."""
        with _in_our_words():
            known = self._api.subscriptions.retrieve(ref)
            return _state(known if known.status == "canceled" else self._api.subscriptions.cancel(ref))

    def preview(
        self, *, ref: str, item_ref: str | None = None, quantity: int | None = None, prorate_at: datetime | None = None
    ) -> Invoice:
        """Tell the coming invoice; with a quantity, as it would be after that change."""
        wanted: dict[str, Any] = {"subscription": ref}
        if quantity is not None and item_ref:
            wanted["subscription_details"] = {"items": [{"id": item_ref, "quantity": quantity}]}
            wanted["subscription_details"]["proration_behavior"] = "create_prorations"
            if prorate_at:
                wanted["subscription_details"]["proration_date"] = _seconds(prorate_at)
        with _in_our_words():
            return _invoice(self._api.invoices.create_preview(cast("Any", wanted)))

    def list_invoices(self, ref: str) -> list[Invoice]:
        """List the invoices of a subscription, newest first."""
        with _in_our_words():
            return [_invoice(each) for each in self._api.invoices.list({"subscription": ref, "limit": 24}).data]


def init_app(app: Flask, payments: Payments | None) -> None:
    """Give the app its payment service; with None, billing is off."""
    app.extensions[EXTENSION] = payments


def payments() -> Payments:
    """Return the payment service of the current app; raises ``BillingOff``."""
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        raise BillingOff
    return cast("Payments", found)


def is_on() -> bool:
    """Whether a payment service is connected."""
    return current_app.extensions.get(EXTENSION) is not None


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the library's errors into ours. Their messages stay out: they can quote what was sent."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise PaymentServiceAway(type(error).__name__) from error
    except stripe.StripeError as error:
        failed = error.http_status is None or error.http_status >= 500
        raise (PaymentServiceFailed if failed else PaymentServiceRefused)(error.code or type(error).__name__) from error


def _state(found: stripe.Subscription) -> SubscriptionState:
    item = found["items"].data[0]
    return SubscriptionState(
        ref=found.id,
        item_ref=item.id,
        customer_ref=_ref(found.customer),
        status=found.status,
        plan=_plan_of(item.price),
        quantity=item.quantity or 0,
        unit_amount=item.price.unit_amount or 0,
        currency=item.price.currency,
        period_start=_time(item.current_period_start),
        period_end=_time(item.current_period_end),
        trial_end=_time(found.trial_end) if found.trial_end else None,
    )


def _checkout(found: stripe.checkout.Session) -> Checkout:
    subscription = _ref(found.subscription) if found.subscription else None
    return Checkout(found.id, cast("Any", found.status), found.url, subscription)


def _invoice(found: stripe.Invoice) -> Invoice:
    lines = tuple(
        InvoiceLine(
            quantity=line.quantity or 0,
            amount=line.amount,
            begins=_time(line.period.start),
            ends=_time(line.period.end),
            is_change=_is_change(line),
        )
        for line in found.lines.data
    )
    made_at = _time(found.next_payment_attempt or found.period_end if found.status == "draft" else found.created)
    return Invoice(lines, found.currency, found.total, found.amount_due, found.starting_balance, made_at)


def _is_change(line: stripe.InvoiceLineItem) -> bool:
    details = line.parent.subscription_item_details if line.parent else None
    return bool(details and details.proration)


def _plan_of(price: stripe.Price) -> Plan:
    return Plan((price.lookup_key or "").removeprefix(LOOKUP))


def _ref(found: object) -> str:
    return found if isinstance(found, str) else str(getattr(found, "id", ""))


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
