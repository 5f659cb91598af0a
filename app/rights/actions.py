"""What a person may do with what is kept about them: correct it, destroy it, leave."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select

from app.access.actions import choose_language
from app.access.models import Account
from app.choices.actions import clear_choices
from app.goals.models import Goal
from app.matching.actions.asks import close_asks_of
from app.matching.models import Ask
from app.pairs.actions import end_all_of, shred_own
from app.pairs.models import Pair, PairState
from app.training.actions import forget_training, shred_writing
from app.vault import close_space, destroy_space, own_space
from tenants.unit_of_work import session


def correct_own(*, account: Account, name: str, language: str) -> None:
    """Keep what somebody wants to be called here, and in which language."""
    account.name = name
    choose_language(account=account, language=language)


def shred_own_words(*, person_id: UUID) -> None:
    """Destroy what a person wrote: goals, follow-ups, training, notes of ended pairs, and the keys to all of it.

    That they have done the training, their choices and their pairs stay. Notes of pairs that last belong to the talk
    of two and are removed there, one by one.
    """
    close_space(own_space(person_id))
    _shred_in_ended_pairs(person_id)
    session().execute(delete(Goal).where(Goal.owner_id == person_id))
    shred_writing(person_id=person_id)
    _destroy_own_space(person_id)


def leave_kamu(*, person_id: UUID, now: datetime) -> None:
    """Take a person out of Kamu: nobody is asked or told why, and of what they wrote nothing is left.

    Their entry in the directory, their account and their roles belong to the organisation and stay; so does the fact
    that an ended pair was, for the other of the two.
    """
    close_space(own_space(person_id))
    end_all_of(person_id=person_id, now=now)
    close_asks_of(person_id=person_id, now=now)
    clear_choices(person_id=person_id, now=now)
    session().execute(delete(Ask).where(Ask.kaveri_id == person_id))
    _shred_in_ended_pairs(person_id)
    session().execute(delete(Goal).where(Goal.owner_id == person_id))
    forget_training(person_id=person_id)
    _destroy_own_space(person_id)


def _shred_in_ended_pairs(person_id: UUID) -> None:
    """Shred in every one of them: a key outlives the notes and meetings that were removed one by one."""
    mine = or_(Pair.kamu_id == person_id, Pair.kaveri_id == person_id)
    ended = select(Pair.id).where(mine, Pair.state == PairState.ENDED).order_by(Pair.id)
    for pair_id in session().scalars(ended).all():
        shred_own(pair_id=pair_id, person_id=person_id)


def _destroy_own_space(person_id: UUID) -> None:
    """Destroy the key last of all, when nothing that could still refuse is left to do."""
    session().flush()  # flush: a key never comes back, so the rows go first
    destroy_space(own_space(person_id))
