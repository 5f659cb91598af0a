"""Somebody of the organisation decides who comes in whom nobody invited. They come in at their next sign-in."""

from datetime import datetime
from uuid import UUID

from app.access.errors import AccountExists
from app.access.queries import find_account_by_email, find_account_of_person
from app.people.actions import add_person
from app.people.policies import is_away
from app.people.queries import get_person
from app.sign_in.actions.come_in import link
from app.sign_in.errors import PersonIsAway
from app.sign_in.models import Identity
from app.sign_in.queries import get_arrival
from tenants.unit_of_work import session


def let_in_as(*, identity_id: UUID, person_id: UUID, now: datetime) -> str:
    """Let them in as somebody of the directory; returns that name.

    When somebody comes in as that person already, nothing is joined, and whoever decides is not told: it would say of
    a colleague whether they take part. The one who asked is told at their next sign-in.

    Raises NotHere, PersonIsAway, AccountExists.
    """
    arrival, person = get_arrival(identity_id, lock=True), get_person(person_id)
    if is_away(person, now.date()):
        raise PersonIsAway
    if find_account_of_person(person.id):
        arrival.refused_at = now
        _forget_claims(arrival)
    elif find_account_by_email(person.email):
        raise AccountExists(person.email)
    else:
        link(arrival.connection_id, arrival.subject, person.id, None, now=now)
    return person.name


def let_in_as_new(*, identity_id: UUID, given_name: str, family_name: str, email: str, now: datetime) -> str:
    """Write them into the directory and let them in; returns their name.

    Raises NotHere, EmailIsTaken, AccountExists.
    """
    arrival = get_arrival(identity_id, lock=True)
    if find_account_by_email(email):
        raise AccountExists(email)
    values = {"given_name": given_name, "family_name": family_name, "email": email.strip().lower()}
    person = add_person(values=values, now=now)
    link(arrival.connection_id, arrival.subject, person.id, None, now=now)
    return person.name


def refuse_arrival(*, identity_id: UUID, now: datetime) -> None:
    """Let them not in. They stay on the list of refusals and can be let in later. Raises NotHere."""
    get_arrival(identity_id, lock=True).refused_at = now


def forget_arrival(*, identity_id: UUID) -> None:
    """Forget somebody who asked long ago. Who was refused stays so, without a name. Raises NotHere."""
    arrival = get_arrival(identity_id, lock=True)
    if arrival.refused_at is None:
        session().delete(arrival)
    else:
        _forget_claims(arrival)


def _forget_claims(arrival: Identity) -> None:
    arrival.claimed_email = arrival.claimed_name = None
