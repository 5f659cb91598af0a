"""Ending sign-ins, deciding how long they last, and noting which privacy notice somebody has read.

An end is noted in the database, where every request looks; what Valkey holds is deleted besides.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.access.models import Account
from app.access.queries import find_account
from app.sessions.gateway import forget, list_keys_of_provider, list_sessions
from app.sessions.policies import CURRENT_NOTICE, Limits
from app.sign_in.models import Connection, Identity, SignInPolicy
from app.sign_in.queries import find_sign_in_policy
from tenants.errors import NotHere
from tenants.unit_of_work import current, session


def end_sessions_of_account(*, account_id: UUID, now: datetime) -> None:
    """End every sign-in of an account, on whatever device."""
    session().execute(update(Account).where(Account.id == account_id).values(sessions_end_at=now))
    forget(each.key for each in list_sessions(_tenant_id(), account_id))


def end_sessions_of_connection(
    *, connection_id: UUID, provider_sid: str | None = None, subject: str | None = None, now: datetime
) -> None:
    """End the sign-ins that came by a connection: of one session at the provider, of one subject, or all."""
    if provider_sid:
        forget(list_keys_of_provider(_tenant_id(), connection_id, provider_sid))
    elif subject:
        _end_of_subject(connection_id, subject)
    else:
        session().execute(update(Connection).where(Connection.id == connection_id).values(sessions_end_at=now))


def end_sessions_of_organisation(*, now: datetime) -> None:
    """End every sign-in at the organisation."""
    _policy(now).sessions_end_at = now


def end_one_session(*, account_id: UUID, handle: str) -> None:
    """End one sign-in of an account; nothing happens when it has ended."""
    forget(each.key for each in list_sessions(_tenant_id(), account_id) if each.handle == handle)


def end_other_sessions(*, account_id: UUID, handle: str, now: datetime) -> None:
    """End all sign-ins of an account but one, which the caller has to move on past `now`."""
    session().execute(update(Account).where(Account.id == account_id).values(sessions_end_at=now))
    forget(each.key for each in list_sessions(_tenant_id(), account_id) if each.handle != handle)


def set_limits(*, limits: Limits, now: datetime) -> None:
    """Decide how long sign-ins last; it holds for those there are, too."""
    policy = _policy(now)
    policy.idle_hours, policy.absolute_days, policy.changed_at = limits.idle_hours, limits.absolute_days, now


def read_notice(*, account_id: UUID, now: datetime) -> None:
    """Note that somebody has seen the privacy notice as it is now. Raises NotHere."""
    account = find_account(account_id)
    if account is None:
        raise NotHere(account_id)
    account.notice_version, account.notice_read_at = CURRENT_NOTICE, now


def _end_of_subject(connection_id: UUID, subject: str) -> None:
    whose = select(Identity.account_id).where(Identity.connection_id == connection_id, Identity.subject == subject)
    account_id = session().scalars(whose).one_or_none()
    if account_id:
        came = (each for each in list_sessions(_tenant_id(), account_id) if each.connection == str(connection_id))
        forget(each.key for each in came)


def _policy(now: datetime) -> SignInPolicy:
    policy = find_sign_in_policy()
    if policy is None:
        policy = SignInPolicy(idle_hours=24, absolute_days=7, changed_at=now)
        session().add(policy)
    return policy


def _tenant_id() -> UUID:
    tenant = current().tenant
    if tenant is None:
        raise NotHere("sign-ins belong to an organisation")
    return tenant.id
