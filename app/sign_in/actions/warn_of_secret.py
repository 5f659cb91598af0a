"""A client secret that ends soon is told of in time, to those who can make a new one."""

from datetime import datetime

from app.access.queries import list_accounts_with
from app.access.roles import Role
from app.sign_in.policies import secret_warning
from app.sign_in.queries import list_connections_in_use
from tenants.outbox import later

WARNED = (Role.OWNER, Role.IT_CONTACT)


def warn_of_secrets(*, now: datetime) -> None:
    """Have owners and IT contacts told of each secret that ends in 30, 7 or 1 days or less; of each once."""
    for connection in list_connections_in_use():
        if connection.secret_ends_on is None or connection.retires_at is not None:
            continue
        warning = secret_warning((connection.secret_ends_on - now.date()).days, connection.secret_told_days)
        if warning is None:
            continue
        connection.secret_told_days = warning
        told = {each.id for role in WARNED for each in list_accounts_with(role)}
        for account_id in sorted(told):
            later("sign_in.mail_secret_end", account_id=str(account_id), connection_id=str(connection.id))
