"""A Kaveri asks, a Kamu answers. Everything but a yes is `closed`, with nothing that tells one kind from another.

Whoever asks, answers, or sets a private wish first holds the choices of the two, in one order (`lock_participations`),
then the question: of two who act at once one waits for the other.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Actor
from app.choices.policies import MOST_PLACES
from app.choices.queries import lock_participations
from app.matching.errors import AlreadyAsked, AskIsOver, NotSuggested
from app.matching.events import asks_changed
from app.matching.models import Ask
from app.matching.policies.asking import mail_at, told_at
from app.matching.queries.asks import find_waiting_ask, get_ask_to, list_open_between, list_open_to
from app.matching.queries.candidates import is_possible, list_candidates
from app.pairs.actions import open_pair
from app.pairs.errors import CannotBegin
from app.pairs.models import Pair
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session

OPEN, YES, CLOSED = "open", "yes", "closed"


def ask_kamu(*, kaveri_id: UUID, kamu_id: UUID, by: Actor, now: datetime) -> Ask:
    """Ask one of the Kamus who are suggested now.

    Raises AlreadyAsked while an answer is awaited; NotSuggested, at the same cost, for anybody else: unknown, full,
    not a Kamu, or somebody who would rather not.
    """
    _is_for(by, kaveri_id)
    lock_participations([kaveri_id, kamu_id])
    if find_waiting_ask(kaveri_id, now=now):
        raise AlreadyAsked
    if kamu_id not in {each.kamu_id for each in list_candidates(kaveri_id, now=now)}:
        raise NotSuggested
    ask = Ask(id=new_id(), kaveri_id=kaveri_id, kamu_id=kamu_id, asked_at=now, lapses_at=told_at(now))
    session().add(ask)
    session().flush()  # flush: the database holds "one at a time", and says so here
    later("matching.tell_kamu", delay=mail_at(now) - now, ask_id=str(ask.id))
    later("matching.tell_outcome", delay=ask.lapses_at - now, ask_id=str(ask.id), until=ask.lapses_at.isoformat())
    asks_changed()
    return ask


def take_back(*, kaveri_id: UUID, by: Actor, now: datetime) -> None:
    """Take one's question back, answered with a no already or not; without one nothing happens."""
    _is_for(by, kaveri_id)
    lock_participations([kaveri_id])
    ask = find_waiting_ask(kaveri_id, now=now, lock=True)
    if ask is not None:
        _take_back(ask, now)


def answer_ask(*, ask_id: UUID, yes: bool, by: Actor, now: datetime) -> Pair | None:
    """Answer as the Kamu who was asked; a yes begins the pair, or, when it cannot begin any more, closes the question.

    Raises NotHere for anybody else's question, AskIsOver for one that is over.
    """
    if by.person_id is None:
        raise NotHere(ask_id)
    asked = get_ask_to(by.person_id, ask_id)
    lock_participations([asked.kaveri_id, asked.kamu_id])
    ask = get_ask_to(by.person_id, ask_id, lock=True)
    if ask.state != OPEN or ask.lapses_at <= now:
        raise AskIsOver
    pair = _begin(ask, now) if yes else None
    if pair is None:
        _close(ask)
    asks_changed()
    return pair


def lapse_asks(*, now: datetime) -> int:
    """Close the questions whose time is over; returns how many. Those that somebody acts on now wait for next time."""
    over = select(Ask).where(Ask.state == OPEN, Ask.lapses_at <= now).order_by(Ask.id)
    asks = session().scalars(over.with_for_update(skip_locked=True)).all()
    for ask in asks:
        _close(ask)
    if asks:
        asks_changed()
    return len(asks)


def close_asks_of(*, person_id: UUID, now: datetime) -> None:
    """Close what somebody asked and was asked, because they leave."""
    lock_participations([person_id])
    stop_asking(person_id=person_id, now=now)
    stop_being_asked(person_id=person_id)


def stop_asking(*, person_id: UUID, now: datetime) -> None:
    """Take back what somebody asked who would no longer like a Kamu."""
    ask = find_waiting_ask(person_id, now=now, lock=True)
    if ask is not None:
        _take_back(ask, now)


def stop_being_asked(*, person_id: UUID) -> None:
    """Close, like any no, what somebody was asked who is no longer a Kamu."""
    for ask in list_open_to(person_id):
        _close(ask)


def keep_apart(*, person_id: UUID, other_id: UUID, now: datetime) -> None:
    """Close what is open between two of whom the first would rather not: their own is taken back, to the other a no."""
    for ask in list_open_between(person_id, other_id):
        if ask.kaveri_id == person_id:
            _take_back(ask, now)
        else:
            _close(ask)


def _begin(ask: Ask, now: datetime) -> Pair | None:
    if not is_possible(ask.kaveri_id, ask.kamu_id, now=now):
        return None
    try:
        pair = open_pair(kamu_id=ask.kamu_id, kaveri_id=ask.kaveri_id, places=MOST_PLACES, now=now)
    except CannotBegin:
        return None
    ask.state, ask.closed_at = YES, now
    for other in list_open_between(ask.kaveri_id, ask.kamu_id):
        if other is not ask:
            _take_back(other, now)
    later("matching.tell_yes", delay=mail_at(now) - now, ask_id=str(ask.id))
    return pair


def _close(ask: Ask) -> None:
    """Close it as of the moment at which the Kaveri learns of it, so that a no and a silence leave the same row."""
    ask.state, ask.closed_at = CLOSED, ask.lapses_at


def _take_back(ask: Ask, now: datetime) -> None:
    ask.state, ask.closed_at, ask.lapses_at = CLOSED, now, now
    asks_changed()


def _is_for(by: Actor, person_id: UUID) -> None:
    if by.kind != "system" and by.person_id != person_id:
        raise NotHere(person_id)
