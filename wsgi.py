"""The service as gunicorn serves it: ``gunicorn "wsgi:create_app()"``. Importing this module does nothing."""

import os

from flask import Flask

from app import factory
from app.settings import Settings
from onboarding import listeners, schedule


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app for ``settings``, by default those of the environment, and mount the set-up guide on it."""
    app = factory.build_app(settings or Settings.from_environment(os.environ))
    factory.mount(app, "onboarding")
    _connect_set_up()
    return app


def _connect_set_up() -> None:
    """Let the set-up guide hear what features say, and wake it by the clock."""
    listeners.subscribe()
    schedule.init_app()
