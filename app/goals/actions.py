"""Goals belong to one person. Everything here is done by that person; what they write is sealed in their own space."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.goals.errors import GoalIsClosed, NoKamuToTell
from app.goals.models import FollowUp, Goal, How
from app.goals.queries import get_own_goal_row
from app.pairs.models import Pair, PairState
from app.vault import hold_space, own_space, seal_text
from tenants.models import new_id
from tenants.unit_of_work import session


def add_goal(*, owner_id: UUID, line: str, look_back_on: date, now: datetime) -> Goal:
    """Keep a goal, for its owner alone."""
    row_id = new_id()
    sealed = _seal(line, owner_id, row_id)
    goal = Goal(id=row_id, owner_id=owner_id, line=sealed, look_back_on=look_back_on, state="open", created_at=now)
    session().add(goal)
    session().flush()  # flush: it may be told in the same transaction
    return goal


def change_goal(*, goal_id: UUID, owner_id: UUID, line: str, look_back_on: date) -> None:
    """Put a goal in other words, or move its day. Raises NotHere."""
    goal = _hold(goal_id, owner_id)
    goal.line, goal.look_back_on = _seal(line, owner_id, goal.id), look_back_on


def follow_up(*, goal_id: UUID, owner_id: UUID, how: How, line: str, look_back_on: date, now: datetime) -> None:
    """Say how a goal goes, with a line if wanted, and when to look next. Letting it go closes it.

    Raises NotHere, GoalIsClosed.
    """
    goal = _hold(goal_id, owner_id)
    if goal.state != "open":
        raise GoalIsClosed
    row_id = new_id()
    sealed = _seal(line, owner_id, row_id) if line else None
    session().add(FollowUp(id=row_id, goal_id=goal.id, how=how.value, line=sealed, created_at=now))
    if how is How.LET_GO:
        _close(goal, "let_go", now)
    else:
        goal.look_back_on = look_back_on


def reach_goal(*, goal_id: UUID, owner_id: UUID, now: datetime) -> None:
    """Close a goal that was reached. Raises NotHere."""
    _close(_hold(goal_id, owner_id), "reached", now)


def reopen_goal(*, goal_id: UUID, owner_id: UUID, look_back_on: date) -> None:
    """Take a closed goal up again, for oneself alone. Raises NotHere."""
    goal = _hold(goal_id, owner_id)
    if goal.state != "open":
        goal.state, goal.closed_at, goal.told_pair_id, goal.look_back_on = "open", None, None, look_back_on


def remove_goal(*, goal_id: UUID, owner_id: UUID) -> None:
    """Remove a goal and its follow-ups. Raises NotHere."""
    goal = _hold(goal_id, owner_id)
    session().execute(delete(FollowUp).where(FollowUp.goal_id == goal.id))
    session().delete(goal)


def tell_goal(*, goal_id: UUID, owner_id: UUID, pair_id: UUID | None) -> None:
    """Let the Kamu of this pair read a goal and its follow-ups while the two are a pair.

    Raises NotHere, and NoKamuToTell when that pair is over, on a break, or not the owner's own as a Kaveri.
    """
    get_own_goal_row(goal_id, owner_id)
    hold_space(own_space(owner_id))
    # Held, so that no goal is told into a pair that ends at this moment.
    live = select(Pair.id).where(Pair.id == pair_id, Pair.kaveri_id == owner_id, Pair.state == PairState.LIVE)
    if session().scalar(live.with_for_update()) is None:
        raise NoKamuToTell
    get_own_goal_row(goal_id, owner_id, lock=True).told_pair_id = pair_id


def take_back_goal(*, goal_id: UUID, owner_id: UUID) -> None:
    """Keep a goal to oneself again. Raises NotHere."""
    _hold(goal_id, owner_id).told_pair_id = None


def _hold(goal_id: UUID, owner_id: UUID) -> Goal:
    """Hold a goal against others. Everywhere the order is: the owner's space, the pair, the goal."""
    hold_space(own_space(owner_id))
    return get_own_goal_row(goal_id, owner_id, lock=True)


def _seal(text: str, owner_id: UUID, row_id: UUID) -> bytes:
    return seal_text(text, space=own_space(owner_id), row=row_id, column="line")


def _close(goal: Goal, state: str, now: datetime) -> None:
    if goal.state == "open":
        goal.state, goal.closed_at = state, now
