"""The questions that the stand-in understands: how each is asked, and what it does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe
from stripe import params as p
from stripe.params import checkout as c

from local.stripe import ledger, shapes
from local.stripe.store import Body, Refused, Store

Handler = Callable[..., Body]


@dataclass(frozen=True)
class Question:
    """A method and a path, what may be asked with it, what is answered, and who answers."""

    method: str
    path: str
    params: Any
    answer: Any
    handler: Handler

    def match(self, method: str, path: str) -> re.Match[str] | None:
        """Tell whether a request is this question; its groups are the ids in the path."""
        return re.fullmatch(self.path, path) if method == self.method else None


def list_prices(_store: Store, asked: Body, _url: str) -> Body:
    """Both seeded prices, or those with the wanted keys."""
    found = [shapes.price(plan) for plan in shapes.CENTS]
    keys = asked.get("lookup_keys")
    return shapes.a_list("/v1/prices", [each for each in found if not keys or each["lookup_key"] in keys])


def add_customer(store: Store, asked: Body, _url: str) -> Body:
    """A new customer."""
    return store.put("customer", shapes.customer(store.new_id("cus"), store.now, asked))


def open_checkout(store: Store, asked: Body, page_url: str) -> Body:
    """An open payment page for one price."""
    store.get("customer", asked["customer"])
    lines = asked["line_items"]
    if len(lines) != 1 or lines[0]["quantity"] < 1:
        raise Refused(400, "invalid_request", "one line with a quantity is needed")
    trial = asked.get("subscription_data", {}).get("trial_end")
    if trial is not None and trial < store.now + 48 * 3600:
        raise Refused(400, "invalid_request", "trial_end must be at least 2 days in the future")
    session_id = store.new_id("cs")
    opened = shapes.checkout(session_id, store.now, asked, f"{page_url}/checkout/{session_id}")
    store.put("wish", {"id": f"wish:{session_id}", "asked": asked})
    return store.put("checkout", opened)


def find_checkout(store: Store, _asked: Body, _url: str, session_id: str) -> Body:
    """One payment page."""
    return store.get("checkout", session_id)


def close_checkout(store: Store, _asked: Body, _url: str, session_id: str) -> Body:
    """An open payment page closes; a finished one stays."""
    found = store.get("checkout", session_id)
    if found["status"] != "open":
        raise Refused(400, "invalid_request", "Only open sessions can be expired")
    return store.put("checkout", found | {"status": "expired", "url": None})


def finish_checkout(store: Store, session_id: str) -> Body:
    """Somebody agreed on the payment page: the subscription begins. Twice the same begins one."""
    found = store.get("checkout", session_id)
    if found["status"] != "open":
        return found
    asked = store.get("wish", f"wish:{session_id}")["asked"]
    line = asked["line_items"][0]
    plan = str(line["price"]).removeprefix("price_fake_")
    begun = ledger.begin(store, asked["customer"], plan, line["quantity"], asked.get("subscription_data", {}))
    values = {"status": "complete", "payment_status": "paid", "subscription": begun["id"], "url": None}
    return store.put("checkout", found | values)


def find_subscription(store: Store, _asked: Body, _url: str, ref: str) -> Body:
    """One subscription."""
    return store.get("subscription", ref)


def change_subscription(store: Store, asked: Body, _url: str, ref: str) -> Body:
    """Another quantity, or another end of the trial."""
    found = store.get("subscription", ref)
    if "trial_end" in asked:
        ledger.end_trial(store, found, None if asked["trial_end"] == "now" else asked["trial_end"])
    _change_item(store, found, asked, store.now)
    return store.put("subscription", found)


def cancel_subscription(store: Store, _asked: Body, _url: str, ref: str) -> Body:
    """It ends now; what waited for the next invoice is never asked for."""
    found = store.get("subscription", ref)
    if found["status"] == "canceled":
        raise Refused(404, "resource_missing", "No such subscription")
    return store.put("subscription", found | {"status": "canceled", "canceled_at": store.now, "ended_at": store.now})


def preview(store: Store, asked: Body, _url: str) -> Body:
    """The coming invoice; a wished change is made, looked at and unmade by the transaction's end."""
    found = store.get("subscription", asked["subscription"])
    wished = asked.get("subscription_details", {})
    _change_item(store, found, wished, store.now)
    return ledger.preview(store, found)


def list_invoices(store: Store, asked: Body, _url: str) -> Body:
    """Invoices of a subscription, newest first."""
    parent = {"subscription_details": {"subscription": asked["subscription"]}}
    return shapes.a_list("/v1/invoices", store.list("invoice", parent=parent)[::-1][: asked.get("limit", 10)])


def _change_item(store: Store, found: Body, asked: Body, now: int) -> None:
    for item in asked.get("items", []):
        if item.get("id") != ledger.item_of(found)["id"]:
            raise Refused(404, "resource_missing", "No such subscription item")
        prorate = asked.get("proration_behavior", "create_prorations") == "create_prorations"
        at = asked.get("proration_date", now)
        ledger.change_quantity(store, found, item["quantity"], at=at, prorate=prorate)


QUESTIONS = (
    Question("get", "/v1/prices", p.PriceListParams, stripe.Price, list_prices),
    Question("post", "/v1/customers", p.CustomerCreateParams, stripe.Customer, add_customer),
    Question("post", "/v1/checkout/sessions", c.SessionCreateParams, stripe.checkout.Session, open_checkout),
    Question(
        "post", r"/v1/checkout/sessions/(\w+)/expire", c.SessionExpireParams, stripe.checkout.Session, close_checkout
    ),
    Question("get", r"/v1/checkout/sessions/(\w+)", c.SessionRetrieveParams, stripe.checkout.Session, find_checkout),
    Question("get", r"/v1/subscriptions/(\w+)", p.SubscriptionRetrieveParams, stripe.Subscription, find_subscription),
    Question("post", r"/v1/subscriptions/(\w+)", p.SubscriptionUpdateParams, stripe.Subscription, change_subscription),
    Question(
        "delete", r"/v1/subscriptions/(\w+)", p.SubscriptionCancelParams, stripe.Subscription, cancel_subscription
    ),
    Question("post", "/v1/invoices/create_preview", p.InvoiceCreatePreviewParams, stripe.Invoice, preview),
    Question("get", "/v1/invoices", p.InvoiceListParams, stripe.Invoice, list_invoices),
)
PREVIEW = "/v1/invoices/create_preview"
