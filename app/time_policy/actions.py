"""Deciding on time."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.access.actor import Actor
from app.time_policy.events import time_decided
from app.time_policy.models import TimePolicy
from app.time_policy.policies import Terms
from tenants.models import new_id
from tenants.unit_of_work import session


def decide_time(terms: Terms, *, by: Actor, now: datetime) -> None:
    """Promise these terms from now on."""
    decided = {**asdict(terms), "account_id": by.id, "decided_at": now}
    row = insert(TimePolicy).values(id=new_id(), slot=1, **decided)
    session().execute(row.on_conflict_do_update(index_elements=["slot"], set_=decided))
    session().expire_all()  # what was read of it before is no longer so
    time_decided()
