"""Somebody who is in already notes by which log-in of their provider they come from now on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.sign_in.actions.speak_as_client import client_of
from app.sign_in.errors import LogInTaken, StateForeign, StateUnknown
from app.sign_in.gateway import Login, Trip, begin_trip, finish_login, login_url
from app.sign_in.models import Connection, Identity
from app.sign_in.queries.arrivals import find_identity
from app.sign_in.queries.connections import find_identity_of
from tenants.unit_of_work import session

LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A log-in that came back: the subject, how the provider calls them, and its own id of their session there."""

    subject: str
    shown: str
    provider_session: str | None


def begin_own_log_in(
    *, connection: Connection, redirect_uri: str, browser: str, account_id: UUID, now: datetime
) -> str:
    """Where the browser goes to show the log-in. Raises ProviderError."""
    client = client_of(connection, redirect_uri)
    trip = begin_trip(client, purpose="own-log-in", browser=browser, now=now, account_id=account_id)
    return login_url(client, trip)


def finish_own_log_in(
    *,
    connection: Connection,
    redirect_uri: str,
    trip: Trip,
    answer: Mapping[str, str],
    account_id: UUID | None,
    now: datetime,
) -> Found:
    """The log-in that came back; nothing is noted before its owner says that it is theirs.

    Raises StateForeign, StateUnknown, ProviderError, LogInTaken.
    """
    if account_id is None or trip.account_id != str(account_id):
        raise StateForeign
    if not connection.is_in_use or trip.revision != connection.revision:
        raise StateUnknown
    login = finish_login(client_of(connection, redirect_uri), trip, answer, now=now)
    _check_free(connection, login.subject, account_id)
    session_id = login.claims.get("sid")
    return Found(login.subject, _called(login), session_id if isinstance(session_id, str) else None)


def note_own_log_in(*, connection: Connection, subject: str, account_id: UUID, now: datetime) -> None:
    """Let this account in by that log-in from now on. Raises LogInTaken, StateUnknown."""
    if not connection.is_in_use:
        raise StateUnknown
    asking = _check_free(connection, subject, account_id)
    if asking is None:
        asking = Identity(connection_id=connection.id, subject=subject, created_at=now)
        session().add(asking)
    # Who asked to come in by this log-in has come in otherwise: nobody has to decide any more.
    asking.account_id, asking.asked_at, asking.refused_at = account_id, None, None
    asking.claimed_email = asking.claimed_name = None


def _check_free(connection: Connection, subject: str, account_id: UUID) -> Identity | None:
    """No silent merge: neither the log-in nor the account may have another here. Somebody who waits is returned."""
    noted = find_identity(connection.id, subject)
    if noted and noted.account_id is not None:
        raise LogInTaken
    if find_identity_of(account_id, connection.id):
        raise LogInTaken
    return noted


def _called(login: Login) -> str:
    """How the provider calls them, in a line that can be printed."""
    for name in ("email", "preferred_username", "name", "sub"):
        text = login.claims.get(name)
        if isinstance(text, str) and text.strip():
            return "".join(c for c in text if c.isprintable())[:LONGEST_SHOWN]
    return ""
