"""What this part hears: something that a step is computed from changed in an organisation."""

from app.billing.events import on_plan_changed
from app.clock import now
from app.closing.events import on_organisation_erased
from app.matching.events import on_rules_decided
from app.people.events import on_people_changed
from app.readiness.events import on_question_answered
from app.roles.events import on_roles_changed
from app.sign_in.events import on_connection_changed
from app.time_policy.events import on_time_decided
from app.training.events import on_training_offered
from onboarding.actions.open_place import forget_sign_up
from onboarding.actions.report_progress import report_progress

EVENTS = (
    on_connection_changed,
    on_people_changed,
    on_plan_changed,
    on_question_answered,
    on_roles_changed,
    on_rules_decided,
    on_time_decided,
    on_training_offered,
)


def subscribe() -> None:
    """Listen; once, however often it is called."""
    for event in EVENTS:
        if tell_progress not in event:
            event.append(tell_progress)
    if forget_sign_up not in on_organisation_erased:
        on_organisation_erased.append(forget_sign_up)


def tell_progress() -> None:
    """In the unit of work of the change: tell the control plane how far the organisation is."""
    report_progress(now=now())
