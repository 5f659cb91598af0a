"""The service as gunicorn serves it: ``gunicorn "wsgi:create_app()"``. Importing this module does nothing."""

import gc
import os

from flask import Flask

from app import factory
from app.billing import gateway
from app.billing import listeners as billing_listeners
from app.billing import schedule as billing_schedule
from app.closing import schedule as closing_schedule
from app.disclosure import schedule as disclosure_schedule
from app.domains import gateway as domains_gateway
from app.domains import listeners as domains_listeners
from app.domains import schedule as domains_schedule
from app.matching import listeners as matching_listeners
from app.matching import schedule as matching_schedule
from app.pairs import listeners as pairs_listeners
from app.pairs import schedule as pairs_schedule
from app.rights import schedule as rights_schedule
from app.roles import listeners as roles_listeners
from app.roles import schedule as roles_schedule
from app.scim import listeners as scim_listeners
from app.settings import Settings
from app.sign_in import schedule as sign_in_schedule
from onboarding import listeners, schedule


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app for ``settings``, by default those of the environment, and mount the set-up guide on it."""
    app = factory.build_app(settings or Settings.from_environment(os.environ))
    factory.mount(app, "onboarding")
    _connect_set_up()
    _connect_matching()
    _connect_closings()
    _connect_domains(app)
    _connect_payments(app)
    _look_less_for_garbage()
    return app


def _connect_set_up() -> None:
    """Let the set-up guide hear what features say, and wake it by the clock."""
    listeners.subscribe()
    schedule.init_app()
    sign_in_schedule.init_app()


def _connect_matching() -> None:
    """Let questions and pairs follow choices and access; let them end, and figures be counted, in their time."""
    matching_listeners.subscribe()
    pairs_listeners.subscribe()
    matching_schedule.init_app()
    pairs_schedule.init_app()
    rights_schedule.init_app()
    disclosure_schedule.init_app()


def _connect_closings() -> None:
    """Let organisations end when their day has come, and what others know of them in control end with them."""
    closing_schedule.init_app()
    roles_listeners.subscribe()
    scim_listeners.subscribe()
    roles_schedule.init_app()


def _connect_domains(app: Flask) -> None:
    """Let the records of domains be looked for, now and by the clock."""
    domains_gateway.init_app(app)
    domains_listeners.subscribe()
    domains_schedule.init_app()


def _connect_payments(app: Flask) -> None:
    """Count seats; charge for them through the service behind the key, on a local machine through a stand-in."""
    known: Settings = app.config["KAMU"]
    payments = gateway.Payments(known.stripe_secret_key) if known.stripe_secret_key else None
    if payments is None and known.is_local:
        from local.stripe.mount import stand_in

        payments = stand_in(app)
    gateway.init_app(app, payments)
    billing_listeners.subscribe()
    billing_schedule.init_app()


def _look_less_for_garbage() -> None:
    """What is loaded stays loaded: looking through it again and again takes a quarter of the time of long work."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
