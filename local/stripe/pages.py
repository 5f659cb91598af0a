"""The stand-in's own pages: where an owner agrees to a plan, and where time can be let pass. No money moves."""

from datetime import UTC, datetime

from flask import Flask, Response, abort, redirect, render_template_string, request

from app.web.assets import asset
from local.stripe import ledger, shapes
from local.stripe.client import FakeStripe
from local.stripe.questions import finish_checkout
from local.stripe.store import Body, Refused, Store

A_DAY = 24 * 3600
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} · Test billing</title><meta name="color-scheme" content="light dark">
<link rel="icon" href="{{ asset('mark.svg') }}" type="image/svg+xml">
<link rel="stylesheet" href="{{ asset('css/tokens.css') }}"><link rel="stylesheet" href="{{ asset('css/base.css') }}">
<link rel="stylesheet" href="{{ asset('css/components.css') }}"></head><body>
<header class="topbar"><div class="wrap"><span class="brand-org">Test billing</span></div></header>
<main class="page wrap" id="main"><div class="door stack stack-5"><div class="notice">
<div><p><strong>Test billing: no money moves.</strong></p>
<p>This page stands in for the payment service on this machine.</p></div></div>
<h1>{{ title }}</h1>
"""
FOOT = "</div></main></body></html>"
CHECKOUT = (
    FRAME
    + """<dl class="pairs-of"><div><dt>Seats</dt><dd>{{ quantity }}</dd></div>
<div><dt>A seat</dt><dd>€{{ "%.2f" | format(cents / 100) }} a {{ interval }}</dd></div>
<div><dt>Free until</dt><dd>{{ trial or "not at all: paid from today on" }}</dd></div></dl>
<form method="post" class="stack stack-4"><p>Nothing is asked for: there is no card to give.</p>
<div class="row"><button class="btn primary" type="submit">Agree to this plan</button>
<a class="btn quiet" href="{{ cancel }}">Back without a plan</a></div></form>"""
    + FOOT
)
OVER = FRAME + '<p>There is nothing to agree to here any more.</p><p><a href="{{ back }}">Back to Kamu</a></p>' + FOOT
BOOKS = (
    FRAME
    + """<p>It is {{ now }} here.</p><form method="post" action="{{ here }}/clock" class="row">
<button class="btn" type="submit" name="days" value="1">Let a day pass</button>
<button class="btn" type="submit" name="days" value="31">Let a month pass</button></form>
<table class="table"><caption class="sr-only">Invoices</caption>
<thead><tr><th scope="col">Invoice</th><th scope="col">Made</th><th scope="col">Status</th>
<th scope="col" class="num">To pay</th></tr></thead><tbody>
{% for each in invoices %}<tr><th scope="row">{{ each.id }}</th><td>{{ day(each.created) }}</td>
<td>{{ each.status }}</td><td class="num">€{{ "%.2f" | format(each.amount_due / 100) }}</td></tr>{% endfor %}
</tbody></table>"""
    + FOOT
)


def make_pages(product: Flask, stripe: FakeStripe) -> Flask:
    """Make the small app of the stand-in; it takes its looks from the product and nothing else."""
    pages = Flask("local.stripe", static_folder=None)

    def show(template: str, title: str, **values: object) -> Response:
        with product.app_context():
            html = render_template_string(template, title=title, asset=asset, **values)
        return Response(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    @pages.get("/checkout/<session_id>")
    def look(session_id: str) -> Response:
        with stripe.memory() as store:
            found, values = _checkout(store, session_id)
        if found["status"] != "open":
            return show(OVER, "This payment page is over", back=found["success_url"])
        return show(CHECKOUT, "Kamu, by the seat", **values)

    @pages.post("/checkout/<session_id>")
    def agree(session_id: str) -> Response:
        with stripe.memory() as store:
            found = finish_checkout(store, _checkout(store, session_id)[0]["id"])
        return pages.make_response(redirect(found["success_url"], 303))

    @pages.get("/")
    def books() -> Response:
        with stripe.memory() as store:
            values = {"now": _day(store.now), "invoices": store.list("invoice")[::-1]}
        return show(BOOKS, "The books", day=_day, here=request.script_root, **values)

    @pages.post("/clock")
    def let_time_pass() -> Response:
        days = min(400, max(0, request.form.get("days", 0, int)))
        with stripe.memory() as store:
            ledger.let_time_pass(store, store.now + days * A_DAY)
        return pages.make_response(redirect(f"{request.script_root}/", 303))

    return pages


def _checkout(store: Store, session_id: str) -> tuple[Body, Body]:
    try:
        found = store.get("checkout", session_id)
    except Refused:
        abort(404)
    asked = store.get("wish", f"wish:{session_id}")["asked"]
    line = asked["line_items"][0]
    priced = shapes.price(line["price"].removeprefix("price_fake_"))
    trial = asked.get("subscription_data", {}).get("trial_end")
    values = {"quantity": line["quantity"], "cents": priced["unit_amount"], "interval": priced["recurring"]["interval"]}
    return found, values | {"trial": trial and _day(trial), "cancel": found["cancel_url"]}


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%-d %B %Y}"
