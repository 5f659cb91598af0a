"""What asking hears: somebody takes part in another way, or would rather not be paired with somebody."""

from app.choices.events import ChoicesChanged, VetoAdded, on_choices_changed, on_veto_added
from app.matching.actions.asks import keep_apart, stop_asking, stop_being_asked


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if follow_choices not in on_choices_changed:
        on_choices_changed.append(follow_choices)
    if follow_veto not in on_veto_added:
        on_veto_added.append(follow_veto)


def follow_choices(event: ChoicesChanged) -> None:
    """In the unit of work of the change: no question stays open to or from somebody who no longer takes part so."""
    if not event.wants_kamu:
        stop_asking(person_id=event.person_id, now=event.at)
    if not event.offers_kamu:
        stop_being_asked(person_id=event.person_id)


def follow_veto(event: VetoAdded) -> None:
    """In the unit of work of the wish: no question stays open between the two."""
    keep_apart(person_id=event.person_id, other_id=event.other_id, now=event.at)
