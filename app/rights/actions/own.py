"""Correcting, destroying, leaving: by the person alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.access.actions import choose_language
from app.access.models import Account
from app.choices.actions import clear_choices
from app.goals.models import FollowUp, Goal
from app.matching.actions.asks import close_asks_of
from app.matching.models import Ask
from app.pairs.actions import end_all_of, shred_own
from app.pairs.models import Meeting, Note, Pair, PairState
from app.training.actions import forget_training, shred_writing
from app.training.models import TrainingRecord
from app.training.policies import WRITINGS
from app.vault import Sealed, close_space, destroy_space, open_what_opens, own_space, pair_space
from tenants.unit_of_work import session

# Sealed columns, what tells whose they are, and in which space they are sealed then.
SEALED: Final[tuple[tuple[InstrumentedAttribute[Any], tuple[Any, ...], Callable[..., UUID]], ...]] = (
    (Account.private_address, (Account.person_id,), own_space),
    (Note.text, (Note.pair_id, Note.author_id), pair_space),
    (Meeting.place, (Meeting.pair_id, Meeting.author_id), pair_space),
    (Goal.line, (Goal.owner_id,), own_space),
    (
        FollowUp.line,
        (select(Goal.owner_id).where(Goal.id == FollowUp.goal_id).scalar_subquery(),),
        own_space,
    ),
    *((getattr(TrainingRecord, name), (TrainingRecord.person_id,), own_space) for name in WRITINGS),
)
AT_A_TIME: Final = 500


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


def forget_unreadable() -> None:
    """Remove whatever no key opens any more: it was shredded, and a restored copy brought back its seal alone."""
    for column, where, space_of in SEALED:
        table = column.class_
        found = select(table.id, column, *where).where(column.is_not(None))
        for rows in session().execute(found.execution_options(yield_per=AT_A_TIME)).partitions():
            sealed = [Sealed(row[1], space_of(*row[2:]), row[0], column.key) for row in rows]
            texts = zip(sealed, open_what_opens(sealed), strict=True)
            _remove(column, [each.row for each, text in texts if text is None])


def _remove(column: InstrumentedAttribute[Any], lost: list[UUID]) -> None:
    """Empty the column of these rows, or remove rows that are nothing without it."""
    table = column.class_
    is_apart = table.__table__.c[column.key].nullable
    change = update(table).values({column.key: None}) if is_apart else delete(table)
    session().execute(change.where(table.id.in_(lost)))


def _shred_in_ended_pairs(person_id: UUID) -> None:
    """Shred in every one of them: a key outlives the notes and meetings that were removed one by one."""
    mine = or_(Pair.kamu_id == person_id, Pair.kaveri_id == person_id)
    ended = select(Pair.id).where(mine, Pair.state == PairState.ENDED).order_by(Pair.id)
    for pair_id in session().scalars(ended).all():
        shred_own(pair_id=pair_id, person_id=person_id)


def _destroy_own_space(person_id: UUID) -> None:
    """Destroy the key last of all, when nothing that could still refuse is left to do; a private address goes too."""
    session().execute(update(Account).where(Account.person_id == person_id).values(private_address=None))
    session().flush()  # flush: a key never comes back, so the rows go first
    destroy_space(own_space(person_id))
