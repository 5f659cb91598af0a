"""How somebody takes part: saved, changed, or gone without a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.choices.events import ChoicesChanged, choices_changed
from app.choices.models import Participation, Veto
from app.choices.policies import LANGUAGES, TOPICS, WAYS, Want
from app.choices.queries import lock_participations
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything on the page of choices. `places`, `introduction` and `lists_self` count for Kamus only."""

    want: Want
    topics: Sequence[str] = ()
    languages: Sequence[str] = ()
    ways: Sequence[str] = ()
    places: int = 0
    introduction: str = ""
    lists_self: bool = False


def save_choices(*, person_id: UUID, choice: Choice, now: datetime) -> None:
    """Keep what a person chose. "Not now" keeps nothing: no row, no mark."""
    if choice.want is Want.NOT_NOW:
        _forget(person_id, now)
        return
    begin = insert(Participation).values(person_id=person_id, chosen_at=now, updated_at=now, **_columns(choice))
    changed = {**_columns(choice), "updated_at": now}
    session().execute(begin.on_conflict_do_update(index_elements=["person_id"], set_=changed))
    lock_participations([person_id])
    choices_changed(ChoicesChanged(person_id, choice.want.wants_kamu, choice.want.offers_kamu, now))


def clear_choices(*, person_id: UUID, now: datetime) -> None:
    """Forget everything that somebody chose, also with whom they would rather not be."""
    _forget(person_id, now)
    session().execute(delete(Veto).where(Veto.person_id == person_id))


def _forget(person_id: UUID, now: datetime) -> None:
    row = lock_participations([person_id]).get(person_id)
    if row is None:
        return
    choices_changed(ChoicesChanged(person_id, wants_kamu=False, offers_kamu=False, at=now))
    session().delete(row)


def _columns(choice: Choice) -> dict[str, object]:
    kamu = choice.want.offers_kamu
    return {
        "wants_kamu": choice.want.wants_kamu,
        "offers_kamu": kamu,
        "places": choice.places if kamu else 0,
        "introduction": choice.introduction if kamu else "",
        "lists_self": choice.lists_self and kamu,
        "topics": [key for key in TOPICS if key in choice.topics],
        "languages": [key for key in LANGUAGES if key in choice.languages],
        "ways": [key for key in WAYS if key in choice.ways],
    }
