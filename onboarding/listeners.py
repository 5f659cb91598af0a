"""What this part hears: the directory, the sign-in or the plan of an organisation changed."""

from app.billing.events import on_plan_changed
from app.clock import now
from app.people.events import on_people_changed
from app.sign_in.events import on_connection_changed
from onboarding.actions.report_progress import report_progress


def subscribe() -> None:
    """Listen; once, however often it is called."""
    for event in (on_people_changed, on_connection_changed, on_plan_changed):
        if tell_progress not in event:
            event.append(tell_progress)


def tell_progress() -> None:
    """In the unit of work of the change: tell the control plane how far the organisation is."""
    report_progress(now=now())
