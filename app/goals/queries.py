"""Reading goals: their owner all of them; the Kamu of a live pair those they were told. Nobody else, from nowhere.

A goal whose key was destroyed is gone, even when its row has stayed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.goals.models import FollowUp, Goal, How
from app.pairs.models import Pair, PairState
from app.pairs.queries import MyPair
from app.vault import Sealed, open_what_opens, own_space
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True)
class ShownFollowUp:
    """One look at a goal. `line` is None when none was written."""

    id: UUID
    how: How
    line: str | None = field(repr=False)
    created_at: datetime


@dataclass(frozen=True)
class ShownGoal:
    """A goal in words, with its follow-ups, oldest first. `is_told`: the Kamu of a live pair reads it now."""

    id: UUID
    line: str = field(repr=False)
    look_back_on: date
    state: str
    is_told: bool
    created_at: datetime
    closed_at: datetime | None
    follow_ups: Sequence[ShownFollowUp] = field(repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it is still followed up."""
        return self.state == "open"

    @property
    def how(self) -> How | None:
        """How it went when it was looked at last."""
        return self.follow_ups[-1].how if self.follow_ups else None


@dataclass(frozen=True)
class GoalAtHand:
    """An open goal without its follow-ups."""

    id: UUID
    line: str = field(repr=False)
    look_back_on: date
    told_pair_id: UUID | None


def list_own_goals(owner_id: UUID) -> Sequence[ShownGoal]:
    """List somebody's own goals: open ones by their day to look back, then closed ones, newest first."""
    own = select(Goal).where(Goal.owner_id == owner_id)
    rows = session().scalars(own.order_by(Goal.closed_at.desc().nulls_first(), Goal.look_back_on, Goal.id)).all()
    return _shown(rows, owner_id, _live_pair_id(owner_id))


def get_own_goal(goal_id: UUID, owner_id: UUID) -> ShownGoal:
    """Return a goal for its owner; raises NotHere for anybody else, their Kamu too."""
    found = _shown([get_own_goal_row(goal_id, owner_id)], owner_id, _live_pair_id(owner_id))
    if not found:
        raise NotHere(goal_id)
    return found[0]


def get_own_goal_row(goal_id: UUID, owner_id: UUID, *, lock: bool = False) -> Goal:
    """Return the sealed goal of its owner, held against others if wanted; raises NotHere."""
    own = select(Goal).where(Goal.id == goal_id, Goal.owner_id == owner_id)
    held = own.with_for_update().execution_options(populate_existing=True) if lock else own
    goal = session().scalars(held).one_or_none()
    if goal is None:
        raise NotHere(goal_id)
    return goal


def list_told_goals(pair: MyPair) -> Sequence[ShownGoal]:
    """List the open goals that a Kaveri has told in this pair. On a break, and after the end or a last day, none."""
    if not pair.shows_goals:
        return []
    owner_id = pair.other_id if pair.is_kamu else pair.me_id
    told = select(Goal).where(Goal.told_pair_id == pair.id, Goal.owner_id == owner_id, Goal.state == "open")
    return _shown(session().scalars(told.order_by(Goal.look_back_on, Goal.id)).all(), owner_id, pair.id)


def list_goals_at_hand(person_id: UUID, pairs: Collection[MyPair]) -> tuple[list[GoalAtHand], list[GoalAtHand]]:
    """List somebody's own open goals, and those told to them in these pairs: lines and days alone, in one statement."""
    told_in = [pair.id for pair in pairs if pair.is_kamu and pair.shows_goals]
    readable = or_(Goal.owner_id == person_id, Goal.told_pair_id.in_(told_in))
    found = select(Goal).where(Goal.state == "open", readable).order_by(Goal.look_back_on, Goal.id)
    rows = session().scalars(found).all()
    lines = open_what_opens(Sealed(row.line, own_space(row.owner_id), row.id, "line") for row in rows)
    shown = [
        (row.owner_id, GoalAtHand(row.id, line, row.look_back_on, row.told_pair_id))
        for row, line in zip(rows, lines, strict=True)
        if line is not None
    ]
    own = [goal for owner_id, goal in shown if owner_id == person_id]
    return own, [goal for owner_id, goal in shown if owner_id != person_id]


def has_goals(owner_id: UUID) -> bool:
    """Whether somebody has any goal of their own."""
    return session().scalar(select(Goal.id).where(Goal.owner_id == owner_id).limit(1)) is not None


def _live_pair_id(owner_id: UUID) -> UUID | None:
    # A goal told in a pair that rests is read again when the pair goes on, so it is shown as told all the while.
    live = select(Pair.id).where(Pair.kaveri_id == owner_id, Pair.state.in_((PairState.LIVE, PairState.RESTING)))
    return session().scalar(live)


def _shown(goals: Sequence[Goal], owner_id: UUID, live_pair_id: UUID | None) -> list[ShownGoal]:
    follow_ups = _list_follow_ups(goals)
    space = own_space(owner_id)
    lines = [Sealed(goal.line, space, goal.id, "line") for goal in goals]
    notes = [Sealed(each.line, space, each.id, "line") for each in follow_ups if each.line is not None]
    opened = open_what_opens([*lines, *notes])
    words = dict(zip((each.row for each in [*lines, *notes]), opened, strict=True))
    return [
        ShownGoal(
            id=goal.id,
            line=line,
            look_back_on=goal.look_back_on,
            state=goal.state,
            is_told=goal.told_pair_id is not None and goal.told_pair_id == live_pair_id,
            created_at=goal.created_at,
            closed_at=goal.closed_at,
            follow_ups=[
                ShownFollowUp(each.id, How(each.how), words.get(each.id), each.created_at)
                for each in follow_ups
                if each.goal_id == goal.id
            ],
        )
        for goal in goals
        if (line := words[goal.id]) is not None
    ]


def _list_follow_ups(goals: Sequence[Goal]) -> Sequence[FollowUp]:
    if not goals:
        return []
    found = select(FollowUp).where(FollowUp.goal_id.in_([goal.id for goal in goals]))
    return session().scalars(found.order_by(FollowUp.created_at, FollowUp.id)).all()
