"""In an organisation: noticing that no owner is left, telling everybody with a role, letting a new owner in."""

from datetime import datetime
from uuid import UUID

from app.access.actions import add_account, grant_role
from app.access.models import Account
from app.access.queries import find_account_by_email, has_proven_role
from app.access.roles import Role
from app.roles.actions.change import tell_owners
from app.roles.actions.invite import begin_again, mail_invitation
from app.roles.events import roles_changed
from app.roles.models import OwnerRecovery
from app.roles.queries.holders import get_holder, list_owners, list_reachable
from app.roles.queries.recoveries import read_announced, read_ownerless_since, read_recovery
from tenants.errors import NotHere
from tenants.outbox import later, later_in_control
from tenants.unit_of_work import current, session


def look_at_owners() -> None:
    """Tell control when no owner can come in any more, or one can again; nothing when that is known."""
    tenant_id, has_owner = _tenant_id(), bool(list_owners())
    is_known = read_ownerless_since(tenant_id) is not None
    if is_known == has_owner:
        later_in_control("roles.note_ownerless", tenant_id=str(tenant_id), is_ownerless=not has_owner)


def tell_holders(job: str) -> None:
    """Have everybody with a role who can come in told, a mail each."""
    for account in list_reachable():
        _mail_later(job, account.id)


def seat_new_owner(*, recovery_id: UUID, now: datetime) -> None:
    """Make whom a finished recovery names an owner, and mail them a way in; of a member it is their own sign-in."""
    recovery = read_recovery(recovery_id)
    if recovery is None or recovery.done_at is None or recovery.tenant_id != _tenant_id():
        return
    account = _account_for(recovery, now)
    if account is None:
        return
    session().flush()  # flush: a grant names the account by its key
    asleep = account.person_id is not None and not has_proven_role(account.id)
    grant_role(account_id=account.id, role=Role.OWNER, now=now, asleep=asleep)
    session().flush()  # flush: listeners read the grants
    tell_owners()
    roles_changed()
    mail_invitation(account.id, now)


def ask_to_call_off(*, account_id: UUID) -> None:
    """Somebody with a role calls the recovery of their organisation off. Raises NotHere when there is none."""
    get_holder(account_id)
    recovery = read_announced(_tenant_id())
    if recovery is None:
        raise NotHere("no recovery is under way")
    later_in_control("roles.call_off_recovery", recovery_id=str(recovery.id))


def _account_for(recovery: OwnerRecovery, now: datetime) -> Account | None:
    """The account of the address; None for one that ended together with somebody's place in the directory."""
    account = find_account_by_email(recovery.email)
    if account is None:
        return add_account(email=recovery.email, name=recovery.name, language=None, now=now)
    if account.ended_at and account.person_id:
        return None
    if account.ended_at:
        begin_again(account, recovery.name, now)
    return account


def _mail_later(job: str, account_id: UUID) -> None:
    if job == "ownerless":
        later("roles.mail_ownerless", account_id=str(account_id))
    elif job == "recovery":
        later("roles.mail_recovery", account_id=str(account_id))
    else:
        later("roles.mail_called_off", account_id=str(account_id))


def _tenant_id() -> UUID:
    tenant = current().tenant
    if tenant is None:
        raise LookupError("this is work of one organisation")
    return tenant.id
