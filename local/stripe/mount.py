"""Puts the stand-in behind a product app that has no key for the real service."""

import os

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.billing.gateway import Payments
from app.settings import Settings
from local.errors import LocalError
from local.stripe.client import FakeStripe
from local.stripe.pages import make_pages
from local.stripe.schema import address

PATH = "/test-billing"
KEY = "sk_test_fake"


def stand_in(app: Flask) -> Payments:
    """Give the app payments that end on this machine, and mount the stand-in's pages on the start host."""
    known: Settings = app.config["KAMU"]
    if known.stripe_secret_key or os.environ.get("STRIPE_SECRET_KEY"):
        raise LocalError("STRIPE_SECRET_KEY is set: the stand-in for the payment service does not start beside it.")
    if not known.is_local:
        raise LocalError("The stand-in for the payment service runs with KAMU_ENV=local only.")
    fake = FakeStripe(address(known.database_url, known.secret_key), f"{known.scheme}://{known.base_host}{PATH}")
    pages = make_pages(app, fake)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PATH: pages.wsgi_app})  # type: ignore[method-assign]
    app.extensions["local_stripe"] = fake
    return Payments(KEY, fake)
