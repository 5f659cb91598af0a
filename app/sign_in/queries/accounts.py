"""Accounts as the decision about a sign-in sees them."""

from uuid import UUID

from sqlalchemy import select

from app.access.models import Account
from app.access.queries import list_roles
from app.access.roles import Role
from app.sign_in.models import Identity
from app.sign_in.policies import AccountFacts
from tenants.unit_of_work import session


def has_invited_role(account_id: UUID) -> bool:
    """Whether an account holds a role that it was invited to, beside or instead of being a member."""
    return bool(list_roles(account_id) - {Role.MEMBER})


def facts_of(account: Account, connection_id: UUID) -> AccountFacts:
    """What matters of an account for a sign-in through a connection."""
    logins = select(Identity.id).where(Identity.connection_id == connection_id, Identity.account_id == account.id)
    return AccountFacts(
        id=account.id,
        email=account.email,
        has_ended=account.ended_at is not None,
        has_login=session().scalar(logins) is not None,
        has_invited_role=has_invited_role(account.id),
    )
