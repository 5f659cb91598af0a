"""A pair begins. Both rows of choices are locked first, so that of two who ask at once one waits for the other."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.choices.models import Participation, Veto
from app.pairs.errors import AlreadyAPair, HasAKamu, KamuIsFull, NotTakingPart, Vetoed
from app.pairs.models import LASTING, Pair
from app.pairs.policies import MOST_PLACES
from tenants.models import new_id
from tenants.unit_of_work import session


def open_pair(*, kamu_id: UUID, kaveri_id: UUID, places: int, now: datetime) -> Pair:
    """Begin a pair; ``places`` is how many the Kamu may have at most.

    Raises:
        CannotBegin: as ``NotTakingPart``, ``AlreadyAPair``, ``HasAKamu``, ``Vetoed`` or ``KamuIsFull``.

    """
    kamu = _lock_choices(kamu_id, kaveri_id)
    lasting = _list_lasting(kamu_id, kaveri_id)
    if any({pair.kamu_id, pair.kaveri_id} == {kamu_id, kaveri_id} for pair in lasting):
        raise AlreadyAPair
    if any(pair.kaveri_id == kaveri_id for pair in lasting):
        raise HasAKamu
    if _is_vetoed(kamu_id, kaveri_id):
        raise Vetoed
    taken = {pair.place_no for pair in lasting if pair.kamu_id == kamu_id}
    offered = min(places, kamu.places, MOST_PLACES) if kamu.offers_kamu else 0
    free = [number for number in range(1, MOST_PLACES + 1) if number not in taken]
    if len(taken) >= offered:
        raise KamuIsFull
    pair = Pair(
        id=new_id(),
        kamu_id=kamu_id,
        kaveri_id=kaveri_id,
        low_id=min(kamu_id, kaveri_id),
        high_id=max(kamu_id, kaveri_id),
        place_no=free[0],
        began_at=now,
    )
    session().add(pair)
    session().flush()  # flush: what follows in this transaction may point to the pair
    return pair


def _lock_choices(kamu_id: UUID, kaveri_id: UUID) -> Participation:
    """Lock both rows in the order of their ids; returns the Kamu's."""
    both = select(Participation).where(Participation.person_id.in_([kamu_id, kaveri_id]))
    locked = both.order_by(Participation.person_id).with_for_update().execution_options(populate_existing=True)
    rows = {row.person_id: row for row in session().scalars(locked)}
    if len(rows) < 2 or kamu_id == kaveri_id:
        raise NotTakingPart
    return rows[kamu_id]


def _list_lasting(kamu_id: UUID, kaveri_id: UUID) -> Sequence[Pair]:
    either = or_(Pair.kamu_id.in_([kamu_id, kaveri_id]), Pair.kaveri_id.in_([kamu_id, kaveri_id]))
    return session().scalars(select(Pair).where(LASTING, either)).all()


def _is_vetoed(one: UUID, other: UUID) -> bool:
    either = or_(
        and_(Veto.person_id == one, Veto.other_id == other), and_(Veto.person_id == other, Veto.other_id == one)
    )
    return session().scalar(select(Veto.id).where(either).limit(1)) is not None
