"""From sign-up to launch: how an organisation gets its place and lights its windows."""

from flask import Flask


def mount(app: Flask) -> None:
    """Put the guided set-up on the product: its pages, its jobs, what it listens to, what it does by the clock."""
    from app import factory
    from onboarding import listeners, schedule

    factory.mount(app, "onboarding")
    listeners.subscribe()
    schedule.init_app()
