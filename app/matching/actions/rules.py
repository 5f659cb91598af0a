"""Deciding on the organisation's switches."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.access.actor import Actor
from app.matching.events import rules_decided
from app.matching.models import MatchingRules
from app.matching.policies.rules import Rules
from tenants.models import new_id
from tenants.unit_of_work import session


def decide_rules(rules: Rules, *, by: Actor, now: datetime) -> None:
    """Set the switches: suggestions follow them at once, the figures with the next count. No pair is parted."""
    decided = {**asdict(rules), "account_id": by.id, "decided_at": now}
    row = insert(MatchingRules).values(id=new_id(), slot=1, **decided)
    session().execute(row.on_conflict_do_update(index_elements=["slot"], set_=decided))
    session().expire_all()  # what was read of it before is no longer so
    rules_decided()
