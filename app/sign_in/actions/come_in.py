"""Through the organisation's provider into an account."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.access.actions import add_account, grant_role
from app.access.queries import find_account
from app.access.roles import Role
from app.people.queries import get_person
from app.sign_in.actions.speak_as_client import client_of
from app.sign_in.errors import SignInRefused, StateUnknown
from app.sign_in.gateway import Login, Trip, begin_trip, finish_login, login_url
from app.sign_in.models import Connection, Identity
from app.sign_in.policies import LinkByInvitation, Refuse, decide_sign_in
from app.sign_in.queries import find_known, get_invitation, read_invitation
from tenants.errors import NotHere
from tenants.unit_of_work import session


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
) -> tuple[UUID, str | None]:
    """The account of whoever came back, and the provider's own id of their session there, if it gives one.

    Raises StateUnknown, ProviderError, SignInRefused.
    """
    if not connection.is_in_use or trip.revision != connection.revision:
        raise StateUnknown
    login = finish_login(client_of(connection, redirect_uri), trip, answer, now=now)
    session_id = login.claims.get("sid")
    account_id = _account_of(login, connection, trip, now)
    return account_id, session_id if isinstance(session_id, str) else None


def _account_of(login: Login, connection: Connection, trip: Trip, now: datetime) -> UUID:
    known = find_known(connection.id, login.subject)
    invitation = None
    if known is None and trip.invitation_id:
        invitation = read_invitation(UUID(trip.invitation_id), connection.id, now=now)
    decision = decide_sign_in(known, invitation)
    if isinstance(decision, Refuse):
        raise SignInRefused(decision.why)
    if isinstance(decision, LinkByInvitation):
        return _link(decision, connection, login.subject, now)
    return decision.account_id


def _link(decision: LinkByInvitation, connection: Connection, subject: str, now: datetime) -> UUID:
    """Take the invitation, and note who this subject is from now on."""
    account_id = decision.account_id or _new_account(decision.person_id, now)
    account = find_account(account_id)
    if account is None:
        raise NotHere(account_id)
    account.person_id = decision.person_id
    grant_role(account_id=account.id, role=Role.MEMBER, now=now)
    session().add(Identity(connection_id=connection.id, subject=subject, account_id=account.id, created_at=now))
    get_invitation(decision.invitation_id).accepted_at = now
    return account.id


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
