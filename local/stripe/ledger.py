"""Subscriptions of the stand-in: they begin, change and are invoiced, and time passes for them."""

from local.stripe import shapes
from local.stripe.money import next_after, prorations
from local.stripe.store import Body, Refused, Store


def item_of(subscribed: Body) -> Body:
    """The one item of a subscription."""
    found: Body = subscribed["items"]["data"][0]
    return found


def plan_of(subscribed: Body) -> str:
    """``monthly`` or ``yearly``."""
    return str(item_of(subscribed)["price"]["lookup_key"]).removeprefix("kamu_seat_")


def begin(store: Store, customer_id: str, plan: str, quantity: int, wishes: Body) -> Body:
    """Begin a subscription: on trial until ``wishes["trial_end"]``, or invoiced for its first period at once."""
    ids = (store.new_id("sub"), store.new_id("si"))
    begun = shapes.subscription(ids, customer_id, store.now, shapes.price(plan), quantity)
    interval = wishes.get("pending_invoice_item_interval")
    if interval:
        begun["pending_invoice_item_interval"] = interval
    if wishes.get("trial_end"):
        begun |= {"status": "trialing", "trial_start": store.now, "trial_end": wishes["trial_end"]}
        begun["billing_cycle_anchor"] = wishes["trial_end"]
        item_of(begun)["current_period_end"] = wishes["trial_end"]
        _plan_pending(begun, wishes["trial_end"])
        return store.put("subscription", begun)
    _turn(store, begun, store.now)
    return store.put("subscription", begun)


def change_quantity(store: Store, subscribed: Body, quantity: int, *, at: int, prorate: bool) -> None:
    """Set the quantity; outside a trial the difference for the rest of the period waits for the next invoice."""
    item = item_of(subscribed)
    period = (item["current_period_start"], item["current_period_end"])
    if not period[0] <= at <= period[1]:
        raise Refused(400, "invalid_request", "The proration date is outside of the current period")
    if prorate and subscribed["status"] != "trialing" and quantity != item["quantity"]:
        before = item["quantity"]
        for seats, amount in prorations(item["price"]["unit_amount"], before, quantity, at, period):
            words = "Unused time on" if amount < 0 else "Remaining time on"
            waiting = {"id": store.new_id("ii"), "subscription": subscribed["id"], "item": item["id"], "amount": amount}
            waiting |= {"quantity": seats, "begins": at, "ends": period[1], "proration": True}
            store.put("waiting", waiting | {"text": f"{words} {seats} × Kamu seat"})
    item["quantity"] = quantity


def preview(store: Store, subscribed: Body) -> Body:
    """The coming invoice as it would be made."""
    at, with_period = _next_invoice(store, subscribed)
    return _draft(store, subscribed, at, with_period=with_period, invoice_id=store.new_id("upcoming_in"))


def let_time_pass(store: Store, to: int) -> None:
    """Move the clock; whatever falls due on the way happens at its own time, in order."""
    while True:
        due = [
            (_due_at(store, each), each["id"])
            for each in store.list("subscription")
            if each["status"] in {"trialing", "active", "past_due"}
        ]
        soonest = min(due, default=(to + 1, ""))
        if soonest[0] > to:
            break
        store.move_clock(to=soonest[0])
        _fall_due(store, store.get("subscription", soonest[1]), soonest[0])
    store.move_clock(to=to)


def end_trial(store: Store, subscribed: Body, at: int | None) -> None:
    """Let a trial end at another time; None is now."""
    if subscribed["status"] != "trialing":
        raise Refused(400, "invalid_request", "This subscription is not on trial")
    if at is not None and at <= store.now:
        raise Refused(400, "invalid_request", "trial_end must be in the future, or now")
    ends = at or store.now
    subscribed |= {"trial_end": ends, "billing_cycle_anchor": ends}
    item_of(subscribed)["current_period_end"] = ends
    _plan_pending(subscribed, ends)
    if at is None:
        _fall_due(store, subscribed, ends)


def _due_at(store: Store, subscribed: Body) -> int:
    ends = int(item_of(subscribed)["current_period_end"])
    interval, waiting = subscribed["pending_invoice_item_interval"], _waiting(store, subscribed)
    if not interval or not waiting:
        return ends
    oldest = min(each["begins"] for each in waiting)
    return min(ends, next_after(subscribed["billing_cycle_anchor"], interval["interval_count"], oldest))


def _next_invoice(store: Store, subscribed: Body) -> tuple[int, bool]:
    """When the next invoice is made, and whether it holds the next period."""
    at = _due_at(store, subscribed)
    return at, at == item_of(subscribed)["current_period_end"]


def _fall_due(store: Store, subscribed: Body, at: int) -> None:
    if at == item_of(subscribed)["current_period_end"]:
        if subscribed["status"] == "trialing":
            subscribed["status"] = "active"
        _turn(store, subscribed, at)
    else:
        _issue(store, subscribed, at, with_period=False)
        _plan_pending(subscribed, at)
    store.put("subscription", subscribed)


def _turn(store: Store, subscribed: Body, at: int) -> None:
    """Begin the next period at ``at`` and invoice it."""
    _issue(store, subscribed, at, with_period=True)
    item = item_of(subscribed)
    item["current_period_start"] = at
    item["current_period_end"] = _period_end(subscribed, at)
    _plan_pending(subscribed, at)


def _period_end(subscribed: Body, at: int) -> int:
    return next_after(subscribed["billing_cycle_anchor"], shapes.MONTHS[plan_of(subscribed)], at)


def _plan_pending(subscribed: Body, at: int) -> None:
    if subscribed["pending_invoice_item_interval"]:
        count = subscribed["pending_invoice_item_interval"]["interval_count"]
        subscribed["next_pending_invoice_item_invoice"] = next_after(subscribed["billing_cycle_anchor"], count, at)


def _draft(store: Store, subscribed: Body, at: int, *, with_period: bool, invoice_id: str) -> Body:
    lines = [shapes.line(each["id"].replace("ii_", "il_"), each) for each in _waiting(store, subscribed)]
    item = item_of(subscribed)
    if with_period:
        values = {"quantity": item["quantity"], "amount": item["quantity"] * item["price"]["unit_amount"]}
        values |= {"begins": at, "ends": _period_end(subscribed, at), "proration": False, "item": item["id"]}
        values |= {"subscription": subscribed["id"], "text": f"{item['quantity']} × Kamu seat"}
        lines.append(shapes.line(store.new_id("il"), values))
    balance = store.get("customer", subscribed["customer"])["balance"]
    return shapes.invoice(invoice_id, at, subscribed, lines, balance)


def _waiting(store: Store, subscribed: Body) -> list[Body]:
    return store.list("waiting", subscription=subscribed["id"])


def _issue(store: Store, subscribed: Body, at: int, *, with_period: bool) -> None:
    """Make the invoice real and pay it, or leave it open when the customer's card is declined."""
    made = _draft(store, subscribed, at, with_period=with_period, invoice_id=store.new_id("in"))
    customer = store.get("customer", subscribed["customer"])
    declined = bool(customer["metadata"].get("declines")) and made["amount_due"] > 0
    made |= {"billing_reason": "subscription_cycle", "status": "open" if declined else "paid", "attempted": True}
    if not declined:
        made |= {"amount_paid": made["amount_due"], "amount_remaining": 0}
    customer["balance"] = made["ending_balance"]
    store.put("customer", customer)
    store.put("invoice", made)
    for each in _waiting(store, subscribed):
        store.remove(each["id"])
    if subscribed["status"] != "trialing":
        subscribed["status"] = "past_due" if declined else "active"
