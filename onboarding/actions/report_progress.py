"""How far an organisation is, told to the control plane: states of steps and a coarse number of people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from onboarding.policies import first_mail_at
from onboarding.queries.facts import read_facts
from onboarding.steps import progress_of
from tenants.models import TenantProgress
from tenants.outbox import later_in_control
from tenants.unit_of_work import current, session

RANGES = ((0, None), (5, "1–4"), (50, "5–49"), (100, "50–99"), (250, "100–249"), (500, "250–499"), (1000, "500–999"))


def report_progress(*, now: datetime) -> None:
    """From an organisation's unit of work: have the control plane know the state of each step."""
    tenant = current().tenant
    if tenant is None:
        return
    session().flush()  # flush: the states are read from what this unit of work has just changed
    progress = progress_of(read_facts())
    facts = progress.facts
    later_in_control(
        "onboarding.record_progress",
        tenant_id=str(tenant.id),
        steps={key: state.value for key, state in progress.states.items()},
        people_range=people_range(facts.people),
        launch_on=first_mail_at(facts.planned_for).isoformat() if facts.planned_for else None,
        launched_at=facts.launched_at.isoformat() if facts.launched_at else None,
        as_of=now.isoformat(),
    )


def record_progress(
    *,
    tenant_id: UUID,
    steps: dict[str, str],
    people_range: str | None,
    launch_on: datetime | None,
    launched_at: datetime | None,
    as_of: datetime,
) -> None:
    """In the control plane: keep what an organisation reported, unless something newer is known."""
    told = {
        "steps": steps,
        "people_range": people_range,
        "launch_on": launch_on,
        "launched_at": launched_at,
        "as_of": as_of,
    }
    row = insert(TenantProgress).values(tenant_id=tenant_id, **told)
    newer = TenantProgress.as_of <= row.excluded.as_of
    session().execute(row.on_conflict_do_update(index_elements=["tenant_id"], set_=told, where=newer))


def people_range(people: int) -> str | None:
    """Name the size of a directory without counting it; None while it is empty."""
    if people == 0:
        return None
    return next((name for below, name in RANGES if people < below and name), "1000+")
