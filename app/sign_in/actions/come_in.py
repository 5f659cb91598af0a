"""Through the organisation's provider into an account, or to the list of those who ask to come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.actions import add_account, grant_role, note_came_in
from app.access.queries import find_account
from app.access.roles import Role
from app.people.actions import add_person
from app.people.queries import get_person
from app.sign_in.actions.ask_to_come_in import ask_to_come_in, name_claimed
from app.sign_in.actions.speak_as_client import client_of
from app.sign_in.errors import SignInRefused, StateUnknown
from app.sign_in.gateway import Login, Trip, begin_trip, finish_login, login_url
from app.sign_in.models import Connection, Identity
from app.sign_in.policies import (
    AddPerson,
    AskToComeIn,
    LinkByInvitation,
    LinkPerson,
    Refuse,
    SignIn,
    decide_sign_in,
    read_address,
)
from app.sign_in.queries import (
    find_identity,
    find_known,
    get_invitation,
    hold_connection,
    read_arrival,
    read_invitation,
)
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back from the provider. Without an account they have asked to come in, and nobody has answered yet.

    `provider_session`: the provider's own id of their session there, if it gives one.
    """

    account_id: UUID | None
    provider_session: str | None


def begin_login(
    *,
    connection: Connection,
    redirect_uri: str,
    browser: str,
    invitation_id: UUID | None,
    next_path: str,
    now: datetime,
) -> str:
    """Where the browser goes to sign in. Raises ProviderError."""
    client = client_of(connection, redirect_uri)
    trip = begin_trip(
        client,
        purpose="sign-in",
        browser=browser,
        now=now,
        invitation_id=invitation_id,
        next_path=next_path,
    )
    return login_url(client, trip)


def come_in(
    *, connection: Connection, redirect_uri: str, trip: Trip, answer: Mapping[str, str], now: datetime
) -> Arrived:
    """Find or make the account of whoever came back, or note that they ask to come in.

    Raises StateUnknown, ProviderError, SignInRefused.
    """
    if not connection.is_in_use or trip.revision != connection.revision:
        raise StateUnknown
    login = finish_login(client_of(connection, redirect_uri), trip, answer, now=now)
    session_id = login.claims.get("sid")
    account_id = _account_of(login, connection, trip, now)
    if account_id:
        note_came_in(account_id=account_id, now=now)
    return Arrived(account_id, session_id if isinstance(session_id, str) else None)


def _account_of(login: Login, connection: Connection, trip: Trip, now: datetime) -> UUID | None:
    known = find_known(connection.id, login.subject)
    if known is None:
        # A first sign-in makes rows: of two by the same person, the second finds what the first one made.
        hold_connection(connection.id)
        known = find_known(connection.id, login.subject)
    if known:
        decision = decide_sign_in(known, None)
    else:
        invitation_id = UUID(trip.invitation_id) if trip.invitation_id else None
        decision = decide_sign_in(
            None,
            read_invitation(invitation_id, connection.id, now=now) if invitation_id else None,
            read_arrival(connection, login.subject, login.claims, now=now),
        )
    return _follow(decision, login, connection, now)


def _follow(decision: object, login: Login, connection: Connection, now: datetime) -> UUID | None:
    """Do what was decided."""
    match decision:
        case SignIn(account_id):
            return account_id
        case LinkByInvitation(invitation_id, person_id, account_id):
            get_invitation(invitation_id).accepted_at = now
            return link(connection.id, login.subject, person_id, account_id, now=now)
        case LinkPerson(person_id, account_id):
            return link(connection.id, login.subject, person_id, account_id, now=now)
        case AddPerson():
            return link(connection.id, login.subject, _new_person(login, now), None, now=now)
        case AskToComeIn():
            ask_to_come_in(connection_id=connection.id, subject=login.subject, claims=login.claims, now=now)
            return None
        case Refuse(why):
            raise SignInRefused(why)
    raise TypeError(decision)


def link(connection_id: UUID, subject: str, person_id: UUID, account_id: UUID | None, *, now: datetime) -> UUID:
    """Note who this subject is from now on: this person, in this account or a new one. Returns the account.

    What was kept of their claims while they asked to come in is forgotten.
    """
    account = find_account(account_id or _new_account(person_id, now))
    if account is None:
        raise NotHere(account_id)
    account.person_id = person_id
    grant_role(account_id=account.id, role=Role.MEMBER, now=now)
    identity = find_identity(connection_id, subject)
    if identity is None:
        identity = Identity(connection_id=connection_id, subject=subject, created_at=now)
        session().add(identity)
    identity.account_id = account.id
    identity.claimed_email = identity.claimed_name = identity.asked_at = identity.refused_at = None
    return account.id


def _new_person(login: Login, now: datetime) -> UUID:
    """Write whoever came into the directory, as their login names them."""
    address = read_address(login.claims)
    if address is None:
        raise NotHere("an address was decided on, and there is none")
    values = {**name_claimed(login.claims, address), "email": address}
    return add_person(values=values, now=now).id


def _new_account(person_id: UUID, now: datetime) -> UUID:
    person = get_person(person_id)
    return add_account(
        email=person.email,
        name=person.name,
        language=person.language,
        person_id=person.id,
        roles=(Role.MEMBER,),
        now=now,
    ).id
