"""What this part does by the clock, outside any unit of work."""

from app.clock import now
from app.schedule import every
from onboarding.actions import launch_kamu, open_place
from tenants.unit_of_work import control_work


def init_app() -> None:
    """Schedule the tasks."""
    every(30, resume_sign_ups)
    every(60, launch_due)
    every(3600, sweep_sign_ups)


def resume_sign_ups() -> None:
    """Take up each confirmed sign-up that stands still."""
    with control_work():
        open_place.resume_sign_ups(now=now())


def sweep_sign_ups() -> None:
    """Forget wishes that nobody confirmed."""
    with control_work():
        open_place.sweep_sign_ups(now=now())


def launch_due() -> None:
    """Have each organisation whose morning has come launch."""
    with control_work():
        launch_kamu.ask_due_organisations(now=now())
