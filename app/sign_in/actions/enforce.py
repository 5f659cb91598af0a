"""The organisation's own provider as the only way in."""

from datetime import datetime

from app.sign_in.errors import EnforcementRefused
from app.sign_in.events import connection_changed
from app.sign_in.models import SignInPolicy
from app.sign_in.queries import find_sign_in_policy
from app.sign_in.queries.dry_run import list_hindrances
from tenants.unit_of_work import session


def enforce(*, now: datetime) -> None:
    """Let people in by the organisation's own provider only: links by mail end. Raises EnforcementRefused."""
    if list_hindrances():
        raise EnforcementRefused
    policy = find_sign_in_policy()
    if policy is None:
        policy = SignInPolicy(idle_hours=24, absolute_days=7, changed_at=now)
        session().add(policy)
    policy.enforced_at = policy.enforced_at or now
    policy.changed_at = now
    connection_changed()


def end_enforcement(*, now: datetime) -> None:
    """Let owners, leads and contacts come in by a link in a mail again."""
    policy = find_sign_in_policy()
    if policy and policy.enforced_at:
        policy.enforced_at, policy.changed_at = None, now
        connection_changed()
