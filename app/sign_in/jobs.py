from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from app.access.queries import find_account, list_accounts_with
from app.access.roles import Role
from app.clock import now
from app.sign_in import emails
from app.sign_in.actions import decide_arrival
from app.sign_in.actions.connect_provider import retire_replaced
from app.sign_in.actions.warn_of_secret import warn_of_secrets
from app.sign_in.policies import SECRET_WARNED_DAYS
from app.sign_in.queries import count_arrivals, find_login_link
from app.sign_in.queries.connections import find_connection
from tenants.errors import NotHere
from tenants.outbox import later
from tenants.unit_of_work import current, session

A_DAY = timedelta(days=1)


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


def tell_of_arrivals(*, since: str | None = None) -> None:
    """Mail owners and leads that somebody asks to come in, and come again in a day for whoever asked since."""
    if not count_arrivals(since=datetime.fromisoformat(since) if since else None):
        return
    deciding = {each.id for role in (Role.OWNER, Role.PROGRAMME_LEAD) for each in list_accounts_with(role)}
    for account_id in sorted(deciding):
        later("sign_in.mail_arrivals", account_id=str(account_id))
    later("sign_in.tell_of_arrivals", delay=A_DAY, since=now().isoformat())


def forget_arrival(*, identity_id: str) -> None:
    """Forget what a login claimed three months ago; who was refused stays refused, without a name."""
    with suppress(NotHere):
        decide_arrival.forget_arrival(identity_id=UUID(identity_id))


def mail_arrivals(*, account_id: str) -> None:
    """Mail one of those who decide that somebody waits, while somebody does."""
    account, tenant, waiting = find_account(UUID(account_id)), current().tenant, count_arrivals()
    if account and tenant and waiting:
        emails.send_arrivals(account, waiting, tenant)


def look_after_connections() -> None:
    """Take those out of use that were replaced a week ago; have it told whose secret ends soon."""
    retire_replaced(now=now())
    warn_of_secrets(now=now())


def mail_secret_end(*, account_id: str, connection_id: str) -> None:
    """Mail an owner or IT contact that a client secret ends, while it does."""
    account, tenant = find_account(UUID(account_id)), current().tenant
    connection = find_connection(UUID(connection_id))
    if account is None or tenant is None or connection is None or not connection.is_in_use:
        return
    days = (connection.secret_ends_on - now().date()).days if connection.secret_ends_on else -1
    if 0 <= days <= max(SECRET_WARNED_DAYS):
        emails.send_secret_ending(account, connection, days, tenant)
