"""Work about roles. Each may run twice; the first word of each says in which plane it is done."""

from contextlib import suppress
from uuid import UUID

from app.access.models import Account
from app.access.queries import find_account, list_roles
from app.access.roles import Role
from app.clock import now
from app.roles import emails
from app.roles.actions import recover, watch
from app.roles.actions.invite import find_invitation_to_mail
from app.roles.errors import TooLate
from app.roles.policies import GIVEN
from app.roles.queries.holders import list_holders, list_owners
from app.roles.queries.offers import find_offer
from app.roles.queries.recoveries import RecoveryState, get_case, read_announced, read_recovery, state_of
from app.support.queries.staff import find_staff
from tenants.unit_of_work import current, session


def mail_invitation(*, link_id: str) -> None:
    """Tenant: mail an invitation while its link is the one that works."""
    account = find_invitation_to_mail(link_id=UUID(link_id), now=now())
    if account:
        emails.send_invitation(account, roles=_held(account.id), link_id=UUID(link_id))


def mail_change(*, account_id: str) -> None:
    """Tenant: mail somebody which roles they hold now, also when that is none."""
    account = session().get(Account, UUID(account_id))
    if account:
        emails.send_change(account, roles=_held(account.id))


def mail_owners_changed(*, account_id: str) -> None:
    """Tenant: mail somebody, who was an owner when the owners changed, who they are now; also one who was removed."""
    account = session().get(Account, UUID(account_id))
    if account:
        emails.send_owners_changed(account, owners=[each.account.name for each in list_holders() if each.is_owner])


def mail_offer(*, account_id: str) -> None:
    """Tenant: mail somebody that the ownership is offered to them, while it is."""
    account, offer = find_account(UUID(account_id)), find_offer(UUID(account_id), now())
    if account and offer:
        emails.send_offer(account, by=offer[0].name)


def look_at_owners() -> None:
    """Tenant: notice when no owner can come in any more."""
    watch.look_at_owners()


def note_ownerless(*, tenant_id: str, is_ownerless: bool) -> None:
    """Control: note it for Nitor's page of the customer, and have everybody with a role told."""
    recover.note_ownerless(tenant_id=UUID(tenant_id), is_ownerless=is_ownerless, now=now())


def tell_ownerless() -> None:
    """Tenant: tell everybody with a role that no owner is left."""
    watch.tell_holders("ownerless")


def mail_ownerless(*, account_id: str) -> None:
    """Tenant: mail one of them, while it is so."""
    account = find_account(UUID(account_id))
    if account and not list_owners():
        emails.send_ownerless(account)


def mail_staff(*, recovery_id: str, staff_id: str) -> None:
    """Control: tell one of Nitor's staff that a recovery waits for a second person, while it does."""
    found, staff = get_case(UUID(recovery_id)), find_staff(UUID(staff_id))
    if staff and found.state is RecoveryState.ASKED:
        emails.send_to_staff(staff, recovery_id=found.recovery.id, organisation=found.tenant.name)


def tell_recovery(*, recovery_id: str) -> None:
    """Tenant: tell everybody with a role what will be done in a week."""
    recovery = read_recovery(UUID(recovery_id))
    if recovery and state_of(recovery) is RecoveryState.NOTICE:
        watch.tell_holders("recovery")


def mail_recovery(*, account_id: str) -> None:
    """Tenant: mail one of them, with the way to call it off, while it can be."""
    account, tenant = find_account(UUID(account_id)), current().tenant
    recovery = read_announced(tenant.id) if tenant else None
    if account and recovery and recovery.opens_at:
        emails.send_recovery(account, recovery_id=recovery.id, opens_at=recovery.opens_at)


def tell_called_off(*, recovery_id: str) -> None:  # noqa: ARG001  names what the mails are about
    """Tenant: tell everybody with a role that it is called off."""
    watch.tell_holders("called off")


def mail_called_off(*, account_id: str) -> None:
    """Tenant: mail one of them."""
    account = find_account(UUID(account_id))
    if account:
        emails.send_called_off(account)


def call_off_recovery(*, recovery_id: str) -> None:
    """Control: somebody with a role called it off; too late is too late."""
    with suppress(TooLate):
        recover.call_off_recovery(recovery_id=UUID(recovery_id), now=now())


def seat_new_owner(*, recovery_id: str) -> None:
    """Tenant: let the new owner in."""
    watch.seat_new_owner(recovery_id=UUID(recovery_id), now=now())


def _held(account_id: UUID) -> tuple[Role, ...]:
    held = list_roles(account_id)
    return tuple(role for role in GIVEN if role in held)
