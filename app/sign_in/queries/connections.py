"""Reads about the connections to providers, in the current organisation."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.sign_in.models import IN_USE, Connection, ConnectionState, Identity, SignInPolicy
from app.sign_in.policies import SECRET_WARNED_DAYS
from tenants.errors import NotHere
from tenants.unit_of_work import session


def list_connections_in_use() -> Sequence[Connection]:
    """List the connections that people sign in by: those that stay first, then those that were replaced."""
    in_use = select(Connection).where(Connection.state.in_(IN_USE))
    staying_first = (Connection.retires_at.is_not(None), Connection.activated_at, Connection.id)
    return session().scalars(in_use.order_by(*staying_first)).all()


def list_ending_secrets(today: date) -> Sequence[tuple[Connection, int]]:
    """List whose client secret ends soon or has ended, and in how many days; the first to end comes first."""
    soon = today + timedelta(days=max(SECRET_WARNED_DAYS))
    staying = select(Connection).where(Connection.state.in_(IN_USE), Connection.retires_at.is_(None))
    ending = staying.where(Connection.secret_ends_on <= soon).order_by(Connection.secret_ends_on)
    return [(each, (each.secret_ends_on - today).days) for each in session().scalars(ending) if each.secret_ends_on]


def find_active_connection() -> Connection | None:
    """Find the connection that people sign in by; with several, the one that the door names first."""
    return next(iter(list_connections_in_use()), None)


def has_active_connection() -> bool:
    """Whether people can sign in by the organisation's own provider."""
    return find_active_connection() is not None


def has_connection_begun() -> bool:
    """Whether somebody has begun to connect a provider."""
    begun = (*IN_USE, ConnectionState.DRAFT.value)
    return session().scalar(select(Connection.id).where(Connection.state.in_(begun)).limit(1)) is not None


def find_draft() -> Connection | None:
    """Find the connection that is being prepared."""
    draft = select(Connection).where(Connection.state == ConnectionState.DRAFT.value)
    return session().scalars(draft).one_or_none()


def find_last_retired() -> Connection | None:
    """Find the connection that was last taken out of use."""
    retired = select(Connection).where(Connection.state == ConnectionState.RETIRED.value)
    return session().scalars(retired.order_by(Connection.retired_at.desc()).limit(1)).one_or_none()


def find_sign_in_policy() -> SignInPolicy | None:
    """Find what holds for every sign-in, if anything was decided."""
    return session().scalars(select(SignInPolicy)).one_or_none()


def is_enforced() -> bool:
    """Whether the organisation's own provider is the only way in."""
    enforced = select(SignInPolicy.id).where(SignInPolicy.enforced_at.is_not(None))
    return session().scalar(enforced) is not None


def find_connection(connection_id: UUID) -> Connection | None:
    """Find a connection in any state."""
    return session().get(Connection, connection_id)


def get_connection(connection_id: UUID) -> Connection:
    """Return a connection in any state; raises NotHere."""
    found = find_connection(connection_id)
    if found is None:
        raise NotHere(connection_id)
    return found


def find_identity_of(account_id: UUID, connection_id: UUID) -> Identity | None:
    """Find by which log-in an account comes in at a connection."""
    noted = select(Identity).where(Identity.connection_id == connection_id, Identity.account_id == account_id)
    return session().scalars(noted).one_or_none()


def list_own_connections(account_id: UUID) -> frozenset[UUID]:
    """List at which connections an account has a log-in."""
    noted = select(Identity.connection_id).where(Identity.account_id == account_id)
    return frozenset(session().scalars(noted))
