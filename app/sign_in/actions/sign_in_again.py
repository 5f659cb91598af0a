"""Somebody who is signed in shows at the provider that it is still them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.sign_in.actions.speak_as_client import client_of
from app.sign_in.errors import SignInRefused, StateForeign, StateUnknown
from app.sign_in.gateway import Trip, begin_trip, finish_login, login_url
from app.sign_in.models import Connection
from app.sign_in.policies import Why
from app.sign_in.queries import find_known


def begin_again(
    *, connection: Connection, redirect_uri: str, browser: str, account_id: UUID, next_path: str, now: datetime
) -> str:
    """Where the browser goes, to sign in anew and not by what the provider remembers. Raises ProviderError."""
    client = client_of(connection, redirect_uri)
    trip = begin_trip(
        client,
        purpose="again",
        browser=browser,
        now=now,
        account_id=account_id,
        next_path=next_path,
        fresh=True,
    )
    return login_url(client, trip)


def come_again(
    *,
    connection: Connection,
    redirect_uri: str,
    trip: Trip,
    answer: Mapping[str, str],
    account_id: UUID | None,
    now: datetime,
) -> str | None:
    """Make sure that whoever came back is the one who is signed in, and signed in there just now.

    Returns the provider's own id of their session there, if it gives one.
    Raises StateForeign, StateUnknown, ProviderError, SignInRefused.
    """
    if trip.account_id != str(account_id):
        raise StateForeign
    if not connection.is_in_use or trip.revision != connection.revision:
        raise StateUnknown
    login = finish_login(client_of(connection, redirect_uri), trip, answer, now=now)
    known = find_known(connection.id, login.subject)
    if known is None or known.id != account_id or known.has_ended:
        raise SignInRefused(Why.ANOTHER_LOGIN)
    session_id = login.claims.get("sid")
    return session_id if isinstance(session_id, str) else None
