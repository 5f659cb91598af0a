"""What the pairs of the demo keep: goals and how they go, when they meet, what they talk about."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from app.clock import FRIDAY
from app.goals.actions import add_goal, follow_up, reach_goal, tell_goal
from app.goals.models import Goal, How
from app.pairs.actions import add_note, set_meeting
from app.pairs.models import Pair, PairState
from app.pairs.policies import moment
from app.people.models import Person
from local.demo_words import AGENDA, FOLLOW_UPS, GOALS, MEETING_PLACES, NOTES
from tenants.unit_of_work import session

LOOK_BACK = timedelta(weeks=3)
GOING = (How.WELL, How.SLOWLY, How.SLOWLY, How.STUCK)
CLOCKS = (time(9, 0), time(10, 30), time(14, 0), time(15, 30))


def write_all(random: Random, *, now: datetime) -> None:
    """Write everything for all pairs unless somebody has a goal already."""
    if session().scalars(select(Goal).limit(1)).first() is not None:
        return
    for pair, kamu, kaveri in _list_pairs():
        write_pair(pair, kamu, kaveri, random, now)


def write_pair(pair: Pair, kamu: Person, kaveri: Person, random: Random, now: datetime) -> None:
    """Write what one pair keeps."""
    _set_goals(pair, kaveri, random, now)
    if pair.state == PairState.LIVE:
        _meet(pair, kamu, kaveri, random, now)


def _list_pairs() -> Sequence[tuple[Pair, Person, Person]]:
    """All pairs with their two, in an order that is the same each time."""
    people = {person.id: person for person in session().scalars(select(Person))}
    pairs = [(pair, people[pair.kamu_id], people[pair.kaveri_id]) for pair in session().scalars(select(Pair))]
    return sorted(pairs, key=lambda each: each[2].email)


def _set_goals(pair: Pair, kaveri: Person, random: Random, now: datetime) -> None:
    """Set one or two goals; the first is told to the Kamu while the two are a pair, and was looked at already."""
    lines = random.sample(GOALS[_language(kaveri)], random.randint(1, 2))
    first, *others = [
        add_goal(
            owner_id=kaveri.id,
            line=line,
            look_back_on=_working_day(now.date() + random.choice((1, 2, 3)) * timedelta(weeks=1)),
            now=min(pair.began_at + timedelta(days=2 + at), now),
        )
        for at, line in enumerate(lines)
    ]
    if pair.state == PairState.LIVE:
        tell_goal(goal_id=first.id, owner_id=kaveri.id, pair_id=pair.id)
    if (now - pair.began_at).days > 14:
        _look_back(first, kaveri, random, now)
    if others and random.random() < 0.3:
        reach_goal(goal_id=others[0].id, owner_id=kaveri.id, now=now - timedelta(days=2))


def _look_back(goal: Goal, kaveri: Person, random: Random, now: datetime) -> None:
    follow_up(
        goal_id=goal.id,
        owner_id=kaveri.id,
        how=random.choice(GOING),
        line=random.choice(FOLLOW_UPS[_language(kaveri)]),
        look_back_on=_working_day(now.date() + LOOK_BACK),
        now=now - timedelta(days=random.randint(1, 6)),
    )


def _meet(pair: Pair, kamu: Person, kaveri: Person, random: Random, now: datetime) -> None:
    """Agree on a next meeting, and write a line each."""
    at = moment(_working_day(now.date() + timedelta(days=random.randint(1, 9))), random.choice(CLOCKS))
    set_meeting(pair_id=pair.id, person_id=kaveri.id, begins_at=at, place=random.choice(MEETING_PLACES), now=now)
    for kind, words, author in (("agenda", AGENDA, kaveri), ("note", NOTES, random.choice((kamu, kaveri)))):
        line = random.choice(words[_language(author)])
        add_note(pair_id=pair.id, person_id=author.id, kind=kind, text=line, now=now - timedelta(days=1))


def _working_day(day: date) -> date:
    """Return the day, or the Monday after it."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > FRIDAY else 0)


def _language(person: Person) -> str:
    return person.language or "en"
