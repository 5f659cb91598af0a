"""What the pages about sign-ins show. Nobody's sign-ins are among it but one's own."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from app.access.models import Account, RoleGrant
from app.sessions.policies import Limits
from app.sign_in.queries import find_sign_in_policy
from tenants.unit_of_work import session


def find_limits() -> Limits:
    """How long sign-ins last here."""
    policy = find_sign_in_policy()
    return Limits(policy.idle_hours, policy.absolute_days) if policy else Limits()


def search_role_holders(search: str, *, most: int) -> Sequence[Account]:
    """Find accounts that stand in no directory and hold a role, by name or address."""
    words = [
        or_(Account.name.icontains(each, autoescape=True), Account.email.icontains(each)) for each in search.split()
    ]
    holding = select(RoleGrant.id).where(RoleGrant.account_id == Account.id).exists()
    found = select(Account).where(Account.person_id.is_(None), Account.ended_at.is_(None), holding, *words)
    return session().scalars(found.order_by(Account.name, Account.id).limit(most)).all()


def find_account_id(who: UUID) -> UUID | None:
    """Find the account that a directory person has, or that bears the id itself."""
    return session().scalars(select(Account.id).where(or_(Account.person_id == who, Account.id == who))).first()
