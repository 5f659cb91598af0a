"""What asking hears: somebody takes part in another way, would rather not be paired with somebody, or is away."""

from app.choices.events import ChoicesChanged, VetoAdded, on_choices_changed, on_veto_added
from app.matching.actions.asks import close_asks_of, keep_apart, stop_asking, stop_being_asked
from app.pairs.policies import local
from app.people.events import AccessChanged, on_access_changed
from app.people.policies import is_away
from app.people.queries import get_person


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if follow_choices not in on_choices_changed:
        on_choices_changed.append(follow_choices)
    if follow_veto not in on_veto_added:
        on_veto_added.append(follow_veto)
    if follow_access not in on_access_changed:
        on_access_changed.append(follow_access)


def follow_choices(event: ChoicesChanged) -> None:
    """In the unit of work of the change: no question stays open to or from somebody who no longer takes part so."""
    if not event.wants_kamu:
        stop_asking(person_id=event.person_id, now=event.at)
    if not event.offers_kamu:
        stop_being_asked(person_id=event.person_id)


def follow_access(event: AccessChanged) -> None:
    """In the unit of work of the change: questions to and from somebody who is away are closed, like any no."""
    if is_away(get_person(event.person_id), local(event.at).date()):
        close_asks_of(person_id=event.person_id, now=event.at)


def follow_veto(event: VetoAdded) -> None:
    """In the unit of work of the wish: no question stays open between the two."""
    keep_apart(person_id=event.person_id, other_id=event.other_id, now=event.at)
