"""Who offers the ownership to whom, in the current organisation."""

from datetime import datetime
from uuid import UUID

from app.access.models import Account
from app.access.queries import find_account, list_roles
from app.access.roles import Role


def find_offer(account_id: UUID, now: datetime) -> tuple[Account, bool] | None:
    """Find who offers the ownership to an account, and whether they stay an owner as well; None when nobody does."""
    account = find_account(account_id)
    if account is None or account.offered_by is None or account.offered_until is None or now >= account.offered_until:
        return None
    owner = find_account(account.offered_by)
    if owner is None or Role.OWNER not in list_roles(owner.id):
        return None
    return owner, bool(account.offerer_stays)
