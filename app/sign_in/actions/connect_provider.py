"""From the choice of a provider to a connection in use, and out of use again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.sign_in.actions.speak_as_client import SECRET
from app.sign_in.errors import NotActive, NothingToTest, NotTested
from app.sign_in.events import connection_changed
from app.sign_in.gateway import discover
from app.sign_in.models import Connection, ConnectionState, Identity, ProviderKind
from app.sign_in.queries import find_active_connection, find_draft, find_last_retired, get_connection
from app.vault import open_setting, seal_setting
from tenants.models import new_id
from tenants.unit_of_work import session


def begin_draft(*, provider: ProviderKind, now: datetime) -> Connection:
    """Begin to connect a provider, or to change the connection there is: its settings are the start, if it is the same.

    While a draft is there, only the choice of the provider changes.
    """
    draft = find_draft()
    if draft:
        draft.provider = provider.value
        return draft
    draft = Connection(id=new_id(), provider=provider.value, created_at=now, updated_at=now)
    earlier = find_active_connection() or find_last_retired()
    if earlier and earlier.provider == provider and earlier.client_secret:
        draft.issuer, draft.client_id = earlier.issuer, earlier.client_id
        secret = open_setting(earlier.client_secret, row=earlier.id, column=SECRET)
        draft.client_secret = seal_setting(secret, row=draft.id, column=SECRET)
    session().add(draft)
    connection_changed()
    return draft


def save_settings(
    *, connection: Connection, issuer: str, client_id: str, client_secret: str | None, now: datetime
) -> None:
    """Keep what was typed. An empty secret keeps the one there is. What changed has to be tested again."""
    secret_changed = bool(client_secret)
    if (issuer, client_id) == (connection.issuer, connection.client_id) and not secret_changed:
        return
    connection.issuer, connection.client_id = issuer, client_id
    if client_secret:
        connection.client_secret = seal_setting(client_secret, row=connection.id, column=SECRET)
    connection.tested_at = None
    connection.revision += 1
    connection.updated_at = now


def check_provider(*, connection: Connection) -> None:
    """Ask the provider at the issuer's address. Raises a ProviderError that says what is wrong with it."""
    discover(connection.issuer or "")


def activate(*, connection: Connection, now: datetime) -> None:
    """Let people sign in by it; the one before is retired.

    People who have signed in through an earlier connection of the same client stay who they are. Raises NotTested.
    """
    if connection.tested_at is None:
        raise NotTested
    _put_in_use(connection, now)


def add_active_connection(
    *, provider: ProviderKind, issuer: str, client_id: str, client_secret: str, now: datetime
) -> Connection:
    """Connect a provider without a test login. For operators' commands and local demos, never for a page."""
    connection = find_draft() or begin_draft(provider=provider, now=now)
    save_settings(connection=connection, issuer=issuer, client_id=client_id, client_secret=client_secret, now=now)
    _put_in_use(connection, now)
    return connection


def _put_in_use(connection: Connection, now: datetime) -> None:
    if not connection.is_complete:
        raise NothingToTest
    _retire(find_active_connection(), now)
    session().flush()  # flush: only one may be in use, so the old one leaves first
    connection.state = ConnectionState.ACTIVE.value
    connection.activated_at = now
    _take_over_identities(connection)
    connection_changed()


def _retire(connection: Connection | None, now: datetime) -> None:
    if connection:
        connection.state = ConnectionState.RETIRED.value
        connection.retired_at = now


def _take_over_identities(connection: Connection) -> None:
    """A subject means the same person wherever issuer and client are the same."""
    earlier = select(Connection.id).where(
        Connection.issuer == connection.issuer,
        Connection.client_id == connection.client_id,
        Connection.id != connection.id,
    )
    session().execute(update(Identity).where(Identity.connection_id.in_(earlier)).values(connection_id=connection.id))


def deactivate(*, connection_id: UUID, now: datetime) -> None:
    """Take the connection out of use: nobody signs in by it any more. Raises NotHere, NotActive."""
    connection = get_connection(connection_id)
    if not connection.is_in_use:
        raise NotActive
    _retire(connection, now)
    connection_changed()


def throw_draft_away() -> None:
    """Forget the connection that is being prepared."""
    draft = find_draft()
    if draft:
        session().delete(draft)
        connection_changed()
