"""What concerns a member today: whom they meet next, what they look back at, who waits for a word of theirs."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.choices.models import Participation
from app.choices.queries import find_participation
from app.clock import now
from app.goals.policies import is_due
from app.goals.queries import GoalAtHand, list_goals_at_hand
from app.matching.queries.asks import Waiting, count_asks_to, find_waiting, has_not_come_about
from app.pairs.policies import SAID_FOR, local
from app.pairs.queries import MyPair, ShownMeeting, hold_keys_of, list_coming_meetings, list_notes, list_pairs_of
from app.pairs.words import day_and_weekday, leaf_of, moment_in_words
from app.time_policy.policies import promise_minutes, terms_of
from app.time_policy.queries import find_policy
from app.time_policy.words import duration
from app.training.queries import list_help_contacts
from app.web.areas import org_pages
from app.web.here import own_person
from app.web.pages import render

today = org_pages("today", "app.today")


@today.get("/today", endpoint="today")
@needs(Permission.TAKE_PART)
def show_today() -> Response:
    me, at = own_person(), now()
    found = list_pairs_of(me)
    lasting = [pair for pair in found if pair.lasts]
    hold_keys_of(lasting)
    meetings = [each for each in list_coming_meetings(lasting, now=at) if not each.is_off]
    choices = find_participation(me)
    own, told = list_goals_at_hand(me, lasting)
    waiting, not_come_about = _own_question(me, choices, lasting, at)
    return render(
        "today/today.html",
        lasting=lasting,
        ended=[pair for pair in found if pair.ended_at and at - pair.ended_at < SAID_FOR],
        next_one=_next_one(lasting, meetings, told),
        others=_others(lasting, meetings),
        due=_due(own, at),
        has_goals=bool(own),
        asks=count_asks_to(me, now=at) if choices and choices.offers_kamu else 0,
        choices=choices,
        waiting=waiting,
        not_come_about=not_come_about,
        promise=_promise(choices, lasting),
        contacts=list_help_contacts(),
        in_words=moment_in_words,
        day_in_words=day_and_weekday,
        leaf_of=leaf_of,
    )


def _own_question(
    me: UUID, choices: Participation | None, lasting: list[MyPair], at: datetime
) -> tuple[Waiting | None, bool]:
    """Tell whom somebody without a Kamu has asked, or that their last question didn't come about."""
    if choices is None or not choices.wants_kamu or any(not pair.is_kamu for pair in lasting):
        return None, False
    waiting = find_waiting(me, now=at)
    return waiting, waiting is None and has_not_come_about(me, now=at)


def _next_one(lasting: list[MyPair], meetings: list[ShownMeeting], told: list[GoalAtHand]) -> dict[str, object] | None:
    """Collect what belongs to the soonest meeting: with whom, what to talk about, goals told to a Kamu."""
    if not meetings:
        return None
    pair = next(pair for pair in lasting if pair.id == meetings[0].pair_id)
    goals = [goal for goal in told if goal.told_pair_id == pair.id]
    return {"meeting": meetings[0], "pair": pair, "topics": list_notes([pair], kind="agenda"), "goals": goals}


def _others(lasting: list[MyPair], meetings: list[ShownMeeting]) -> list[tuple[MyPair, ShownMeeting | None]]:
    """List the other pairs, each with its next meeting if one is set: soonest first, then those without."""
    first: dict[UUID, ShownMeeting] = {}
    for meeting in meetings:
        first.setdefault(meeting.pair_id, meeting)
    rest = [pair for pair in lasting if not meetings or pair.id != meetings[0].pair_id]
    with_one = [(pair, first[pair.id]) for pair in rest if pair.id in first]
    without = [(pair, None) for pair in rest if pair.id not in first]
    return [*sorted(with_one, key=lambda each: each[1].begins_at), *without]


def _due(own: list[GoalAtHand], at: datetime) -> list[GoalAtHand]:
    """List one's goals to look back at within the week."""
    soon = local(at).date() + timedelta(days=7)
    return [goal for goal in own if is_due(goal.look_back_on, soon)]


def _promise(choices: Participation | None, lasting: list[MyPair]) -> str | None:
    """Say what the organisation promised this person a month, once it has decided."""
    policy = find_policy() if lasting else None
    if policy is None:
        return None
    minutes = 0
    if any(pair.is_kamu for pair in lasting):
        minutes += promise_minutes(policy, choices.places if choices else 0)
    if any(not pair.is_kamu for pair in lasting):
        minutes += terms_of(policy).kaveri_minutes
    return duration(minutes)
