"""A client of the organisation's provider, from its row."""

from app.sign_in.errors import NothingToTest
from app.sign_in.gateway import Client
from app.sign_in.models import Connection
from app.vault import open_setting
from tenants.errors import NotHere
from tenants.unit_of_work import current

SECRET = "client_secret"  # noqa: S105  the name of the column


def client_of(connection: Connection, redirect_uri: str) -> Client:
    """Open the secret and put a client together for one request. Raises NothingToTest when settings are missing."""
    tenant = current().tenant
    if tenant is None:
        raise NotHere(connection.id)
    if not connection.issuer or not connection.client_id or not connection.client_secret:
        raise NothingToTest
    return Client(
        tenant_id=tenant.id,
        connection_id=connection.id,
        revision=connection.revision,
        issuer=connection.issuer,
        client_id=connection.client_id,
        client_secret=open_setting(connection.client_secret, row=connection.id, column=SECRET),
        redirect_uri=redirect_uri,
    )
