"""Pausing, going on and ending. Either of the two may; who did is not stored, and nobody asks why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.choices.models import Participation
from app.clock import working_morning
from app.goals.models import Goal
from app.pairs.errors import PairHasEnded, PairRests, StillAPair
from app.pairs.models import LASTING, Meeting, Note, Pair, PairState
from app.pairs.queries import lock_pair
from app.vault import destroy_space_later, pair_space
from tenants.models import TenantOutbox
from tenants.outbox import later
from tenants.unit_of_work import session

TELL = "pairs.tell_of_change"


def pause_pair(*, pair_id: UUID, person_id: UUID, now: datetime) -> None:
    """Take a break: coming meetings are taken off, told goals become their owner's alone, to be told anew if they like.

    Raises NotHere, PairHasEnded, PairRests.
    """
    pair = _lock_lasting(pair_id, person_id)
    if pair.state == PairState.LIVE:
        pair.state, pair.paused_at = PairState.PAUSED, now
        coming = update(Meeting).where(Meeting.pair_id == pair_id, Meeting.begins_at > now)
        session().execute(coming.where(Meeting.cancelled_at.is_(None)).values(cancelled_at=now))
        session().execute(update(Goal).where(Goal.told_pair_id == pair_id).values(told_pair_id=None))
        _tell_in_the_morning(pair, now)


def resume_pair(*, pair_id: UUID, person_id: UUID, now: datetime) -> None:
    """Go on after a break. Raises NotHere, PairHasEnded, PairRests."""
    pair = _lock_lasting(pair_id, person_id)
    if pair.state == PairState.PAUSED:
        pair.state, pair.paused_at = PairState.LIVE, None
        _tell_in_the_morning(pair, now)


def end_pair(*, pair_id: UUID, person_id: UUID, now: datetime) -> None:
    """End a pair at once; ending it again changes nothing. Raises NotHere."""
    end_now(lock_pair(pair_id, person_id), now=now)


def end_all_of(*, person_id: UUID, now: datetime) -> None:
    """End every pair of somebody who leaves. No pair of theirs begins before this transaction is over."""
    choices = select(Participation.person_id).where(Participation.person_id == person_id)
    session().execute(choices.with_for_update())
    mine = select(Pair).where(LASTING, or_(Pair.kamu_id == person_id, Pair.kaveri_id == person_id))
    for pair in session().scalars(mine.order_by(Pair.id).with_for_update()):
        end_now(pair, now=now)


def shred_own(*, pair_id: UUID, person_id: UUID) -> None:
    """Destroy what a person wrote in a pair that has ended, and the key to it. Raises NotHere, StillAPair."""
    pair = lock_pair(pair_id, person_id)
    if pair.state != PairState.ENDED:
        raise StillAPair
    session().execute(delete(Note).where(Note.pair_id == pair_id, Note.author_id == person_id))
    destroy_space_later(pair_space(pair_id, person_id))


def _lock_lasting(pair_id: UUID, person_id: UUID) -> Pair:
    pair = lock_pair(pair_id, person_id)
    if pair.state == PairState.ENDED:
        raise PairHasEnded
    if pair.state == PairState.RESTING:
        raise PairRests
    return pair


def end_now(pair: Pair, *, now: datetime) -> None:
    """End a pair that the caller holds; ending it again changes nothing."""
    if pair.state == PairState.ENDED:
        return
    pair.state, pair.paused_at, pair.rested_at, pair.ended_at = PairState.ENDED, None, None, now
    session().execute(delete(Meeting).where(Meeting.pair_id == pair.id))
    _tell_in_the_morning(pair, now)


def _tell_in_the_morning(pair: Pair, now: datetime) -> None:
    """Have both told on the next working morning, once however much happens before: no mail shows who did what."""
    waiting = select(TenantOutbox.id).where(
        TenantOutbox.job == TELL, TenantOutbox.args["pair_id"].astext == str(pair.id)
    )
    if session().scalar(waiting.limit(1)) is None:
        later("pairs.tell_of_change", delay=working_morning(now) - now, pair_id=str(pair.id))
