"""From the choice of a provider to a connection in use, and out of use again."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from app.domains.models import Domain
from app.sign_in.actions.enforce import end_enforcement
from app.sign_in.actions.know_again import take_over_identities
from app.sign_in.actions.speak_as_client import SECRET
from app.sign_in.errors import NotActive, NothingToTest, NotTested
from app.sign_in.events import connection_changed
from app.sign_in.gateway import Addresses, discover, register
from app.sign_in.models import Connection, ConnectionState, ProviderKind
from app.sign_in.queries import (
    find_active_connection,
    find_draft,
    find_last_retired,
    get_connection,
    list_connections_in_use,
)
from app.vault import open_setting, seal_setting
from tenants.models import new_id
from tenants.unit_of_work import session

REPLACED_WORKS_ON = timedelta(days=7)


def begin_draft(*, provider: ProviderKind, now: datetime, replaces_id: UUID | None = None) -> Connection:
    """Begin to connect a provider: a further one, or one that takes the place of another.

    The settings of the one it replaces, or of the last that was in use while there is none, are the start, if the
    provider is the same. While a draft is there, only the choice of the provider changes. Raises NotHere, NotActive.
    """
    draft = find_draft()
    if draft:
        draft.provider = provider.value
        return draft
    draft = Connection(id=new_id(), provider=provider.value, replaces_id=replaces_id, created_at=now, updated_at=now)
    earlier = _earlier(replaces_id)
    if earlier and earlier.provider == provider and earlier.client_secret:
        draft.issuer, draft.client_id, draft.secret_ends_on = earlier.issuer, earlier.client_id, earlier.secret_ends_on
        secret = open_setting(earlier.client_secret, row=earlier.id, column=SECRET)
        draft.client_secret = seal_setting(secret, row=draft.id, column=SECRET)
    session().add(draft)
    connection_changed()
    return draft


def _earlier(replaces_id: UUID | None) -> Connection | None:
    if replaces_id is None:
        return None if find_active_connection() else find_last_retired()
    replaced = get_connection(replaces_id)
    if not replaced.is_in_use:
        raise NotActive
    return replaced


def save_settings(
    *,
    connection: Connection,
    issuer: str,
    client_id: str,
    client_secret: str | None,
    now: datetime,
    secret_ends_on: date | None = None,
) -> None:
    """Keep what was typed. An empty secret keeps the one there is. What changed has to be tested again."""
    note_secret_end(connection, secret_ends_on)
    if (issuer, client_id) == (connection.issuer, connection.client_id) and not client_secret:
        return
    connection.issuer, connection.client_id = issuer, client_id
    if client_secret:
        connection.client_secret = seal_setting(client_secret, row=connection.id, column=SECRET)
    connection.tested_at = None
    connection.revision += 1
    connection.updated_at = now


def note_secret_end(connection: Connection, secret_ends_on: date | None) -> None:
    """Keep the secret's last day; whoever was warned of another is warned anew."""
    if connection.secret_ends_on != secret_ends_on:
        connection.secret_ends_on, connection.secret_told_days = secret_ends_on, None


def check_provider(*, connection: Connection) -> None:
    """Ask the provider at the issuer's address. Raises a ProviderError that says what is wrong with it."""
    discover(connection.issuer or "")


def register_at_provider(
    *, connection: Connection, issuer: str, addresses: Addresses, initial_token: str, now: datetime
) -> None:
    """Have Kamu register itself, and keep what the provider gave. Raises ProviderError."""
    made = register(issuer, addresses, initial_token=initial_token)
    save_settings(
        connection=connection,
        issuer=issuer,
        client_id=made.client_id,
        client_secret=made.client_secret,
        secret_ends_on=made.ends_on,
        now=now,
    )


def activate(*, connection: Connection, now: datetime) -> None:
    """Let people sign in by it; the one that it replaces works for seven days more.

    People who have signed in through an earlier connection of the same client stay who they are. Raises NotTested.
    """
    if connection.tested_at is None:
        raise NotTested
    replaced = _put_in_use(connection, now)
    if replaced:
        replaced.retires_at = now + REPLACED_WORKS_ON


def add_active_connection(
    *,
    provider: ProviderKind,
    issuer: str,
    client_id: str,
    client_secret: str,
    now: datetime,
    beside: bool = False,
) -> Connection:
    """Connect a provider without a test login, instead of those in use or `beside` them.

    For operators' commands and local demos, never for a page.
    """
    connection = find_draft() or begin_draft(provider=provider, now=now)
    save_settings(connection=connection, issuer=issuer, client_id=client_id, client_secret=client_secret, now=now)
    earlier = [] if beside else list_connections_in_use()
    _put_in_use(connection, now)
    for each in earlier:
        _retire(each, now)
    return connection


def _put_in_use(connection: Connection, now: datetime) -> Connection | None:
    if not connection.is_complete:
        raise NothingToTest
    replaced = _replaced_by(connection)
    if replaced:
        _carry_over(replaced, connection)
    connection.state = ConnectionState.ACTIVE.value
    connection.activated_at = now
    take_over_identities(connection)
    connection_changed()
    return replaced


def _replaced_by(connection: Connection) -> Connection | None:
    """The one whose place it takes: as was asked, or because it is the very same registration."""
    for each in list_connections_in_use():
        same_client = (each.issuer, each.client_id) == (connection.issuer, connection.client_id)
        if each.id == connection.replaces_id or (connection.replaces_id is None and same_client):
            return each
    return None


def _carry_over(old: Connection, new: Connection) -> None:
    """Let what was decided about the old one hold for the new one.

    That nobody can change their address was said of one provider, and holds for that one only.
    """
    new.replaces_id, new.name = old.id, old.name
    new.jit, new.external_id_claim = old.jit, old.external_id_claim
    new.addresses_fixed_at = old.addresses_fixed_at if new.issuer == old.issuer else None
    session().execute(update(Domain).where(Domain.connection_id == old.id).values(connection_id=new.id))


def _retire(connection: Connection, now: datetime) -> None:
    connection.state = ConnectionState.RETIRED.value
    connection.retired_at = now


def deactivate(*, connection_id: UUID, now: datetime) -> None:
    """Take the connection out of use: nobody signs in by it any more. Raises NotHere, NotActive.

    Without any left, links by mail work again: an organisation is not locked out by its own decision.
    """
    connection = get_connection(connection_id)
    if not connection.is_in_use:
        raise NotActive
    _retire(connection, now)
    session().flush()  # flush: the look at what is left must not find it
    if find_active_connection() is None:
        end_enforcement(now=now)
    connection_changed()


def retire_replaced(*, now: datetime) -> None:
    """Take those out of use that were replaced seven days ago."""
    for connection in list_connections_in_use():
        if connection.retires_at and connection.retires_at <= now:
            _retire(connection, now)
            connection_changed()


def throw_draft_away() -> None:
    """Forget the connection that is being prepared."""
    draft = find_draft()
    if draft:
        session().delete(draft)
        connection_changed()
