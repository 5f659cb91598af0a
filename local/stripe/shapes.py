"""Stripe's objects as the stand-in makes them: all that the SDK's resource classes need, and nothing else."""

from typing import Any

from local.stripe.store import Body

CENTS = {"monthly": 400, "yearly": 4200}
MONTHS = {"monthly": 1, "yearly": 12}
PRODUCT = "prod_fake_seat"
OFF: Body = {"enabled": False, "liability": None, "disabled_reason": None}


def price(plan: str) -> Body:
    """The seeded price of a seat."""
    return {
        "id": f"price_fake_{plan}",
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": 0,
        "currency": "eur",
        "livemode": False,
        "lookup_key": f"kamu_seat_{plan}",
        "metadata": {},
        "product": PRODUCT,
        "recurring": {
            "interval": "year" if plan == "yearly" else "month",
            "interval_count": 1,
            "usage_type": "licensed",
        },
        "type": "recurring",
        "unit_amount": CENTS[plan],
    }


def customer(customer_id: str, now: int, params: Body) -> Body:
    """A customer without any balance."""
    own = {key: params.get(key) for key in ("name", "email")}
    values = {"object": "customer", "created": now, "livemode": False, "balance": 0}
    return {"id": customer_id, **values, **own, "metadata": params.get("metadata", {})}


def subscription(ids: tuple[str, str], customer_id: str, now: int, priced: Body, quantity: int) -> Body:
    """A subscription with one item; its period is set by whoever begins it."""
    item = {
        "id": ids[1],
        "object": "subscription_item",
        "created": now,
        "current_period_start": now,
        "current_period_end": now,
        "discounts": [],
        "metadata": {},
        "plan": _plan(priced),
        "price": priced,
        "quantity": quantity,
        "subscription": ids[0],
    }
    return {
        "id": ids[0],
        "object": "subscription",
        "automatic_tax": OFF,
        "billing_cycle_anchor": now,
        "billing_mode": {"type": "flexible", "flexible": None},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "collection_method": "charge_automatically",
        "created": now,
        "currency": "eur",
        "customer": customer_id,
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": _list("/v1/subscription_items", [item]),
        "livemode": False,
        "metadata": {},
        "start_date": now,
        "status": "active",
        "trial_end": None,
        "trial_start": None,
        "pending_invoice_item_interval": None,
        "next_pending_invoice_item_invoice": None,
    }


def checkout(session_id: str, now: int, params: Body, url: str) -> Body:
    """An open payment page."""
    return {
        "id": session_id,
        "object": "checkout.session",
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "created": now,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": params.get("customer"),
        "expires_at": now + 24 * 3600,
        "livemode": False,
        "mode": params["mode"],
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "subscription": None,
        "success_url": params.get("success_url"),
        "url": url,
    }


def line(line_id: str, values: Body) -> Body:
    """A line of an invoice. ``values``: quantity, amount, begins, ends, proration, text, subscription, item."""
    parent = {
        "type": "subscription_item_details",
        "subscription_item_details": {
            "invoice_item": None,
            "proration": values["proration"],
            "proration_details": None,
            "subscription": values["subscription"],
            "subscription_item": values["item"],
        },
        "invoice_item_details": None,
    }
    return {
        "id": line_id,
        "object": "line_item",
        "amount": values["amount"],
        "currency": "eur",
        "description": values["text"],
        "discountable": not values["proration"],
        "discounts": [],
        "livemode": False,
        "metadata": {},
        "parent": parent,
        "period": {"start": values["begins"], "end": values["ends"]},
        "quantity": values["quantity"],
        "subscription": values["subscription"],
        "subtotal": values["amount"],
    }


def invoice(invoice_id: str, at: int, subscribed: Body, lines: list[Body], balance: int) -> Body:
    """An invoice as a draft. ``balance`` is the customer's: negative when something is left in their favour."""
    total = sum(each["amount"] for each in lines)
    due = max(0, total + balance)
    zero = ("amount_overpaid", "amount_paid", "amount_shipping", "attempt_count", "post_payment_credit_notes_amount",
            "pre_payment_credit_notes_amount")  # fmt: skip
    return {
        "id": invoice_id,
        "object": "invoice",
        **dict.fromkeys(zero, 0),
        "amount_due": due,
        "amount_remaining": due,
        "attempted": False,
        "automatic_tax": {
            "enabled": False,
            "disabled_reason": None,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "billing_reason": "upcoming",
        "collection_method": "charge_automatically",
        "created": at,
        "currency": "eur",
        "customer": subscribed["customer"],
        "default_tax_rates": [],
        "discounts": [],
        "ending_balance": min(0, total + balance),
        "issuer": {"type": "self"},
        "lines": _list("/v1/invoices/lines", lines),
        "livemode": False,
        "parent": {
            "type": "subscription_details",
            "subscription_details": {"metadata": None, "subscription": subscribed["id"]},
            "quote_details": None,
        },
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_start": at,
        "period_end": at,
        "next_payment_attempt": at,
        "starting_balance": balance,
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        "subtotal": total,
        "total": total,
    }


def a_list(url: str, data: list[Body]) -> Body:
    """A page of a list, which is the whole of it."""
    return _list(url, data)


def _list(url: str, data: list[Body]) -> Body:
    return {"object": "list", "data": data, "has_more": False, "url": url}


def _plan(priced: Body) -> dict[str, Any]:
    return {
        "id": priced["id"],
        "object": "plan",
        "active": True,
        "amount": priced["unit_amount"],
        "billing_scheme": "per_unit",
        "created": 0,
        "currency": "eur",
        "interval": priced["recurring"]["interval"],
        "interval_count": 1,
        "livemode": False,
        "product": PRODUCT,
        "usage_type": "licensed",
    }
