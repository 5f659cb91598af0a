"""Which client of which provider is speaking: built anew for each request from the connection's row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from requests import RequestException

from app.outbound import OutboundError
from app.sign_in.errors import Call, CallFailed


@dataclass(frozen=True, slots=True)
class Client:
    """One organisation's registration at its provider.

    `revision` rises with each change of the settings, so nothing remembered for older ones is found again.
    """

    tenant_id: UUID
    connection_id: UUID
    revision: int
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str

    def shelf(self, name: str) -> str:
        """Where in Valkey something about this client is kept."""
        return f"sign-in:{self.tenant_id}:{self.connection_id}:{self.revision}:{name}"


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Name the call that failed, also one to what only looks like an address. Raises CallFailed."""
    try:
        yield
    except (OutboundError, RequestException) as error:
        raise CallFailed(call) from error
