"""Reading pairs, always as one of the two. Nobody else obtains a pair, a meeting or a note from here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, case, func, or_, select

from app.clock import now
from app.pairs.models import LASTING, Meeting, Note, Pair, PairState
from app.pairs.policies import UNDER_WAY, is_over, lasts
from app.people.models import Person
from app.vault import Sealed, hold_keys, is_kept, open_texts, own_space, pair_space
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True)
class MyPair:
    """A pair as one of the two sees it."""

    id: UUID
    me_id: UUID
    other_id: UUID
    given_name: str
    name: str
    is_kamu: bool
    state: PairState
    began_at: datetime
    ended_at: datetime | None
    has_left: bool = False

    @property
    def lasts(self) -> bool:
        """Whether the two are a pair, on a break or not."""
        return lasts(self.state)

    @property
    def is_live(self) -> bool:
        """Whether the two are a pair and not on a break."""
        return self.state is PairState.LIVE

    @property
    def shows_goals(self) -> bool:
        """Whether goals told in it are shown: not on a break, nor to a Kamu after the Kaveri's last day of work."""
        return self.is_live and not (self.is_kamu and self.has_left)

    @property
    def is_paused(self) -> bool:
        """Whether the two take a break."""
        return self.state is PairState.PAUSED

    @property
    def is_resting(self) -> bool:
        """Whether one of the two has no access for now."""
        return self.state is PairState.RESTING

    @property
    def is_still(self) -> bool:
        """Whether the two are a pair that does not meet: on a break or resting."""
        return self.is_paused or self.is_resting


@dataclass(frozen=True)
class ShownMeeting:
    """A meeting with its place in words."""

    id: UUID
    pair_id: UUID
    begins_at: datetime
    place: str | None = field(repr=False)
    is_off: bool


@dataclass(frozen=True)
class ShownNote:
    """A line for the agenda or a note, opened for one of the two."""

    id: UUID
    pair_id: UUID
    kind: str
    text: str = field(repr=False)
    is_mine: bool
    created_at: datetime


def find_pair(pair_id: UUID, person_id: UUID) -> MyPair | None:
    """Find a pair of this person, ended or not."""
    row = session().execute(_pairs_of(person_id).where(Pair.id == pair_id)).one_or_none()
    return _mine(*row, person_id) if row else None


def get_pair(pair_id: UUID, person_id: UUID) -> MyPair:
    """Return a pair of this person, ended or not; raises NotHere for anybody else."""
    found = find_pair(pair_id, person_id)
    if found is None:
        raise NotHere(pair_id)
    return found


def list_pairs_of(person_id: UUID) -> Sequence[MyPair]:
    """List a person's pairs: those that last first, with one's own Kamu at the top, then the ended, newest first."""
    ordered = _pairs_of(person_id).order_by(
        Pair.state == PairState.ENDED, Pair.ended_at.desc(), Pair.kamu_id == person_id, Pair.began_at, Pair.id
    )
    return [_mine(*row, person_id) for row in session().execute(ordered)]


def lock_pair(pair_id: UUID, person_id: UUID) -> Pair:
    """Hold a pair of this person against others until the end of the transaction; raises NotHere."""
    mine = select(Pair).where(Pair.id == pair_id, or_(Pair.kamu_id == person_id, Pair.kaveri_id == person_id))
    held = mine.with_for_update().execution_options(populate_existing=True)
    pair = session().scalars(held).one_or_none()
    if pair is None:
        raise NotHere(pair_id)
    return pair


def count_lasting_places(kamu_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the places taken with each of these Kamus; one who is not in the answer has none taken."""
    taken = select(Pair.kamu_id, func.count()).where(LASTING, Pair.kamu_id.in_(kamu_ids)).group_by(Pair.kamu_id)
    return {row[0]: row[1] for row in session().execute(taken)} if kamu_ids else {}


def hold_keys_of(pairs: Collection[MyPair]) -> None:
    """Look up at once the keys to all that one may read in these pairs, and to one's own space."""
    own = [own_space(each.me_id) for each in pairs]
    told = [own_space(each.other_id) for each in pairs if each.is_kamu and each.shows_goals]
    written = [pair_space(each.id, each.me_id) for each in pairs]
    others = [pair_space(each.id, each.other_id) for each in pairs if each.lasts]
    hold_keys([*own, *told, *written, *others])


def list_coming_meetings(pairs: Collection[MyPair], *, now: datetime, resting: bool = False) -> Sequence[ShownMeeting]:
    """List the meetings of these pairs from now on, soonest first, also those that were taken off.

    Those of a pair that rests wait with it; `resting` lists them too.
    """
    lasting = {pair.id for pair in pairs if pair.lasts and (resting or not pair.is_resting)}
    coming = select(Meeting).where(Meeting.pair_id.in_(lasting), Meeting.begins_at > now - UNDER_WAY)
    rows = session().scalars(coming.order_by(Meeting.begins_at, Meeting.id)).all() if lasting else []
    placed = [row for row in rows if row.place is not None]
    opened = open_texts(Sealed(row.place or b"", _space(row), row.id, "place") for row in placed)
    places = dict(zip((row.id for row in placed), opened, strict=True))
    return [
        ShownMeeting(row.id, row.pair_id, row.begins_at, places.get(row.id), row.cancelled_at is not None)
        for row in rows
    ]


def list_notes(pairs: Collection[MyPair], *, kind: str | None = None) -> Sequence[ShownNote]:
    """List what is written in these pairs, oldest first: all of it while a pair lasts, then one's own alone."""
    if not pairs:
        return []
    me_id = next(iter(pairs)).me_id
    readable = or_(
        Note.pair_id.in_([pair.id for pair in pairs if pair.lasts]),
        Note.pair_id.in_([pair.id for pair in pairs]) & (Note.author_id == me_id),
    )
    found = select(Note).where(readable, *([Note.kind == kind] if kind else []))
    return _open_notes(session().scalars(found.order_by(Note.created_at, Note.id)).all(), me_id)


def is_own_half_kept(pair: MyPair) -> bool:
    """Whether there is still a key to what one wrote in a pair, the places where the two met too."""
    return is_kept(pair_space(pair.id, pair.me_id))


def list_own_notes(person_id: UUID) -> Sequence[ShownNote]:
    """List everything a person wrote in their pairs, ended ones too, oldest first."""
    own = select(Note).where(Note.author_id == person_id).order_by(Note.created_at, Note.id)
    return _open_notes(session().scalars(own).all(), person_id)


def get_own_note(pair_id: UUID, note_id: UUID, person_id: UUID) -> ShownNote:
    """Return a note for whoever wrote it; raises NotHere for anybody else, the other of the pair too."""
    return _open_notes([get_own_note_row(pair_id, note_id, person_id)], person_id)[0]


def get_own_note_row(pair_id: UUID, note_id: UUID, person_id: UUID) -> Note:
    """Return the sealed note of whoever wrote it; raises NotHere."""
    own = select(Note).where(Note.id == note_id, Note.pair_id == pair_id, Note.author_id == person_id)
    note = session().scalars(own).one_or_none()
    if note is None:
        raise NotHere(note_id)
    return note


def _pairs_of(person_id: UUID) -> Select[Pair, Person]:
    other_id = case((Pair.kamu_id == person_id, Pair.kaveri_id), else_=Pair.kamu_id)
    mine = or_(Pair.kamu_id == person_id, Pair.kaveri_id == person_id)
    return select(Pair, Person).join(Person, Person.id == other_id).where(mine)


def _mine(pair: Pair, other: Person, me_id: UUID) -> MyPair:
    return MyPair(
        id=pair.id,
        me_id=me_id,
        other_id=other.id,
        given_name=other.given_name,
        name=other.name,
        is_kamu=pair.kamu_id == me_id,
        state=PairState(pair.state),
        began_at=pair.began_at,
        ended_at=pair.ended_at,
        has_left=is_over(other.ends_on, now()),
    )


def _open_notes(rows: Sequence[Note], me_id: UUID) -> list[ShownNote]:
    texts = open_texts(Sealed(row.text, _space(row), row.id, "text") for row in rows)
    return [
        ShownNote(row.id, row.pair_id, row.kind, text, row.author_id == me_id, row.created_at)
        for row, text in zip(rows, texts, strict=True)
    ]


def _space(row: Note | Meeting) -> UUID:
    return pair_space(row.pair_id, row.author_id)
