"""Sign-ins on their way: kept on the server, for one browser, to be used once, within ten minutes."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from app.sign_in.errors import StateForeign, StateLate, StateUnknown
from app.sign_in.gateway.client import Client
from app.valkey import valkey

SECONDS_TO_RETURN = 600
# Kept longer than it works, so that somebody who comes back late is told so.
SECONDS_KEPT = 3600
SECONDS_TEST_KEPT = 1800

Purpose = Literal["sign-in", "test", "again", "own-log-in"]


@dataclass(frozen=True, slots=True)
class Trip:
    """One way to the provider and back. Never handed to the browser, which gets `state` and `nonce` only.

    `fresh`: the provider is asked to have the person sign in anew, and has to say that they did.
    """

    state: str
    nonce: str
    verifier: str
    connection_id: str
    revision: int
    purpose: Purpose
    browser: str
    begun_at: float
    account_id: str | None
    invitation_id: str | None
    next: str
    fresh: bool = False


def begin_trip(
    client: Client,
    *,
    purpose: Purpose,
    browser: str,
    now: datetime,
    account_id: UUID | None = None,
    invitation_id: UUID | None = None,
    next_path: str = "",
    fresh: bool = False,
) -> Trip:
    """Remember a new sign-in of this browser."""
    trip = Trip(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        connection_id=str(client.connection_id),
        revision=client.revision,
        purpose=purpose,
        browser=_digest(browser),
        begun_at=now.timestamp(),
        account_id=str(account_id) if account_id else None,
        invitation_id=str(invitation_id) if invitation_id else None,
        next=next_path,
        fresh=fresh,
    )
    valkey().set(_shelf(client.tenant_id, trip.state), json.dumps(asdict(trip)), ex=SECONDS_KEPT)
    return trip


def take_trip(tenant_id: UUID, state: str, *, connection_id: UUID, browser: str, now: datetime) -> Trip:
    """The sign-in that comes back, taken away for good.

    Raises StateUnknown, StateForeign, StateLate.
    """
    kept = valkey().getdel(_shelf(tenant_id, state))
    if not isinstance(kept, bytes):
        raise StateUnknown
    trip = Trip(**json.loads(kept))
    if trip.connection_id != str(connection_id):
        raise StateUnknown
    if trip.browser != _digest(browser):
        raise StateForeign
    if now.timestamp() - trip.begun_at > SECONDS_TO_RETURN:
        raise StateLate
    return trip


def _shelf(tenant_id: UUID, state: str) -> str:
    return f"sign-in:{tenant_id}:trip:{_digest(state)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def keep_test_claims(tenant_id: UUID, connection_id: UUID, revision: int, claims: dict[str, str]) -> None:
    """Keep what a test login brought, for the page that shows it, for half an hour."""
    valkey().set(_test_shelf(tenant_id, connection_id, revision), json.dumps(claims), ex=SECONDS_TEST_KEPT)


def find_test_claims(tenant_id: UUID, connection_id: UUID, revision: int) -> dict[str, str] | None:
    """What the last test login with these settings brought; None when that is too long ago."""
    kept = valkey().get(_test_shelf(tenant_id, connection_id, revision))
    return cast("dict[str, str]", json.loads(kept)) if isinstance(kept, bytes) else None


def _test_shelf(tenant_id: UUID, connection_id: UUID, revision: int) -> str:
    return f"sign-in:{tenant_id}:{connection_id}:{revision}:test"
