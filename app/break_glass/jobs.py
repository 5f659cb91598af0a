from datetime import datetime
from uuid import UUID

from app.access.queries import find_account, list_accounts_with
from app.access.roles import Role
from app.break_glass import emails
from tenants.unit_of_work import current


def tell_changed(*, account_id: str, change: str, when: str) -> None:
    """Mail that passkeys or codes changed; `when` is an ISO time."""
    account, tenant = find_account(UUID(account_id)), current().tenant
    if account and tenant:
        emails.tell_changed(account, tenant, change=change, when=datetime.fromisoformat(when))


def tell_owners(*, account_id: str, way: str, when: str) -> None:
    """Mail every owner that one of them came in by the rescue; `when` is an ISO time."""
    rescued, tenant = find_account(UUID(account_id)), current().tenant
    if rescued and tenant:
        owners = list_accounts_with(Role.OWNER)
        emails.tell_owners(owners, tenant, rescued=rescued, way=way, when=datetime.fromisoformat(when))
