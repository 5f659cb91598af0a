"""What closings do by the clock, outside any unit of work."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from app.billing.actions.choose_plan import forget_bills
from app.clock import now
from app.closing.actions import erase
from app.closing.models import ClosingState
from app.closing.policies import BILLS_KEPT
from app.closing.queries.control import list_to_remind, list_under_way
from app.schedule import every
from tenants import lifecycle
from tenants.models import ControlOutbox
from tenants.outbox import later, later_in_tenant
from tenants.unit_of_work import control_work, session

A_MINUTE, AN_HOUR = 60, 3600


def init_app() -> None:
    """Schedule the tasks."""
    every(A_MINUTE, begin_due)
    every(A_MINUTE, resume_under_way)
    every(AN_HOUR, remind)
    every(AN_HOUR, sweep)


def begin_due() -> None:
    """Begin the erasures whose day has come, as many as may within a day."""
    with control_work():
        erase.begin_due(now=now())


def resume_under_way() -> None:
    """Take up each erasure that has begun and for which nothing waits to be done."""
    with control_work():
        for closing in list_under_way():
            if _waits("closing.go_on", "closing.shut", "closing.drop", closing_id=str(closing.id)):
                continue
            if closing.state == ClosingState.RECEIPTS_SENT:
                later("closing.drop", closing_id=str(closing.id))
            else:
                later("closing.go_on", closing_id=str(closing.id))


def _waits(*jobs: str, closing_id: str) -> bool:
    about: ColumnElement[bool] = ControlOutbox.args["closing_id"].astext == closing_id
    # What failed for good is tried anew after an hour, not every minute.
    rests = ControlOutbox.dead_at > now() - timedelta(seconds=AN_HOUR)
    waiting = select(ControlOutbox.id).where(
        about, ControlOutbox.job.in_(jobs), ControlOutbox.dead_at.is_(None) | rests
    )
    return session().scalar(waiting.limit(1)) is not None


def remind() -> None:
    """Have everybody reminded whose organisation closes within a week; nobody is reminded twice."""
    with control_work():
        for closing in list_to_remind(now()):
            later_in_tenant(closing.tenant_id, "closing.remind", closing_id=str(closing.id))


def sweep() -> None:
    """Have retired schemas dropped; forget the bills that need not be kept any more."""
    with control_work():
        if lifecycle.list_droppable(now=now()):
            later("closing.drop_retired")
        forget_bills(erased_before=now() - BILLS_KEPT)
