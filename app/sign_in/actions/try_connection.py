"""A login with settings that are not in use yet, by the person who prepares them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.sign_in.actions.speak_as_client import client_of
from app.sign_in.errors import StateForeign, StateUnknown
from app.sign_in.gateway import (
    Claims,
    Trip,
    begin_trip,
    finish_login,
    keep_test_claims,
    login_url,
)
from app.sign_in.models import Connection

# What a page shows of a login: what Kamu uses, and what tells people apart. Nothing else that a provider sends.
SHOWN_CLAIMS = ("sub", "name", "given_name", "family_name", "preferred_username", "email", "locale")
LONGEST_SHOWN = 200
# Kept among the claims when the provider says when the person signed in, as it must for those who confirm a step.
TELLS_WHEN = "auth_time"


def begin_test(*, connection: Connection, redirect_uri: str, browser: str, account_id: UUID, now: datetime) -> str:
    """Where the browser goes to try the settings. Raises NothingToTest, ProviderError."""
    client = client_of(connection, redirect_uri)
    trip = begin_trip(client, purpose="test", browser=browser, now=now, account_id=account_id, fresh=True)
    return login_url(client, trip)


def finish_test(
    *,
    connection: Connection,
    redirect_uri: str,
    trip: Trip,
    answer: Mapping[str, str],
    account_id: UUID | None,
    now: datetime,
) -> None:
    """Note that the present settings work, and keep what came for the page that shows it.

    Raises StateForeign, StateUnknown, ProviderError.
    """
    if trip.account_id != str(account_id):
        raise StateForeign
    if trip.revision != connection.revision:
        raise StateUnknown
    client = client_of(connection, redirect_uri)
    login = finish_login(client, trip, answer, now=now, with_userinfo=True)
    shown = _shown(login.claims) | ({TELLS_WHEN: "told"} if TELLS_WHEN in login.claims else {})
    keep_test_claims(client.tenant_id, connection.id, connection.revision, shown)
    connection.tested_at = now


def _shown(claims: Claims) -> dict[str, str]:
    """The texts among the claims that are shown, cut to a line each, with nothing that cannot be printed."""
    texts = {name: claims[name] for name in SHOWN_CLAIMS if isinstance(claims.get(name), str)}
    return {name: "".join(c for c in str(text) if c.isprintable())[:LONGEST_SHOWN] for name, text in texts.items()}
