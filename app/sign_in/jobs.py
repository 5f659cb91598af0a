from uuid import UUID

from app.access.queries import find_account
from app.clock import now
from app.sign_in import emails
from app.sign_in.queries import find_login_link
from tenants.unit_of_work import current, session


def send_login_link(*, link_id: str) -> None:
    """Mail a link while it works; forget one that was asked for with an unknown address."""
    link = find_login_link(UUID(link_id))
    if link is None:
        return
    if link.account_id is None:
        session().delete(link)
        return
    account, tenant = find_account(link.account_id), current().tenant
    if account and tenant and link.used_at is None and not link.has_expired(now()):
        emails.send_login_link(account, link, tenant)
