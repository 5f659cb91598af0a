"""Pairs follow the directory: they rest while one of the two has no access, and end when somebody's work has.

What the two keep stays as it is, meetings and told goals too: after a wrong date, or a year's leave, they go on.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.choices.models import Participation
from app.pairs.actions.end_pair import end_now
from app.pairs.models import LASTING, Pair, PairState
from app.pairs.policies import ENDS_AFTER, LONGEST_REST, local, work_is_over
from app.people.models import Person
from app.people.policies import is_away, is_here
from tenants.unit_of_work import session


def follow_access(*, person_id: UUID, now: datetime) -> None:
    """Let somebody's pairs rest or go on, as their row says now. No pair of theirs begins before this is committed."""
    choices = select(Participation.person_id).where(Participation.person_id == person_id)
    session().execute(choices.with_for_update())
    theirs = select(Pair).where(LASTING, or_(Pair.kamu_id == person_id, Pair.kaveri_id == person_id))
    held = theirs.order_by(Pair.id).with_for_update().execution_options(populate_existing=True)
    _settle_all(session().scalars(held).all(), now)


def follow_directory(*, now: datetime) -> None:
    """Let pairs rest, go on and end by the days of everybody: what the directory says acts from its day on."""
    away = select(Person.id).where(~is_here(local(now).date()))
    either = or_(Pair.state == PairState.RESTING, Pair.kamu_id.in_(away), Pair.kaveri_id.in_(away))
    theirs = select(Pair).where(LASTING, either).order_by(Pair.id).with_for_update(skip_locked=True)
    _settle_all(session().scalars(theirs.execution_options(populate_existing=True)).all(), now)


def _settle_all(pairs: Sequence[Pair], now: datetime) -> None:
    """Settle pairs that are held: only now is it certain how both are, if two changes come at once."""
    ids = {person_id for pair in pairs for person_id in (pair.kamu_id, pair.kaveri_id)}
    found = select(Person).where(Person.id.in_(ids)).execution_options(populate_existing=True)
    people = {person.id: person for person in session().scalars(found)} if ids else {}
    for pair in pairs:
        _settle(pair, people[pair.kamu_id], people[pair.kaveri_id], now)


def _settle(pair: Pair, kamu: Person, kaveri: Person, now: datetime) -> None:
    """Let it rest first, even if a day long ago was written today: what ends is never a slip of the pen."""
    today = local(now).date()
    is_over = any(work_is_over(each.ends_on, now) for each in (kamu, kaveri))
    if is_away(kamu, today) or is_away(kaveri, today):
        if pair.rested_at is None:
            pair.state, pair.rested_at = PairState.RESTING, now
        elif pair.rested_at + (ENDS_AFTER if is_over else LONGEST_REST) <= now:
            end_now(pair, now=now)
    elif pair.rested_at is not None:
        pair.state, pair.rested_at = PairState.PAUSED if pair.paused_at else PairState.LIVE, None
