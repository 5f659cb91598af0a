"""What the two of a pair put down: meetings, what to talk about, notes. Sealed in the half of whoever writes it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.pairs.errors import PairHasEnded, PairIsPaused
from app.pairs.models import Meeting, Note, Pair, PairState
from app.pairs.queries import get_own_note_row, lock_pair
from app.vault import pair_space, seal_text
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.unit_of_work import session


def set_meeting(*, pair_id: UUID, person_id: UUID, begins_at: datetime, place: str, now: datetime) -> None:
    """Note when the two meet, and where if they like. Raises NotHere, PairHasEnded, PairIsPaused."""
    _lock_live(pair_id, person_id)
    row_id = new_id()
    sealed = seal_text(place, space=pair_space(pair_id, person_id), row=row_id, column="place") if place else None
    session().add(
        Meeting(id=row_id, pair_id=pair_id, author_id=person_id, begins_at=begins_at, place=sealed, created_at=now)
    )


def cancel_meeting(*, pair_id: UUID, meeting_id: UUID, person_id: UUID, now: datetime) -> None:
    """Take a meeting off; either of the two may. Raises NotHere, PairHasEnded, PairIsPaused."""
    _lock_live(pair_id, person_id)
    found = select(Meeting).where(Meeting.id == meeting_id, Meeting.pair_id == pair_id)
    meeting = session().scalars(found).one_or_none()
    if meeting is None:
        raise NotHere(meeting_id)
    meeting.cancelled_at = meeting.cancelled_at or now


def add_note(*, pair_id: UUID, person_id: UUID, kind: str, text: str, now: datetime) -> None:
    """Add a line to the agenda, or a note. Raises NotHere, PairHasEnded."""
    _lock_lasting(pair_id, person_id)
    row_id = new_id()
    sealed = seal_text(text, space=pair_space(pair_id, person_id), row=row_id, column="text")
    session().add(
        Note(id=row_id, pair_id=pair_id, author_id=person_id, kind=kind, text=sealed, created_at=now, updated_at=now)
    )


def change_note(*, pair_id: UUID, note_id: UUID, person_id: UUID, text: str, now: datetime) -> None:
    """Write a note of one's own anew. Raises NotHere, PairHasEnded."""
    _lock_lasting(pair_id, person_id)
    note = get_own_note_row(pair_id, note_id, person_id)
    note.text = seal_text(text, space=pair_space(pair_id, person_id), row=note.id, column="text")
    note.updated_at = now


def remove_note(*, pair_id: UUID, note_id: UUID, person_id: UUID) -> None:
    """Remove a note of one's own, also after the end. Raises NotHere."""
    session().delete(get_own_note_row(pair_id, note_id, person_id))


def _lock_lasting(pair_id: UUID, person_id: UUID) -> Pair:
    """Hold the pair, so that nothing is written into one that ends at this moment."""
    pair = lock_pair(pair_id, person_id)
    if pair.state == PairState.ENDED:
        raise PairHasEnded
    return pair


def _lock_live(pair_id: UUID, person_id: UUID) -> None:
    if _lock_lasting(pair_id, person_id).state != PairState.LIVE:
        raise PairIsPaused
