"""The end of a sign-in at the provider."""

from datetime import datetime

from app.sign_in.actions.speak_as_client import client_of
from app.sign_in.gateway import Ended, logout_url, read_logout_token
from app.sign_in.models import Connection


def way_out(*, connection: Connection, redirect_uri: str, back: str) -> str | None:
    """Where the browser signs out of the provider, and comes `back`; None where there is no such place.

    Raises NothingToTest, ProviderError.
    """
    return logout_url(client_of(connection, redirect_uri), back=back)


def hear_of_end(*, connection: Connection, redirect_uri: str, token: str, now: datetime) -> Ended:
    """Whose sign-in has ended at the provider, as its logout token says. Raises ProviderError."""
    return read_logout_token(token, client=client_of(connection, redirect_uri), now=now)
